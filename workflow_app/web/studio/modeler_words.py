"""The words that bpmn-js and its panels ask for, as msgids: the ones a designer meets."""

from __future__ import annotations

from workflow_app.domain.text import N_

#: What bpmnlint's rules say, by rule.
RULES = {
    "conditional-flows": N_("A flow needs a condition, or has to be the default flow."),
    "fake-join": N_("Flows that meet here do not wait for each other."),
    "label-required": N_("The element has no name."),
    "no-disconnected": N_("The element is not connected."),
    "no-duplicate-sequence-flows": N_("The same flow is drawn twice."),
    "no-gateway-join-fork": N_("The gateway brings flows together and parts them as well."),
    "no-implicit-split": N_("Several flows leave the step at once, without a gateway."),
    "no-overlapping-elements": N_("The element lies over another one."),
    "superfluous-gateway": N_("The gateway has one flow in and one out: it does nothing."),
    "superfluous-termination": N_("Nothing is left to terminate here."),
}

EDITOR: tuple[str, ...] = ()
