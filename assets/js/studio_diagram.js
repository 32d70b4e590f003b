import { Findings, goTo } from "./studio/findings.js";
import { grafter } from "./studio/grafting.js";
import { listenToFiles } from "./studio/exchange.js";
import { makeModeler, makeViewer } from "./studio/modeler.js";
import { keepHeld, saver } from "./studio/saving.js";
import { listenToTools } from "./studio/tools.js";
import { say } from "./form/words.js";
import { stepView, wholeView } from "./viewer/view.js";

const READABLE = 0.55;

/**
 * Open the diagram of a draft in the editor, or where somebody else holds it in the viewer.
 *
 * @param {HTMLElement} page holds the places [data-canvas], [data-panel], [data-findings], …
 * @param {object} given what the server wrote into the page, see web/studio/diagram.py
 */
async function open(page, given) {
  const state = { revision: given.revision };
  const viewer = await make(page, given, state);
  const told = page.querySelector("[data-trouble]");
  try {
    const { warnings } = await viewer.importXML(given.body);
    if (warnings.length) say(told, given.words.page.partly);
  } catch {
    say(told, given.words.page.unreadable);
    listenToFiles(page, given, async () => given.body);
    return;
  }
  const written = await pristine(viewer, given);
  const findings = new Findings(page, viewer, given, written);
  listenToTools(page, viewer);
  const saving = given.mayEdit ? keepSaved(page, viewer, given, written, findings, state) : null;
  listenToFiles(page, given, written, saving);
  firstView(viewer);
  page.dataset.ready = "true";
  performance.mark("ready");
  void findings.ask();
}

/** Show the element that the address names, else all of it, or its beginning if it is large. */
function firstView(viewer) {
  const named = () => goTo(viewer, decodeURIComponent(location.hash.slice(1)));
  if (wholeView(viewer) < READABLE) stepView(viewer, {});
  window.addEventListener("hashchange", named);
  new ResizeObserver(() => viewer.get("canvas").resized()).observe(viewer.get("canvas").getContainer());
  // The panel listens once it was painted.
  requestAnimationFrame(() => setTimeout(named));
}

async function make(page, given, state) {
  const canvas = page.querySelector("[data-canvas]");
  if (!given.mayEdit) return makeViewer({ canvas }, { words: given.words });
  const panel = page.querySelector("[data-panel]");
  const offered = await (await fetch(given.palette)).json();
  const names = { address: given.names, revision: () => state.revision };
  return makeModeler({ canvas, panel }, { ...offered, words: given.words }, names);
}

/** Return what gives the file as it stands: untouched, as it was opened, to the letter. */
async function pristine(viewer, given) {
  const write = async () => (await viewer.saveXML({ format: true })).xml;
  const graft = grafter(given.body, await write());
  return async () => (isTouched(viewer) ? graft(await write()) : given.body);
}

function isTouched(viewer) {
  const stack = viewer.get("commandStack", false);
  return Boolean(stack && (stack.canUndo() || stack.canRedo()));
}

function keepSaved(page, viewer, given, written, findings, state) {
  const saving = saver({
    address: given.address,
    revision: given.revision,
    token: given.token,
    words: given.words.saving,
    region: document.querySelector("[data-saved]"),
    body: written,
    onFindings: (found) => {
      state.revision = saving.revision;
      findings.take(found);
    },
  });
  keepHeld(given.hold, given.token);
  viewer.on("commandStack.changed", () => {
    saving.touch();
    findings.askSoon();
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void saving.now();
  });
  return saving;
}

const page = document.querySelector("[data-diagram-editor]");
const given = document.querySelector("[data-diagram-given]");
if (page && given) void open(page, JSON.parse(given.textContent));
