/* Reads and writes the extension elements of one element, each change one step to be undone. */
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

export class Extensions {
  constructor(element) {
    this.element = element;
    this.bo = getBusinessObject(element);
  }

  /** Return the first extension of a type. */
  find(type) {
    return this.bo.get("extensionElements")?.get("values").find((one) => is(one, type));
  }

  /** Return one of the free properties by its name. */
  property(name) {
    const held = this.find("zeebe:Properties");
    return held?.get("properties").find((one) => one.get("name") === name);
  }

  /** Set attributes of an extension, which is made if it is not there. */
  write(injector, type, properties) {
    const found = this.find(type);
    if (found) this.execute(injector, [this.change(found, properties)]);
    else this.add(injector, injector.get("bpmnFactory").create(type, properties));
  }

  /** Set a free property; without a value it goes. */
  writeProperty(injector, name, value) {
    const held = this.find("zeebe:Properties");
    const make = (type, given) => injector.get("bpmnFactory").create(type, given);
    const kept = (held?.get("properties") ?? []).filter((one) => one.get("name") !== name);
    const properties = value ? [...kept, make("zeebe:Property", { name, value })] : kept;
    if (!held) return this.add(injector, make("zeebe:Properties", { properties }));
    for (const one of properties) one.$parent = held;
    return this.execute(injector, [this.change(held, { properties })]);
  }

  add(injector, made) {
    const holder = this.bo.get("extensionElements");
    if (holder) {
      made.$parent = holder;
      const values = [...holder.get("values"), made];
      return this.execute(injector, [this.change(holder, { values })]);
    }
    const fresh = injector.get("bpmnFactory").create("bpmn:ExtensionElements", { values: [made] });
    fresh.$parent = this.bo;
    made.$parent = fresh;
    return this.execute(injector, [this.change(this.bo, { extensionElements: fresh })]);
  }

  change(moddleElement, properties) {
    const context = { element: this.element, moddleElement, properties };
    return { cmd: "element.updateModdleProperties", context };
  }

  execute(injector, commands) {
    injector.get("commandStack").execute("properties-panel.multi-command-executor", commands);
  }
}
