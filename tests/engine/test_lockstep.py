"""Random models, random choices: the same case kept alive, and stored and loaded at every step.

Three twins walk together: the engine's own bytes, a case that is never pruned or stored, and,
on models that stock SpiffWorkflow runs right, stock SpiffWorkflow itself.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from workflow_app.engine.run import Run
from workflow_app.engine.specs.scopes import enter_scope
from workflow_app.engine.specs.tasks import ANSWERS
from workflow_app.engine.steps import _next_due
from workflow_app.engine.waits import message_waits, timer_waits, waiting_tokens

SEEDS = range(int(os.environ.get("ENGINE_WALKS", "30")))
STEPS = 40


@dataclass
class Drawing:
    """A block-structured model in the notes of conftest."""

    rnd: random.Random
    bpmn: object
    rich: bool
    count: int = 0
    raw: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def new(self, kind: str) -> str:
        self.count += 1
        self.notes.append(f"{kind}:{kind}{self.count}")
        return f"{kind}{self.count}"

    def link(self, a: str, b: str, end: str = "") -> None:
        self.flows.append(f"{a}>{b}{end}")

    def block(self, depth: int, looping: bool = False) -> tuple[str, str]:
        kinds = ["task", "row", "choice", "turn"]
        kinds += ["both"] if self.rich or not looping else []
        kinds += ["sub"]
        kinds += ["any", "late", "many", "wait", "each", "called"] if self.rich else []
        kind = "task" if depth == 0 else self.rnd.choice(kinds)
        return getattr(self, kind)(depth - 1, looping)

    def task(self, _depth, _looping):
        key = self.new("user")
        return key, key

    def row(self, depth, looping):
        a, b = self.block(depth, looping), self.block(depth, looping)
        self.link(a[1], b[0])
        return a[0], b[1]

    def several(self, depth, looping):
        blocks = [self.block(depth, looping) for _ in range(3)]
        for a, b in pairwise(blocks):
            self.link(a[1], b[0])
        return blocks[0][0], blocks[-1][1]

    def choice(self, depth, looping):
        ask, split, merge = self.new("user"), self.new("xor"), self.new("xor")
        self.link(ask, split)
        for end in (f"[{self.variable()}]", "!"):
            way = self.block(depth, looping)
            self.link(split, way[0], end)
            self.link(way[1], merge)
        return ask, merge

    def turn(self, depth, _looping):
        merge, ask, split = self.new("xor"), self.new("user"), self.new("xor")
        body, out = self.several(depth, True), self.new("user")
        self.link(merge, body[0])
        self.link(body[1], ask)
        self.link(ask, split)
        self.link(split, merge, f"[{self.variable()}]")
        self.link(split, out, "!")
        return merge, out

    def both(self, depth, looping, kind="and"):
        split, merge = self.new(kind), self.new(kind)
        for _ in range(2):
            way = self.block(depth, looping)
            self.link(split, way[0], f"[={self.variable()} or true]" if kind == "or" else "")
            self.link(way[1], merge)
        return split, merge

    def any(self, depth, looping):
        return self.both(depth, looping, "or")

    def sub(self, depth, _looping, extra=""):
        key = f"sub{self.count}"
        notes, flows, raw = self.inner(depth)
        self.raw.append(self.bpmn.sub(key, notes, flows, raw + extra))
        return key, key

    def inner(self, depth):
        inner = Drawing(self.rnd, self.bpmn, self.rich, self.count + 1, others=self.others)
        body = inner.block(depth, True)
        inner.link(inner.new("start"), body[0])
        inner.link(body[1], inner.new("end"))
        self.count = inner.count
        return " ".join(inner.notes), " ".join(inner.flows), "".join(inner.raw)

    def each(self, depth, looping):
        """A sub-process for each of two."""
        loop = self.bpmn.many(
            'inputCollection="=[1, 2]" inputElement="n" '
            'outputCollection="each" outputElement="=step"',
            f'isSequential="{self.rnd.choice(["true", "false"])}"',
        )
        return self.sub(depth, looping, loop)

    def called(self, depth, _looping):
        """A process of its own, with a reminder that may come again and again."""
        key = f"call{self.count}"
        notes, flows, raw = self.inner(depth)
        start = self.bpmn.event(
            "startEvent",
            f"m{key}",
            "timer",
            self.bpmn.timer("timeCycle", "R/PT50M"),
            'isInterrupting="false"',
        )
        handler = self.bpmn.sub(
            f"h{key}", f"user:u{key}", f"m{key}>u{key}", start, 'triggeredByEvent="true"'
        )
        self.others.append(self.bpmn.process(f"p{key}", notes, flows, raw + handler))
        extension = f'<zeebe:calledElement processId="p{key}"/>'
        self.raw.append(self.bpmn.extended("callActivity", key, extension))
        return key, key

    def late(self, depth, looping):
        """A task with a timer on its border that leads past it."""
        task, merge, way = self.new("user"), self.new("xor"), self.block(depth, looping)
        stops = self.rnd.choice(["true", "false"])
        attributes = f'attachedToRef="{task}" cancelActivity="{stops}"'
        self.raw.append(
            self.bpmn.event(
                "boundaryEvent",
                f"t{task}",
                "timer",
                self.bpmn.timer("timeDuration", "PT1H"),
                attributes,
            )
        )
        self.link(f"t{task}", way[0])
        self.link(task, merge)
        if stops == "true":
            self.link(way[1], merge)
        return task, merge

    def many(self, _depth, _looping):
        self.count += 1
        key = f"many{self.count}"
        sequential = self.rnd.choice(["true", "false"])
        loop = self.bpmn.many(
            'inputCollection="=[1, 2, 3]" inputElement="n" '
            'outputCollection="got" outputElement="=n"',
            f'isSequential="{sequential}"',
        )
        self.raw.append(self.bpmn.extended("userTask", key, "", loop))
        return key, key

    def wait(self, _depth, _looping):
        gate, merge = self.new("events"), self.new("xor")
        for hours in ("PT2H", "PT30M"):
            self.count += 1
            key = f"w{self.count}"
            self.raw.append(
                self.bpmn.event(
                    "intermediateCatchEvent", key, "timer", self.bpmn.timer("timeDuration", hours)
                )
            )
            self.link(gate, key)
            self.link(key, merge)
        return gate, merge

    def variable(self) -> str:
        return f"v{self.rnd.randrange(3)}"

    def text(self) -> str:
        body = self.turn(3, False) if self.rich else self.several(3, False)
        self.link(self.new("start"), body[0])
        self.link(body[1], self.new("end"))
        notes, flows = " ".join(self.notes), " ".join(self.flows)
        return self.bpmn.process("p", notes, flows, "".join(self.raw))


class Alive:
    """The same program, one case object, nothing dropped and nothing stored."""

    def __init__(self, player):
        self.player = player
        self.case = player.program.empty_case()
        self.finished = False

    def start(self, data):
        self.case.data = dict(data)
        run = Run(self.case, self.player.env)
        enter_scope(self.case)
        self._drained(run)

    def _drained(self, run):
        run.drain()
        self.finished = self.finished or run.finished

    def ready(self):
        tokens = [token for wf in self.case.workflows() for token in wf.live.values()]
        tokens = [t for t in tokens if t.state == TaskState.READY]
        return sorted(tokens, key=lambda t: (t.task_spec.element, str(t.visible().get("n"))))

    def complete(self, turn, answers):
        run = Run(self.case, self.player.env)
        token = self.ready()[turn]
        token.internal_data[ANSWERS] = dict(answers)
        run.agenda.append(token)
        self._drained(run)

    def later(self):
        run = Run(self.case, self.player.env)
        while (token := _next_due(self.case, run.now)) is not None:
            token.task_spec.fire(token, {})
            self._drained(run)

    def picture(self):
        return (
            [(t.task_spec.element, t.visible()) for t in self.ready()],
            sorted((wait.element, wait.due_at) for wait in timer_waits(waiting_tokens(self.case))),
            sorted(wait.element for wait in message_waits(waiting_tokens(self.case))),
            self.case.data,
            self.finished,
        )


def picture(player):
    ready = sorted(
        (task.element, str(scope.get("n")), scope)
        for task in player.open.values()
        for scope in [player.sees_task(task.task_id)]
    )
    return (
        [(element, scope) for element, _, scope in ready],
        sorted((wait.element, wait.due_at) for wait in player.step.timers),
        sorted(wait.element for wait in player.step.subscriptions),
        player.data,
        player.step.finished,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_stored_and_living_cases_never_differ(bpmn, play, seed):
    rnd = random.Random(seed)  # noqa: S311
    drawing = Drawing(rnd, bpmn, rich=True)
    player = play(drawing.text(), *drawing.others)
    alive = Alive(player)
    data = {"v0": False, "v1": False, "v2": True}
    player.start(data)
    alive.start(data)
    for step in range(STEPS):
        assert picture(player) == alive.picture(), f"seed {seed}, step {step}"
        if player.step.finished:
            break
        tasks = alive.ready()
        if not tasks or (player.step.timers and rnd.random() < 0.2):
            player.later(minutes=40)
            alive.later()
            continue
        turn = rnd.randrange(len(tasks))
        answers = {f"v{number}": rnd.random() < 0.6 for number in range(3)} | {"step": step}
        player.complete_nth(turn, answers)
        alive.complete(turn, answers)
    assert player.history


class Stock:
    """Stock SpiffWorkflow; its Python conditions are plain names of the models above."""

    def __init__(self, text):
        parser = BpmnParser()
        parser.add_bpmn_str(text.encode())
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))

    def start(self, data):
        self.workflow.get_next_task(spec_name="Start").data.update(data)
        self.workflow.do_engine_steps()

    def ready(self):
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(tasks, key=lambda task: task.task_spec.name)

    def complete(self, turn, answers):
        task = self.ready()[turn]
        task.data.update(answers)
        task.run()
        self.workflow.do_engine_steps()


@pytest.mark.parametrize("seed", SEEDS)
def test_stock_spiffworkflow_walks_the_same_way(bpmn, play, seed):
    rnd = random.Random(1000 + seed)  # noqa: S311
    text = Drawing(rnd, bpmn, rich=False).text()
    player, stock = play(text), Stock(text)
    data = {"v0": False, "v1": False, "v2": True}
    player.start(data)
    stock.start(data)
    for step in range(STEPS):
        assert player.tasks == [task.task_spec.name for task in stock.ready()], (seed, step)
        assert player.step.finished == stock.workflow.completed, (seed, step)
        if player.step.finished:
            break
        turn = rnd.randrange(len(player.tasks))
        answers = {f"v{number}": rnd.random() < 0.6 for number in range(3)}
        player.complete_nth(turn, answers)
        stock.complete(turn, answers)
    assert player.history
