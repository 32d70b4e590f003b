/* Warns before leaving with unsaved entries, and lets a form be sent once only. */
import { say } from "./words.js";

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} words
 * @param {{unsaved: () => boolean, stop: () => void, resume: () => void}} draft
 */
export function startGuard(root, words, draft) {
  const form = root.closest("form");
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    draft.stop();
    form.setAttribute("aria-busy", "true");
    say(root.querySelector("[data-draft-status]"), words.submitting);
  });
  window.addEventListener("pageshow", (event) => {
    // The page came back from the browser's memory: it may be sent again.
    if (!event.persisted) return;
    sent = false;
    draft.resume();
    form.removeAttribute("aria-busy");
  });
  window.addEventListener("beforeunload", (event) => {
    if (draft.unsaved()) event.preventDefault();
  });
}
