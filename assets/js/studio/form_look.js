/* The form as its reviewer will see it: drawn by the server, again after every change. */
import { startRows } from "../form/rows.js";
import { startRules } from "../form/rules.js";

const QUIET = 350;

/**
 * Keep the drawing in step with the editor, and answer its buttons in place.
 *
 * @param {HTMLElement} place holds the drawing
 * @param {{address: string, token: string, text: () => string | null}} given
 * @returns {{soon: () => void}}
 */
export function followForm(place, given) {
  const look = new Look(place, given);
  look.start();
  return look;
}

class Look {
  constructor(place, given) {
    Object.assign(this, { place, given });
    this.asked = 0;
    place.addEventListener("input", (event) => this.noticed(event.target));
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.draw(event.submitter);
    });
  }

  start() {
    this.typed = false;
    this.sampled = false;
    for (const root of this.place.querySelectorAll("[data-task-form]")) {
      startRows(root, JSON.parse(root.dataset.words));
      startRules(root, JSON.parse(root.dataset.words));
    }
  }

  noticed(field) {
    if (field.name === "_sample") this.sampled = true;
    else this.typed = true;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(null), QUIET);
  }

  /** Ask for the drawing; what was typed into it, or made of its sample data, is kept. */
  async draw(button) {
    const asked = (this.asked += 1);
    const { typed, sampled } = this;
    try {
      const answer = await fetch(this.given.address, {
        method: "POST",
        redirect: "manual",
        headers: { "X-CSRFToken": this.given.token },
        body: this.body(button),
      });
      if (!answer.ok || asked !== this.asked) return;
      this.place.innerHTML = await answer.text();
    } catch {
      // Without network the drawing of before stays; the next change asks again.
      return;
    }
    this.start();
    this.typed = typed && button?.name !== "_fresh";
    this.sampled = sampled;
    if (button) this.tell(button);
  }

  body(button) {
    const form = this.place.querySelector("form");
    const sent = form && (this.typed || button) ? new FormData(form) : new FormData();
    if (form && this.sampled) sent.set("_sample", form.elements.namedItem("_sample").value);
    else if (button?.name !== "_fresh") sent.delete("_sample");
    for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
    const text = this.given.text();
    if (text !== null) sent.set("_text", text);
    if (button?.name) sent.set(button.name, button.value);
    return sent;
  }

  /** Bring to view what the button brought about. */
  tell(button) {
    const found = this.place.querySelector(".govuk-error-summary, .app-look__answers");
    const again = this.place.querySelector(`button[name="${button.name}"]`);
    const target = found ?? again;
    if (!target) return;
    if (found) found.tabIndex = -1;
    target.focus();
  }
}
