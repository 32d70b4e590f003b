/* Opens documents in the page, beside the form that is being filled in. */

const SIZES = [50, 75, 100, 150, 200, 300];

/** @param {Document} page */
export function startPapers(page) {
  const panel = page.querySelector("[data-papers]");
  if (!panel) return;
  const papers = new Papers(page, panel);
  page.addEventListener("click", (event) => papers.clicked(event));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") papers.close();
  });
  papers.reopen();
}

class Papers {
  constructor(page, panel) {
    this.page = page;
    this.panel = panel;
    this.title = panel.querySelector("[data-papers-title]");
    this.stage = panel.querySelector("[data-papers-stage]");
    this.alone = tab(panel.querySelector("[data-papers-alone]"));
    this.kept = `papers:${location.pathname}`;
    this.opener = null;
  }

  /** Every document of the page, each address once. */
  get links() {
    const found = new Map();
    for (const link of this.page.querySelectorAll("a[data-paper]")) {
      if (!found.has(link.href)) found.set(link.href, link);
    }
    return [...found.values()];
  }

  clicked(event) {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const link = event.target.closest("a[data-paper]");
    if (link && plain) {
      event.preventDefault();
      this.opener = link;
      this.show(link);
      this.title.focus();
      return;
    }
    const asked = event.target.closest("[data-papers-do]")?.dataset.papersDo;
    if (asked) this[asked]();
  }

  show(link) {
    this.current = link.href;
    this.size = 100;
    this.title.textContent = link.textContent.trim();
    this.alone.href = link.href;
    this.stage.replaceChildren(sheet(link));
    this.panel.hidden = false;
    const images = link.dataset.paper === "image";
    for (const name of ["larger", "smaller"]) this.button(name).hidden = !images;
    const several = this.links.length > 1;
    for (const name of ["previous", "next"]) this.button(name).hidden = !several;
    sessionStorage.setItem(this.kept, link.href);
  }

  button(name) {
    return this.panel.querySelector(`[data-papers-do="${name}"]`);
  }

  turn(by) {
    const links = this.links;
    const at = links.findIndex((link) => link.href === this.current);
    this.show(links[(at + by + links.length) % links.length]);
  }

  next() {
    this.turn(1);
  }

  previous() {
    this.turn(-1);
  }

  larger() {
    this.scale(SIZES.find((size) => size > this.size));
  }

  smaller() {
    this.scale(SIZES.findLast((size) => size < this.size));
  }

  scale(size) {
    const image = this.stage.querySelector("img");
    if (!size || !image) return;
    this.size = size;
    image.style.width = `${size}%`;
  }

  close() {
    this.panel.hidden = true;
    this.stage.replaceChildren();
    sessionStorage.removeItem(this.kept);
    const back = this.opener ?? this.links.find((link) => link.href === this.current);
    back?.focus();
    this.opener = null;
  }

  /** Show again what was open when the page was left, such as by saving the form. */
  reopen() {
    const href = sessionStorage.getItem(this.kept);
    const link = this.links.find((one) => one.href === href);
    if (link) this.show(link);
  }
}

/** The link that opens the document by itself; it has no address before a document is open. */
function tab(place) {
  const link = document.createElement("a");
  link.className = "govuk-link govuk-link--no-visited-state";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = place.dataset.papersAlone;
  place.append(link);
  return link;
}

function sheet(link) {
  const name = link.textContent.trim();
  if (link.dataset.paper === "image") {
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = name;
    return image;
  }
  const frame = document.createElement("iframe");
  frame.src = link.href;
  frame.title = name;
  return frame;
}
