"""The kinds of blocks that models are grown of: every element that runs, one function each.

`v0`, `v1`, `v2` are set anew by every completed task; conditions read nothing else. A condition
stands behind a task of its own path, so that parallel paths cannot change it in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.walks.drawing import (
    TASK,
    Canvas,
    condition,
    extension,
    kind,
    refers,
    timer,
    whole,
)

if TYPE_CHECKING:
    from tests.engine.walks.drawing import Block, Ends

MANY = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{order}">{inside}'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
COUNTED = "<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"


def odd(block: Block) -> bool:
    return block.pick % 2 == 1


def true_or_false(*, yes: bool) -> str:
    return "true" if yes else "false"


# -- what stock SpiffWorkflow runs right too, given joins that do not fire early ------------------


@kind(stock=True)
def task(canvas: Canvas, _block: Block) -> Ends:
    key = canvas.node("userTask")
    return key, key


@kind(2, stock=True)
def row(canvas: Canvas, block: Block) -> Ends:
    return canvas.chain(*map(canvas.block, block.parts))


@kind(2, stock=True)
def choice(canvas: Canvas, block: Block) -> Ends:
    ask, split, merge = (canvas.node(t) for t in ("userTask", *["exclusiveGateway"] * 2))
    canvas.flow(ask, split)
    first, second = map(canvas.block, block.parts)
    canvas.flow(split, first[0], f"v{block.pick % 3}")
    canvas.default(split, second[0])
    canvas.flow(first[1], merge)
    canvas.flow(second[1], merge)
    return ask, merge


@kind(1, stock=True)
def turn(canvas: Canvas, block: Block) -> Ends:
    """A loop, as long as a variable says so."""
    merge, split = canvas.node("exclusiveGateway"), canvas.node("exclusiveGateway")
    out = canvas.node("userTask")
    canvas.chain(merge, canvas.block(block.parts[0]), canvas.node("userTask"), split)
    canvas.flow(split, merge, f"v{block.pick % 3}")
    canvas.default(split, out)
    return merge, out


@kind(3, stock=True)
def jumps(canvas: Canvas, block: Block) -> Ends:
    """Three parts with jumps forwards and backwards into the middle: no block structure."""
    merges = [canvas.node("exclusiveGateway") for _ in block.parts]
    last = canvas.node("userTask")
    for place, part in enumerate(block.parts):
        split = canvas.node("exclusiveGateway")
        canvas.chain(merges[place], canvas.block(part), canvas.node("userTask"), split)
        canvas.flow(split, merges[(block.pick + place) % 3], f"v{place}")
        canvas.flow(split, merges[(block.pick * 5 + place * 2) % 3], f"v{(place + 1) % 3}")
        canvas.default(split, merges[place + 1] if place + 1 < len(merges) else last)
    return merges[0], last


@kind(2, stock=True)
def both(canvas: Canvas, block: Block) -> Ends:
    split, merge = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    for part in block.parts:
        canvas.chain(split, canvas.block(part), merge)
    return split, merge


@kind(3, stock=True)
def crossed(canvas: Canvas, block: Block) -> Ends:
    """Two parallel paths; the middle of the second waits for the middle of the first."""
    split, half, wait, merge = (canvas.node("parallelGateway") for _ in range(4))
    first, second, third = map(canvas.block, block.parts)
    canvas.chain(split, first, half, canvas.node("userTask"), merge)
    canvas.chain(split, second, wait, third, merge)
    canvas.flow(half, wait)
    return split, merge


@kind(2, stock=True)
def some(canvas: Canvas, block: Block) -> Ends:
    """An inclusive gateway whose first flow is always taken."""
    ask, split, merge = (canvas.node(t) for t in ("userTask", *["inclusiveGateway"] * 2))
    first, second = map(canvas.block, block.parts)
    canvas.flow(ask, split)
    canvas.flow(split, first[0], "yes")
    canvas.flow(split, second[0], f"v{block.pick % 3}")
    canvas.flow(first[1], merge)
    canvas.flow(second[1], merge)
    return ask, merge


@kind(1, stock=True)
def sub(canvas: Canvas, block: Block) -> Ends:
    key = canvas.node("subProcess", canvas.inner(*block.parts))
    return key, key


@kind(2, stock=True)
def overheard(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with a signal on its border that interrupts nothing."""
    key = canvas.node("subProcess", canvas.inner(block.parts[0]))
    event = canvas.boundary(key, refers("signal", canvas.head("signal")), interrupting=False)
    canvas.beside(event, block.parts[1])
    return key, key


@kind(1, stock=True)
def signalled(canvas: Canvas, block: Block) -> Ends:
    """A task that a signal interrupts."""
    key, merge = canvas.node("userTask"), canvas.node("exclusiveGateway")
    canvas.beside(
        canvas.boundary(key, refers("signal", canvas.head("signal"))), block.parts[0], merge
    )
    canvas.flow(key, merge)
    return key, merge


