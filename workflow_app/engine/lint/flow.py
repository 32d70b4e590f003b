"""Checks of sense: gateways that may find no way, names nobody writes, messages nobody sends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.engine.expressions import HOST_NAMES
from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.content import (
    IDLE_CONDITION,
    NEVER_WRITTEN,
    NO_CONDITION,
    NO_DEFAULT,
)
from workflow_app.engine.lint.rules.events import NEVER_SENT
from workflow_app.engine.names import keys_in_form
from workflow_app.engine.texts import Text, texts_in
from workflow_app.feel import FeelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.library import Library


CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})
ENTRY = re.compile(r"[{,]\s*\"?([^\W\d][\w ]*?)\"?\s*:")
GIVEN = frozenset({"case", "error", "escalation", "loopCounter", "actor"})


def check_sense(report: Report) -> None:
    """Run the checks of sense over every diagram."""
    for place in places(report.library):
        if place.node.kind in CHOICES:
            _check_choice(report, place)
        elif place.node.kind == "parallelGateway" and _conditions_behind(place):
            report.node(IDLE_CONDITION, place.diagram, place.node)
    _check_names(report)
    _check_messages(report)


def _conditions_behind(place: Place) -> bool:
    return any(flow.condition for flow in place.graph.outgoing(place.node.id))


def _check_choice(report: Report, place: Place) -> None:
    flows = place.graph.outgoing(place.node.id)
    if len(flows) < 2:
        return
    default = place.node.default
    for flow in flows:
        if flow.id != default and not flow.condition:
            named = {"name": place.node.name or place.node.id}
            report.add(NO_CONDITION, place.diagram.file, flow.id, flow.line, **named)
    if default not in {flow.id for flow in flows}:
        report.node(NO_DEFAULT, place.diagram, place.node)


def _check_names(report: Report) -> None:
    written = set(names_written(report.library)) | GIVEN | HOST_NAMES
    for diagram, process in report.library.running():
        for text in texts_in(process):
            if text.is_condition:
                for name in sorted(_names(text) - written):
                    told = {"variable": name}
                    report.add(NEVER_WRITTEN, diagram.file, text.element, text.line, **told)


def _names(text: Text) -> frozenset[str]:
    try:
        return text.compile(text.text).names
    except FeelError:
        return frozenset()


def names_written(library: Library) -> Iterator[str]:
    """Yield every name that a form, mapping, script, decision or loop of the version writes."""
    for path, text in library.source.files.items():
        if path.endswith(".form"):
            yield from keys_in_form(text)
    for diagram in library.diagrams:
        for form in diagram.forms.values():
            yield from keys_in_form(form)
    for place in places(library):
        yield from _written_by(place)
    for model in library.tables.values():
        for decision in model.decisions.values():
            yield decision.id
            yield from (str(getattr(output, "name", output)) for output in decision.outputs)


def _written_by(place: Place) -> Iterator[str]:
    said, loop = place.node.extensions, place.node.loop
    for mapped in (*said.inputs, *said.outputs):
        yield mapped.target.partition(".")[0]
    for name in (said.result, said.headers.get("resultVariable")):
        if name:
            yield name.partition(".")[0]
    yield from ENTRY.findall(said.script or "")
    for one in place.node.associations:
        if one.target is not None:
            yield one.target.name
        yield from (pair.target.partition(".")[0] for pair in one.assignments)
    if loop is not None:
        yield from (name for name in (loop.element, loop.out_collection) if name)


def _check_messages(report: Report) -> None:
    found = places(report.library)
    sent = {
        trigger.name
        for place in found
        for trigger in place.node.triggers
        if trigger.kind == "message" and _throws(place)
    }
    sent |= {place.node.extensions.headers.get("message", "") for place in found}
    for place in found:
        if place.node.kind in CATCHES and not _sent_by_person(place):
            for trigger in place.node.triggers:
                if trigger.kind == "message" and trigger.name not in sent:
                    report.node(NEVER_SENT, place.diagram, place.node, message=trigger.name)


def _sent_by_person(place: Place) -> bool:
    said = place.node.extensions
    return bool(said.form or said.properties.get("form") or said.properties.get("by"))


def _throws(place: Place) -> bool:
    return place.node.kind in {"intermediateThrowEvent", "endEvent", "sendTask"}
