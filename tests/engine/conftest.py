"""Draws small diagrams from short notes and plays them, saving and loading after every step."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from workflow_app.engine import (
    Env,
    NoOperations,
    Source,
    Step,
    complete,
    current_scope,
    deliver,
    fire_timers,
    load_program,
    start,
)

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">\n'
)
TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "events": "eventBasedGateway",
    "task": "task",
}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FLOW = re.compile(
    r"(?P<source>[^>\s]+)>(?P<target>[^\s\[!]+)(?:\[(?P<condition>[^\]]*)\])?(?P<default>!)?"
)


def nodes(notes: str) -> str:
    """`start:s user:A xor:G` → elements."""
    return "\n".join(
        f'<bpmn:{TAGS[note.split(":")[0]]} id="{note.split(":")[1]}"/>' for note in notes.split()
    )


def flows(notes: str, prefix: str = "f") -> tuple[str, dict[str, str]]:
    """`a>b b>c[=x > 1] b>d!` → flows f1, f2, … and the defaults by source."""
    drawn, defaults = [], {}
    for number, match in enumerate(FLOW.finditer(notes), 1):
        key = f"{prefix}{number}"
        if match["default"]:
            defaults[match["source"]] = key
        condition = match["condition"]
        inside = (
            f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        drawn.append(
            f'<bpmn:sequenceFlow id="{key}" sourceRef="{match["source"]}" '
            f'targetRef="{match["target"]}">{inside}</bpmn:sequenceFlow>'
        )
    return "\n".join(drawn), defaults


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def graph(short: str, flow_notes: str, raw: str = "", prefix: str = "f") -> str:
    drawn, defaults = flows(flow_notes, prefix)
    body = f"{nodes(short)}\n{raw}\n{drawn}"
    for source, key in defaults.items():
        body = body.replace(f'id="{source}"', f'id="{source}" default="{key}"', 1)
    return body


def extended(
    tag: str, key: str, extension: str = "", inside: str = "", attributes: str = ""
) -> str:
    """One element with zeebe extensions and other content."""
    held = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return f'<bpmn:{tag} id="{key}" {attributes}>{held}{inside}</bpmn:{tag}>'


def event(tag: str, key: str, kind: str, inside: str = "", attributes: str = "") -> str:
    """An event; message, signal, error and escalation take the reference in `inside`."""
    if kind in {"message", "signal", "error", "escalation"}:
        definition = f'<bpmn:{kind}EventDefinition {kind}Ref="{inside}"/>'
    else:
        definition = f"<bpmn:{kind}EventDefinition>{inside}</bpmn:{kind}EventDefinition>"
    return f'<bpmn:{tag} id="{key}" {attributes}>{definition}</bpmn:{tag}>'


def timer(form: str, text: str) -> str:
    return f"<bpmn:{form}>{escape(text)}</bpmn:{form}>"


def message(key: str, correlation: str = "") -> str:
    inside = (
        f'<bpmn:extensionElements><zeebe:subscription correlationKey="{correlation}"/>'
        "</bpmn:extensionElements>"
        if correlation
        else ""
    )
    return f'<bpmn:message id="{key}" name="{key}">{inside}</bpmn:message>'


def process(
    key: str, short: str, flow_notes: str, raw: str = "", beside: str = "", before: str = ""
) -> str:
    """A whole file with one process; `beside` holds messages, signals, errors."""
    body = graph(short, flow_notes, raw)
    return (
        f'{HEAD}{beside}<bpmn:process id="{key}" name="{key}" isExecutable="true">'
        f"{before}{body}</bpmn:process></bpmn:definitions>"
    )


def sub(
    key: str, short: str, flow_notes: str, raw: str = "", attributes: str = "", extension: str = ""
) -> str:
    """An embedded sub-process."""
    held = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    inside = graph(short, flow_notes, raw, f"{key}_f")
    return f'<bpmn:subProcess id="{key}" {attributes}>{held}{inside}</bpmn:subProcess>'


def many(inside: str, attributes: str = "", condition: str = "") -> str:
    """Multi-instance characteristics."""
    end = (
        f"<bpmn:completionCondition>{escape(condition)}</bpmn:completionCondition>"
        if condition
        else ""
    )
    return (
        f"<bpmn:multiInstanceLoopCharacteristics {attributes}><bpmn:extensionElements>"
        f"<zeebe:loopCharacteristics {inside}/></bpmn:extensionElements>{end}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def files(*texts: str, **others: str) -> dict[str, str]:
    """Processes by their own id, other files as `path=text` with `__` for `/` and `_0` for dots."""
    found = {}
    for text in texts:
        key = re.search(r'<bpmn:process id="([^"]+)"', text)
        assert key is not None
        found[f"processes/{key[1]}/{key[1]}.bpmn"] = text
    return found | others


class Player:
    """Plays one case; its only memory of the case is the bytes of the last step."""

    def __init__(self, program: Any, operations: Any = None, functions: Any = None) -> None:
        self.program = program
        self.now = NOON
        self.operations = operations or NoOperations()
        self.functions = functions or {}
        self.open: dict[str, Any] = {}
        self.history: list[Any] = []
        self.thrown: list[Any] = []
        self.closed: list[Any] = []
        self.step: Step

    @property
    def env(self) -> Env:
        return Env(self.now, self.functions, self.operations)

    def _took(self, step: Step) -> Player:
        self.step = step
        for closed in step.closed:
            del self.open[closed.task_id]
        self.open |= {task.task_id: task for task in step.opened}
        self.history += step.history
        self.thrown += step.thrown
        self.closed += step.closed
        return self

    def start(self, data: dict[str, Any] | None = None, at: str | None = None) -> Player:
        return self._took(start(self.program, at, data or {}, self.env))

    def complete(self, element: str, turn: int = 0, **answers: Any) -> Player:
        task = [task for task in self.open.values() if task.element == element][turn]
        return self._took(complete(self.program, self.state, task.task_id, answers, self.env))

    def deliver(self, name: str, **payload: Any) -> Player:
        wait = next(wait for wait in self.step.subscriptions if wait.message == name)
        return self._took(deliver(self.program, self.state, wait.task_id, payload, self.env))

    def later(self, **delta: float) -> Player:
        self.now += timedelta(**delta)
        return self._took(fire_timers(self.program, self.state, self.env))

    @property
    def state(self) -> bytes:
        assert self.step.state is not None
        return self.step.state

    @property
    def tasks(self) -> list[str]:
        return sorted(task.element for task in self.open.values())

    @property
    def data(self) -> dict[str, Any]:
        return self.step.data

    @property
    def flows(self) -> list[str]:
        return [event.element for event in self.history if event.kind == "flow"]

    @property
    def messages(self) -> list[str]:
        return sorted(wait.message for wait in self.step.subscriptions)

    @property
    def timers(self) -> list[str]:
        return sorted(wait.element for wait in self.step.timers)

    def sees_task(self, task_id: str) -> dict[str, Any]:
        return current_scope(self.program, self.state, task_id)

    def complete_nth(self, turn: int, answers: dict[str, Any]) -> Player:
        """Complete by place among the open tasks, ordered by element and loop item."""
        tasks = sorted(self.open.values(), key=lambda task: (task.element, str(task.data.get("n"))))
        task_id = tasks[turn].task_id
        return self._took(complete(self.program, self.state, task_id, answers, self.env))

    def sees(self, element: str, turn: int = 0) -> dict[str, Any]:
        task = [task for task in self.open.values() if task.element == element][turn]
        return current_scope(self.program, self.state, task.task_id)


@pytest.fixture(scope="session")
def bpmn() -> SimpleNamespace:
    """The notes that diagrams are drawn with."""
    return SimpleNamespace(
        process=process,
        sub=sub,
        extended=extended,
        event=event,
        timer=timer,
        message=message,
        many=many,
        files=files,
        head=HEAD,
    )


@pytest.fixture(scope="session")
def play() -> Any:
    """Return a function: process texts → player; the first text is the main process."""

    def begin(*texts: str, operations: Any = None, functions: Any = None, **others: str) -> Player:
        found = files(*texts, **others)
        key = next(iter(found)).split("/")[1]
        return Player(load_program(Source(key, found)), operations, functions)

    return begin
