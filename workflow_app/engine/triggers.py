"""Reads event definitions and the messages, signals, errors and escalations they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workflow_app.engine.correlating import drawn_key
from workflow_app.engine.data_reading import read_items
from workflow_app.engine.documents import (
    BPMN,
    ZEEBE,
    child,
    children,
    flag,
    line_of,
    tag_of,
    text_of,
)
from workflow_app.engine.model import Trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from workflow_app.engine.model import DataItem

ENDING = "EventDefinition"
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


@dataclass(frozen=True, slots=True)
class References:
    """The elements beside the processes that events point to, and all data, by id."""

    by_id: Mapping[str, etree._Element]
    data: Mapping[str, DataItem] = field(default_factory=dict)
    associated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element) -> References:
        """Collect them from the definitions element."""
        beside = {part.get("id", ""): part for part in root if part.get("id")}
        return cls(beside, read_items(root), _associated(root))

    def find(self, reference: str | None) -> etree._Element | None:
        """Return what a reference names; prefixes are left off."""
        return self.by_id.get(reference.rsplit(":", 1)[-1]) if reference else None

    def message_names(self) -> dict[str, str]:
        """Return message id → name."""
        return {
            key: part.get("name", "")
            for key, part in self.by_id.items()
            if tag_of(part) == "message"
        }


def _associated(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """Return what each element is associated with, whichever way the line was drawn."""
    found: dict[str, tuple[str, ...]] = {}
    for line in root.iter(f"{{{BPMN}}}association"):
        ends = (line.get("sourceRef", ""), line.get("targetRef", ""))
        for here, there in (ends, ends[::-1]):
            found[here] = (*found.get(here, ()), there)
    return found


def read_triggers(element: etree._Element, references: References) -> tuple[Trigger, ...]:
    """Return what the node waits for or throws; receive and send tasks name a message."""
    if tag_of(element) in {"receiveTask", "sendTask"} and element.get("messageRef"):
        return (_correlated(element, element, references),)
    found = [
        _correlated(element, part, references)
        for part in element
        if (tag_of(part) or "").endswith(ENDING) and tag_of(part) != ENDING
    ]
    for reference in children(element, "eventDefinitionRef"):
        definition = references.find(text_of(reference))
        if definition is not None:
            found.append(_correlated(element, definition, references))
        else:
            missing = text_of(reference)
            found.append(Trigger(kind="definition", missing=missing, line=line_of(element)))
    return tuple(found)


def _correlated(
    node: etree._Element, definition: etree._Element, references: References
) -> Trigger:
    """Return what a definition says at a node; the key of a message hangs on where it stands."""
    if definition is node:
        trigger = _message(node, references)
    else:
        trigger = read_trigger(definition, references)
    if trigger.kind != "message" or trigger.correlation:
        return trigger
    key = drawn_key(node, definition.get("messageRef"), references.by_id)
    return replace(trigger, correlation=key) if key else trigger


def read_trigger(element: etree._Element, references: References) -> Trigger:
    """Return what one event definition says."""
    kind = (tag_of(element) or "")[: -len(ENDING)]
    if kind == "message":
        return _message(element, references)
    if kind in {"signal", "error", "escalation"}:
        return _named(kind, element, references)
    if kind in {"timer", "compensate"}:
        return _timer(element) if kind == "timer" else _compensation(element)
    if kind == "conditional":
        text = text_of(child(element, "condition"))
        return Trigger(kind=kind, text=text, line=line_of(element))
    return Trigger(kind=kind, name=element.get("name", ""), line=line_of(element))


def _message(element: etree._Element, references: References) -> Trigger:
    reference = element.get("messageRef")
    message = references.find(reference)
    if message is None:
        return Trigger(kind="message", missing=reference or "", line=line_of(element))
    subscription = next(message.iter(f"{{{ZEEBE}}}subscription"), None)
    return Trigger(
        kind="message",
        name=message.get("name", ""),
        correlation=subscription.get("correlationKey") if subscription is not None else None,
        line=line_of(element),
    )


def _compensation(element: etree._Element) -> Trigger:
    waits = flag(element, "waitForCompletion", default=True)
    activity = element.get("activityRef") or None
    return Trigger(kind="compensate", activity=activity, waits=waits, line=line_of(element))


def _timer(element: etree._Element) -> Trigger:
    for tag, form in TIMERS.items():
        part = child(element, tag)
        if part is not None:
            return Trigger(kind="timer", form=form, text=text_of(part), line=line_of(part))
    return Trigger(kind="timer", line=line_of(element))


def _named(kind: str, element: etree._Element, references: References) -> Trigger:
    reference = element.get(f"{kind}Ref")
    target = references.find(reference)
    if target is None:
        missing = reference if reference or kind == "signal" else None
        return Trigger(kind=kind, missing=missing, line=line_of(element))
    code = target.get(f"{kind}Code") or target.get("name") or target.get("id")
    return Trigger(kind=kind, name=target.get("name", ""), code=code or None, line=line_of(element))
