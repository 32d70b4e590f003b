/*
 * Reads the page's inputs into the same nested data that the server would make of them, so that
 * conditions and computed values can be evaluated while somebody types. The server decides.
 */

const readers = {
  number: (field) => readNumber(readText(field)),
  tick: (field) => field.querySelector("input[type=checkbox]").checked,
  list: (field) => [...field.querySelectorAll("input:checked")].map((input) => input.value),
  date: (field) => readDate(field),
  time: (field) => readTime(readText(field)),
  datetime: (field) => readMoment(field),
  files: (field) => readFiles(field),
  computed: (field) => JSON.parse(field.querySelector("output").dataset.value ?? "null"),
  nothing: () => null,
  text: (field) => readText(field),
};

/**
 * @param {Element} root
 * @returns {object} what the whole form holds
 */
export function readForm(root) {
  return readLevel(root, root, "");
}

/**
 * What one row holds, its read-only values included.
 *
 * @param {HTMLElement} row
 * @returns {object}
 */
export function readRow(row) {
  const given = JSON.parse(row.dataset.base ?? "{}");
  return merge(nested(given), readLevel(row, row, `${row.dataset.row}-`));
}

/**
 * The rows of a dynamic list, in order.
 *
 * @param {Element} list an element with data-rows
 * @returns {HTMLElement[]}
 */
export function rowsOf(list) {
  return [...list.querySelector("[data-rows-body]").children].filter((row) => row.dataset.row);
}

/** Lay one object over another, objects inside objects merged. */
export function merge(below, above) {
  const merged = { ...below };
  for (const [name, value] of Object.entries(above)) {
    merged[name] = isObject(merged[name]) && isObject(value) ? merge(merged[name], value) : value;
  }
  return merged;
}

function readLevel(root, level, prefix) {
  const values = {};
  for (const field of root.querySelectorAll("[data-field]")) {
    if (closestLevel(field, root) !== level || field.dataset.reads === "given") continue;
    const path = field.dataset.field.slice(prefix.length).split(/[-.]/);
    put(values, path, field.closest("[hidden]") ? null : readField(field));
  }
  return values;
}

function closestLevel(field, root) {
  return field.closest("[data-row]") ?? root.closest("[data-task-form]") ?? root;
}

function readField(field) {
  if (field.dataset.reads === "rows") {
    return rowsOf(field.querySelector("[data-rows]")).map(readRow);
  }
  return (readers[field.dataset.reads] ?? readers.text)(field);
}

function readText(field) {
  const radio = field.querySelector("input[type=radio]");
  const input = radio
    ? field.querySelector("input[type=radio]:checked")
    : field.querySelector("input, select, textarea");
  return input?.value.trim() || null;
}

function readNumber(text) {
  if (text === null) return null;
  let plain = text.replace(/[\s\u00a0\u2009\u202f'\u2019]/g, "").replace("\u2212", "-");
  const english = document.documentElement.lang.startsWith("en");
  if (english && /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain)) plain = plain.replaceAll(",", "");
  plain = plain.replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

function part(field, suffix) {
  return field.querySelector(`[name$="-${suffix}"]`)?.value.trim() ?? "";
}

function readDate(field) {
  const [day, month, year] = ["day", "month", "year"].map((suffix) => Number(part(field, suffix)));
  const found = new Date(Date.UTC(year, month - 1, day));
  const real = year >= 1000 && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
  return real ? found.toISOString().slice(0, 10) : null;
}

function readTime(text) {
  const found = /^(\d{1,2})[:.]?(\d{2})$/.exec(text ?? "");
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  return `${found[1].padStart(2, "0")}:${found[2]}:00`;
}

function readMoment(field) {
  const day = readDate(field);
  const time = readTime(part(field, "time"));
  return day && time ? new Date(`${day}T${time}`).toISOString() : null;
}

function readFiles(field) {
  const kept = [...field.querySelectorAll("input[type=hidden]")].map((input) => input.value);
  const removed = new Set(
    [...field.querySelectorAll("input[type=checkbox]:checked")].map((input) => input.value),
  );
  const chosen = [...(field.querySelector("input[type=file]")?.files ?? [])];
  return [
    ...kept.filter((id) => !removed.has(id)).map((id) => ({ document: Number(id) })),
    ...chosen.map(({ name, size }) => ({ name, size })),
  ];
}

function put(values, path, value) {
  const last = path[path.length - 1];
  let place = values;
  for (const step of path.slice(0, -1)) place = place[step] ??= {};
  place[last] = value;
}

function nested(flat) {
  const values = {};
  for (const [name, value] of Object.entries(flat)) put(values, name.split("."), value);
  return values;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
