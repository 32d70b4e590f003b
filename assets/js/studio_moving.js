const pause = 2000;

/**
 * Show how far an order is while cases are being looked at or moved, without reloading the page;
 * when it has come to its end, the page is shown anew with all its groups.
 */
async function follow() {
  const region = document.querySelector("#move-state");
  if (region?.dataset.underWay !== "yes") return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const fresh = page?.querySelector("#move-state");
  if (fresh && fresh.dataset.underWay !== "yes") {
    location.reload();
    return;
  }
  if (fresh) region.innerHTML = fresh.innerHTML;
  setTimeout(follow, pause);
}

setTimeout(follow, pause);
