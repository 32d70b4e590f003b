/* What this browser keeps of forms: one record a form, in a database of the browser's own. */
import { createStore, del, entries, get, set } from "idb-keyval";

// Tells other pages that something may be kept, so that they need not open the database.
const FLAG = "workflow-app-kept";
const store = createStore("workflow-app", "forms");

/**
 * @typedef {object} Kept
 * @property {string} key what the form is kept under
 * @property {string} page where the form is
 * @property {string} door the address that takes it
 * @property {string} person who typed it; nobody else is shown it, unless it is nobody's
 * @property {string} word by which the server knows the form again
 * @property {string} title what people call it
 * @property {[string, string | File][]} fields
 * @property {number} at when it was kept, in milliseconds
 * @property {boolean} sent whether "Complete" was pressed
 * @property {string} [refused] why the server did not take it
 */

/** @param {Kept} kept */
export async function keep(kept) {
  localStorage.setItem(FLAG, "1");
  await set(kept.key, kept, store);
}

/** @returns {Promise<Kept | undefined>} */
export function keptFor(key) {
  return get(key, store);
}

export async function forget(key) {
  await del(key, store);
  if ((await entries(store)).length === 0) localStorage.removeItem(FLAG);
}

/** @returns {Promise<Kept[]>} what was sent and has not arrived */
export async function waiting() {
  return (await entries(store)).map(([, kept]) => kept).filter(({ sent }) => sent);
}
