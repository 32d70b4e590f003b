/**
 * Fetch the viewer when the first diagram comes into sight: it is heavier than all the rest.
 *
 * @param {ParentNode} page
 */
export function startDiagrams(page) {
  const figures = [...page.querySelectorAll("figure[data-diagram]")];
  if (figures.length === 0) return;
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      void show(target);
    }
  });
  for (const figure of figures) sight.observe(figure);
}

async function show(figure) {
  const { showDiagram } = await import("../viewer.js");
  await showDiagram(figure);
}
