const shapes = {
  done: "M5 12.5l4.5 4.5L19 7.5",
  current: "M8 5l11 7-11 7z",
  waiting: "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  overdue: "M12 4v10M12 19v.5",
  missed: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM7 17L17 7",
  stuck: "M7 7l10 10M17 7L7 17",
};
const ways = {
  "came-from": "M19 12H6M11 7l-5 5 5 5",
  next: "M5 12h13M13 7l5 5-5 5",
};
const small = 60;
// What is done may fade from an overview, what is open must be found in it.
const close = { show: { minZoom: 0.35 } };
const always = { scale: { min: 0.75 } };

/**
 * Mark every step with its state: a class for the shape, an icon and a word beside it.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} markers element id to done, current, waiting, overdue, missed or stuck
 * @param {DOMStringMap} words the figure's data: wordDone, wordCurrent and so on
 * @param {Record<string, string>} labels element id to what its badge says instead
 */
export function markSteps(viewer, markers, words, labels = {}) {
  const registry = viewer.get("elementRegistry");
  for (const [id, state] of Object.entries(markers)) {
    const element = registry.get(id);
    if (!element || !(state in shapes)) continue;
    viewer.get("canvas").addMarker(element, `app-step--${state}`);
    if (!element.waypoints) addBadge(viewer, element, state, labels[id] ?? word(words, state));
  }
}

/**
 * Mark the step that a task came from and those that come next, by a frame, an arrow and words.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} way element id to came-from or next
 * @param {DOMStringMap} words the figure's data: wordCameFrom, wordNext
 */
export function markWay(viewer, way, words) {
  const registry = viewer.get("elementRegistry");
  for (const [id, kind] of Object.entries(way)) {
    const element = registry.get(id);
    if (!element || !(kind in ways)) continue;
    viewer.get("canvas").addMarker(element, `app-way--${kind}`);
    const bare = element.width < small;
    const text = words[kind === "next" ? "wordNext" : "wordCameFrom"] ?? kind;
    viewer.get("overlays").add(element, `way-${kind}`, {
      position: bare ? { bottom: 12, left: -12 } : { bottom: 11, left: 6 },
      html: badge(kind, text, bare, ways[kind]),
      ...always,
    });
  }
}

function word(words, state) {
  return words[`word${state[0].toUpperCase()}${state.slice(1)}`] ?? state;
}

function addBadge(viewer, element, state, text) {
  const bare = element.width < small;
  viewer.get("overlays").add(element, `state-${state}`, {
    position: bare ? { top: -12, left: -12 } : { top: -13, left: 6 },
    html: badge(state, text, bare, shapes[state]),
    ...(state === "done" ? close : always),
  });
}

function badge(state, text, bare, shape) {
  const box = document.createElement("span");
  box.className = `app-step-badge app-step-badge--${state}`;
  box.title = text;
  const label = document.createElement("span");
  label.textContent = text;
  if (bare) label.className = "govuk-visually-hidden";
  box.append(icon(shape), label);
  return box;
}

function icon(shape) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shape);
  svg.append(path);
  return svg;
}
