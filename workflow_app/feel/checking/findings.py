"""What reading a FEEL text finds out without running it, and where names get their types from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from typing_extensions import override

from workflow_app.feel.checking.typing import ANY, FeelType, as_type
from workflow_app.feel.explaining.warnings import Cause, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.feel.nodes import Node

Severity = Literal["error", "warning"]
MAX_PROBLEMS = 100
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a text: an error, or a warning of what is always null.

    ``hint`` is what was probably meant, if anything is like it.
    """

    code: Cause
    severity: Severity
    why: str
    line: int
    column: int
    position: int
    piece: str
    details: Mapping[str, object] = field(default_factory=dict)
    hint: str | None = None

    @property
    def reason(self) -> str:
        """The English sentence."""
        return self.why % self.details if self.details else self.why

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Give the msgid of the sentence and what fills it."""
        return self.why, self.details

    @override
    def __str__(self) -> str:
        """Give the English sentence."""
        return self.reason


@dataclass(frozen=True, slots=True)
class Names:
    """One level of names with their types; ``item`` is what a filter goes through.

    A type may be written out; it is read when it is asked for, since few of many names are.
    """

    types: dict[str, FeelType | str]
    outer: Names | None = None
    item: FeelType | None = None

    def inner(self, types: Mapping[str, FeelType], item: FeelType | None = None) -> Names:
        """Open a level within this one."""
        return Names(dict(types), self, item)

    def find(self, name: str) -> FeelType | None:
        """Give the type of a name; nothing for one that is unknown."""
        level: Names | None = self
        while level is not None:
            member = None if level.item is None else _member(level.item, name)
            if member is not None:
                return member
            if name in level.types:
                return as_type(level.types[name])
            level = level.outer
        return None

    def is_local(self, name: str) -> bool:
        """Tell whether a level above the outermost one has the name."""
        level: Names | None = self
        while level is not None and level.outer is not None:
            if name in level.types:
                return True
            level = level.outer
        return False

    def known(self) -> Iterator[str]:
        """Give all names, those nearest first."""
        level: Names | None = self
        while level is not None:
            if level.item is not None:
                for choice in level.item.choices:
                    yield from (key for key, _kind in choice.members)
            yield from level.types
            level = level.outer


def _member(item: FeelType, name: str) -> FeelType | None:
    """Give the type of a member of an item; Any where it may have one."""
    for choice in item.choices:
        if choice.name == "Any" or (choice.name == "context" and not choice.members):
            return ANY
        if choice.name == "context" and (found := choice.member(name)) is not None:
            return found if len(item.choices) == 1 else ANY
    return None


class Notes:
    """The problems found so far in a text, and who infers the type of a node."""

    def __init__(
        self,
        text: str,
        infer: Callable[[Node, Names, Notes], FeelType],
        functions: Mapping[str, FeelType],
        *,
        closed: bool,
        calls_closed: bool,
    ) -> None:
        self.text = text
        self.functions = functions
        self.closed = closed
        self.calls_closed = calls_closed
        self._infer = infer
        self.problems: dict[tuple[int, int, str], Problem] = {}

    def infer(self, node: Node, names: Names) -> FeelType:
        """Give the type of a node, noting what is wrong in it."""
        return self._infer(node, names, self)

    def piece(self, node: Node) -> str:
        """Give the characters of a node, as they stand in the text."""
        piece = " ".join(self.text[node.at : node.until].split())
        return piece if len(piece) <= _SHOWN else piece[: _SHOWN - 1] + "…"

    def error(self, code: Cause, why: str, node: Node, /, **details: object) -> FeelType:
        """Note an error; gives Any, so that nothing that follows from it is told too."""
        return self._note(code, "error", why, node, details)

    def warning(self, code: Cause, why: str, node: Node, /, **details: object) -> FeelType:
        """Note something that is always null; gives Any."""
        return self._note(code, "warning", why, node, details)

    def _note(
        self, code: Cause, severity: Severity, why: str, node: Node, details: dict[str, object]
    ) -> FeelType:
        place = place_of(self.text, node.at, node.until)
        hint = details.get("hint")
        problem = Problem(
            code,
            severity,
            why,
            place.line,
            place.column,
            place.position,
            place.piece,
            details,
            None if hint is None else str(hint),
        )
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.setdefault((place.position, node.until, why), problem)
        return ANY
