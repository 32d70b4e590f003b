/* "Show earlier" brings the rows to where the reader is, instead of leading away from the form. */

/** @param {Document} page */
export function followEarlier(page) {
  page.addEventListener("click", (event) => {
    const link = event.target.closest("[data-earlier] a");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!link || !plain) return;
    event.preventDefault();
    bring(link).catch(() => location.assign(link.href));
  });
}

async function bring(link) {
  const place = link.closest("[data-part]");
  const answer = await fetch(link.href, { redirect: "error" });
  if (!answer.ok) throw new Error(answer.statusText);
  const text = await answer.text();
  const came = new DOMParser().parseFromString(text, "text/html");
  const rows = came.querySelector(`[data-part="${place.dataset.part}"]`);
  link.closest("[data-earlier]").remove();
  const first = rows.firstElementChild;
  place.append(...rows.childNodes);
  if (first) {
    first.tabIndex = -1;
    first.focus();
  }
}
