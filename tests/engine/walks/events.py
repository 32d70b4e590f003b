"""Blocks of events and gateways: several triggers, the complex gateway, what expressions throw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.walks.blocks import event_sub, message, odd, true_or_false
from tests.engine.walks.drawing import Canvas, condition, extension, kind, refers, timer

if TYPE_CHECKING:
    from tests.engine.walks.drawing import Block, Ends


def several(canvas: Canvas, block: Block) -> str:
    """Return two or three definitions of one event."""
    found = [
        refers("message", message(canvas)),
        refers("signal", canvas.head("signal")),
        timer(*[("timeDuration", "PT1H"), ("timeCycle", "R3/PT35M")][block.pick % 2]),
        condition("=v1"),
    ]
    return "".join(found[block.pick % 3 :][:3])


def needed(block: Block) -> str:
    return f'parallelMultiple="{true_or_false(yes=block.pick % 4 > 1)}"'


@kind()
def any_or_all(canvas: Canvas, block: Block) -> Ends:
    """Wait for any of several things, or for all."""
    key = canvas.node("intermediateCatchEvent", several(canvas, block), needed(block))
    return key, key


@kind(2)
def several_on_the_border(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with an event of several kinds on its border."""
    key, merge = (
        canvas.node("subProcess", canvas.inner(block.parts[0])),
        canvas.node("exclusiveGateway"),
    )
    event = canvas.boundary(key, several(canvas, block), interrupting=odd(block))
    place = next(n for n, one in enumerate(canvas.elements) if f'id="{event}"' in one)
    canvas.elements[place] = canvas.elements[place].replace(
        f'id="{event}"', f'id="{event}" {needed(block)}', 1
    )
    canvas.beside(event, block.parts[1], merge if odd(block) else None)
    canvas.flow(key, merge)
    return key, merge


@kind(2)
def several_beside(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with an event sub-process that several things begin."""
    handler = event_sub(canvas, several(canvas, block), block.parts[1], interrupting=odd(block))
    handler = handler.replace("<bpmn:startEvent ", f"<bpmn:startEvent {needed(block)} ", 1)
    key = canvas.node("subProcess", canvas.inner(block.parts[0], beside=handler))
    return key, key


@kind(3)
def voted(canvas: Canvas, block: Block) -> Ends:
    """One or two of three paths are enough; the rest may lead on a second time."""
    enough = f"=activationCount &gt;= {1 + block.pick % 2}"
    gate = canvas.node(
        "complexGateway", f"<bpmn:activationCondition>{enough}</bpmn:activationCondition>"
    )
    split, merge = canvas.node("parallelGateway"), canvas.node("exclusiveGateway")
    for part in block.parts:
        canvas.chain(split, canvas.block(part), gate)
    canvas.flow(gate, merge, ["", "=waitingForStart"][block.pick // 2 % 2])
    if block.pick // 4 % 2:
        canvas.chain((gate, gate), canvas.node("endEvent"))
    return split, merge


@kind(1)
def thrown(canvas: Canvas, block: Block) -> Ends:
    """A script that may throw an error or an escalation, caught on the border around it."""
    what = "error" if odd(block) else "escalation"
    name = canvas.head(what, f'{what}Code="F1"')
    text = f"=if v0 then throw {what}(&quot;F1&quot;) else step"
    script = extension(f'<zeebe:script expression="{text}" resultVariable="wrote"/>')
    inside = Canvas(canvas.file)
    inside.chain(
        inside.node("startEvent"),
        inside.node("userTask"),
        inside.node("scriptTask", script),
        inside.block(block.parts[0]),
        inside.node("endEvent"),
    )
    key, merge = (
        canvas.node("subProcess", "".join(inside.elements)),
        canvas.node("exclusiveGateway"),
    )
    stops = odd(block) or block.pick % 4 == 0
    event = canvas.boundary(key, refers(what, name), interrupting=stops)
    canvas.chain(event, canvas.node("userTask"), merge if stops else canvas.node("endEvent"))
    canvas.flow(key, merge)
    return key, merge
