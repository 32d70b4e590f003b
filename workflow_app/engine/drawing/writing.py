"""What a step says of itself beside its place: notes, form, table, operation, term, message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import BPMN, ZEEBE, child, tag_of, text_of
from workflow_app.engine.drawing.picture import picture_of
from workflow_app.engine.drawing.sheet import put
from workflow_app.engine.drawing.wiring import TYPE, said
from workflow_app.engine.triggers import TIMERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from workflow_app.engine.drawing.sheet import Sheet

#: What a detail is called → the extension element and attribute that hold it.
ATTRIBUTES = {
    "form": ("formDefinition", "formId"),
    "groups": ("assignmentDefinition", "candidateGroups"),
    "decision": ("calledDecision", "decisionId"),
    "expression": ("script", "expression"),
    "operation": ("taskDefinition", "type"),
    "process": ("calledElement", "processId"),
}
RESULTS = {"scriptTask": "script", "businessRuleTask": "calledDecision"}
PROPERTIES = {"page": "form", "by": "by"}
Pairs = tuple[tuple[str, str], ...]


def rename(sheet: Sheet, element: etree._Element, name: str) -> None:
    """Give a step another name, in the picture too."""
    said(element, "name", name)
    picture = picture_of(sheet, element.get("id", ""))
    if picture is not None:
        picture.relabel(element.get("id", ""), name)


def document(sheet: Sheet, element: etree._Element, text: str) -> None:
    """Write a step's documentation; an empty one is taken away."""
    held = child(element, "documentation")
    if not text:
        if held is not None:
            sheet.remove(held)
        return
    if held is None:
        held = sheet.make_first(element, "bpmn:documentation")
    if text_of(held) != text:
        held.text = text


def describe(sheet: Sheet, element: etree._Element, details: Mapping[str, str]) -> None:
    """Write the details named in ATTRIBUTES and PROPERTIES, the result's name, term and message."""
    for name, value in details.items():
        if name in ATTRIBUTES:
            _attribute(sheet, element, *ATTRIBUTES[name], value)
        elif name in PROPERTIES:
            set_pairs(
                sheet,
                element,
                ("properties", "property", "name", "value"),
                {PROPERTIES[name]: value},
            )
    if "result" in details and tag_of(element) in RESULTS:
        _attribute(
            sheet, element, RESULTS[tag_of(element) or ""], "resultVariable", details["result"]
        )
    if "when" in details:
        set_term(sheet, element, details.get("when_kind", "date"), details["when"])
    if "message" in details:
        set_message(sheet, element, details["message"], details.get("correlation", ""))


def extensions(sheet: Sheet, element: etree._Element) -> etree._Element:
    """Return the element that holds extensions, made where there is none."""
    held = child(element, "extensionElements")
    return held if held is not None else sheet.make_first(element, "bpmn:extensionElements")


def _attribute(sheet: Sheet, element: etree._Element, tag: str, name: str, value: str) -> None:
    holder = child(element, "extensionElements")
    held = holder.find(f"{{{ZEEBE}}}{tag}") if holder is not None else None
    if held is None and value:
        held = sheet.make(extensions(sheet, element), f"zeebe:{tag}")
    if held is None:
        return
    said(held, name, value)
    if not held.attrib and not len(held):
        _remove(sheet, held)


def _remove(sheet: Sheet, held: etree._Element) -> None:
    """Take an extension away, and what holds it when it was the last."""
    parent = held.getparent()
    sheet.remove(held)
    if parent is not None and not len(parent) and not parent.attrib:
        _remove(sheet, parent)


def set_pairs(
    sheet: Sheet,
    element: etree._Element,
    where: tuple[str, str, str, str],
    pairs: Mapping[str, str],
) -> None:
    """Write pairs such as headers; `where` is group, tag, key and value; empty ones go away."""
    group, tag, key_name, value_name = where
    for key, value in pairs.items():
        holder = child(element, "extensionElements")
        grouped = holder.find(f"{{{ZEEBE}}}{group}") if holder is not None else None
        held = [
            one
            for one in (grouped if grouped is not None else ())
            if one.tag == f"{{{ZEEBE}}}{tag}" and one.get(key_name) == key
        ]
        if held and not value:
            _remove(sheet, held[0])
        elif held:
            said(held[0], value_name, value)
        elif value:
            outer = extensions(sheet, element)
            grouped = outer.find(f"{{{ZEEBE}}}{group}")
            inside = grouped if grouped is not None else sheet.make(outer, f"zeebe:{group}")
            _add_pair(sheet, inside, tag, {key_name: key, value_name: value})


def _add_pair(sheet: Sheet, group: etree._Element, tag: str, said_of: dict[str, str]) -> None:
    """Add a pair behind those of its kind: inputs stand before outputs."""
    ordered = dict(sorted(said_of.items(), key=lambda one: one[0] == "target"))
    made = sheet.make(group, f"zeebe:{tag}", **ordered)
    same = [one for one in group if one.tag == made.tag and one is not made]
    if tag == "input" and len(group) > len(same) + 1:
        sheet.remove(made)
        put(group, made, group.index(same[-1]) + 1 if same else 0)


def set_term(sheet: Sheet, element: etree._Element, kind: str, text: str) -> None:
    """Write when a timer goes off; `kind` is “date”, “duration” or “cycle”."""
    timer = child(element, "timerEventDefinition")
    if timer is None:
        key = sheet.unique(f"{element.get('id', '')}_timer", "timer")
        timer = sheet.make(element, "bpmn:timerEventDefinition", id=key)
    tag = next(name for name, form in TIMERS.items() if form == kind)
    for held in list(timer):
        if tag_of(held) in TIMERS and tag_of(held) != tag:
            sheet.remove(held)
    term = child(timer, tag)
    if term is None:
        term = sheet.make(timer, f"bpmn:{tag}")
        term.set(TYPE, f"{sheet.prefix}tFormalExpression")
    if text_of(term) != text:
        term.text = text


def set_message(sheet: Sheet, element: etree._Element, name: str, correlation: str) -> None:
    """Let an event wait for a message, which is declared where no diagram of the file does."""
    message = _declared(sheet, name)
    if message is None:
        key = sheet.unique(f"message_{name}", "message")
        message = sheet.make(sheet.root, "bpmn:message", id=key, name=name)
        sheet.remove(message)
        put(sheet.root, message, sheet.beside())
    if correlation:
        _attribute(sheet, message, "subscription", "correlationKey", correlation)
    holder = (
        element if tag_of(element) == "receiveTask" else child(element, "messageEventDefinition")
    )
    if holder is None:
        key = sheet.unique(f"{element.get('id', '')}_message", "message_event")
        holder = sheet.make(element, "bpmn:messageEventDefinition", id=key)
    if holder.get("messageRef", "").rpartition(":")[2] != message.get("id"):
        holder.set("messageRef", message.get("id", ""))


def _declared(sheet: Sheet, name: str) -> etree._Element | None:
    held = sheet.root.iterchildren(f"{{{BPMN}}}message")
    return next((one for one in held if one.get("name") == name), None)
