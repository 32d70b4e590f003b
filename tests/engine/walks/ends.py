"""Blocks of what else events and tasks do: ends that speak, borders that hear, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.walks.blocks import message, odd
from tests.engine.walks.drawing import Canvas, extension, kind, refers

if TYPE_CHECKING:
    from tests.engine.walks.drawing import Block, Ends

UNDO = "<bpmn:compensateEventDefinition/>"
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="x">
<decision id="band" name="band"><decisionTable id="dt" hitPolicy="FIRST">
<input id="i1"><inputExpression id="ie"><text>step</text></inputExpression></input>
<output id="o1" name="band"/>
<rule id="low"><inputEntry id="a1"><text>&lt; 10</text></inputEntry>
<outputEntry id="b1"><text>"low"</text></outputEntry></rule>
<rule id="high"><inputEntry id="a2"><text>-</text></inputEntry>
<outputEntry id="b2"><text>"high"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@kind(2)
def heard(canvas: Canvas, block: Block) -> Ends:
    """A sub-process with a message on its border, interrupting or not."""
    key, merge = (
        canvas.node("subProcess", canvas.inner(block.parts[0])),
        canvas.node("exclusiveGateway"),
    )
    event = canvas.boundary(key, refers("message", message(canvas)), interrupting=odd(block))
    canvas.beside(event, block.parts[1], merge if odd(block) else None)
    canvas.flow(key, merge)
    return key, merge


def said(canvas: Canvas, block: Block) -> str:
    """Return what an event throws: a message, a signal, or both."""
    parts = [refers("message", message(canvas)), refers("signal", canvas.head("signal"))]
    return "".join([parts[:1], parts[1:], parts][block.pick % 3])


@kind(1)
def ending(canvas: Canvas, block: Block) -> Ends:
    """A sub-process one of whose ends says something."""
    inside = Canvas(canvas.file)
    split = inside.node("parallelGateway")
    inside.chain(inside.node("startEvent"), split)
    inside.chain(split, inside.block(block.parts[0]), inside.node("endEvent"))
    inside.chain(split, inside.node("userTask"), inside.node("endEvent", said(canvas, block)))
    key = canvas.node("subProcess", "".join(inside.elements))
    return key, key


@kind(1)
def announced(canvas: Canvas, block: Block) -> Ends:
    """Throw events on the way, one of which throws nothing; a task that sends; one that passes."""
    sends = canvas.node("sendTask", "", f'messageRef="{message(canvas)}"')
    return canvas.chain(
        canvas.node("intermediateThrowEvent"),
        canvas.block(block.parts[0]),
        canvas.node("intermediateThrowEvent", said(canvas, block)),
        sends,
        canvas.node("manualTask" if odd(block) else "task"),
    )


@kind(1)
def taken_back(canvas: Canvas, block: Block) -> Ends:
    """A sub-process that ends with undoing what was done in it."""
    inside = Canvas(canvas.file)
    done, undo = inside.node("userTask"), inside.node("userTask", "", 'isForCompensation="true"')
    event = inside.boundary(done, UNDO)
    key = canvas.file.key("assoc")
    inside.elements.append(f'<bpmn:association id="{key}" sourceRef="{event}" targetRef="{undo}"/>')
    end = inside.node("endEvent", UNDO)
    inside.chain(inside.node("startEvent"), done, inside.block(block.parts[0]), end)
    key = canvas.node("subProcess", "".join(inside.elements))
    return key, key


@kind()
def decided(canvas: Canvas, _block: Block) -> Ends:
    """A decision table reads what a task answered."""
    canvas.file.tables["band"] = TABLE
    asked = extension('<zeebe:calledDecision decisionId="band" resultVariable="result"/>')
    return canvas.chain(canvas.node("userTask"), canvas.node("businessRuleTask", asked))
