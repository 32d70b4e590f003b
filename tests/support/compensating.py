"""Draws compensation for tests: handlers with their boundary event and association."""

from __future__ import annotations

from typing import Any


def undone(host: str, handler: str, tag: str = "task", inside: str = "") -> str:
    """`handler` compensates `host`: the boundary event, the line, the activity."""
    return (
        f'<bpmn:boundaryEvent id="c{host}" attachedToRef="{host}">'
        f'<bpmn:compensateEventDefinition id="d{host}"/></bpmn:boundaryEvent>'
        f'<bpmn:association id="a{host}" associationDirection="One" sourceRef="c{host}" '
        f'targetRef="{handler}"/>'
        f'<bpmn:{tag} id="{handler}" isForCompensation="true">{inside}</bpmn:{tag}>'
    )


def throws(key: str, activity: str = "", *, end: bool = False, waits: bool = True) -> str:
    """An event that compensates one activity, or all it can see."""
    tag = "endEvent" if end else "intermediateThrowEvent"
    named = f'activityRef="{activity}" ' if activity else ""
    wait = "" if waits else 'waitForCompletion="false" '
    return f'<bpmn:{tag} id="{key}"><bpmn:compensateEventDefinition {named}{wait}/></bpmn:{tag}>'


def compensator(bpmn: Any, key: str, notes: str, flows: str, raw: str = "") -> str:
    """A compensation event sub-process; its flows begin at `c<key>`."""
    start = bpmn.event("startEvent", f"c{key}", "compensate")
    return bpmn.sub(key, notes, flows, start + raw, 'triggeredByEvent="true"')


def script(key: str, expression: str, result: str, attributes: str = "") -> str:
    """A calculation that writes one name."""
    return (
        f'<bpmn:scriptTask id="{key}" {attributes}><bpmn:extensionElements><zeebe:script '
        f'expression="={expression}" resultVariable="{result}"/></bpmn:extensionElements>'
        "</bpmn:scriptTask>"
    )


def compensated(case: Any) -> list[str]:
    """What history says was compensated, in order."""
    return [event.element for event in case.history if event.kind == "compensated"]


def done(case: Any, *elements: str) -> list[str]:
    """Which of these completed, in order."""
    found = [event.element for event in case.history if event.kind == "completed"]
    return [element for element in found if element in elements]
