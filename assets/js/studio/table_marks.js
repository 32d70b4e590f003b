/*
 * Marks rows of the tables in the editor by a style sheet of our own: the editor draws its rows
 * again whenever it likes, and what it draws keeps the id of its rule.
 */

const SIGNS = { error: "✕", warning: "!", info: "i" };
const ORDER = ["error", "warning", "info"];

export class RowMarks {
  constructor() {
    this.sheet = new CSSStyleSheet();
    this.found = new Map();
    this.matched = [];
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.sheet];
  }

  /**
   * Mark the rows that findings are about.
   *
   * @param {{element: string, severity: string, rows: number[]}[]} findings
   * @param {object} definitions the model in the editor
   */
  tell(findings, definitions) {
    this.found = new Map();
    for (const { element, severity, rows } of findings) {
      const rules = tablesOf(definitions).find((table) => table.some(({ id }) => id === element));
      for (const [place, { id }] of (rules ?? []).entries()) {
        if (id === element || rows.includes(place + 1)) this.note(id, severity);
      }
    }
    this.draw();
  }

  note(id, severity) {
    const known = ORDER.indexOf(this.found.get(id) ?? "info");
    this.found.set(id, ORDER[Math.min(known, ORDER.indexOf(severity))]);
  }

  /** Mark the rows that a decision took. */
  match(ids) {
    this.matched = ids;
    this.draw();
  }

  draw() {
    const rules = [...this.found].map(([id, severity]) => found(id, severity));
    this.sheet.replaceSync([...rules, ...this.matched.map(matched)].join("\n"));
  }
}

/** Give the rules of every table of a model. */
function tablesOf(definitions) {
  const logic = (definitions?.drgElement ?? []).map((element) => element.decisionLogic);
  return logic.filter((each) => each?.rule).map((each) => each.rule);
}

function cell(id) {
  return `.app-table-studio .rule-index[data-row-id="${CSS.escape(id)}"]`;
}

function found(id, severity) {
  const mark = `content: "${SIGNS[severity]}"; display: inline-block; margin-left: 4px;`;
  return `${cell(id)} { box-shadow: inset 4px 0 var(--found-${severity}); }
    ${cell(id)}::after { ${mark} color: var(--found-${severity}); font-weight: 700; }`;
}

function matched(id) {
  const row = `.app-table-studio td[data-row-id="${CSS.escape(id)}"]`;
  return `${row} { background-color: #e3f2e9; } ${cell(id)}::before { content: "✓ "; color: #0f5c3f; }`;
}
