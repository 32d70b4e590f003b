"""What may be written about each kind of step, as fields of a plain form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.text import N_
from workflow_app.services.designing.operation_notes import NOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.engine.model import Assignment, Node

TAKE = "take."
TIMES = (
    ("date", N_("On a date")),
    ("duration", N_("After a time")),
    ("cycle", N_("Again and again")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: `choices` names a list of what exists, `options` are pairs of word and msgid.

    `lines` more than one makes it a large one; `feel` says that a formula stands in it, `pairs`
    that each of its lines is “name = formula”.
    """

    name: str
    label: str
    hint: str = ""
    choices: str = ""
    options: tuple[tuple[str, str], ...] = ()
    free: bool = False
    needed: bool = False
    lines: int = 1
    feel: bool = False
    pairs: bool = False


NAME = Field(name="name", label=N_("Name"), needed=True)
GATEWAY_NAME = Field(
    name="name", label=N_("Name"), hint=N_("A question, such as “Is it complete?”")
)
NOTES_FIELD = Field(
    name="documentation",
    label=N_("Explanation"),
    hint=N_("Whoever does the step reads it."),
    lines=3,
)
FORM = Field(name="form", label=N_("Form"), choices="forms", needed=True)
GROUPS = Field(
    name="groups",
    label=N_("Given to"),
    hint=N_("A role, or a formula after “=”. Left empty it is the role of the lane."),
)
DECISION = Field(name="decision", label=N_("Decision table"), choices="decisions", needed=True)
RESULT = Field(name="result", label=N_("Name of the result"))
FORMULA = Field(name="expression", label=N_("Formula"), needed=True, lines=4, feel=True)
PROCESS = Field(name="process", label=N_("Process"), choices="processes", needed=True)
OPERATION = Field(name="operation", label=N_("Operation"), choices="operations", needed=True)
WHEN = (
    Field(name="when_kind", label=N_("Kind of time"), options=TIMES, needed=True),
    Field(
        name="when",
        label=N_("When"),
        hint=N_("A formula after “=”, or a time such as 2027-01-31T09:00:00 or P30D for 30 days."),
        needed=True,
    ),
)
MESSAGE = (
    Field(name="message", label=N_("Message"), choices="messages", free=True, needed=True),
    Field(
        name="correlation",
        label=N_("What names the case"),
        hint=N_("A formula after “=”, such as =case.number"),
    ),
    Field(name="page", label=N_("Form in which it is written"), choices="forms"),
    Field(name="by", label=N_("Who may send it"), choices="senders", free=True),
)
INPUTS = Field(
    name="inputs",
    label=N_("What it is given"),
    hint=N_("One line each: name = formula"),
    lines=4,
    pairs=True,
)
OUTPUTS = Field(
    name="outputs",
    label=N_("What is kept of its result"),
    hint=N_("One line each: name = formula"),
    lines=3,
    pairs=True,
)
BY_TAG: Mapping[str, tuple[Field, ...]] = {
    "userTask": (FORM, GROUPS),
    "businessRuleTask": (DECISION, RESULT),
    "scriptTask": (FORMULA, RESULT),
    "callActivity": (PROCESS, INPUTS, OUTPUTS),
}
NEW = {
    "user": (NAME, FORM, GROUPS, NOTES_FIELD),
    "decision": (NAME, DECISION, RESULT, NOTES_FIELD),
    "calculation": (NAME, FORMULA, RESULT, NOTES_FIELD),
    "call": (NAME, PROCESS, INPUTS, OUTPUTS, NOTES_FIELD),
    "time": (NAME, *WHEN, NOTES_FIELD),
    "message": (NAME, *MESSAGE, NOTES_FIELD),
    "end": (NAME, NOTES_FIELD),
}
CHOICE = (
    GATEWAY_NAME,
    Field(name="way", label=N_("Words on the way that goes on"), needed=True),
    Field(name="condition", label=N_("Condition of the way that goes on"), needed=True, feel=True),
    Field(name="way_2", label=N_("Words on the other way"), needed=True),
    Field(name="other", label=N_("The other way leads to"), choices="steps"),
    Field(
        name="end",
        label=N_("Name of the new end"),
        hint=N_("Only if the other way leads to an end of its own."),
    ),
)


def operation_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields of an operation: what it takes, then whatever else it is given."""
    note = NOTES.get(kind)
    takes = [
        Field(
            name=f"{TAKE}{one.name}",
            label=one.name,
            needed=one.needed,
            feel=one.is_input,
            choices="" if "|" in one.choice else one.choice,
            free=True,
            options=tuple((word, word) for word in one.choice.split("|"))
            if "|" in one.choice
            else (),
        )
        for one in (note.takes if note else ())
    ]
    return (OPERATION, *takes, INPUTS, OUTPUTS)


def fields_of(node: Node) -> tuple[Field, ...]:
    """Return the fields of a step that stands in a diagram."""
    first = GATEWAY_NAME if node.kind.endswith("Gateway") else NAME
    return (first, *_of_kind(node), NOTES_FIELD)


def _of_kind(node: Node) -> tuple[Field, ...]:
    if node.extensions.operation:
        return operation_fields(node.extensions.operation)
    if node.waits_for("timer"):
        return WHEN
    if node.waits_for("message") and not node.kind.endswith(("ThrowEvent", "endEvent", "sendTask")):
        return MESSAGE
    return BY_TAG.get(node.kind, ())


def values_of(node: Node) -> dict[str, str]:
    """Return what stands in a step's fields now."""
    held = node.extensions
    found = {
        "name": node.name,
        "documentation": node.documentation,
        "form": held.form,
        "groups": held.groups,
        "decision": held.decision,
        "result": held.result,
        "expression": held.script,
        "process": held.process,
        "operation": held.operation,
        "page": held.properties.get("form"),
        "by": held.properties.get("by"),
    }
    trigger = node.trigger
    if trigger.kind == "timer":
        found |= {"when_kind": trigger.form, "when": trigger.text}
    if trigger.kind == "message":
        found |= {"message": trigger.name, "correlation": trigger.correlation}
    found |= _taken(node)
    return {name: value or "" for name, value in found.items()}


def _taken(node: Node) -> dict[str, str]:
    """Return what an operation takes by field, and what else it is given as lines."""
    held = node.extensions
    note = NOTES.get(held.operation or "")
    takes = {one.name: one.is_input for one in (note.takes if note else ())}
    given = {one.target: one.source for one in held.inputs}
    found = {
        f"{TAKE}{name}": given.get(name, "") if is_input else held.headers.get(name, "")
        for name, is_input in takes.items()
    }
    rest = [one for one in held.inputs if not takes.get(one.target)]
    return found | {"inputs": as_lines(rest), "outputs": as_lines(held.outputs)}


def as_lines(pairs: Iterable[Assignment]) -> str:
    """Return inputs or outputs as lines “name = formula”."""
    return "\n".join(f"{one.target} = {as_formula(one.source)}" for one in pairs)


def as_formula(source: str) -> str:
    """Return a mapping's source as a formula without its mark; plain text becomes a string."""
    return source[1:].strip() if source.startswith("=") else json.dumps(source, ensure_ascii=False)
