/**
 * Single keys for the desk. They do nothing while somebody types or a dialog is open, take no key
 * that a browser or screen reader uses with Alt, Control or Meta, and can be switched off (WCAG
 * 2.1.4): the choice is kept in this browser. Focus really moves from row to row, so that screen
 * readers follow.
 */
const OFF = "app-shortcuts-off";
const PAUSE = 1000;
const TYPING = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select";

/** @param {Document} page */
export function startShortcuts(page) {
  const dialog = page.querySelector("[data-shortcuts]");
  if (!dialog) return;
  const keys = actions(page, dialog);
  let before = { key: "", at: 0 };
  page.addEventListener("keydown", (event) => {
    if (!concerns(event, dialog)) return;
    const pair = event.timeStamp - before.at < PAUSE ? `${before.key} ${event.key}` : "";
    before = { key: event.key, at: event.timeStamp };
    const act = keys[pair] ?? keys[event.key];
    if (act?.()) event.preventDefault();
  });
  startDialog(page, dialog);
}

function concerns(event, dialog) {
  if (event.defaultPrevented || event.isComposing || event.repeat) return false;
  if (event.altKey || event.ctrlKey || event.metaKey || dialog.open || isOff()) return false;
  const target = event.target instanceof Element ? event.target : null;
  return !target?.closest(TYPING) && !target?.isContentEditable;
}

function actions(page, dialog) {
  return {
    j: () => move(page, 1),
    k: () => move(page, -1),
    c: () => press(row(page)?.querySelector("[data-claim] button")),
    x: () => press(row(page)?.querySelector("input[name=task]")),
    "/": () => focus(page.querySelector("#search")),
    "g i": () => press(page.querySelector("a[data-inbox]")),
    "?": () => open(dialog),
  };
}

function move(page, step) {
  const links = [...page.querySelectorAll(".app-tasks__title")];
  if (links.length === 0) return false;
  const here = links.indexOf(row(page)?.querySelector(".app-tasks__title"));
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
  return focus(links[Math.min(Math.max(next, 0), links.length - 1)]);
}

function row(page) {
  return page.activeElement?.closest("tr, .app-rows > li") ?? null;
}

function focus(element) {
  element?.focus();
  return Boolean(element);
}

function press(element) {
  element?.click();
  return Boolean(element);
}

function open(dialog) {
  dialog.showModal();
  return true;
}

function startDialog(page, dialog) {
  const off = dialog.querySelector("[data-shortcuts-off]");
  off.checked = isOff();
  off.addEventListener("change", () => remember(off.checked));
  dialog.querySelector("[data-shortcuts-close]").addEventListener("click", () => dialog.close());
  for (const button of page.querySelectorAll("[data-shortcuts-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => open(dialog));
  }
}

function isOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false;
  }
}

function remember(off) {
  try {
    localStorage.setItem(OFF, off ? "yes" : "no");
  } catch {
    // A browser that keeps nothing keeps the keys on.
  }
}
