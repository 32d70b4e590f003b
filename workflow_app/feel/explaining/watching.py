"""Evaluates while noting what each piece of the text gave, and why it gave null.

A text is compiled a second time for this, with a watcher around the closure of each node; the
usual evaluation costs nothing more. When a node is done, what its parts gave is known, and
``feel.blame`` judges whether an error made a null here. A null that an inner piece has already
been blamed for is not told again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workflow_app.feel.display import display
from workflow_app.feel.errors import FeelBudgetExceeded
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.warnings import Cause, FeelWarning, place_of
from workflow_app.feel.nodes import Literal, Name, Node
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.scope import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.feel.closures import Code, Environment
    from workflow_app.feel.scope import Scope

MAX_WARNINGS = 50
_SHOWN = 40
_LOOKED_AT = 20


class Part(NamedTuple):
    """What a piece gave, and whether a warning has told why there is a null in it."""

    value: object
    blamed: bool


class Trace(Runtime):
    """A runtime that keeps what the parts of each node gave, and the warnings."""

    __slots__ = ("frames", "source", "told", "warnings")

    def __init__(self, functions: Mapping[str, Callable[..., object]], source: str) -> None:
        super().__init__(functions)
        self.source = source
        self.frames: list[dict[int, Part]] = [{}]
        self.warnings: dict[tuple[int, str], FeelWarning] = {}
        self.told = 0

    def warn(self, code: Cause, why: str, node: Node, details: dict[str, object]) -> None:
        """Keep a warning about a node, once for each place and sentence."""
        self.told += 1
        place = place_of(self.source, node.at, node.until)
        if len(self.warnings) < MAX_WARNINGS:
            warning = FeelWarning(
                code, why, place.line, place.column, place.position, place.piece, details
            )
            self.warnings.setdefault((node.at, why), warning)


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, and the names that are local where it stands."""

    node: Node
    locals: frozenset[str]
    items: tuple[int, ...]
    callee: Code | None


@dataclass(frozen=True, slots=True)
class Case:
    """A node that has just been evaluated: what it gave, and what its parts gave."""

    spot: Spot
    value: object
    parts: dict[int, Part]
    env: Environment

    @property
    def trace(self) -> Trace:
        """The runtime, which keeps the warnings."""
        runtime: Trace = self.env[RUNTIME]
        return runtime

    def part(self, node: Node) -> Part | None:
        """Give what a part gave; nothing when it was not evaluated."""
        if isinstance(node, Literal):
            return Part(node.value, blamed=False)
        return self.parts.get(id(node))

    def given(self, *nodes: Node) -> tuple[Part, ...]:
        """Give what those of the parts gave that were evaluated."""
        return tuple(part for node in nodes if (part := self.part(node)) is not None)

    def text(self, node: Node) -> str:
        """Give the characters of a part, as it stands in the text."""
        piece = " ".join(self.trace.source[node.at : node.until].split())
        return piece if len(piece) <= _SHOWN else piece[: _SHOWN - 1] + "…"

    def tell(self, code: Cause, why: str, node: Node | None = None, /, **details: object) -> None:
        """Warn about this node, or about a part of it."""
        self.trace.warn(code, why, node or self.spot.node, details)

    def null_operand(self, *nodes: Node) -> bool:
        """Tell of the first part that is null; true when one is, blamed already or now."""
        for node in nodes:
            part = self.part(node)
            if part is not None and part.value is None:
                if not part.blamed:
                    self.tell(Cause.NULL_OPERAND, words.NULL_OPERAND, operand=self.text(node))
                return True
        return False


class Watcher:
    """Puts a watcher around the closure of each node; ``judges`` say who judges which."""

    def __init__(
        self,
        judges: Mapping[type, Callable[[Case], None]],
        callee: Callable[[Node, Scope], Code | None],
    ) -> None:
        self._judges = judges
        self._callee = callee

    def __call__(self, node: Node, code: Code, scope: Scope) -> Code:
        """Make the closure that evaluates a node and then judges what it gave."""
        names, items = _locals(scope)
        spot = Spot(node, names, items, self._callee(node, scope))
        judge = self._judges.get(type(node))
        local = isinstance(node, Name) and node.name in names

        def run(env: Environment) -> object:
            trace: Trace = env[RUNTIME]
            before = trace.told
            trace.frames.append({})
            value = code(env)
            parts = trace.frames.pop()
            if judge is not None:
                judge(Case(spot, value, parts, env))
            # A local name may hold a null that was told of where it was made.
            told = trace.told > (0 if local else before)
            blamed = (told or any(part.blamed for part in parts.values())) and _holds_null(value)
            trace.frames[-1][id(node)] = Part(value, blamed)
            return value

        return run


def _locals(scope: Scope) -> tuple[frozenset[str], tuple[int, ...]]:
    names: set[str] = set()
    items = []
    level: Scope | None = scope
    while level is not None:
        names.update(level.slots)
        if level.item is not None:
            items.append(level.item)
        level = level.outer
    return frozenset(names), tuple(items)


def _holds_null(value: object) -> bool:
    if isinstance(value, list):
        return any(_holds_null(item) for item in value[:_LOOKED_AT])
    if isinstance(value, dict):
        return any(_holds_null(item) for item in list(value.values())[:_LOOKED_AT])
    return value is None


def shown(value: object) -> str:
    """Write a value as FEEL does, cut where it is long."""
    try:
        text = display(value, Runtime({}))
    except FeelBudgetExceeded:
        return "…"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
