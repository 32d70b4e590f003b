/* Adds and removes rows of dynamic lists in place; without this file the same buttons submit. */
import { rowsOf } from "./values.js";
import { fill, say } from "./words.js";

const RENAMED = [
  "id",
  "name",
  "for",
  "value",
  "href",
  "aria-describedby",
  "aria-labelledby",
  "data-field",
  "data-row",
  "data-rows",
];
const TYPED = "input:not([type=hidden]), select, textarea";
/** A name that begins with a number of its own is not numbered once more. */
const CODED = /^[A-Z]{0,3}\d/;

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} words
 */
export function startRows(root, words) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-add], [data-row-remove]");
    if (!button) return;
    event.preventDefault();
    const list = button.closest("[data-rows]");
    if (button.hasAttribute("data-row-add")) addRow(root, list, words);
    else removeRow(root, list, button.closest("[data-row]"), words);
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function addRow(root, list, words) {
  const count = rowsOf(list).length;
  if (count >= Number(list.dataset.maximum)) return;
  const blank = blankOf(list).content.cloneNode(true);
  const row = blank.firstElementChild;
  rename(row, row.dataset.row, `${list.dataset.rows}-${count}`);
  list.querySelector("[data-rows-body]").append(row);
  update(list, words);
  row.querySelector(TYPED)?.focus();
  announce(root, fill(words.added, { number: count + 1 }));
}

function blankOf(list) {
  return [...list.children].find((child) => child.matches("template[data-rows-blank]"));
}

function removeRow(root, list, row, words) {
  if (rowsOf(list).length <= Number(list.dataset.minimum)) return;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  update(list, words);
  focusAfterRemoval(list, next);
  announce(root, fill(words.removed, { number: rowsOf(list).length }));
}

function focusAfterRemoval(list, row) {
  const target = row?.querySelector(TYPED) ?? ownButton(list);
  target?.focus();
}

function ownButton(list) {
  return [...list.children].find((child) => child.matches("[data-row-add]"));
}

function update(list, words) {
  const rows = rowsOf(list);
  rows.forEach((row, index) => {
    rename(row, row.dataset.row, `${list.dataset.rows}-${index}`);
    relabel(list, row, index, words);
  });
  for (const button of list.querySelectorAll("[data-row-remove]")) {
    if (button.closest("[data-rows]") !== list) continue;
    button.hidden = rows.length <= Number(list.dataset.minimum);
  }
  const add = ownButton(list);
  if (add) add.hidden = rows.length >= Number(list.dataset.maximum);
  list.querySelector(":scope > [data-rows-empty]").hidden = rows.length > 0;
}

function relabel(list, row, index, words) {
  const { called } = row.dataset;
  const named = CODED.test(called) ? "{name}" : words.namedRow;
  const pattern = called ? named : list.dataset.heading;
  const values = { number: index + 1, name: called };
  own(row, "[data-row-heading]", (heading) => (heading.textContent = fill(pattern, values)));
  own(row, "[data-row-number]", (number) => (number.textContent = index + 1));
  own(row, "[data-row-remove]", (button) => {
    button.value = `remove:${list.dataset.rows}:${index}`;
    button.setAttribute("aria-label", fill(list.dataset.remove, values));
  });
}

function own(row, selector, change) {
  for (const element of row.querySelectorAll(selector)) {
    if (element.closest("[data-row]") === row) change(element);
  }
}

/** Put a row's new name wherever its old one begins a name, an id or a reference to one. */
function rename(row, from, to) {
  if (from === to) return;
  const pairs = [
    [from, to],
    [from.replaceAll(".", "-"), to.replaceAll(".", "-")],
  ];
  renameTree(row, pairs);
}

function renameTree(element, pairs) {
  for (const attribute of RENAMED) renameAttribute(element, attribute, pairs);
  for (const child of (element.content ?? element).children) renameTree(child, pairs);
}

function renameAttribute(element, attribute, pairs) {
  const before = element.getAttribute(attribute);
  if (before === null || (attribute === "value" && element.name !== "_row")) return;
  let after = before;
  for (const [from, to] of pairs) after = after.replace(pattern(from), `$1${to}`);
  if (after !== before) element.setAttribute(attribute, after);
}

function pattern(name) {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[\\s:#]|^f-|[\\s#]f-)${literal}(?=[-:\\s]|$)`, "g");
}

function announce(root, text) {
  say(root.querySelector("[data-row-status]"), text);
}
