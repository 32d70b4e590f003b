"""What the linter says of getting stuck, against cases that are really walked at random.

`WALK_SEED` is the first seed; a failure prints the model.
"""

from __future__ import annotations

import random

import pytest

from tests.engine.walks.drawing import Block, Canvas, Ends, draw, grow, kind
from tests.engine.walks.twins import Twin
from tests.engine.walks.walking import FIRST, STOCK, budget
from workflow_app.engine import Source, codec
from workflow_app.engine.library import open_library
from workflow_app.engine.lint import check
from workflow_app.engine.program import build_program

SEED = budget("WALK_SEED", 0)
MODELS = budget("WALK_MODELS", 40)
WALKS = 30
GETS_STUCK = {"deadlock", "exclusive-into-parallel", "join-never-fires", "left-waiting"}
#: What the linter does not claim to know, or what goes on for ever by itself.
UNSURE = {"not-explored", "approximated", "never-ends", "never-completes", "piles-up", "done-twice"}


@kind(2, sound=False)
def askew(canvas: Canvas, _block: Block) -> Ends:
    """One of two ways is opened, both are waited for."""
    ask, split, merge = (
        canvas.node(t) for t in ("userTask", "exclusiveGateway", "parallelGateway")
    )
    first, second = (canvas.block(part) for part in _block.parts)
    canvas.flow(ask, split)
    canvas.flow(split, first[0], "v0")
    canvas.default(split, second[0])
    canvas.flow(first[1], merge)
    canvas.flow(second[1], merge)
    return ask, merge


@kind(2, sound=False)
def leaking(canvas: Canvas, block: Block) -> Ends:
    """Of two parallel ways one may end before the other has waited for it."""
    split, merge = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    ask, leak = canvas.node("userTask"), canvas.node("exclusiveGateway")
    canvas.chain(split, canvas.block(block.parts[0]), merge)
    canvas.chain(split, canvas.block(block.parts[1]), ask, leak)
    canvas.flow(leak, canvas.node("endEvent"), "v1")
    canvas.default(leak, merge)
    return split, merge


FLAT = [name for name in STOCK if name not in {"overheard", "signalled", "many", "sub"}]


def judged(block: Block) -> tuple[set[str], object]:
    """Return what the linter says of a model, and the model to run all the same."""
    library = open_library(Source("p", draw(block)))
    return {found.code for found in check(library)}, build_program(library)


def gets_stuck(program, seed: int) -> bool:
    """Walk once; tell whether the case waits and nobody can do anything."""
    rnd = random.Random(seed)  # noqa: S311
    case = Twin(program, codec)
    case.start(dict(FIRST))
    for _ in range(120):
        if case.step.finished:
            return False
        if not case.open:
            return True
        truths = {f"v{number}": rnd.random() < 0.4 for number in range(3)}
        case.complete(rnd.randrange(len(case.open)), truths)
    return False


@pytest.mark.parametrize("lane", range(4))
def test_what_the_linter_calls_sound_never_gets_stuck(lane, record_property):
    sound = 0
    for seed in range(SEED + lane * 10_000, SEED + lane * 10_000 + MODELS // 4):
        rnd = random.Random(seed)  # noqa: S311
        block = grow(rnd, [*FLAT, "askew", "leaking"], 3)
        codes, program = judged(block)
        if codes & (GETS_STUCK | UNSURE):
            continue
        sound += 1
        stuck = [walk for walk in range(WALKS // 3) if gets_stuck(program, seed + walk)]
        assert stuck == [], f"seed {seed}: {block} was called sound and got stuck: {draw(block)}"
    assert sound > 0
    record_property("told", f"{sound} sound models never got stuck, seeds from {SEED}")


@pytest.mark.parametrize("wrong", ["askew", "leaking"])
@pytest.mark.parametrize("seed", range(SEED, SEED + 6))
def test_what_the_linter_calls_a_deadlock_gets_stuck(wrong, seed):
    rnd = random.Random(seed)  # noqa: S311
    ways = tuple(grow(rnd, FLAT, 1) for _ in range(2))
    block = Block("row", 0, (grow(rnd, FLAT, 1), Block(wrong, 0, ways)))
    codes, program = judged(block)
    assert codes & GETS_STUCK, block
    assert any(gets_stuck(program, seed + walk) for walk in range(WALKS)), block
