"""Blocks of activities: compensation, transactions, ad-hoc, repetition, token quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.walks.blocks import odd, true_or_false
from tests.engine.walks.drawing import Canvas, kind, refers

if TYPE_CHECKING:
    from tests.engine.walks.drawing import Block, Ends

UNDO = "<bpmn:compensateEventDefinition{named}/>"
FOR_COMPENSATION = 'isForCompensation="true"'
TWO = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"


def undone(canvas: Canvas, host: str, handler: str = "") -> None:
    """Let a handler, a task unless another is drawn, undo an activity."""
    event = canvas.boundary(host, UNDO.format(named=""))
    handler = handler or canvas.node("userTask", attributes=FOR_COMPENSATION)
    key = canvas.file.key("assoc")
    canvas.elements.append(
        f'<bpmn:association id="{key}" sourceRef="{event}" targetRef="{handler}"/>'
    )


def step(canvas: Canvas, loop: str = "") -> str:
    """Draw a task that can be undone."""
    key = canvas.node("userTask", loop)
    undone(canvas, key)
    return key


def repeated(block: Block, inside: str = TWO, attributes: str = "") -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{true_or_false(yes=odd(block))}" '
        f"{attributes}>{inside}</bpmn:multiInstanceLoopCharacteristics>"
    )


def regret(canvas: Canvas, activity: str = "", *, waits: bool = True) -> str:
    """Draw what undoes one activity, or everything so far, if a person wants it so."""
    named = f' activityRef="{activity}"' if activity else ""
    named += "" if waits else ' waitForCompletion="false"'
    return canvas.node("intermediateThrowEvent", UNDO.format(named=named))


@kind(1)
def regretted(canvas: Canvas, block: Block) -> Ends:
    """Tasks and a block, all undone, or one alone, before the case goes on."""
    first, last = step(canvas), step(canvas, repeated(block) if block.pick % 3 == 0 else "")
    body = canvas.block(block.parts[0])
    one = first if block.pick % 4 == 0 else ""
    return canvas.chain(first, body, last, regret(canvas, one, waits=block.pick % 5 != 0))


@kind(1)
def regretted_inside(canvas: Canvas, block: Block) -> Ends:
    """A sub-process, or one for each of two, undone from outside with what it ended with."""
    inner = Canvas(canvas.file)
    begin, end = inner.node("startEvent"), inner.node("endEvent")
    inner.chain(begin, step(inner), inner.block(block.parts[0]), step(inner), end)
    if block.pick % 3 == 0:
        own = Canvas(canvas.file)
        start = own.node("startEvent", UNDO.format(named=""))
        own.chain(start, regret(own), own.node("userTask"), own.node("endEvent"))
        inner.node("subProcess", "".join(own.elements), 'triggeredByEvent="true"')
    loop = repeated(block) if block.pick % 4 == 0 else ""
    key = canvas.node("subProcess", "".join(inner.elements) + loop)
    return canvas.chain(key, regret(canvas, key))


@kind(2)
def booked(canvas: Canvas, block: Block) -> Ends:
    """A transaction that is cancelled or not, with a part beside that is cut off in between."""
    inner = Canvas(canvas.file)
    begin, split = inner.node("startEvent"), inner.node("parallelGateway")
    ask, choice = step(inner), inner.node("exclusiveGateway")
    inner.chain(begin, split, step(inner), inner.block(block.parts[0]), ask, choice)
    inner.flow(choice, inner.node("endEvent", "<bpmn:cancelEventDefinition/>"), "v1")
    inner.default(choice, inner.node("endEvent"))
    part = Canvas(canvas.file)
    part.chain(
        part.node("startEvent"), step(part), part.block(block.parts[1]), part.node("endEvent")
    )
    inner.chain(split, inner.node("subProcess", "".join(part.elements)), inner.node("endEvent"))
    key, merge = (
        canvas.node("transaction", "".join(inner.elements)),
        canvas.node("exclusiveGateway"),
    )
    canvas.flow(key, merge)
    canvas.flow(canvas.boundary(key, "<bpmn:cancelEventDefinition/>"), merge)
    return key, merge


@kind(2)
def any_order(canvas: Canvas, block: Block) -> Ends:
    """An ad-hoc sub-process of two blocks and a task."""
    inner = Canvas(canvas.file)
    for part in block.parts:
        inner.chain(inner.node("userTask"), inner.node("subProcess", inner.inner(part)))
    split, join = inner.node("parallelGateway"), inner.node("parallelGateway")
    for _ in range(2):
        inner.chain(split, inner.node("userTask"), join)
    until = "<bpmn:completionCondition>v0 or v2</bpmn:completionCondition>"
    attributes = f'cancelRemainingInstances="{true_or_false(yes=block.pick % 3 > 0)}"'
    attributes += ' ordering="Sequential"' if odd(block) else ""
    inside = "".join(inner.elements) + (until if block.pick % 4 else "")
    key = canvas.node("adHocSubProcess", inside, attributes)
    return key, key


@kind()
def counted(canvas: Canvas, _block: Block) -> Ends:
    """A task that sends two tokens, one that both pass, one that needs both."""
    first = canvas.node("userTask", attributes='completionQuantity="2"')
    last = canvas.node("userTask", attributes='startQuantity="2"')
    return canvas.chain(first, canvas.node("userTask"), last)


@kind(1)
def looped(canvas: Canvas, block: Block) -> Ends:
    """A sub-process that repeats itself, tested before or after."""
    loop = (
        f'<bpmn:standardLoopCharacteristics testBefore="{true_or_false(yes=odd(block))}" '
        'loopMaximum="3"><bpmn:loopCondition>v0 or loopCounter &lt; 2</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>"
    )
    key = canvas.node("subProcess", canvas.inner(block.parts[0]) + loop)
    return canvas.chain(canvas.node("userTask"), key)


@kind(1)
def shouting(canvas: Canvas, block: Block) -> Ends:
    """Instances that throw a signal as they complete, caught on the border."""
    signal = canvas.head("signal")
    shout = (
        "<bpmn:complexBehaviorDefinition><bpmn:condition>v1</bpmn:condition><bpmn:event "
        f'id="{canvas.file.key("e")}">{refers("signal", signal)}</bpmn:event>'
        "</bpmn:complexBehaviorDefinition>"
    )
    behaviour = ["None", "One", "Complex"][block.pick % 3]
    inside = TWO + (shout if behaviour == "Complex" else "")
    loop = repeated(block, inside, f'behavior="{behaviour}"')
    key, merge = canvas.node("userTask", loop), canvas.node("exclusiveGateway")
    event = canvas.boundary(key, refers("signal", signal), interrupting=odd(block))
    canvas.beside(event, block.parts[0], merge if odd(block) else None)
    canvas.flow(key, merge)
    return key, merge
