/* Saves what is typed on the server, without files; the server keeps it without judging it. */
import { showConflict } from "./conflict.js";
import { fill, say } from "./words.js";

const QUIET = 1500;
const FIRST_RETRY = 5000;
const LAST_RETRY = 60000;

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} words
 * @returns {{unsaved: () => boolean, stop: () => void, resume: () => void}}
 */
export function startAutosave(root, words) {
  const draft = new Draft(root, words);
  root.addEventListener("input", () => draft.touch());
  root.addEventListener("change", () => draft.touch());
  if (!draft.url) return draft;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") draft.leave();
  });
  window.addEventListener("pagehide", () => draft.leave());
  window.addEventListener("online", () => draft.saveSoon(0));
  return draft;
}

class Draft {
  constructor(root, words) {
    this.form = root.closest("form");
    this.url = root.dataset.draftUrl;
    this.region = root.querySelector("[data-draft-status]");
    this.words = words;
    this.changes = 0;
    this.saved = 0;
    this.retry = FIRST_RETRY;
    this.busy = false;
    this.stopped = false;
  }

  unsaved() {
    return !this.stopped && this.saved < this.changes;
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  resume() {
    this.stopped = false;
  }

  touch() {
    this.changes += 1;
    if (this.url) this.saveSoon(QUIET);
  }

  saveSoon(delay) {
    clearTimeout(this.timer);
    if (this.unsaved()) this.timer = setTimeout(() => this.save(), delay);
  }

  leave() {
    if (this.unsaved()) void this.send(true).catch(() => undefined);
  }

  async save() {
    if (this.busy || !this.unsaved()) return;
    this.busy = true;
    const upTo = this.changes;
    say(this.region, this.words.saving);
    try {
      await this.took(await this.send(false), upTo);
    } catch {
      this.failed();
    }
    this.busy = false;
    if (this.unsaved() && this.saved === upTo) this.saveSoon(QUIET);
  }

  send(keepalive) {
    const body = new FormData(this.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    for (const field of this.form.querySelectorAll("[data-sign] [name]")) body.delete(field.name);
    // A redirect means that the sign-in is over: following it would look like success.
    return fetch(this.url, { method: "POST", body, keepalive, redirect: "manual" });
  }

  async took(response, upTo) {
    const said = await answerOf(response);
    if (response.ok) this.succeeded(upTo, said);
    else if (said.conflict) this.rivalled(said);
    else if (response.status >= 500 || response.status === 429) this.failed();
    else say(this.region, this.words.refused);
  }

  succeeded(upTo, said) {
    this.saved = upTo;
    this.retry = FIRST_RETRY;
    this.shows(said.draft);
    say(this.region, said.saved ?? this.savedNow());
  }

  /** Remember which version of the draft this page shows, so that other tabs are told apart. */
  shows(token) {
    const field = this.form.elements.namedItem("_draft");
    if (field && token) field.value = token;
  }

  /** Another page saved a newer draft: nothing more is saved until the person has chosen. */
  rivalled(said) {
    this.stop();
    say(this.region, said.conflict.text);
    showConflict(this.form, this.region, said.conflict, () => {
      this.shows(said.draft);
      this.resume();
      this.saveSoon(0);
    });
  }

  savedNow() {
    const clock = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
    return fill(this.words.saved, { time: clock.format(new Date()) });
  }

  failed() {
    say(this.region, this.words.notSaved);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }
}

/** What the server says of the draft: its own sentence, the version, or who was faster. */
async function answerOf(response) {
  if (!response.headers.get("content-type")?.includes("json")) return {};
  return await response.json();
}
