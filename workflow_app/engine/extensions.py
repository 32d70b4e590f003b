"""Reads the Camunda 8 vocabulary of a flow node (every row of design.md §2's table)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import BPMN, ZEEBE, child, line_of, text_of
from workflow_app.engine.model import Assignment, Extensions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml import etree


KNOWN = frozenset(
    {
        "formDefinition",
        "assignmentDefinition",
        "taskSchedule",
        "priorityDefinition",
        "script",
        "calledDecision",
        "taskDefinition",
        "calledElement",
        "ioMapping",
        "taskHeaders",
        "properties",
        "userTask",
        "loopCharacteristics",
        "adHoc",
        "subscription",
        "versionTag",
    }
)


def read_extensions(element: etree._Element) -> Extensions:
    """Return the node's extensions; missing ones are None or empty."""
    holder = child(element, "extensionElements")
    if holder is None:
        return Extensions(script=_plain_script(element), process=_called(element))
    found = _Attributes(holder)
    return Extensions(
        form=found("formDefinition", "formId") or _form_key(found),
        assignee=found("assignmentDefinition", "assignee"),
        groups=found("assignmentDefinition", "candidateGroups"),
        users=found("assignmentDefinition", "candidateUsers"),
        due=found("taskSchedule", "dueDate"),
        follow_up=found("taskSchedule", "followUpDate"),
        priority=found("priorityDefinition", "priority"),
        script=found("script", "expression") or _plain_script(element),
        decision=found("calledDecision", "decisionId"),
        result=found("script", "resultVariable") or found("calledDecision", "resultVariable"),
        operation=found("taskDefinition", "type"),
        retries=found("taskDefinition", "retries"),
        process=found("calledElement", "processId") or _called(element),
        inputs=_mapping(holder, "input"),
        outputs=_mapping(holder, "output"),
        headers=_pairs(holder, "header", "key"),
        properties=_pairs(holder, "property", "name"),
        unknown=_unknown(holder),
        tags=_tags(found),
    )


def version_tag(element: etree._Element) -> str | None:
    """Return the version tag of a process."""
    holder = child(element, "extensionElements")
    return _Attributes(holder)("versionTag", "value") if holder is not None else None


def _unknown(holder: etree._Element) -> tuple[str, ...]:
    names = [str(part.tag).removeprefix(f"{{{ZEEBE}}}") for part in holder.iterchildren("*")]
    return tuple(name for name in names if "}" not in name and name not in KNOWN)


class _Attributes:
    """Attribute values of the first element of a kind under one extension holder."""

    def __init__(self, holder: etree._Element) -> None:
        self._holder = holder

    def __call__(self, tag: str, attribute: str) -> str | None:
        element = next(self._holder.iterchildren(f"{{{ZEEBE}}}{tag}"), None)
        return (element.get(attribute) or None) if element is not None else None


def attributes_of(element: etree._Element) -> Callable[[str, str], str | None]:
    """Return what gives the value of an attribute of one of the element's extensions."""
    holder = child(element, "extensionElements")
    return _Attributes(holder if holder is not None else element)


def _tags(found: _Attributes) -> dict[str, str]:
    """Return the version tags that are bound to; every other binding is as published."""
    kinds = {"process": "calledElement", "form": "formDefinition", "decision": "calledDecision"}
    bound = {k: tag for k, tag in kinds.items() if found(tag, "bindingType") == "versionTag"}
    return {kind: found(tag, "versionTag") or "" for kind, tag in bound.items()}


def _form_key(found: _Attributes) -> str | None:
    """Return `#id` for an embedded form, which is drawn as `camunda-forms:bpmn:<id>`."""
    key = found("formDefinition", "formKey")
    return f"#{key.rsplit(':', 1)[-1]}" if key else None


def _called(element: etree._Element) -> str | None:
    """Return what a call activity of plain BPMN calls; prefixes are left off."""
    return (element.get("calledElement") or "").rsplit(":", 1)[-1] or None


def _plain_script(element: etree._Element) -> str | None:
    return text_of(child(element, "script")) or None


def _mapping(holder: etree._Element, tag: str) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(part.get("source", ""), part.get("target", ""), line_of(part))
        for part in _inside(holder, tag)
    )


def _pairs(holder: etree._Element, tag: str, key: str) -> dict[str, str]:
    return {
        part.get(key, ""): part.get("value", "") for part in _inside(holder, tag) if part.get(key)
    }


def _inside(holder: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Elements one level below a grouping element, as `zeebe:ioMapping/zeebe:input`."""
    for group in holder.iterchildren("*"):
        yield from group.iterchildren(f"{{{ZEEBE}}}{tag}")


def user_task_forms(root: etree._Element) -> dict[str, str]:
    """Return the forms that stand inside the file: id → form-js text."""
    tag = f"{{{ZEEBE}}}userTaskForm"
    held = root.iter(tag)
    return {form.get("id", ""): text_of(form) for form in held if _in_process(form)}


def _in_process(form: etree._Element) -> bool:
    return any(parent.tag == f"{{{BPMN}}}process" for parent in form.iterancestors())
