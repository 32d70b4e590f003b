/* The list of what is wrong: a click goes to the element; findings are asked for while one draws. */
import { fill } from "../form/words.js";

const QUIET = 400;
const ORDER = ["error", "warn", "info"];
/** Errors first; of equal weight what our check says before matters of style. */
const weight = ({ category, finding }) => ORDER.indexOf(category) * 2 + (finding ? 0 : 1);

export class Findings {
  constructor(page, viewer, given, written) {
    Object.assign(this, { viewer, given, written });
    this.list = page.querySelector("[data-findings]");
    this.counts = page.querySelector("[data-counts]");
    this.asked = 0;
    this.elsewhere = [];
    viewer.on("linting.completed", ({ issues }) => this.show(issues));
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), QUIET);
  }

  /** Ask the server about the diagram as it stands; an answer that comes too late is dropped. */
  async ask() {
    const asked = (this.asked += 1);
    const files = { [this.given.path]: await this.written() };
    try {
      const answer = await fetch(this.given.check, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.given.token },
        body: JSON.stringify({ files }),
      });
      if (answer.ok && asked === this.asked) this.take((await answer.json()).findings);
    } catch {
      // Without network the findings of before stay; the next change asks again.
    }
  }

  take(findings) {
    const here = findings.filter(({ file, element }) => file === this.given.path && element);
    this.elsewhere = findings.filter((finding) => !here.includes(finding));
    this.viewer.get("linting").told(here);
  }

  show(issues) {
    const drawn = Object.values(issues).flat();
    const others = this.elsewhere.map((finding) => ({
      category: finding.severity === "warning" ? "warn" : finding.severity,
      message: finding.text,
      finding,
    }));
    const all = [...drawn, ...others];
    all.sort((one, other) => weight(one) - weight(other));
    this.list.replaceChildren(...all.map((issue) => this.row(issue)));
    this.count(all);
  }

  row({ category, message, finding, id, actualElementId }) {
    const row = document.createElement("li");
    row.className = `app-finding app-finding--${category}`;
    row.append(tag(this.given.words.page[category], category));
    const target = actualElementId ?? id;
    // A rule of style says the same of each element: its name tells which one is meant.
    const said = finding ? message : this.called(target) + message;
    row.append(target ? this.link(target, said) : plain(message, finding, this.given.path));
    if (finding?.fix) row.append(Object.assign(document.createElement("p"), { textContent: finding.fix }));
    return row;
  }

  called(id) {
    const name = this.viewer.get("elementRegistry").get(id)?.businessObject.get("name");
    return name ? `${name}: ` : "";
  }

  link(id, message) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "app-link-button";
    button.textContent = message;
    button.addEventListener("click", () => goTo(this.viewer, id));
    return button;
  }

  count(all) {
    const counted = (kind) => all.filter(({ category }) => category === kind).length;
    const [errors, warnings] = [counted("error"), counted("warn")];
    const { counts, nothing } = this.given.words.page;
    this.counts.textContent = all.length ? fill(counts, { errors, warnings }) : nothing;
    this.counts.dataset.state = errors ? "error" : warnings ? "warn" : "good";
  }
}

/**
 * Show an element: its plane is opened, it is selected and brought into view.
 *
 * @param {object} viewer
 * @param {string} id
 */
export function goTo(viewer, id) {
  const element = viewer.get("elementRegistry").get(id);
  if (!element) return;
  const canvas = viewer.get("canvas");
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  viewer.get("selection").select(element);
  if (element.parent) canvas.scrollToElement(element, 120);
  canvas.focus();
}

function tag(text, category) {
  const made = document.createElement("strong");
  made.className = `app-finding__kind app-finding__kind--${category}`;
  made.textContent = text;
  return made;
}

function plain(message, finding, path) {
  const made = document.createElement("span");
  const elsewhere = finding && finding.file !== path ? `${finding.file.split("/").pop()}: ` : "";
  made.textContent = elsewhere + message;
  return made;
}
