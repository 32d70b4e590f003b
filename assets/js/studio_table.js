import Modeler from "dmn-js/lib/Modeler";

import { followBench } from "./studio/bench.js";
import { givenOf, keepSaved, tellUnreadable } from "./studio/editor_page.js";
import { grafter } from "./studio/grafting.js";
import { keepHeld } from "./studio/saving.js";
import { RowMarks } from "./studio/table_marks.js";
import { translating } from "./studio/translating.js";

/** Each of the editor's views is an editor of its own and is told its words alone. */
const VIEWS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];

/**
 * Open a file of decisions in the editor; the findings and the bench go on below it.
 *
 * @param {HTMLElement} page holds the places [data-editor], [data-views], [data-found], [data-bench], …
 * @param {object} given what the server wrote into the page, see web/studio/tables.py
 */
function start(page, given) {
  const state = { marks: new RowMarks(), saving: null };
  state.bench = followBench(page.querySelector("[data-bench]"), {
    address: given.bench,
    token: given.token,
    ready: async () => state.saving?.now(),
    onMatched: (ids) => state.marks.match(ids),
  });
  if (!given.mayEdit) return;
  keepHeld(given.hold, given.token);
  const open = () => void edit(page, given, state);
  if (!given.waits) {
    open();
    return;
  }
  const waits = page.querySelector("[data-waits]");
  waits.hidden = false;
  waits.querySelector("[data-open]").addEventListener("click", open, { once: true });
}

async function edit(page, given, state) {
  const spoken = { additionalModules: [translating(given.words.editor)] };
  const views = Object.fromEntries(VIEWS.map((view) => [view, spoken]));
  const modeler = new Modeler({ container: page.querySelector("[data-editor]"), ...views });
  page.classList.add("app-table-studio--ready");
  try {
    await modeler.importXML(given.body);
    await openDecision(modeler);
  } catch (error) {
    page.classList.remove("app-table-studio--ready");
    tellUnreadable(page, given, error);
    return;
  }
  const write = async () => (await modeler.saveXML({ format: true })).xml;
  const graft = grafter(given.body, await write());
  showViews(page.querySelector("[data-views]"), modeler, given.words.views);
  const written = async () => graft(await write());
  state.saving = keepSaved(page, given, written, (own) => {
    state.marks.tell(own, modeler.getDefinitions());
    state.bench.again();
  });
  listen(modeler, state.saving);
  state.marks.tell(given.findings, modeler.getDefinitions());
  page.dataset.ready = "true";
}

/** Begin with the table itself where there is one decision only. */
async function openDecision(modeler) {
  const decisions = modeler.getViews().filter(({ type }) => type !== "drd");
  if (decisions.length === 1) await modeler.open(decisions[0]);
}

/** Save after every change, whichever of the editor's views it was made in. */
function listen(modeler, saving) {
  const seen = new Set();
  const follow = () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || seen.has(viewer)) return;
    seen.add(viewer);
    viewer.on("commandStack.changed", ({ trigger }) => {
      // A view that is left or opened clears its stack, and nothing has changed.
      if (trigger !== "clear") saving.touch();
    });
  };
  modeler.on("import.render.complete", follow);
  follow();
}

/** Offer the views of the file: how decisions hang together, and each decision by its name. */
function showViews(place, modeler, words) {
  const draw = () => {
    const active = modeler.getActiveView();
    const views = modeler.getViews();
    place.hidden = views.length < 2;
    place.replaceChildren(...views.map((view) => button(view, active, modeler, words)));
  };
  modeler.on("views.changed", draw);
  draw();
}

function button(view, active, modeler, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary app-button--small";
  made.textContent = view.type === "drd" ? words.drd : view.name || view.id;
  made.setAttribute("aria-pressed", String(view.element === active?.element));
  made.addEventListener("click", () => void modeler.open(view));
  return made;
}

const page = document.querySelector("[data-table-studio]");
if (page) start(page, givenOf(page, "table-given"));
