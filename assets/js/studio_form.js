import { FormEditor } from "@bpmn-io/form-js";

import { givenOf, keepSaved, tellUnreadable } from "./studio/editor_page.js";
import { faithful } from "./studio/faithful.js";
import { followForm } from "./studio/form_look.js";
import { showRules } from "./studio/form_rules.js";
import { keepHeld } from "./studio/saving.js";

/**
 * Open a form in the editor beside what its reviewer will see.
 *
 * @param {HTMLElement} page holds the places [data-editor], [data-panel], [data-rules], [data-look], …
 * @param {object} given what the server wrote into the page, see web/studio/forms.py
 */
async function open(page, given) {
  let write = null;
  const text = () => write?.() ?? null;
  const look = followForm(page.querySelector("[data-look]"), {
    address: given.look,
    token: given.token,
    text,
  });
  if (!given.mayEdit) return;
  keepHeld(given.hold, given.token);
  const editor = await opened(page, given);
  if (editor === null) return;
  const written = faithful(given.body, editor.saveSchema());
  write = () => written(editor.saveSchema());
  showRules(page.querySelector("[data-rules]"), editor, given.words.rules);
  const saving = keepSaved(page, given, write);
  editor.on("commandStack.changed", () => {
    saving.touch();
    look.soon();
  });
  page.dataset.ready = "true";
}

/** Return the editor with the form in it; null where it cannot open it, which is told. */
async function opened(page, given) {
  const container = page.querySelector("[data-editor]");
  const editor = new FormEditor({
    container,
    propertiesPanel: { parent: page.querySelector("[data-panel]") },
  });
  try {
    await editor.importSchema(JSON.parse(given.body));
  } catch (error) {
    editor.destroy();
    tellUnreadable(page, given, error);
    return null;
  }
  page.querySelector("[data-side]").hidden = false;
  page.classList.add("app-form-studio--ready");
  return editor;
}

const page = document.querySelector("[data-form-studio]");
if (page) void open(page, givenOf(page, "form-given"));
