/*
 * A form that goes on without network. The page itself and everything typed are kept in this
 * browser; pressing "Complete" sends them, at once or when the network is back, and once only.
 */
import { fill, say } from "../form/words.js";
import { fillIn } from "./filling.js";
import { bring } from "./sending.js";
import { forget, keep, keptFor } from "./shelf.js";

const QUIET = 400;

/** @param {HTMLFormElement} form */
export async function startOffline(form) {
  const note = form.querySelector("[data-offline]");
  if (!note || !("serviceWorker" in navigator) || !("indexedDB" in window)) return;
  const page = new OfflinePage(form, note);
  form.addEventListener("submit", (event) => page.submit(event), { capture: true });
  window.addEventListener("beforeunload", (event) => page.leave(event), { capture: true });
  window.addEventListener("online", () => void page.send());
  await page.open();
}

class OfflinePage {
  constructor(form, note) {
    this.form = form;
    this.status = note.querySelector("[data-offline-status]");
    this.ready = note.querySelector("[data-offline-ready]");
    this.words = JSON.parse(note.dataset.words);
    this.key = note.dataset.offline;
    this.door = note.dataset.door;
    this.person = note.dataset.person;
    this.title = note.dataset.title;
    this.word = crypto.randomUUID();
    this.safe = true;
    this.sent = false;
  }

  async open() {
    await this.putBack();
    for (const kind of ["input", "change"]) {
      this.form.addEventListener(kind, () => this.touch());
    }
    // Without network neither can be fetched: both are there from the time before.
    if (navigator.onLine) {
      await prepare().then(
        () => say(this.ready, this.words.ready),
        () => undefined,
      );
    }
  }

  /** What was kept goes back into the form; a form on its way is sent on. */
  async putBack() {
    const kept = await keptFor(this.key);
    if (!kept || kept.person !== this.person) return;
    this.word = kept.word;
    fillIn(this.form, kept.fields);
    this.tell(kept.refused ? this.words.refused : this.words.back, kept);
    if (kept.sent && kept.refused === undefined) await this.send();
  }

  touch() {
    this.safe = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.store(false), QUIET);
  }

  async store(sent) {
    clearTimeout(this.timer);
    const { key, door, person, word, title } = this;
    const page = location.pathname;
    const fields = [...new FormData(this.form)].filter(([name]) => name !== "csrf_token");
    const kept = { key, page, door, person, word, title, fields, at: Date.now(), sent };
    await keep(kept);
    this.safe = true;
    if (!navigator.onLine && !sent) this.tell(this.words.kept, kept);
    return kept;
  }

  /** Only "Complete" is caught: drafts, rows and languages are the server's business. */
  submit(event) {
    if (event.submitter?.name) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void this.complete();
  }

  async complete() {
    if (this.sent) return;
    this.sent = true;
    await this.store(true);
    await this.send();
  }

  async send() {
    const kept = await keptFor(this.key);
    if (!kept?.sent || kept.person !== this.person) return;
    this.tell(this.words.sending, kept);
    const said = await bring(kept);
    this.sent = Boolean(said.away || said.signIn);
    if (said.done ?? said.wrong) await this.goTo(said.done ?? said.wrong);
    else if (said.signIn) this.tell(this.words.signIn, kept);
    else if (said.away) this.tell(this.words.waiting, kept);
    else say(this.status, said.refused || fill(this.words.refused, clock(kept)));
  }

  async goTo(address) {
    await (await caches.open("kept-pages")).delete(location.pathname);
    await forget(this.key);
    this.safe = true;
    location.assign(address);
  }

  leave(event) {
    // Nothing is lost: what the server does not have yet lies in this browser.
    if (this.safe) event.stopImmediatePropagation();
  }

  tell(sentence, kept) {
    say(this.status, fill(sentence, clock(kept)));
  }
}

function clock(kept) {
  const format = { hour: "2-digit", minute: "2-digit", hour12: false };
  const language = document.documentElement.lang || "en";
  return { time: new Intl.DateTimeFormat(language, format).format(new Date(kept.at)) };
}

/** The page is kept last: where it is, all that it needs is there too. */
async function prepare() {
  await navigator.serviceWorker.register("/offline.js");
  // A condition that is not needed yet may be needed out there.
  await import("@bpmn-io/feelin");
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const ours = loaded.filter(({ origin, pathname }) => {
    return origin === location.origin && pathname.startsWith("/static/");
  });
  const [pages, parts] = await Promise.all(["kept-pages", "kept-parts"].map((n) => caches.open(n)));
  await parts.addAll([...new Set(ours.map(String))]);
  await navigator.serviceWorker.ready;
  await pages.put(location.pathname, await fetch(location.pathname, { redirect: "error" }));
}
