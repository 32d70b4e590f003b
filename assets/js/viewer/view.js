const readable = 0.55;
const comfortable = 0.8;
const margin = 48;
const lowest = 200;
const urgency = ["stuck", "overdue", "current", "waiting", "missed", "done"];

/**
 * Show the whole diagram where its words stay readable, else the step that matters most.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} markers element id to state
 */
export function firstView(viewer, markers) {
  const scale = wholeView(viewer);
  fitHeight(viewer, Math.max(scale, comfortable));
  if (wholeView(viewer) < readable) stepView(viewer, markers);
}

/** Fit everything; the scale that this took. */
export function wholeView(viewer) {
  return viewer.get("canvas").zoom("fit-viewport", "auto");
}

/** Bring the most urgent marked step, else the first, to the middle at a readable size. */
export function stepView(viewer, markers) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const target = urgentStep(registry, markers) ?? firstStep(registry);
  if (!target) return;
  const { inner, outer } = canvas.viewbox();
  const [width, height] = [outer.width / comfortable, outer.height / comfortable];
  canvas.viewbox({
    x: within(target.x + target.width / 2 - width / 2, inner.x, inner.width, width),
    y: within(target.y + target.height / 2 - height / 2, inner.y, inner.height, height),
    width,
    height,
  });
}

/** Zoom about the middle by a factor, within sensible bounds. */
export function zoomBy(viewer, factor) {
  const canvas = viewer.get("canvas");
  canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
}

// A low diagram gets a low frame, a high one at most what the style sheet gave.
function fitHeight(viewer, scale) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const wanted = Math.max(lowest, inner.height * scale + margin);
  if (wanted >= outer.height) return;
  canvas.getContainer().closest("[data-canvas]").style.height = `${Math.round(wanted)}px`;
  canvas.resized();
}

// No more empty paper beside the diagram than its margin.
function within(start, from, extent, length) {
  if (extent < length) return from + extent / 2 - length / 2;
  return Math.min(Math.max(start, from - margin), from + extent - length + margin);
}

function urgentStep(registry, markers) {
  for (const state of urgency) {
    const found = Object.keys(markers)
      .filter((id) => markers[id] === state)
      .map((id) => registry.get(id))
      .filter((element) => element?.width);
    // Diagrams run from left to right: of several steps the last is where things happen.
    if (found.length > 0) return found.reduce((one, other) => (other.x > one.x ? other : one));
  }
  return undefined;
}

function firstStep(registry) {
  const starts = registry.filter((element) => element.type === "bpmn:StartEvent");
  return starts.sort((one, other) => one.x - other.x)[0];
}
