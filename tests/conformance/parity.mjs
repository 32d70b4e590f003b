// Reads [{text, scope}] from standard input and writes what feelin makes of each, as plain JSON.
import { evaluate } from "@bpmn-io/feelin";

function plain(value) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "function" || value.fn) return "a function";
  if (typeof value.toISO === "function") return { at: value.toISO() };
  if (typeof value !== "object") return value;
  if ("start included" in value) return "a range";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

function result({ text, scope }) {
  try {
    return { value: plain(evaluate(text, scope).value) };
  } catch (error) {
    return { error: error.name };
  }
}

let given = "";
for await (const piece of process.stdin) given += piece;
process.stdout.write(JSON.stringify(JSON.parse(given).map(result)));
