"""The nine models of the prototypes, as blocks: every one of them a loop around what it is about.

Parallel, nested parallel and inclusive joins stand twice: the loop leads to the split itself, and
to a merge before it.
"""

from __future__ import annotations

from tests.engine.walks.drawing import TASK, Block, Canvas, Ends, kind


def around(inside: Block) -> Block:
    return Block("turn", 0, (inside,))


@kind(1, stock=True)
def straight(canvas: Canvas, block: Block) -> Ends:
    """A loop that leads back to the gateway it repeats, without a merge before it."""
    entry, last = canvas.block(block.parts[0])
    split, out = canvas.node("exclusiveGateway"), canvas.node("userTask")
    canvas.chain(last, canvas.node("userTask"), split)
    canvas.flow(split, entry, "v0")
    canvas.default(split, out)
    return entry, out


@kind(stock=True)
def again(canvas: Canvas, _block: Block) -> Ends:
    """A task that may be done again, from its own gateway straight back to it."""
    ask, split, out = (canvas.node(t) for t in ("userTask", *["exclusiveGateway"] * 2))
    canvas.flow(ask, split)
    canvas.flow(split, ask, "v1")
    canvas.default(split, out)
    return ask, out


def straight_around(*blocks: Block) -> Block:
    inside = blocks[0] if len(blocks) == 1 else Block("row", 0, blocks)
    return Block("straight", 0, (inside,))


PARALLEL = Block("both", 0, (TASK, TASK))
SOME = Block("some", 1, (TASK, TASK))
AGAIN = Block("again")
NESTED = Block("both", 0, (AGAIN, Block("row", 0, (PARALLEL, TASK))))
OVERHEARD = Block("overheard", 0, (Block("row", 0, (AGAIN, TASK)), TASK))
MODELS = {
    "loop": straight_around(TASK),
    "par": straight_around(PARALLEL),
    "parx": around(PARALLEL),
    "inc": straight_around(SOME),
    "incx": around(SOME),
    "nest": straight_around(NESTED),
    "nestx": around(NESTED),
    "sub": straight_around(OVERHEARD),
    "bnd": straight_around(Block("signalled", 0, (TASK,)), TASK),
    "mil": straight_around(Block("many", 0), Block("many", 1)),
}
