/* The rules of bpmnlint about what our own check leaves to taste: words, drawing, style. */
import StaticResolver from "bpmnlint/lib/resolver/static-resolver";
import conditionalFlows from "bpmnlint/rules/conditional-flows";
import fakeJoin from "bpmnlint/rules/fake-join";
import labelRequired from "bpmnlint/rules/label-required";
import noDisconnected from "bpmnlint/rules/no-disconnected";
import noDuplicateFlows from "bpmnlint/rules/no-duplicate-sequence-flows";
import noJoinFork from "bpmnlint/rules/no-gateway-join-fork";
import noImplicitSplit from "bpmnlint/rules/no-implicit-split";
import noOverlaps from "bpmnlint/rules/no-overlapping-elements";
import superfluousGateway from "bpmnlint/rules/superfluous-gateway";
import superfluousTermination from "bpmnlint/rules/superfluous-termination";

const RULES = {
  "conditional-flows": [conditionalFlows, "warn"],
  "fake-join": [fakeJoin, "warn"],
  "label-required": [labelRequired, "warn"],
  "no-disconnected": [noDisconnected, "warn"],
  "no-duplicate-sequence-flows": [noDuplicateFlows, "warn"],
  "no-gateway-join-fork": [noJoinFork, "info"],
  "no-implicit-split": [noImplicitSplit, "info"],
  "no-overlapping-elements": [noOverlaps, "warn"],
  "superfluous-gateway": [superfluousGateway, "info"],
  "superfluous-termination": [superfluousTermination, "info"],
};

const names = Object.keys(RULES);

export const config = { rules: Object.fromEntries(names.map((name) => [name, RULES[name][1]])) };

export const resolver = new StaticResolver(
  Object.fromEntries(names.map((name) => [`rule:bpmnlint/${name}`, RULES[name][0]])),
);

/** Codes of the server's findings that say the same as a rule here: one of the two is enough. */
export const TWINS = {
  "flow-without-condition": "conditional-flows",
  unreachable: "no-disconnected",
  "double-flow": "no-duplicate-sequence-flows",
};
