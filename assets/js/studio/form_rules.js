/* Our own rules of the chosen question, in plain words; they stand in its custom properties. */

const TEXTS = ["check", "checkMessage", "requiredIf"];

/**
 * Follow what is chosen in the editor.
 *
 * @param {HTMLElement} place
 * @param {import("@bpmn-io/form-js").FormEditor} editor
 * @param {Record<string, any>} words
 */
export function showRules(place, editor, words) {
  const panel = new Rules(place, editor, words);
  editor.on("selection.changed", ({ selection }) => panel.show(selection));
  editor.on("commandStack.changed", () => panel.refresh());
  // Added from the keyboard, a question would otherwise not be the chosen one.
  editor.on("commandStack.formField.add.postExecuted", 100, ({ context }) => {
    setTimeout(() => editor.get("selection").set(panel.registered(context.formField.id)));
  });
  panel.show(null);
}

class Rules {
  constructor(place, editor, words) {
    Object.assign(this, { place, editor, words });
    this.chosen = null;
  }

  show(field) {
    this.chosen = field?.type === "default" ? null : field;
    this.draw();
  }

  /** Draw again unless somebody is typing here: what they typed is what changed. */
  refresh() {
    if (this.chosen) this.chosen = this.registered(this.chosen.id) ?? null;
    if (!this.place.contains(document.activeElement)) this.draw();
  }

  registered(id) {
    return this.editor.get("formFieldRegistry").get(id);
  }

  draw() {
    const title = make("h3", { className: "govuk-heading-s", textContent: this.words.title });
    if (!this.chosen) {
      const hint = make("p", { className: "govuk-body-s", textContent: this.words.none });
      this.place.replaceChildren(title, hint);
      return;
    }
    const label = this.chosen.label || this.chosen.key || this.chosen.path || this.chosen.type;
    const name = make("p", { className: "govuk-body-s app-muted", textContent: label });
    this.place.replaceChildren(title, name, this.moves(), ...this.fields());
  }

  moves() {
    const row = make("div", { className: "app-form-studio__moves" });
    row.append(
      this.button(this.words.up, () => this.move(-1)),
      this.button(this.words.down, () => this.move(1)),
      this.button(this.words.remove, () => this.remove()),
    );
    return row;
  }

  fields() {
    return [
      ...TEXTS.map((name) => this.text(name)),
      ...(this.fitting().length > 0 ? [this.kinds()] : []),
      this.tick("sensitive"),
    ];
  }

  fitting() {
    const homes = Object.entries(this.words.homes);
    return homes.filter(([, types]) => types.includes(this.chosen.type)).map(([kind]) => kind);
  }

  value(name) {
    return String(this.chosen.properties?.[name] ?? "");
  }

  write(name, value) {
    const { [name]: _gone, ...others } = this.chosen.properties ?? {};
    const properties = value === "" ? others : { ...this.chosen.properties, [name]: value };
    const some = Object.keys(properties).length > 0 ? properties : undefined;
    this.editor.get("modeling").editFormField(this.chosen, "properties", some);
    this.chosen = this.registered(this.chosen.id) ?? this.chosen;
  }

  text(name) {
    const field = make("textarea", { className: "govuk-textarea", rows: 2, value: this.value(name) });
    if (name !== "checkMessage") field.classList.add("app-source");
    field.spellcheck = name === "checkMessage";
    field.addEventListener("change", () => this.write(name, field.value.trim()));
    return this.labelled(name, field);
  }

  kinds() {
    const field = make("select", { className: "govuk-select" });
    field.append(new Option(this.words.plain, ""));
    for (const kind of this.fitting()) field.append(new Option(this.words.kinds[kind], kind));
    field.value = this.value("kind");
    field.addEventListener("change", () => this.write("kind", field.value));
    return this.labelled("kind", field);
  }

  tick(name) {
    const box = make("div", { className: "govuk-checkboxes govuk-checkboxes--small" });
    const item = make("div", { className: "govuk-checkboxes__item" });
    const field = make("input", { type: "checkbox", className: "govuk-checkboxes__input" });
    field.id = `rule-${name}`;
    field.checked = this.value(name) === "true";
    field.addEventListener("change", () => this.write(name, field.checked ? "true" : ""));
    const label = make("label", { className: "govuk-label govuk-checkboxes__label", htmlFor: field.id });
    label.textContent = this.words[name];
    item.append(field, label);
    box.append(item);
    return box;
  }

  labelled(name, field) {
    field.id = `rule-${name}`;
    const group = make("div", { className: "govuk-form-group" });
    const label = make("label", { className: "govuk-label", htmlFor: field.id });
    label.textContent = this.words[name];
    group.append(label, field);
    return group;
  }

  button(words, act) {
    const made = make("button", { type: "button", textContent: words });
    made.className = "govuk-button govuk-button--secondary app-button--small";
    made.addEventListener("click", act);
    return made;
  }

  /** Put the question one place up or down among its neighbours. */
  move(step) {
    const parent = this.registered(this.chosen._parent);
    const place = parent.components.findIndex(({ id }) => id === this.chosen.id);
    const target = place + step;
    if (target < 0 || target >= parent.components.length) return;
    // The editor counts the places as they are before the question is taken out of its own.
    const behind = step > 0 ? target + 1 : target;
    const { id } = this.chosen;
    this.editor.get("modeling").moveFormField(this.chosen, parent, parent, place, behind);
    this.show(this.registered(id));
  }

  remove() {
    const parent = this.registered(this.chosen._parent);
    const place = parent.components.findIndex(({ id }) => id === this.chosen.id);
    this.editor.get("modeling").removeFormField(this.chosen, parent, place);
  }
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}
