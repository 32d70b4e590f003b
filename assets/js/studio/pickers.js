/* Lists of what exists, above the fields of the properties panel in which a name is typed. */
import { SelectEntry } from "@bpmn-io/properties-panel";
import { h } from "@bpmn-io/properties-panel/preact";
import { useService } from "bpmn-js-properties-panel";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";

import { Extensions } from "./extensions.js";

const AFTER_THE_PANEL = 200;
const BEGINS = ["bpmn:StartEvent", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent", "bpmn:ReceiveTask"];

/** By the panel's group: which list, what it writes. */
const PICKS = {
  form: { list: "forms", type: "zeebe:FormDefinition", name: "formId", clears: ["formKey", "externalReference"] },
  assignmentDefinition: { list: "roles", type: "zeebe:AssignmentDefinition", name: "candidateGroups" },
  calledDecision: { list: "decisions", type: "zeebe:CalledDecision", name: "decisionId" },
  calledElement: { list: "processes", type: "zeebe:CalledElement", name: "processId" },
};

class Pickers {
  constructor(propertiesPanel, choices) {
    this.choices = choices;
    propertiesPanel.registerProvider(AFTER_THE_PANEL, this);
  }

  getGroups(element) {
    return (groups) => {
      const added = groups.map((group) => this.withPicker(group, element));
      const begun = this.beginning(element);
      return begun ? [...added.slice(0, 1), begun, ...added.slice(1)] : added;
    };
  }

  withPicker(group, element) {
    const entry = this.entryOf(group.id, element);
    return entry && group.entries ? { ...group, entries: [entry, ...group.entries] } : group;
  }

  entryOf(id, element) {
    if (PICKS[id]) return this.entry(`pick-${id}`, PICKS[id].list, extensionOf(element, PICKS[id]));
    if (id === "general" && is(element, "bpmn:Lane")) {
      return this.entry("pick-lane", "roles", nameOf(element));
    }
    if (id === "message" && this.choices.messages.length) {
      return this.entry("pick-message", "messages", messageOf(element));
    }
    return null;
  }

  /** Which form begins or answers an event, and who may send it: properties of ours. */
  beginning(element) {
    if (!isAny(element, BEGINS) || getBusinessObject(element).triggeredByEvent) return null;
    return {
      id: "begun",
      label: this.choices.words.begun,
      entries: [
        this.entry("begun-form", "forms", propertyOf(element, "form")),
        this.entry("begun-by", "senders", propertyOf(element, "by")),
      ],
    };
  }

  entry(id, list, bound) {
    const { words, [list]: options } = this.choices;
    return { id, component: Picker, isEdited: () => false, label: words[list], options, bound };
  }
}

Pickers.$inject = ["propertiesPanel", "config.choices"];

/** The module that adds the lists. */
export const pickers = { __init__: ["pickers"], pickers: ["type", Pickers] };

function Picker({ element, id, label, options, bound }) {
  const injector = useService("injector");
  return h(SelectEntry, {
    element,
    id,
    label,
    getValue: () => bound.get() ?? "",
    setValue: (value) => bound.set(injector, value),
    getOptions: () => listed(options, bound.get()),
  });
}

/** What is written already stays a choice, whether it exists or not. */
function listed(options, written) {
  const known = options.some(({ value }) => value === written);
  return [{ value: "", label: "–" }, ...(written && !known ? [{ value: written, label: written }] : []), ...options];
}

function extensionOf(element, { type, name, clears = [] }) {
  const extensions = new Extensions(element);
  return {
    get: () => extensions.find(type)?.get(name),
    set: (injector, value) => {
      const cleared = Object.fromEntries(clears.map((one) => [one, undefined]));
      extensions.write(injector, type, { ...cleared, [name]: value || undefined });
    },
  };
}

function propertyOf(element, name) {
  const extensions = new Extensions(element);
  return {
    get: () => extensions.property(name)?.get("value"),
    set: (injector, value) => extensions.writeProperty(injector, name, value),
  };
}

function nameOf(element) {
  return {
    get: () => getBusinessObject(element).get("name"),
    set: (injector, name) => injector.get("modeling").updateProperties(element, { name }),
  };
}

function messageOf(element) {
  const bo = getBusinessObject(element);
  const holder = bo.get("eventDefinitions")?.find((one) => is(one, "bpmn:MessageEventDefinition")) ?? bo;
  return {
    get: () => holder.get("messageRef")?.get("name"),
    set: (injector, name) => referTo(injector, element, holder, name),
  };
}

/** Refer to the message of that name, which is declared if this diagram does not know it yet. */
function referTo(injector, element, holder, name) {
  const definitions = injector.get("bpmnjs").getDefinitions();
  const roots = definitions.get("rootElements");
  const known = roots.find((root) => is(root, "bpmn:Message") && root.get("name") === name);
  const message = known ?? (name ? injector.get("bpmnFactory").create("bpmn:Message", { name }) : undefined);
  const change = (moddleElement, properties) => ({
    cmd: "element.updateModdleProperties",
    context: { element, moddleElement, properties },
  });
  const commands = [change(holder, { messageRef: message })];
  if (message && !known) {
    message.$parent = definitions;
    commands.unshift(change(definitions, { rootElements: [...roots, message] }));
  }
  injector.get("commandStack").execute("properties-panel.multi-command-executor", commands);
}
