import { startAutosave } from "./form/autosave.js";
import { startGuard } from "./form/guard.js";
import { startRows } from "./form/rows.js";
import { startRules } from "./form/rules.js";
import { followSections } from "./form/sections.js";

const form = document.getElementById("main-form");
if (form?.querySelector("[data-offline]")) {
  void import("./offline/page.js").then(({ startOffline }) => startOffline(form));
}

for (const root of document.querySelectorAll("[data-task-form]")) {
  const words = JSON.parse(root.dataset.words);
  startRows(root, words);
  startRules(root, words);
  followSections(root);
  const draft = startAutosave(root, words);
  startGuard(root, words, draft);
}
