/* Puts kept fields back into a form: rows first, then what stands in them. */

/**
 * @param {HTMLFormElement} form
 * @param {[string, string | File][]} fields
 */
export function fillIn(form, fields) {
  const byName = new Map();
  for (const [name, value] of fields) byName.set(name, [...(byName.get(name) ?? []), value]);
  addRows(form, [...byName.keys()]);
  // The word by which the server knows which draft this page goes on from.
  const shown = form.elements.namedItem("_draft");
  if (shown && byName.has("_draft")) [shown.value] = byName.get("_draft");
  for (const element of form.elements) {
    if (element.name && !element.name.startsWith("_")) restore(element, byName.get(element.name));
  }
  form.querySelector("[data-task-form]").dispatchEvent(new Event("change", { bubbles: true }));
}

function addRows(form, names) {
  for (const list of form.querySelectorAll("[data-rows]")) {
    const head = `${list.dataset.rows}-`;
    const numbers = names.filter((name) => name.startsWith(head)).map((name) => rowOf(name, head));
    const wanted = Math.max(-1, ...numbers.filter(Number.isInteger)) + 1;
    const add = [...list.children].find((child) => child.matches("[data-row-add]"));
    for (let tries = wanted; tries > 0 && add && rowCount(list) < wanted; tries -= 1) add.click();
  }
}

function rowOf(name, head) {
  return Number.parseInt(name.slice(head.length), 10);
}

function rowCount(list) {
  return list.querySelector("[data-rows-body]").children.length;
}

function restore(element, values) {
  if (element.type === "hidden" || element.type === "submit") return;
  if (element.type === "file") restoreFiles(element, values ?? []);
  else if (element.type === "checkbox" || element.type === "radio") {
    element.checked = (values ?? []).includes(element.value);
  } else if (values !== undefined) element.value = values[0];
}

function restoreFiles(element, values) {
  const chosen = new DataTransfer();
  for (const value of values) if (value instanceof File && value.name) chosen.items.add(value);
  element.files = chosen.files;
}
