"""Checks of sense: gateways that may find no way, names nobody writes, messages nobody sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.lint.reading import check_names
from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.content import IDLE_CONDITION, NO_CONDITION, NO_DEFAULT
from workflow_app.engine.lint.rules.events import NEVER_RECEIVED, NEVER_SENT

if TYPE_CHECKING:
    from workflow_app.engine.library import Library
    from workflow_app.engine.model import Flow


CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check_sense(report: Report) -> None:
    """Run the checks of sense over every diagram."""
    for place in places(report.library):
        _check_idle(report, place)
        if place.node.kind not in {"parallelGateway", "eventBasedGateway"}:
            _check_choice(report, place)
    check_names(report)
    _check_messages(report)


def _check_idle(report: Report, place: Place) -> None:
    """Warn of conditions that nothing asks."""
    node, flows = place.node, place.graph.outgoing(place.node.id)
    never_asked = node.kind in {"parallelGateway", "eventBasedGateway"}
    if any(flow.condition and (never_asked or flow.id == node.default) for flow in flows):
        report.node(IDLE_CONDITION, place.diagram, node)


def _check_choice(report: Report, place: Place) -> None:
    flows = place.graph.outgoing(place.node.id)
    default = place.node.default
    asked = [flow for flow in flows if flow.condition and flow.id != default]
    if place.node.kind in CHOICES and len(flows) > 1:
        for flow in flows:
            if flow.id != default and not flow.condition:
                named = {"name": place.node.name or place.node.id}
                report.add(NO_CONDITION, place.diagram.file, flow.id, flow.line, **named)
    all_asked = bool(asked) and len(asked) == len(flows)
    gateway = place.node.kind in CHOICES and len(flows) > 1
    always = place.node.kind == "inclusiveGateway" and any(map(_is_always, flows))
    if (gateway or all_asked) and not always and default not in {flow.id for flow in flows}:
        report.node(NO_DEFAULT, place.diagram, place.node)


def _is_always(flow: Flow) -> bool:
    """Tell whether a flow says that it is taken whatever the data are."""
    return flow.condition is not None and flow.condition.lstrip("=").strip() == "true"


def _check_messages(report: Report) -> None:
    """Compare who sends with who waits; other processes count where they are known."""
    found = places(report.library)
    sent = _sent(found) | report.sent
    caught = _caught(found)
    for place in found:
        for trigger in place.node.triggers:
            if trigger.kind != "message" or trigger.missing is not None:
                continue
            waits = place.node.kind in CATCHES and not _sent_by_person(place)
            if waits and trigger.name not in sent:
                report.node(NEVER_SENT, place.diagram, place.node, message=trigger.name)
    if report.received is not None:
        for place in found:
            for message in sorted(_sent([place]) - caught - report.received - {""}):
                report.node(NEVER_RECEIVED, place.diagram, place.node, message=message)


def _sent(found: list[Place]) -> set[str]:
    """Return the names of the messages that are sent: by events, or by an operation's header."""
    sent = {place.node.extensions.headers.get("message", "") for place in found}
    return sent | {
        trigger.name
        for place in found
        for trigger in place.node.triggers
        if trigger.kind == "message" and _throws(place)
    }


def _caught(found: list[Place]) -> set[str]:
    return {
        trigger.name
        for place in found
        for trigger in place.node.triggers
        if trigger.kind == "message" and place.node.kind in CATCHES
    }


def messages_of(library: Library) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the messages that a version's processes send, and those they wait for."""
    return messages_at(places(library))


def messages_at(found: list[Place]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the messages that some nodes send, and those they wait for."""
    return frozenset(_sent(found)) - {""}, frozenset(_caught(found)) - {""}


def _sent_by_person(place: Place) -> bool:
    said = place.node.extensions
    return bool(said.form or said.properties.get("form") or said.properties.get("by"))


def _throws(place: Place) -> bool:
    return place.node.kind in {"intermediateThrowEvent", "endEvent", "sendTask"}
