/*
 * Shows and hides questions and keeps computed values current, by the same FEEL as the server.
 * What cannot be evaluated here (a function that only the server has) stays as the server drew it.
 */
import { moneyInWords, toTheCent } from "./money.js";
import { merge, readForm, readRow, rowsOf } from "./values.js";

const MAX_PASSES = 10;

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} words
 */
export function startRules(root, words) {
  if (!root.querySelector("[data-hide], [data-compute]") && !inTemplates(root)) return;
  import("@bpmn-io/feelin").then(
    ({ evaluate }) => follow(root, words, evaluate),
    () => showEverything(root),
  );
}

function inTemplates(root) {
  return [...root.querySelectorAll("template")].some(({ content }) =>
    content.querySelector("[data-hide], [data-compute]"),
  );
}

function showEverything(root) {
  for (const field of root.querySelectorAll("[data-hidden]")) field.removeAttribute("data-hidden");
}

function follow(root, words, evaluate) {
  const given = JSON.parse(root.dataset.scope);
  const settle = () => {
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      if (!applyOnce(root, given, words, evaluate)) break;
    }
  };
  settle();
  root.addEventListener("input", settle);
  root.addEventListener("change", settle);
}

function applyOnce(root, given, words, evaluate) {
  const scope = merge(given, readForm(root));
  let changed = applyLevel(root, root, scope, words, evaluate);
  for (const list of root.querySelectorAll("[data-rows]")) {
    if (list.parentElement.closest("[data-row]")) continue;
    changed = applyRows(list, scope, words, evaluate) || changed;
  }
  return changed;
}

function applyRows(list, outer, words, evaluate) {
  let changed = false;
  rowsOf(list).forEach((row, index) => {
    const own = readRow(row);
    const scope = merge({ ...outer, this: own, parent: outer, i: index + 1 }, own);
    changed = applyLevel(row, row, scope, words, evaluate) || changed;
    for (const inner of row.querySelectorAll("[data-rows]")) {
      if (inner.parentElement.closest("[data-row]") !== row) continue;
      changed = applyRows(inner, scope, words, evaluate) || changed;
    }
  });
  return changed;
}

function applyLevel(root, level, scope, words, evaluate) {
  let changed = false;
  for (const element of root.querySelectorAll("[data-hide], [data-compute]")) {
    if ((element.closest("[data-row]") ?? element.closest("[data-task-form]")) !== level) continue;
    changed = applyRule(element, scope, words, evaluate) || changed;
  }
  return changed;
}

function applyRule(element, scope, words, evaluate) {
  const rule = element.dataset.hide ?? element.dataset.compute;
  const { known, value } = valueOf(rule, scope, evaluate);
  if (!known) return false;
  return element.dataset.hide === undefined
    ? showComputed(element, value, words)
    : showOrHide(element, value === true);
}

function valueOf(rule, scope, evaluate) {
  try {
    const { value, warnings } = evaluate(rule, scope);
    const known = !warnings.some(({ type }) => type === "NO_FUNCTION_FOUND");
    return { known, value };
  } catch {
    return { known: false, value: null };
  }
}

function showOrHide(element, hidden) {
  const changed = element.hidden !== hidden || element.hasAttribute("data-hidden");
  element.hidden = hidden;
  element.removeAttribute("data-hidden");
  return changed;
}

function showComputed(output, value, words) {
  const money = output.hasAttribute("data-money");
  const shown = money ? toTheCent(value) : value;
  const json = JSON.stringify(shown ?? null);
  if (output.dataset.value === json) return false;
  output.dataset.value = json;
  output.textContent =
    money && typeof shown === "number" ? moneyInWords(shown) : inWords(shown, words);
  return true;
}

function inDate(day) {
  const format = { day: "numeric", month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", format).format(day);
}

function inWords(value, words) {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") {
    const format = { maximumFractionDigits: 6, useGrouping: Math.abs(value) >= 10000 };
    return new Intl.NumberFormat(document.documentElement.lang || "en", format).format(value);
  }
  if (typeof value.toJSDate === "function") return inDate(value.toJSDate());
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return inDate(new Date(`${value}T00:00`));
  return Array.isArray(value) ? value.map((one) => inWords(one, words)).join(", ") : String(value);
}
