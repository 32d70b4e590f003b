"""Models as trees of blocks: grown at random, drawn as BPMN, cut down to the smallest that fails.

A block is plain data, so that a model can be made smaller by replacing one of its blocks. What a
kind of block looks like stands in `blocks` (and wherever else `kind` is used): a new element is one
more function there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
Ends = tuple[str, str]


@dataclass(frozen=True)
class Block:
    """One piece of a model: its kind, a number that chooses among its variants, what is inside."""

    kind: str
    pick: int = 0
    parts: tuple[Block, ...] = ()

    def size(self) -> int:
        return 1 + sum(part.size() for part in self.parts)

    def __str__(self) -> str:
        inside = f"({', '.join(map(str, self.parts))})" if self.parts else ""
        return f"{self.kind}:{self.pick}{inside}"


TASK = Block("task")


@dataclass(frozen=True)
class Kind:
    """How a kind of block is drawn, of how many parts, and whether stock SpiffWorkflow runs it.

    One that is not sound can leave a case waiting for ever.
    """

    draw: Callable[[Canvas, Block], Ends]
    parts: int
    stock: bool
    sound: bool


KINDS: dict[str, Kind] = {}


def kind(
    parts: int = 0, *, stock: bool = False, sound: bool = True
) -> Callable[[Callable], Callable]:
    """Register how the blocks named like the function are drawn."""

    def register(draw: Callable[[Canvas, Block], Ends]) -> Callable[[Canvas, Block], Ends]:
        KINDS[draw.__name__.strip("_")] = Kind(draw, parts, stock, sound)
        return draw

    return register


def grow(rnd: random.Random, kinds: Sequence[str], depth: int) -> Block:
    """Return a random block no deeper than `depth`."""
    name = rnd.choice(kinds) if depth > 0 else "task"
    parts = tuple(grow(rnd, kinds, depth - 1) for _ in range(KINDS[name].parts))
    return Block(name, rnd.randrange(24), parts)


def smaller(block: Block) -> Iterator[Block]:
    """Yield every block that has one piece less: a part in the whole's place, or a plain task."""
    if block != TASK:
        yield TASK
    yield from block.parts
    for place, part in enumerate(block.parts):
        for less in smaller(part):
            parts = (*block.parts[:place], less, *block.parts[place + 1 :])
            yield replace(block, parts=parts)


@dataclass
class File:
    """What the canvases of one model share: the numbers of names, the top of the file, others."""

    count: int = 0
    head: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)

    def key(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"


@dataclass
class Canvas:
    """One process or sub-process being drawn."""

    file: File
    elements: list[str] = field(default_factory=list)

    def node(self, tag: str, inside: str = "", attributes: str = "", key: str = "") -> str:
        """Draw a flow node and return its id."""
        key = key or self.file.key(tag[:4])
        self.elements.append(f'<bpmn:{tag} id="{key}" {attributes}>{inside}</bpmn:{tag}>')
        return key

    def flow(self, source: str, target: str, condition: str = "") -> str:
        """Draw a sequence flow and return its id."""
        key = self.file.key("f")
        said = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
        self.elements.append(
            f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">'
            f"{said if condition else ''}</bpmn:sequenceFlow>"
        )
        return key

    def default(self, source: str, target: str) -> None:
        """Draw the flow that is taken when no other is."""
        key = self.flow(source, target)
        drawn = f'id="{source}"'
        place = next(n for n, one in enumerate(self.elements) if f" {drawn}" in one)
        self.elements[place] = self.elements[place].replace(drawn, f'{drawn} default="{key}"', 1)

    def chain(self, *ends: Ends | str) -> Ends:
        """Draw flows from one to the next and return the two ends of all."""
        pairs = [(end, end) if isinstance(end, str) else end for end in ends]
        for before, after in pairwise(pairs):
            self.flow(before[1], after[0])
        return pairs[0][0], pairs[-1][1]

    def block(self, block: Block) -> Ends:
        """Draw a block and return its first and last node."""
        return KINDS[block.kind].draw(self, block)

    def inner(self, *blocks: Block, start: str = "", beside: str = "") -> str:
        """Return what stands in a sub-process: start, the blocks one after another, end."""
        canvas = Canvas(self.file)
        begin = canvas.node("startEvent", start)
        canvas.chain(begin, *(canvas.block(one) for one in blocks), canvas.node("endEvent"))
        return "".join(canvas.elements) + beside

    def boundary(
        self, host: str, definition: str, *, interrupting: bool = True, key: str = ""
    ) -> str:
        """Draw a boundary event and return its id."""
        attributes = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
        return self.node("boundaryEvent", definition, attributes, key)

    def beside(self, event: str, block: Block, merge: str | None = None) -> None:
        """Lead from an event through a block to a merge, or to an end of its own."""
        self.chain(event, self.block(block), merge or self.node("endEvent"))

    def head(self, tag: str, attributes: str = "", inside: str = "", key: str = "") -> str:
        """Define a message, signal, error or escalation beside the processes; return its id."""
        key = key or self.file.key(tag)
        self.file.head.append(
            f'<bpmn:{tag} id="{key}" name="{key}" {attributes}>{inside}</bpmn:{tag}>'
        )
        return key


def extension(*inside: str) -> str:
    return f"<bpmn:extensionElements>{''.join(inside)}</bpmn:extensionElements>"


def refers(what: str, key: str) -> str:
    """Return the definition of a message, signal, error or escalation event."""
    return f'<bpmn:{what}EventDefinition {what}Ref="{key}"/>'


def timer(form: str, text: str) -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{form}>{text}</bpmn:{form}></bpmn:timerEventDefinition>"
    )


def condition(text: str) -> str:
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def draw(block: Block, key: str = "p") -> dict[str, str]:
    """Return the files of the model: path → text."""
    file = File()
    canvas = Canvas(file)
    body = canvas.inner(block)
    drawn = {f"processes/{key}/{key}.bpmn": whole(key, body, file.head)}
    for number, text in enumerate(file.processes):
        drawn[f"processes/{key}/called{number}.bpmn"] = text
    return drawn | {f"processes/{key}/{name}.dmn": text for name, text in file.tables.items()}


def whole(key: str, body: str, head: Sequence[str] = ()) -> str:
    """Return a file with one process."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES} id="d{key}" '
        f'targetNamespace="x">{"".join(head)}<bpmn:process id="{key}" name="{key}" '
        f'isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    )
