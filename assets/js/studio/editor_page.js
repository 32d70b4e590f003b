import { fill, say } from "../form/words.js";
import { showFound } from "./found.js";
import { saver } from "./saving.js";

/**
 * Return what the server wrote into a page with an editor, and the file's text as `body`.
 *
 * @param {HTMLElement} page holds the file once only, as text for whoever edits it so
 * @param {string} id of the JSON
 */
export function givenOf(page, id) {
  const body = page.querySelector("[data-text-form] [name=text]").defaultValue;
  return { ...JSON.parse(document.getElementById(id).textContent), body };
}

/** Say that the editor cannot open the file, and why. */
export function tellUnreadable(page, given, error) {
  const trouble = page.querySelector("[data-trouble]");
  trouble.hidden = false;
  say(trouble, fill(given.words.unreadable, { reason: error.message }));
}

/**
 * Keep a file saved and show what is wrong with it.
 *
 * @param {HTMLElement} page holds [data-saved], [data-found] and the form of the text
 * @param {object} given see givenOf
 * @param {() => string | Promise<string>} written gives the file's text
 * @param {(own: object[]) => void} onFindings is told what is wrong with this file
 */
export function keepSaved(page, given, written, onFindings = () => {}) {
  const [body, revision] = ["text", "revision"].map((name) =>
    page.querySelector(`[data-text-form] [name="${name}"]`),
  );
  const saving = saver({
    address: given.address,
    revision: given.revision,
    token: given.token,
    words: given.words,
    region: page.querySelector("[data-saved]"),
    body: written,
    onFindings: async (findings) => {
      const own = findings.filter(({ file }) => file === given.path);
      showFound(page.querySelector("[data-found]"), own, given.words.found);
      onFindings(own);
      // Whoever goes on in the file's text goes on from what was saved here.
      revision.value = saving.revision;
      body.value = await written();
    },
  });
  return saving;
}