@kind(stock=True)
def many(canvas: Canvas, block: Block) -> Ends:
    """A task for a number of people, none among them, together or one by one."""
    loop = MANY.format(order=true_or_false(yes=odd(block)), inside=COUNTED.format(count="n"))
    return canvas.chain(canvas.node("userTask"), canvas.node("userTask", loop))


# -- what only our engine runs --------------------------------------------------------------------


@kind(1)
def late(canvas: Canvas, block: Block) -> Ends:
    """A task with a timer on its border that leads past it or beside it."""
    key, merge = canvas.node("userTask"), canvas.node("exclusiveGateway")
    form, text = [("timeDuration", "PT1H"), ("timeCycle", "R3/PT35M")][block.pick // 2 % 2]
    event = canvas.boundary(key, timer(form, text), interrupting=odd(block))
    canvas.beside(event, block.parts[0], merge if odd(block) else None)
    canvas.flow(key, merge)
    return key, merge


@kind()
def first_of(canvas: Canvas, block: Block) -> Ends:
    """Behind an event gateway: two timers, a message, a signal, a condition."""
    gate, merge = canvas.node("eventBasedGateway"), canvas.node("exclusiveGateway")
    events = [
        timer("timeDuration", "PT2H"),
        timer("timeDuration", "PT30M"),
        refers("message", message(canvas)),
        refers("signal", canvas.head("signal")),
    ]
    for definition in events[block.pick % 3 :]:
        canvas.chain(gate, canvas.node("intermediateCatchEvent", definition), merge)
    return gate, merge


def message(canvas: Canvas, key: str = "=yes") -> str:
    """Define a message with a correlation key."""
    return canvas.head("message", "", extension(f'<zeebe:subscription correlationKey="{key}"/>'))


@kind()
def told(canvas: Canvas, block: Block) -> Ends:
    """Wait for a message, as an event or as a task."""
    name = message(canvas)
    if odd(block):
        key = canvas.node("receiveTask", "", f'messageRef="{name}"')
    else:
        key = canvas.node("intermediateCatchEvent", refers("message", name))
    return key, key


@kind(2)
def talk(canvas: Canvas, block: Block) -> Ends:
    """One path tells the other something; told too early it leaves the case."""
    split, merge = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    what = "signal" if odd(block) else "message"
    name = message(canvas) if what == "message" else canvas.head("signal")
    said = extension('<zeebe:ioMapping><zeebe:input source="=v0" target="said"/></zeebe:ioMapping>')
    throw = canvas.node("intermediateThrowEvent", said + refers(what, name))
    catch = canvas.node("intermediateCatchEvent", refers(what, name))
    canvas.chain(split, canvas.block(block.parts[0]), throw, merge)
    canvas.chain(split, canvas.block(block.parts[1]), catch, merge)
    return split, merge


@kind(2)
def failing(canvas: Canvas, block: Block) -> Ends:
    """A sub-process that may end in an error, caught on its border or beside it."""
    error = canvas.head("error", 'errorCode="E1"')
    inside = Canvas(canvas.file)
    split = inside.node("exclusiveGateway")
    inside.chain(
        inside.node("startEvent"),
        inside.block(block.parts[0]),
        inside.node("userTask"),
        split,
    )
    inside.flow(split, inside.node("endEvent", refers("error", error)), "v0")
    inside.default(split, inside.node("endEvent"))
    if odd(block):
        handler = event_sub(canvas, refers("error", error), block.parts[1])
        key = canvas.node("subProcess", "".join(inside.elements) + handler)
        return key, key
    key, merge = (
        canvas.node("subProcess", "".join(inside.elements)),
        canvas.node("exclusiveGateway"),
    )
    canvas.beside(canvas.boundary(key, refers("error", error)), block.parts[1], merge)
    canvas.flow(key, merge)
    return key, merge


@kind(2)
def rising(canvas: Canvas, block: Block) -> Ends:
    """A sub-process that escalates on its way."""
    name = canvas.head("escalation", 'escalationCode="S1"')
    inside = Canvas(canvas.file)
    inside.chain(
        inside.node("startEvent"),
        inside.node("userTask"),
        inside.node("intermediateThrowEvent", refers("escalation", name)),
        inside.block(block.parts[0]),
        inside.node("endEvent", refers("escalation", name)),
    )
    stops = odd(block)
    if block.pick % 4 > 1:
        handler = event_sub(canvas, refers("escalation", name), block.parts[1], interrupting=stops)
        key = canvas.node("subProcess", "".join(inside.elements) + handler)
        return key, key
    key, merge = (
        canvas.node("subProcess", "".join(inside.elements)),
        canvas.node("exclusiveGateway"),
    )
    event = canvas.boundary(key, refers("escalation", name), interrupting=stops)
    canvas.beside(event, block.parts[1], merge if stops else None)
    canvas.flow(key, merge)
    return key, merge


def event_sub(canvas: Canvas, definition: str, block: Block, *, interrupting: bool = True) -> str:
    """Return an event sub-process."""
    inside = Canvas(canvas.file)
    attributes = f'isInterrupting="{true_or_false(yes=interrupting)}"'
    start = inside.node("startEvent", definition, attributes)
    inside.chain(start, inside.block(block), inside.node("endEvent"))
    key = canvas.file.key("beside")
    body = "".join(inside.elements)
    return f'<bpmn:subProcess id="{key}" triggeredByEvent="true">{body}</bpmn:subProcess>'


@kind(2)
def guarded(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with an event sub-process of every start that comes from outside."""
    definition = [
        lambda: refers("message", message(canvas)),
        lambda: refers("signal", canvas.head("signal")),
        lambda: timer("timeDuration", "PT45M"),
        lambda: timer("timeCycle", "R/PT50M"),
        lambda: condition("=v1 and v2"),
    ][block.pick // 2 % 5]()
    stops = odd(block) and "Cycle" not in definition
    handler = event_sub(canvas, definition, block.parts[1], interrupting=stops)
    key = canvas.node("subProcess", canvas.inner(block.parts[0], beside=handler))
    return key, key


@kind(1)
def watched(canvas: Canvas, block: Block) -> Ends:
    """A task with a condition on its border."""
    key, merge = canvas.node("userTask"), canvas.node("exclusiveGateway")
    other = canvas.node("userTask")
    split, join = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    event = canvas.boundary(key, condition("=v1"), interrupting=odd(block))
    canvas.beside(event, block.parts[0], merge if odd(block) else None)
    canvas.chain(split, key, merge, join)
    canvas.chain(split, other, join)
    return split, join


@kind()
def awaited(canvas: Canvas, _block: Block) -> Ends:
    """A condition that another path makes true."""
    split, join = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    merge, ask, again = (
        canvas.node(t) for t in ("exclusiveGateway", "userTask", "exclusiveGateway")
    )
    canvas.chain(split, merge, ask, again)
    canvas.flow(again, join, "v2")
    canvas.default(again, merge)
    canvas.chain(split, canvas.node("intermediateCatchEvent", condition("=v2")), join)
    return split, join


@kind(1)
def linked(canvas: Canvas, block: Block) -> Ends:
    """Two halves of a path, joined by links."""
    name = canvas.file.key("link")
    link = f'<bpmn:linkEventDefinition name="{name}"/>'
    first = canvas.chain(canvas.block(block.parts[0]), canvas.node("intermediateThrowEvent", link))
    last = canvas.chain(
        canvas.node("intermediateCatchEvent", link), canvas.node("exclusiveGateway")
    )
    return first[0], last[1]


@kind(2)
def forked(canvas: Canvas, block: Block) -> Ends:
    """Several flows out of a task, all taken; or conditional ones and a default."""
    ask = canvas.node("userTask")
    first, second = map(canvas.block, block.parts)
    if odd(block):
        merge = canvas.node("parallelGateway")
        canvas.flow(ask, first[0])
        canvas.flow(ask, second[0])
    else:
        merge = canvas.node("inclusiveGateway")
        canvas.flow(ask, first[0], "=v0")
        canvas.default(ask, second[0])
    canvas.flow(first[1], merge)
    canvas.flow(second[1], merge)
    return ask, merge


@kind(1)
def repeated(canvas: Canvas, block: Block) -> Ends:
    """A sub-process, or a task, in a standard loop."""
    loop = (
        f'<bpmn:standardLoopCharacteristics loopMaximum="{2 + block.pick % 3}">'
        "<bpmn:loopCondition>=v0</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    if odd(block):
        key = canvas.node("userTask", loop)
    else:
        key = canvas.node("subProcess", canvas.inner(*block.parts) + loop)
    return key, key


@kind(1)
def noted(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with a data object of its own, which tasks write and read by arrows."""
    key = canvas.file.key("data")
    held = (
        f'<bpmn:dataObject id="{key}" name="seen" isCollection="{true_or_false(yes=odd(block))}"/>'
        f'<bpmn:dataObjectReference id="{key}r" dataObjectRef="{key}"/>'
    )
    out = (
        f"<bpmn:dataOutputAssociation><bpmn:targetRef>{key}r</bpmn:targetRef>"
        "<bpmn:transformation>=concatenate(if seen = null then [] else seen, [step])"
        "</bpmn:transformation></bpmn:dataOutputAssociation>"
    )
    copy = (
        f'<bpmn:ioSpecification><bpmn:dataInput id="{key}i" name="before"/></bpmn:ioSpecification>'
        f"<bpmn:dataInputAssociation><bpmn:sourceRef>{key}r</bpmn:sourceRef>"
        f"<bpmn:targetRef>{key}i</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    inner = Canvas(canvas.file)
    begin, write = inner.node("startEvent"), inner.node("userTask", out)
    read = inner.node("userTask", copy + out)
    inner.chain(begin, write, inner.block(block.parts[0]), read, inner.node("endEvent"))
    kept = '<zeebe:ioMapping><zeebe:output source="=count(seen)" target="kept"/></zeebe:ioMapping>'
    said = extension(kept) if block.pick % 3 == 0 else ""
    sub = canvas.node("subProcess", said + held + "".join(inner.elements))
    return sub, sub


@kind(1)
def each(canvas: Canvas, block: Block) -> Ends:
    """A sub-process for each of two, with results and sometimes an early end."""
    enough = "<bpmn:completionCondition>=v0</bpmn:completionCondition>"
    inside = extension(
        '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="n" '
        'outputCollection="got" outputElement="=step"/>'
    ) + (enough if block.pick % 4 > 1 else "")
    loop = MANY.format(order=true_or_false(yes=odd(block)), inside=inside)
    key = canvas.node("subProcess", canvas.inner(*block.parts) + loop)
    return key, key


@kind(1)
def called(canvas: Canvas, block: Block) -> Ends:
    """A process of its own, with a reminder that may come again and again."""
    name = canvas.file.key("called")
    mapped = (
        '<zeebe:ioMapping><zeebe:input source="=step" target="given"/>'
        '<zeebe:output source="=given" target="back"/></zeebe:ioMapping>'
    )
    reminder = event_sub(
        canvas,
        timer("timeCycle", "R/PT50M"),
        block.parts[0] if block.pick % 3 == 0 else TASK,
        interrupting=False,
    )
    inner = Canvas(canvas.file).inner(*block.parts, beside=reminder)
    heads = [one for one in canvas.file.head if one.split('"')[1] in inner]
    canvas.file.processes.append(whole(name, inner, heads))
    said = f'<zeebe:calledElement processId="{name}"/>' + (mapped if odd(block) else "")
    key = canvas.node("callActivity", extension(said))
    return key, key


@kind(1)
def stopped(canvas: Canvas, block: Block) -> Ends:
    """A sub-process whose shorter path ends all of it."""
    inside = Canvas(canvas.file)
    split = inside.node("parallelGateway")
    inside.chain(inside.node("startEvent"), split)
    inside.chain(split, inside.block(block.parts[0]), inside.node("endEvent"))
    end = inside.node("endEvent", "<bpmn:terminateEventDefinition/>")
    inside.chain(split, inside.node("userTask"), end)
    key = canvas.node("subProcess", "".join(inside.elements))
    return key, key


@kind()
def worked_out(canvas: Canvas, block: Block) -> Ends:
    """A script, and a task that sees mapped inputs and gives mapped outputs."""
    script = extension('<zeebe:script expression="=step * 2" resultVariable="twice.it"/>')
    mapped = extension(
        '<zeebe:ioMapping><zeebe:input source="=twice.it + 1" target="seen"/>'
        f'<zeebe:output source="=seen + step" target="sum{block.pick % 3}"/></zeebe:ioMapping>'
    )
    return canvas.chain(
        canvas.node("userTask"),
        canvas.node("scriptTask", script),
        canvas.node("userTask", mapped),
    )


@kind(1)
def served(canvas: Canvas, block: Block) -> Ends:
    """An operation that may fail with an error that its border catches."""
    error = canvas.head("error", 'errorCode="E2"')
    asked = extension(
        '<zeebe:taskDefinition type="echo"/><zeebe:ioMapping>'
        '<zeebe:input source="=v0" target="fails"/></zeebe:ioMapping>'
    )
    key, merge = canvas.node("serviceTask", asked), canvas.node("exclusiveGateway")
    canvas.beside(canvas.boundary(key, refers("error", error)), block.parts[0], merge)
    canvas.flow(key, merge)
    return canvas.chain(canvas.node("userTask"), (key, merge))


@kind(2)
def tangled(canvas: Canvas, block: Block) -> Ends:
    """Parallel paths, one of which may jump back before the split: tokens pile up at the join."""
    before, split, merge = (canvas.node(t) for t in ("exclusiveGateway", *["parallelGateway"] * 2))
    back = canvas.node("exclusiveGateway")
    canvas.chain(before, split, canvas.block(block.parts[0]), merge)
    canvas.chain(split, canvas.block(block.parts[1]), canvas.node("userTask"), back)
    canvas.flow(back, before, "v0")
    canvas.default(back, merge)
    return before, merge
