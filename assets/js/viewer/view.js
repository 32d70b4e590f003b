const readable = 0.55;
const comfortable = 0.8;
const urgency = ["stuck", "overdue", "current", "waiting"];

/**
 * Show the whole diagram where its words stay readable, else the step that matters most.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} markers element id to state
 */
export function firstView(viewer, markers) {
  if (wholeView(viewer) < readable) stepView(viewer, markers);
}

/** Fit everything; the scale that this took. */
export function wholeView(viewer) {
  return viewer.get("canvas").zoom("fit-viewport", "auto");
}

/** Bring the most urgent marked step to the middle at a readable size. */
export function stepView(viewer, markers) {
  const element = urgentStep(viewer.get("elementRegistry"), markers);
  if (!element) return;
  const canvas = viewer.get("canvas");
  const { width, height } = canvas.viewbox().outer;
  const [w, h] = [width / comfortable, height / comfortable];
  canvas.viewbox({
    x: element.x + element.width / 2 - w / 2,
    y: element.y + element.height / 2 - h / 2,
    width: w,
    height: h,
  });
}

/** Zoom about the middle by a factor, within sensible bounds. */
export function zoomBy(viewer, factor) {
  const canvas = viewer.get("canvas");
  canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
}

function urgentStep(registry, markers) {
  for (const state of urgency) {
    const id = Object.keys(markers).find(
      (key) => markers[key] === state && registry.get(key)?.width,
    );
    if (id) return registry.get(id);
  }
  return undefined;
}
