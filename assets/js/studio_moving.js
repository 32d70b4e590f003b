const pause = 2000;

/**
 * Show how far an order is while cases are being looked at or moved, without reloading the page;
 * when it has come to its end, the page is shown anew with all its groups.
 */
async function follow() {
  const region = document.querySelector("#move-state");
  if (region?.dataset.underWay !== "yes") return;
  const fresh = await freshState();
  if (fresh && fresh.dataset.underWay !== "yes") {
    location.reload();
    return;
  }
  if (fresh) region.innerHTML = fresh.innerHTML;
  setTimeout(follow, pause);
}

async function freshState() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return null;
  // The style of the other answer carries another nonce, which this page's policy would refuse.
  const text = (await answer.text()).replace(/<style[\s\S]*?<\/style>/g, "");
  return new DOMParser().parseFromString(text, "text/html").querySelector("#move-state");
}

setTimeout(follow, pause);
