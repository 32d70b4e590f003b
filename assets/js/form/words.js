/**
 * Fill the named holes of a sentence: fill("Row {number}", { number: 3 }).
 *
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

/**
 * Say something in a live region; the same text twice is not said again.
 *
 * @param {Element | null} region
 * @param {string} text
 */
export function say(region, text) {
  if (region && region.textContent !== text) region.textContent = text;
}
