/*
 * Amounts of money as the server counts them: in decimal, to the cent, half a cent up. A browser's
 * numbers are binary, so 1.005 would otherwise lose its half cent.
 */

const PLACES = 6;

/**
 * @param {unknown} value
 * @returns {unknown} a number rounded to the cent, anything else as it is
 */
export function toTheCent(value) {
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) >= 1e15) return value;
  const [whole, parts] = Math.abs(value).toFixed(PLACES).split(".");
  const cents = BigInt(whole + parts.slice(0, 2)) + (parts[2] >= "5" ? 1n : 0n);
  return (Math.sign(value) * Number(cents)) / 100 || 0;
}

/**
 * @param {number} value
 * @returns {string} the amount with two decimals, in the page's language
 */
export function moneyInWords(value) {
  const format = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const grouped = { ...format, useGrouping: Math.abs(value) >= 10000 };
  return new Intl.NumberFormat(document.documentElement.lang || "en", grouped).format(value);
}
