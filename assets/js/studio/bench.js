/* The test bench: asks the server in place, and again whenever the table was saved. */

/**
 * Answer the buttons of the bench without leaving the page.
 *
 * @param {HTMLElement} place
 * @param {{address: string, token: string, ready: () => Promise<void>, onMatched: (ids: string[]) => void}} given
 * @returns {{again: () => void}}
 */
export function followBench(place, given) {
  const bench = new Bench(place, given);
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    void bench.ask(event.submitter);
  });
  place.addEventListener("change", (event) => {
    if (event.target.name === "_decision") void bench.ask(place.querySelector("[name=_choose]"));
  });
  return bench;
}

class Bench {
  constructor(place, given) {
    Object.assign(this, { place, given });
    this.asked = 0;
  }

  /** Decide once more over the same inputs, if somebody asked before. */
  again() {
    const form = this.place.querySelector("form");
    if (!this.place.querySelector("[data-matched]") || this.place.contains(document.activeElement)) return;
    void this.send(form, form.querySelector("[name=_ask]"));
  }

  async ask(button) {
    await this.given.ready();
    const answered = await this.send(this.place.querySelector("form"), button);
    if (!answered) return;
    const told = this.place.querySelector(".govuk-error-message, [data-matched], .app-bench__kept");
    const target = told ?? this.place.querySelector("input:not([type=hidden]), select");
    if (!target) return;
    if (told) told.tabIndex = -1;
    target.focus();
  }

  async send(form, button) {
    const asked = (this.asked += 1);
    const body = new FormData(form);
    if (button) body.set(button.name, button.value);
    try {
      const answer = await fetch(this.given.address, {
        method: "POST",
        redirect: "manual",
        headers: { "X-CSRFToken": this.given.token },
        body,
      });
      if (!answer.ok || asked !== this.asked) return false;
      this.place.innerHTML = await answer.text();
    } catch {
      // Without network what stood here before stays.
      return false;
    }
    const outcome = this.place.querySelector("[data-matched]");
    this.given.onMatched(outcome ? JSON.parse(outcome.dataset.matched) : []);
    return true;
  }
}
