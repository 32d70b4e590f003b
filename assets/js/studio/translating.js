/* Gives the editor its words: those of the page, by the English ones that the editor asks for. */

/**
 * Make the module that translates what the editor says.
 *
 * @param {Record<string, string>} words
 */
export function translating(words) {
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/\{([^}]+)\}/g, (hole, name) => values[name] ?? hole);
  return { translate: ["value", translate] };
}
