import { stepView, wholeView, zoomBy } from "./view.js";

const step = 60;

const keys = {
  ArrowLeft: (viewer) => viewer.get("canvas").scroll({ dx: step, dy: 0 }),
  ArrowRight: (viewer) => viewer.get("canvas").scroll({ dx: -step, dy: 0 }),
  ArrowUp: (viewer) => viewer.get("canvas").scroll({ dx: 0, dy: step }),
  ArrowDown: (viewer) => viewer.get("canvas").scroll({ dx: 0, dy: -step }),
  "+": (viewer) => zoomBy(viewer, 1.25),
  "=": (viewer) => zoomBy(viewer, 1.25),
  "-": (viewer) => zoomBy(viewer, 0.8),
  0: (viewer) => wholeView(viewer),
};

/** Arrow keys move the focused diagram, plus and minus zoom it, zero shows all of it. */
export function listenToKeys(canvas, viewer) {
  canvas.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act(viewer);
  });
}

/** The buttons above the diagram do what keys and wheel do. */
export function listenToTools(figure, viewer, markers) {
  const tools = {
    in: () => zoomBy(viewer, 1.25),
    out: () => zoomBy(viewer, 0.8),
    whole: () => wholeView(viewer),
    step: () => stepView(viewer, markers),
    screen: () => toggleScreen(figure),
  };
  figure.addEventListener("fullscreenchange", () => {
    viewer.get("canvas").resized();
    wholeView(viewer);
  });
  for (const button of figure.querySelectorAll("button[data-view]")) {
    button.addEventListener("click", () => tools[button.dataset.view]());
  }
}

function toggleScreen(figure) {
  void (document.fullscreenElement ? document.exitFullscreen() : figure.requestFullscreen());
}
