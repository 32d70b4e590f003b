/* Makes the editor of diagrams, or where nothing may be changed its viewer. */
import { CloudElementTemplatesPropertiesProviderModule } from "bpmn-js-element-templates";
import { CreateAppendAnythingModule, CreateAppendElementTemplatesModule } from "bpmn-js-create-append-anything";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import SearchModule from "bpmn-js/lib/features/search";
import KeyboardModule from "bpmn-js/lib/features/keyboard";
import EditorActionsModule from "bpmn-js/lib/features/editor-actions";
import ZeebeBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import minimap from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import { lintSettings, linting } from "./linting.js";
import { naming, offerFunctions } from "./names.js";
import { pickers } from "./pickers.js";
import { translating } from "./translating.js";

const TYPEFACE = { fontFamily: '"Noto Sans", arial, sans-serif', lineHeight: 1.25 };

/** What both draw alike. */
function drawing(words) {
  return {
    moddleExtensions: { zeebe },
    textRenderer: {
      defaultStyle: { ...TYPEFACE, fontSize: 12 },
      externalStyle: { ...TYPEFACE, fontSize: 11 },
    },
    bpmnRenderer: { defaultStrokeColor: "#2c3a3b", defaultLabelColor: "#0b0c0c" },
    additionalModules: [minimap, linting, translating(words.editor)],
    linting: lintSettings,
  };
}

/**
 * Make the editor.
 *
 * @param {{canvas: Element, panel: Element}} places
 * @param {{words: object, choices: object, functions: object[], templates: object[]}} offered
 * @param {{address: string, revision: () => number}} names
 */
export function makeModeler({ canvas, panel }, { words, choices, functions, templates }, names) {
  offerFunctions(functions);
  const both = drawing(words);
  const modeler = new Modeler({
    ...both,
    container: canvas,
    propertiesPanel: { parent: panel },
    choices: { ...choices, words: words.choices },
    additionalModules: [
      ...both.additionalModules,
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviors,
      CloudElementTemplatesPropertiesProviderModule,
      CreateAppendAnythingModule,
      CreateAppendElementTemplatesModule,
      naming(names),
      pickers,
    ],
  });
  modeler.get("elementTemplatesLoader").setTemplates(templates);
  chooseByMenu(modeler);
  return lintingIn(modeler, words);
}

/**
 * Make the viewer: to be looked at, searched and copied from.
 *
 * @param {{canvas: Element}} places
 * @param {{words: object}} offered
 */
export function makeViewer({ canvas }, { words }) {
  const both = drawing(words);
  const looking = [SearchModule, KeyboardModule, EditorActionsModule];
  const additionalModules = [...both.additionalModules, ...looking];
  return lintingIn(new NavigatedViewer({ ...both, container: canvas, additionalModules }), words);
}

function lintingIn(viewer, words) {
  viewer.get("linting").words = words.rules;
  return viewer;
}

/** The panel's button “Select” opens the menu in which an element is changed. */
function chooseByMenu(modeler) {
  modeler.on("elementTemplates.select", ({ element }) => {
    const { x, y } = modeler.get("canvas").getAbsoluteBBox(element);
    modeler.get("popupMenu").open(element, "bpmn-replace", { x, y, cursor: { x, y } });
  });
}
