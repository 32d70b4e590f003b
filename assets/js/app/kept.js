/* Forms that this browser kept without network: sent on when it is back, hidden after signing out. */

/** @param {Document} page */
export function followKept(page) {
  if (!("caches" in window)) return;
  const region = page.querySelector("[data-kept-forms]");
  if (!region) return;
  // Nobody is signed in: no page of a case stays behind.
  if (!region.dataset.person && !page.querySelector("[data-offline]"))
    void caches.delete("kept-pages").catch(() => undefined);
  // The form's own page sends what belongs to it.
  if (localStorage.getItem("workflow-app-kept") !== null && !page.querySelector("[data-offline]"))
    void import("../offline/arriving.js").then(({ startArriving }) => startArriving(region));
}
