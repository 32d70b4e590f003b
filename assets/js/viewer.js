import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { listenToKeys, listenToTools } from "./viewer/controls.js";
import { markSteps, markWay } from "./viewer/marks.js";
import { translateNames } from "./viewer/names.js";
import { firstView } from "./viewer/view.js";

const typeface = { fontFamily: '"Noto Sans", arial, sans-serif' };

/**
 * Draw the diagram of one figure and mark where the case stands.
 *
 * The figure's data-diagram is the address of {"xml": text, "names": {id: text},
 * "markers": {id: state}, "way": {id: kind}, "labels": {id: text}}; a figure whose diagram cannot
 * be had keeps its outline in words.
 *
 * @param {HTMLElement} figure
 */
export async function showDiagram(figure) {
  const [drawing] = await Promise.all([fetchDrawing(figure), loadStyles(figure.dataset.styles)]);
  if (drawing === null) return;
  figure.classList.add("app-diagram--ready");
  const canvas = figure.querySelector("[data-canvas]");
  const viewer = createViewer(canvas, typeSize(Object.values(drawing.names ?? {})));
  translateNames(viewer, drawing.names ?? {});
  if (!(await isDrawn(viewer, drawing.xml))) {
    figure.classList.remove("app-diagram--ready");
    return;
  }
  markSteps(viewer, drawing.markers ?? {}, figure.dataset, drawing.labels ?? {});
  markWay(viewer, drawing.way ?? {}, figure.dataset);
  fitLegend(figure, { ...drawing.markers }, { ...drawing.way });
  firstView(viewer, drawing.markers ?? {});
  listenToTools(figure, viewer, drawing.markers ?? {});
  listenToKeys(canvas, viewer);
}

// A file may hold a process without a picture, or one that cannot be read.
async function isDrawn(viewer, xml) {
  try {
    await viewer.importXML(xml);
    return true;
  } catch {
    viewer.destroy();
    return false;
  }
}

// A sign that this diagram does not carry needs no explanation.
function fitLegend(figure, markers, way) {
  const used = new Set([...Object.values(markers), ...Object.values(way)]);
  for (const item of figure.querySelectorAll("[data-legend]")) {
    item.hidden = !used.has(item.dataset.legend);
  }
}

async function fetchDrawing(figure) {
  const answer = await fetch(figure.dataset.diagram, { headers: { Accept: "application/json" } });
  return answer.ok ? answer.json() : null;
}

function loadStyles(address) {
  if (document.querySelector(`link[href="${address}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  return new Promise((resolve) => {
    link.onload = resolve;
    link.onerror = resolve;
    document.head.append(link);
  });
}

// A task is 100 wide: a longer language gets a smaller type rather than broken words.
function typeSize(names) {
  const longest = Math.max(1, ...names.flatMap((name) => name.split(/\s+/)).map((w) => w.length));
  return Math.min(13, Math.max(10.5, 90 / (longest * 0.66)));
}

function createViewer(container, size) {
  const viewer = new NavigatedViewer({
    container,
    canvas: { autoFocus: false },
    textRenderer: {
      defaultStyle: { ...typeface, fontSize: size, lineHeight: 1.25 },
      externalStyle: { ...typeface, fontSize: Math.min(12, size), lineHeight: 1.25 },
    },
    bpmnRenderer: { defaultStrokeColor: "#2c3a3b", defaultLabelColor: "#0b0c0c" },
  });
  // The wheel scrolls the page until the reader steps into the diagram.
  const wheel = viewer.get("zoomScroll");
  wheel.toggle(false);
  container.addEventListener("focusin", () => wheel.toggle(true));
  container.addEventListener("focusout", () => wheel.toggle(false));
  return viewer;
}
