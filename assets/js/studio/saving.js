/* Saves a file of a draft by itself; what could not be sent is kept in this browser. */
import { fill, say } from "../form/words.js";

const QUIET = 1000;
const FIRST_RETRY = 5000;
const LAST_RETRY = 60000;
const HOLD = 300000;

/**
 * @typedef {{body: string, revision: number, at: number}} Kept
 * @typedef {{error: string, holder?: string, revision?: number}} Conflict
 */

/**
 * Begin to save one file.
 *
 * @param {{
 *   address: string, revision: number, token: string, words: Record<string, string>,
 *   region?: Element | null, body: () => Promise<string> | string,
 *   onFindings?: (findings: object[]) => void, onConflict?: (conflict: Conflict) => void,
 * }} settings
 * @returns {Saver}
 */
export function saver(settings) {
  return new Saver(settings);
}

class Saver {
  constructor(settings) {
    Object.assign(this, settings);
    this.name = `studio:${this.address}`;
    this.changes = 0;
    this.saved = 0;
    this.retry = FIRST_RETRY;
    this.stopped = false;
    this.sending = null;
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved()) event.preventDefault();
    });
    window.addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.now();
    });
  }

  /** Tell that something changed. */
  touch() {
    if (this.stopped) return;
    this.changes += 1;
    say(this.region, this.words.unsaved);
    this.soon(QUIET);
  }

  unsaved() {
    return !this.stopped && this.saved < this.changes;
  }

  /** Save no more: somebody else has the file now. */
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Save at once, also what is being typed while an earlier text is on its way. */
  async now() {
    clearTimeout(this.timer);
    // Several may wait for one sending: each looks again, or two of them would send at once.
    while (this.sending) await this.sending;
    if (!this.unsaved()) return;
    this.sending = this.send();
    await this.sending;
    this.sending = null;
  }

  /** Return the text of an earlier visit that never arrived. */
  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  forget() {
    localStorage.removeItem(this.name);
  }

  soon(delay) {
    clearTimeout(this.timer);
    if (this.unsaved()) this.timer = setTimeout(() => void this.now(), delay);
  }

  async send() {
    const upTo = this.changes;
    try {
      const body = await this.body();
      this.keep(body);
      say(this.region, this.words.saving);
      await this.took(await this.put(body), upTo);
    } catch {
      this.failed();
    }
  }

  put(body) {
    // A redirect means that the sign-in is over: following it would look like success.
    return fetch(this.address, {
      method: "PUT",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ body, revision: this.revision }),
    });
  }

  async took(answer, upTo) {
    const said = await told(answer);
    if (answer.ok) this.succeeded(said, upTo);
    else if (answer.status === 409) this.rivalled(said);
    else if (answer.status >= 500 || answer.status === 429) this.failed();
    else say(this.region, said.error ?? this.words.refused);
  }

  succeeded(said, upTo) {
    this.saved = upTo;
    this.revision = said.revision;
    this.retry = FIRST_RETRY;
    if (!this.unsaved()) this.forget();
    say(this.region, fill(this.words.saved, { time: clock() }));
    this.onFindings?.(said.findings ?? []);
    this.soon(QUIET);
  }

  rivalled(said) {
    this.stop();
    say(this.region, said.error);
    if (this.onConflict) this.onConflict(said);
    else showRival(this, said);
  }

  failed() {
    say(this.region, this.words.notSaved);
    this.soon(this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  keep(body) {
    try {
      const kept = { body, revision: this.revision, at: Date.now() };
      localStorage.setItem(this.name, JSON.stringify(kept));
    } catch {
      // The browser's store is full or closed: the page itself still has the text.
    }
  }
}

/**
 * Go on holding the draft while its page is open.
 *
 * @param {string} address
 * @param {string} token
 */
export function keepHeld(address, token) {
  const headers = { "X-CSRFToken": token };
  const hold = () => void fetch(address, { method: "POST", headers }).catch(() => undefined);
  setInterval(hold, HOLD);
}

async function told(answer) {
  if (!answer.headers.get("content-type")?.includes("json")) return {};
  return answer.json();
}

function clock() {
  const format = { hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", format).format(new Date());
}

/** Offer what can be done when somebody else changed the file: take theirs, or a copy of mine. */
function showRival(saving, said) {
  const box = document.createElement("div");
  box.className = "app-studio__rival";
  box.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = said.error ?? saving.words.conflict;
  const theirs = button(saving.words.theirs, () => {
    saving.forget();
    location.reload();
  });
  const mine = button(saving.words.mine, async () => {
    download(await saving.body(), saving.address.split("/").pop());
  });
  box.append(text, theirs, mine);
  (saving.region?.closest("main") ?? document.body).prepend(box);
  theirs.focus();
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary app-button--small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/**
 * Give the person a file.
 *
 * @param {string} body
 * @param {string} name
 * @param {string} type
 */
export function download(body, name, type = "application/xml") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([body], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
