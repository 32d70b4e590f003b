/*
 * Writes a form back as it stood: the editor adds defaults to what it opens and puts names in an
 * order of its own; both are left out, so that a file differs only where somebody changed it.
 */

/**
 * Compare a form with what the editor made of it before anything was changed.
 *
 * @param {string} text the file as it was opened
 * @param {object} imported the same as the editor holds it
 * @returns {(now: object) => string} gives a later state as the text of a file
 */
export function faithful(text, imported) {
  const original = JSON.parse(text);
  const known = new Map();
  pair(original, imported, known);
  const indent = /^\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  const ending = text.endsWith("\n") ? "\n" : "";
  return (now) => {
    const written = tidied(now, known);
    if ("schemaVersion" in original) written.schemaVersion = original.schemaVersion;
    return JSON.stringify(written, null, indent) + ending;
  };
}

function pair(before, after, known) {
  const added = Object.entries(after).filter(([name]) => !(name in before));
  known.set(after.id, {
    names: Object.keys(before),
    added: new Map(added.map(([name, value]) => [name, JSON.stringify(value)])),
  });
  (before.components ?? []).forEach((part, place) => pair(part, after.components[place], known));
}

function tidied(part, known) {
  const { names, added } = known.get(part.id) ?? { names: [], added: new Map() };
  const own = Object.keys(part).filter((name) => !names.includes(name) && !isAdded(part, name, added));
  const written = {};
  for (const name of [...names.filter((one) => one in part), ...own]) {
    if (part[name] === undefined) continue;
    const inside = name === "components" && Array.isArray(part[name]);
    written[name] = inside ? part[name].map((one) => tidied(one, known)) : part[name];
  }
  return written;
}

function isAdded(part, name, added) {
  return added.has(name) && added.get(name) === JSON.stringify(part[name]);
}
