/**
 * Mark in the list of sections the one that is being read.
 *
 * @param {HTMLElement} form
 */
export function followSections(form) {
  const links = new Map(
    [...form.querySelectorAll(".app-sections a")].map((link) => [link.hash.slice(1), link]),
  );
  if (links.size === 0) return;
  const heads = [...form.querySelectorAll("[data-section]")];
  const mark = () => {
    const passed = heads.filter((head) => head.getBoundingClientRect().top < innerHeight / 3);
    const here = (passed.at(-1) ?? heads[0]).id;
    for (const [id, link] of links) {
      if (id === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const sight = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const head of heads) sight.observe(head);
}
