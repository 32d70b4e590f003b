"""Element templates of Camunda 8 made from our operations: a task that does one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.services.designing.operation_notes import NOTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.services.designing.operation_notes import Note, Taken

    Choices = Mapping[str, Sequence[Mapping[str, str]]]

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
#: Operations that reach people or other systems stand as send tasks.
SENT = frozenset({"notify", "notice.serve", "message.send", "publish"})


def element_templates(
    choices: Choices, titles: Mapping[str, str], groups: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return one element template an operation; `titles` are their titles in one language.

    `choices` are the lists of what exists, by name, as [{value, label}]; `groups` the labels of
    what an operation “takes” and “gives”.
    """
    shown = [{"id": key, "label": label} for key, label in groups.items()]
    return [
        _template(kind, note, choices, titles[kind]) | {"groups": shown}
        for kind, note in NOTES.items()
    ]


def _template(kind: str, note: Note, choices: Choices, title: str) -> dict[str, Any]:
    element = "bpmn:SendTask" if kind in SENT else "bpmn:ServiceTask"
    inputs = [_property(taken, choices) for taken in note.takes]
    return {
        "$schema": SCHEMA,
        "id": f"operation.{kind}",
        "name": title,
        "description": kind,
        "category": {"id": kind.partition(".")[0], "name": kind.partition(".")[0]},
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask", "bpmn:SendTask"],
        "elementType": {"value": element},
        "entriesVisible": True,
        "properties": [_type(kind), *inputs, *map(_output, note.gives)],
    }


def _type(kind: str) -> dict[str, Any]:
    return {
        "type": "Hidden",
        "value": kind,
        "binding": {"type": "zeebe:taskDefinition", "property": "type"},
    }


def _property(taken: Taken, choices: Choices) -> dict[str, Any]:
    found: dict[str, Any] = {"label": taken.name, "type": "String", "group": "takes"}
    found |= {"constraints": {"notEmpty": True}} if taken.needed else {"optional": True}
    if taken.is_input:
        return found | {"feel": "required", "binding": {"type": "zeebe:input", "name": taken.name}}
    listed = _listed(taken.choice, choices)
    if listed and taken.needed:
        found |= {"type": "Dropdown", "choices": listed}
    return found | {"binding": {"type": "zeebe:taskHeader", "key": taken.name}}


def _listed(choice: str, choices: Choices) -> list[dict[str, str]]:
    if "|" in choice:
        return [{"name": word, "value": word} for word in choice.split("|")]
    return [{"name": one["label"], "value": one["value"]} for one in choices.get(choice, ())]


def _output(name: str) -> dict[str, Any]:
    return {
        "label": name,
        "type": "String",
        "group": "gives",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={name}"},
    }
