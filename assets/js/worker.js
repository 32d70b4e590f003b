/*
 * Gives back pages that were kept for work without network, and the files they need. Which pages
 * these are is decided by the pages themselves (offline/page.js); all else goes to the network.
 */
const PAGES = "kept-pages";
const PARTS = "kept-parts";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function page(request, pathname) {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await (await caches.open(PAGES)).match(pathname);
    if (kept) return kept;
    throw failure;
  }
}

/** Bundled files carry their hash in their name: a kept one is never out of date. */
async function part(request) {
  return (await (await caches.open(PARTS)).match(request.url)) ?? fetch(request);
}
