/* The server's findings beside those of bpmnlint: one list, one sign on each element. */
import BpmnLint from "bpmn-js-bpmnlint";

import { TWINS, config, resolver } from "./lint_rules.js";

const [, Linting] = BpmnLint.linting;
const CATEGORIES = { error: "error", warning: "warn", info: "info" };

class BothLints extends Linting {
  /** Take the server's findings for the diagram as it was sent. */
  told(findings) {
    this.findings = findings;
    this.update();
  }

  /** Return what bpmnlint finds now, and what the server found last, by rule. */
  async lint() {
    const found = await super.lint();
    const ours = (this.findings ?? []).filter(({ element }) => element);
    const known = new Set(ours.map(({ element, code }) => `${element} ${TWINS[code] ?? ""}`));
    const reports = {};
    for (const [rule, list] of Object.entries(found)) {
      reports[rule] = list
        .filter(({ id }) => !known.has(`${id} ${rule}`))
        .map((report) => ({ ...report, message: this.words[rule] ?? report.message }));
    }
    for (const finding of ours) {
      (reports[finding.code] ??= []).push({
        id: finding.element,
        category: CATEGORIES[finding.severity] ?? "warn",
        message: finding.text,
        finding,
      });
    }
    return reports;
  }
}

BothLints.$inject = Linting.$inject;

/**
 * Make the module that lints.
 */
export const linting = {
  ...BpmnLint,
  linting: ["type", BothLints],
};

/** What the module is told when the editor is made. */
export const lintSettings = { active: true, bpmnlint: { config, resolver } };
