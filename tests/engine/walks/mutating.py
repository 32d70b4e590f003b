"""Spoils BPMN files at random: what the linter lets through must run or fail in our own words."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lxml import etree

from workflow_app.engine import (
    Env,
    InvalidSource,
    NotWaiting,
    Pending,
    Source,
    StepFailed,
    complete,
    deliver,
    finish,
    fire_timers,
    lint,
    load_program,
    start,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from workflow_app.engine import Program, Step

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
STEPS = 8
#: What nobody should write where a reference, a number, a time or a formula stands.
TEXTS = (
    *("", " ", "=", "= ", "0", "-1", "1", "3", "true", "null", "None", "Complex", "R/PT1H", "PT0S"),
    *(
        "9" * 400,
        "9" * 5000,
        f"P{'9' * 400}Y",
        f"R{'9' * 5000}/PT1M",
        "P1000000Y",
        "R3/P0D",
        "-P1D",
    ),
    *("__class__", "Start", "End", "Root", "root", "a#0", "a~", "p:x", "a@b", "a b", "a.EndJoin"),
    *(
        "1e9999",
        "NaN",
        "\u0663",
        "=[1, 2]",
        "=x",
        "=[[1]",
        "=null",
        "= 1 / 0",
        '="x"',
        "{}",
        "%(x)s",
    ),
    *(
        '=throw error("E")',
        '=throw escalation("E")',
        "=for i in 1..100000000 return i",
        "=10**99999",
    ),
    *("=now()", "loopCounter", "2026-02-30", "2026-01-01T00:00:00@Nowhere", "#x", "0" * 50, "=-x"),
)
TAGS = (
    *("task", "userTask", "scriptTask", "serviceTask", "callActivity", "subProcess", "transaction"),
    *("adHocSubProcess", "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent"),
    *("intermediateThrowEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("complexGateway", "eventBasedGateway", "receiveTask", "sendTask", "timerEventDefinition"),
    *("errorEventDefinition", "compensateEventDefinition", "messageEventDefinition", "association"),
    *("signalEventDefinition", "conditionalEventDefinition", "escalationEventDefinition"),
    *("cancelEventDefinition", "terminateEventDefinition", "linkEventDefinition", "property"),
    *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "timeCycle", "condition"),
)
Elements = list["etree._Element"]


class Waits:
    """Operations that answer at once, later, or with what nobody expects."""

    def __init__(self, rnd: random.Random) -> None:
        self._rnd = rnd

    def call(self, _kind: str, inputs: Any, _headers: Any, _data: Any, /) -> Any:
        return self._rnd.choice([None, {"x": 1}, dict(inputs), Pending({})])


def spoilt(text: str, rnd: random.Random, most: int = 3) -> str:
    """Return a file with one to `most` things changed."""
    root = etree.fromstring(text.encode())
    for _ in range(rnd.choice([1, 1, 1, 2, most])):
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        rnd.choice(WAYS)(elements, rnd)
    return etree.tostring(root, encoding="unicode")


def _attribute(elements: Elements, rnd: random.Random) -> tuple[etree._Element, str] | None:
    held = [one for one in elements if one.attrib]
    if not held:
        return None
    element = rnd.choice(held)
    return element, rnd.choice(list(map(str, element.attrib)))


def _drop(elements: Elements, rnd: random.Random) -> None:
    found = _attribute(elements, rnd)
    if found is not None:
        del found[0].attrib[found[1]]


def _swap(elements: Elements, rnd: random.Random) -> None:
    one, other = _attribute(elements, rnd), _attribute(elements, rnd)
    if one is not None and other is not None:
        held = str(one[0].get(one[1]))
        one[0].set(one[1], str(other[0].get(other[1])))
        other[0].set(other[1], held)


def _same(elements: Elements, rnd: random.Random) -> None:
    found, other = _attribute(elements, rnd), _attribute(elements, rnd)
    if found is not None and other is not None:
        found[0].set(found[1], str(other[0].get(other[1])))


def _reword(elements: Elements, rnd: random.Random) -> None:
    found = _attribute(elements, rnd)
    if found is not None:
        found[0].set(found[1], rnd.choice(TEXTS))


def _rewrite(elements: Elements, rnd: random.Random) -> None:
    held = [one for one in elements if (one.text or "").strip()]
    rnd.choice(held or elements).text = rnd.choice(TEXTS)


def _remove(elements: Elements, rnd: random.Random) -> None:
    element = rnd.choice(elements)
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _move(elements: Elements, rnd: random.Random) -> None:
    element, holder = rnd.choice(elements), rnd.choice(elements)
    if element.getparent() is not None and element not in [holder, *holder.iterancestors()]:
        holder.append(element)


def _again(elements: Elements, rnd: random.Random) -> None:
    element = copy.deepcopy(rnd.choice(elements))
    rnd.choice(elements).append(element)


def _add(elements: Elements, rnd: random.Random) -> None:
    known = [one.get("id", "") for one in elements]
    holder = rnd.choice(elements)
    made = etree.SubElement(holder, BPMN + rnd.choice(TAGS), id=f"n{rnd.randrange(10**9)}")
    for name in rnd.sample(SETTINGS, 3):
        made.set(name, rnd.choice([rnd.choice(known), rnd.choice(TEXTS), "true"]))


def _retag(elements: Elements, rnd: random.Random) -> None:
    held = [one for one in elements if str(one.tag).startswith(BPMN)]
    if held:
        rnd.choice(held).tag = BPMN + rnd.choice(TAGS)


def _set(elements: Elements, rnd: random.Random) -> None:
    known = [one.get("id", "") for one in elements]
    value = rnd.choice([rnd.choice(known), rnd.choice(TEXTS), "true", "false"])
    rnd.choice(elements).set(rnd.choice(SETTINGS), value)


SETTINGS = (
    *("id", "name", "default", "attachedToRef", "sourceRef", "targetRef", "triggeredByEvent"),
    *("isForCompensation", "startQuantity", "completionQuantity", "cancelActivity", "behavior"),
    *("instantiate", "eventGatewayType", "isSequential", "ordering", "isInterrupting", "errorRef"),
    *(
        "messageRef",
        "activityRef",
        "loopMaximum",
        "testBefore",
        "parallelMultiple",
        "calledElement",
    ),
    *("waitForCompletion", "cancelRemainingInstances", "isExecutable", "noneBehaviorEventRef"),
)
WAYS: tuple[Callable[[Elements, random.Random], None], ...] = (
    *(_drop, _swap, _same, _reword, _rewrite, _remove, _move, _again, _add, _retag, _set),
)


def play(files: Mapping[str, str], key: str, rnd: random.Random) -> str:
    """Lint, load and run a few steps; say how far it came. Anything not ours is raised."""
    source = Source(key, files)
    for finding in lint(source):
        finding.text()
    try:
        program = load_program(source)
    except InvalidSource:
        return "refused"
    reached = "started"
    for way in [None, *program.starts]:
        try:
            _run(program, way, rnd)
        except (StepFailed, NotWaiting):
            reached = "failed"
    return reached


def _run(program: Program, way: str | None, rnd: random.Random) -> None:
    env = Env(NOON, operations=Waits(rnd))
    data = {"v0": rnd.random() < 0.5, "v1": True, "n": 2, "x": [1, 2]}
    step = start(program, way, data, env)
    for turn in range(1, STEPS):
        act = _choice(program, step, rnd)
        if act is None:
            return
        env = Env(NOON + timedelta(hours=turn), operations=Waits(rnd))
        step = act(env)


def _choice(program: Program, step: Step, rnd: random.Random) -> Callable[[Env], Step] | None:
    state = step.state
    if state is None:
        return None
    answers = {"v0": rnd.random() < 0.5, "yes": rnd.random() < 0.5, "n": rnd.randrange(3)}
    acts: list[Callable[[Env], Step]] = [
        *(lambda e, t=t: complete(program, state, t.task_id, answers, e) for t in step.opened),
        *(
            lambda e, w=w: deliver(program, state, w.task_id, answers, e)
            for w in step.subscriptions
        ),
        *(lambda e, r=r: finish(program, state, r.task_id, answers, e) for r in step.requested),
    ]
    if step.timers:
        acts.append(lambda e: fire_timers(program, state, e))
    return rnd.choice(acts) if acts else None
