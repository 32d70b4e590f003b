"""Reads how an activity repeats, and how an ad-hoc sub-process runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import child, children, flag, line_of, tag_of, text_of
from workflow_app.engine.extensions import attributes_of
from workflow_app.engine.model import AdHoc, InstanceEvent, Loop, Trigger
from workflow_app.engine.triggers import ENDING, read_trigger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from workflow_app.engine.triggers import References

BEHAVIOURS = frozenset({"None", "One", "All", "Complex"})


def read_loop(element: etree._Element, references: References) -> Loop | None:
    """Return the loop characteristics of an activity, if it has any (BPMN 2.0.2 §10.3.8)."""
    many = child(element, "multiInstanceLoopCharacteristics")
    once_more = child(element, "standardLoopCharacteristics")
    if many is not None:
        return _multi_instance(element, many, references)
    return _standard_loop(once_more) if once_more is not None else None


def _multi_instance(
    activity: etree._Element, element: etree._Element, references: References
) -> Loop:
    found = attributes_of(element)
    item, given = child(element, "inputDataItem"), child(element, "outputDataItem")
    into, out_of = (
        text_of(child(element, tag)) for tag in ("loopDataInputRef", "loopDataOutputRef")
    )
    return Loop(
        sequential=flag(element, "isSequential"),
        collection=found("loopCharacteristics", "inputCollection")
        or _data_name(activity, into, references),
        element=found("loopCharacteristics", "inputElement") or _item_name(item),
        out_collection=found("loopCharacteristics", "outputCollection")
        or _data_name(activity, out_of, references),
        out_element=found("loopCharacteristics", "outputElement") or _item_name(given),
        completion=text_of(child(element, "completionCondition")) or None,
        cardinality=text_of(child(element, "loopCardinality")) or None,
        standard=False,
        line=line_of(element),
        behaviour=element.get("behavior", "All"),
        events=tuple(_events(element, references)),
    )


def _item_name(item: etree._Element | None) -> str | None:
    return (item.get("name") or item.get("id")) if item is not None else None


def _data_name(activity: etree._Element, reference: str, references: References) -> str | None:
    """Return the variable behind a loop's data: an input or output stands for what fills it."""
    if not reference:
        return None
    for way in children(activity, "dataInputAssociation", "dataOutputAssociation"):
        ends = [text_of(end) for end in children(way, "sourceRef", "targetRef")]
        others = [end for end in ends if end != reference and end in references.data]
        if reference in ends and others:
            return references.data[others[0]].name
    item = references.data.get(reference)
    return item.name if item is not None else reference


def _events(element: etree._Element, references: References) -> Iterator[InstanceEvent]:
    """Yield what is thrown as instances complete (BPMN 2.0.2 table 10.31)."""
    behaviour = element.get("behavior", "All")
    if behaviour in {"None", "One"}:
        reference = element.get(f"{behaviour.lower()}BehaviorEventRef")
        definition = references.find(reference)
        if definition is not None:
            yield InstanceEvent(trigger=read_trigger(definition, references))
        else:
            yield InstanceEvent(trigger=Trigger(kind="signal", missing=reference))
    elif behaviour == "Complex":
        for part in children(element, "complexBehaviorDefinition"):
            yield from _complex(part, references)


def _complex(element: etree._Element, references: References) -> Iterator[InstanceEvent]:
    """Yield the event of a complex behaviour, if it has one, with its condition."""
    condition = text_of(child(element, "condition")) or None
    thrown = child(element, "event")
    for part in thrown if thrown is not None else ():
        if (tag_of(part) or "").endswith(ENDING):
            yield InstanceEvent(trigger=read_trigger(part, references), condition=condition)
    for reference in children(thrown, "eventDefinitionRef") if thrown is not None else ():
        definition = references.find(text_of(reference))
        if definition is not None:
            yield InstanceEvent(trigger=read_trigger(definition, references), condition=condition)


def _standard_loop(element: etree._Element) -> Loop:
    return Loop(
        sequential=True,
        collection=None,
        element=None,
        out_collection=None,
        out_element=None,
        completion=text_of(child(element, "loopCondition")) or None,
        cardinality=element.get("loopMaximum"),
        standard=True,
        line=line_of(element),
        test_before=flag(element, "testBefore"),
    )


def read_ad_hoc(element: etree._Element) -> AdHoc:
    """Return how an ad-hoc sub-process runs (BPMN 2.0.2 table 10.21, `zeebe:adHoc`)."""
    return AdHoc(
        sequential=element.get("ordering") == "Sequential",
        condition=text_of(child(element, "completionCondition")) or None,
        cancels=flag(element, "cancelRemainingInstances", default=True),
        active=attributes_of(element)("adHoc", "activeElementsCollection"),
        line=line_of(element),
    )
