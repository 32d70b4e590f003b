"""Random walks: models are grown, walked in lockstep, and made smaller when two twins differ."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.engine.walks import activities, blocks, ends, events, nine  # noqa: F401 - they register their kinds
from tests.engine.walks.drawing import KINDS, Block, draw, grow, smaller
from tests.engine.walks.stock import CountingParser, Stock, element
from tests.engine.walks.twins import Kept, Twin
from workflow_app.engine import Source, StepFailed, load_program
from workflow_app.engine import codec as stored_codec
from workflow_app.engine.mending import CannotMend

if TYPE_CHECKING:
    from collections.abc import Callable

    from SpiffWorkflow.bpmn.parser import BpmnParser

LONGEST = 60
FIRST = {"v0": False, "v1": False, "v2": False, "yes": True, "step": 0, "n": 0}
STOCK = sorted(name for name, kind in KINDS.items() if kind.stock)
ALL = sorted(name for name, kind in KINDS.items() if kind.sound)


class Differ(AssertionError):
    """Two twins are not the same; args: what, at which step."""


@dataclass
class Walk:
    """One model, one row of choices; `run` returns how many steps were walked."""

    block: Block
    seed: int
    program: Any = None

    def __post_init__(self) -> None:
        self.rnd = random.Random(self.seed)  # noqa: S311
        self.files = draw(self.block)
        self.program = load_program(Source("p", self.files))

    def answers(self, step: int) -> dict[str, Any]:
        truths = {f"v{number}": self.rnd.random() < 0.45 for number in range(3)}
        return {**truths, "step": step, "n": self.rnd.choice([0, 1, 2, 4])}

    def compare(self, step: int, what: str, ours: Any, theirs: Any) -> None:
        if ours != theirs:
            msg = f"step {step}: {what} differ\n  {ours}\n  {theirs}"
            raise Differ(msg)


class LivingWalk(Walk):
    """Stored at every step against never stored."""

    codec: ClassVar[Any] = stored_codec

    def run(self, longest: int = LONGEST) -> int:
        self.stored, self.alive = Twin(self.program, self.codec), Twin(self.program, Kept())
        if not self._both(0, lambda twin: twin.start(dict(FIRST))):
            return 1
        for step in range(1, longest):
            act = self._choice(step)
            if act is None or not self._both(step, act):
                return step
        return longest

    def _choice(self, step: int) -> Callable[[Twin], None] | None:
        now = self.stored.step
        if now.finished:
            return None
        ways = ["complete"] * 6 * bool(self.stored.open) + ["deliver"] * bool(now.subscriptions)
        ways += ["later"] * bool(now.timers)
        if not ways:
            return None
        if step % 7 == 0:
            ways = ["retry", "move"] if self.stored.stands() else ["retry"]
        way = self.rnd.choice(ways)
        answers, minutes = self.answers(step), self.rnd.randrange(90)
        turn = self.rnd.randrange(1000)
        acts: dict[str, Callable[[Twin], None]] = {
            "complete": lambda t: t.complete(turn % len(t.open), answers),
            "deliver": lambda t: t.deliver(turn % len(t.step.subscriptions), answers),
            "later": lambda t: t.later(minutes),
            "retry": lambda t: t.retry(),
            "move": lambda t: t.move(turn),
        }
        return acts[way]

    def _both(self, step: int, act: Callable[[Twin], None]) -> bool:
        """Do it with both twins and compare; False where it fails, with both alike."""
        outcomes = [_outcome(twin, act) for twin in (self.stored, self.alive)]
        self.compare(step, "failures", *outcomes)
        if outcomes[0] is not None:
            return False
        self.compare(step, "steps", self.stored.picture(), self.alive.picture())
        self.compare(step, "what tasks see", self.stored.seen(), self.alive.seen())
        opened = {task.task_id for task in self.stored.open}
        self.compare(step, "open tasks and tokens", opened, self.tokens())
        return True

    def tokens(self) -> set[str]:
        """Return the user tasks that the stored state itself says are open."""
        if self.stored.step.state is None:
            return set()
        case = self.stored.codec.load(self.program, self.stored.state)
        live = [token for workflow in case.workflows() for token in workflow.live.values()]
        ready = [token for token in live if token.state == TaskState.READY]
        return {token.id for token in ready if token.task_spec.manual}


def _outcome(twin: Twin, act: Callable[[Twin], None]) -> str | None:
    try:
        act(twin)
    except (StepFailed, CannotMend) as failed:
        return str(failed)
    return None


class StockWalk(Walk):
    """Our engine, stored at every step, against stock SpiffWorkflow with joins that count."""

    parser: ClassVar[type[BpmnParser]] = CountingParser

    def run(self, longest: int = LONGEST) -> int:
        self.ours = Twin(self.program, stored_codec)
        self.ours.start(dict(FIRST))
        self.theirs = Stock(self.files["processes/p/p.bpmn"], dict(FIRST), self.parser)
        self.compare_all(0)
        for step in range(1, longest):
            if self.ours.step.finished or not self._go(step):
                return step
            self.compare_all(step)
        return longest

    def _go(self, step: int) -> bool:
        """Take one step with both; False where stock gives up on a path it did not predict."""
        signals, open_tasks = sorted(self.theirs.signals()), self.ours.tasks()
        answers = self.answers(step)
        if signals and self.rnd.random() < 0.15:
            self._signal(self.rnd.choice(signals), {"payload": step})
            return True
        turn = self.rnd.randrange(len(open_tasks))
        names = [task.element for task in open_tasks]
        if "overheard" in str(self.block) and names.count(names[turn]) > 1:
            # Ways beside each other came to one task: which of them is which, names do not tell.
            return False
        answers[f"d_{names[turn]}"] = step
        self.ours.complete(turn, answers)
        try:
            self.theirs.complete(turn, answers)
        except WorkflowException as refused:
            if "non-predicted child" not in str(refused):
                raise
            return False
        return True

    def _signal(self, name: str, payload: dict[str, Any]) -> None:
        for wait in [one.task_id for one in self.ours.waits() if one.message == name]:
            turn = [one.task_id for one in self.ours.waits()].index(wait)
            self.ours.deliver(turn, payload)
        self.theirs.signal(name, payload)

    def compare_all(self, step: int) -> None:
        ours, theirs = self.ours, self.theirs
        self.compare(step, "open tasks", [t.element for t in ours.tasks()], theirs.tasks())
        self.compare(step, "the end", ours.step.finished, theirs.workflow.completed)
        self._compare_signals(step)
        seen = [scope for _, scope in ours.seen()]
        for scope, task in zip(seen, theirs.ready(), strict=True):
            self._compare_data(step, element(task), scope, task.data)
        if ours.step.finished:
            self._compare_data(step, "the end", ours.step.data, theirs.workflow.data)

    def _compare_signals(self, step: int) -> None:
        """In stock an event that does not interrupt fires once; by BPMN as often as it comes."""
        ours, theirs = {wait.message for wait in self.ours.waits()}, self.theirs.signals()
        if "overheard" in str(self.block):
            ours &= theirs
        self.compare(step, "signals", ours, theirs)

    def _compare_data(
        self, step: int, where: str, ours: dict[str, Any], theirs: dict[str, Any]
    ) -> None:
        """In stock parallel paths know their own answers only; one alone knows the newest."""
        alone = self.theirs.live() <= 1 and "overheard" not in str(self.block)
        for name in sorted(n for n in theirs if n.startswith("d_")):
            same = ours.get(name) == theirs[name] or not alone
            if not same or ours.get(name, -1) < theirs[name]:
                self.compare(step, f"{name} at {where}", ours.get(name), theirs[name])


def grown(seed: int, kinds: list[str], depth: int) -> Block:
    """Return the model that a seed grows: always a loop outside, so that walks are long."""
    rnd = random.Random(seed)  # noqa: S311
    return Block("turn", rnd.randrange(24), (grow(rnd, kinds, depth),))


def walk_on(walk: type[Walk], kinds: list[str], first: int, steps: int) -> tuple[int, int]:
    """Walk models from a seed on until so many steps are done; returns (steps, models)."""
    done, seed = 0, first
    while done < steps:
        block = grown(seed, kinds, depth=2 + seed % 3)
        done += walked(walk, block, seed)
        seed += 1
    return done, seed - first


def walked(walk: type[Walk], block: Block, seed: int) -> int:
    """Walk one model. A failure tells seed and the smallest model that fails too."""
    try:
        return walk(block, seed).run()
    except Exception as failure:
        least, why = shrunk(walk, block, seed, failure)
        drawn = "\n".join(draw(least).values())
        msg = f"seed {seed} (WALK_SEED={seed})\nmodel {block}\nsmallest {least}\n{why!r}\n{drawn}"
        raise AssertionError(msg) from failure


def shrunk(
    walk: type[Walk], block: Block, seed: int, failure: Exception
) -> tuple[Block, Exception]:
    """Return the smallest model found that fails in the same way, with what it says."""
    tries, found = 300, True
    while found and tries > 0:
        found = False
        for less in sorted(smaller(block), key=Block.size):
            tries -= 1
            again = fails(walk, less, seed, type(failure))
            if again is not None:
                block, failure, found = less, again, True
                break
            if tries <= 0:
                break
    return block, failure


def fails(walk: type[Walk], block: Block, seed: int, how: type[Exception]) -> Exception | None:
    """Walk a model in some ways; return the failure if one ends like that."""
    for turn in range(4):
        try:
            walk(block, seed + turn * 7919).run()
        except how as failure:
            return failure
        except Exception:  # noqa: BLE001, S112 - another fault than the one that is looked for
            continue
    return None


def budget(name: str, default: int) -> int:
    """Return a number from the environment."""
    return int(os.environ.get(name, str(default)))
