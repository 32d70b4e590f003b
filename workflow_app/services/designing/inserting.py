"""Steps put into a scenario file as text: all that stands there already stays as it was written.

Remarks, spaces and the ends of lines included. What cannot be done so is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import yaml

from workflow_app.services.designing.scripts import written

Step = Mapping[str, Any]
_REMARK = re.compile(r"\s*#")
_NOTHING = re.compile(r"(\w+:)[ ]*\[[ ]*\]([ ]*(?:#.*)?)")


class NoRoom(ValueError):
    """A text has no place at which steps could be put in without touching the rest."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where steps go: before the step at `place` (from nought) of `part`, or right after it.

    `after` moves what that step expects behind the new ones, since it tells what holds after them.
    """

    part: str
    place: int
    after: bool = False


def with_steps(text: str, spot: Spot, steps: Sequence[Step]) -> str:
    """Return a scenario's text with steps at a spot. Raises NoRoom."""
    try:
        new = "\n".join(_Page.of(text, spot).with_steps(steps))
        meant = _meant(_read(text), spot, steps) == _read(new)
    except (yaml.YAMLError, msgspec.DecodeError, ValueError, RecursionError) as wrong:
        raise NoRoom from wrong
    if not meant:
        raise NoRoom
    return new


def _read(text: str) -> dict[str, Any]:
    return msgspec.convert(msgspec.yaml.decode(text), dict[str, Any])


def _meant(said: dict[str, Any], spot: Spot, steps: Sequence[Step]) -> dict[str, Any]:
    """Return what a scenario has to say once the steps are in it."""
    known, new = list(said.get(spot.part) or []), [dict(step) for step in steps]
    if not spot.after:
        return {**said, spot.part: [*known[: spot.place], *new, *known[spot.place :]]}
    before = dict(known[spot.place])
    new[-1]["expect"] = before.pop("expect")
    return {**said, spot.part: [*known[: spot.place], before, *new, *known[spot.place + 1 :]]}


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a text, and what YAML makes of them."""

    lines: list[str]
    root: yaml.MappingNode
    spot: Spot

    @classmethod
    def of(cls, text: str, spot: Spot) -> _Page:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode) or root.flow_style:
            raise NoRoom
        return cls(text.split("\n"), root, spot)

    def with_steps(self, steps: Sequence[Step]) -> list[str]:
        found = _pair(self.root, self.spot.part)
        if found is None:
            return self._with_part(steps)
        items = found[1]
        if not isinstance(items, yaml.SequenceNode) or items.flow_style:
            return self._with_first(found[0], steps)
        if self.spot.after:
            return self._after(items, steps)
        return self._before(items, steps)

    def _with_part(self, steps: Sequence[Step]) -> list[str]:
        """Add the whole part, before what is expected at the end."""
        expect = _pair(self.root, "expect")
        at = expect[0].start_mark.line if expect else _end(self.root)
        return self._put(at, [f"{self.spot.part}:", *_block(steps, 2, 4)])

    def _with_first(self, key: yaml.Node, steps: Sequence[Step]) -> list[str]:
        """Put steps where a part has none."""
        line = key.start_mark.line
        empty = _NOTHING.fullmatch(self.lines[line].removesuffix("\r"))
        if empty is None:
            raise NoRoom
        rest = self.lines[:line], self.lines[line + 1 :]
        new = self._ended([empty[1] + empty[2], *_block(steps, 2, 4)])
        return [*rest[0], *new, *rest[1]]

    def _before(self, items: yaml.SequenceNode, steps: Sequence[Step]) -> list[str]:
        dash, known = items.start_mark.column, items.value
        if self.spot.place == len(known):
            at = _end(known[-1])
        else:
            at = self._head(known[self.spot.place], dash)
            least = _end(known[self.spot.place - 1]) if self.spot.place else items.start_mark.line
            while at > least and _REMARK.match(self.lines[at - 1]):
                at -= 1
        return self._put(at, _block(steps, dash, dash + 2))

    def _after(self, items: yaml.SequenceNode, steps: Sequence[Step]) -> list[str]:
        """Put steps behind one, whose expectation goes behind them."""
        item, dash = items.value[self.spot.place], items.start_mark.column
        expect = _pair(item, "expect")
        if expect is None or item.flow_style:
            raise NoRoom
        first, end = expect[0].start_mark.line, _end(expect[1])
        if first <= self._head(item, dash):
            raise NoRoom
        moved, last = self.lines[first:end], _end(item)
        kept = [*self.lines[:first], *self.lines[end:last]]
        new = self._ended(_block(steps, dash, item.start_mark.column))
        return [*kept, *new, *moved, *self.lines[last:]]

    def _head(self, item: yaml.Node, dash: int) -> int:
        """Return the line of a step's dash."""
        mark = item.start_mark
        if self.lines[mark.line][: mark.column].rstrip(" ") != " " * dash + "-":
            raise NoRoom
        return mark.line

    def _put(self, at: int, block: list[str]) -> list[str]:
        return [*self.lines[:at], *self._ended(block), *self.lines[at:]]

    def _ended(self, block: list[str]) -> list[str]:
        """Return lines that end as those of the text do."""
        ending = "\r" if self.lines[0].endswith("\r") else ""
        return [line + ending for line in block]


def _block(steps: Sequence[Step], dash: int, column: int) -> list[str]:
    return [line for step in steps for line in _lines(step, dash, column)]


def _lines(step: Step, dash: int, column: int) -> Iterator[str]:
    first, *rest = written(step).rstrip("\n").split("\n")
    yield " " * dash + "-" + " " * (column - dash - 1) + first
    yield from (" " * column + line if line else "" for line in rest)


def _pair(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), None)


def _end(node: yaml.Node) -> int:
    """Return the line after a node's last one; blank lines and remarks behind it are not its own.

    What YAML marks as the end of a block is where the next one begins.
    """
    inner: Sequence[Any] = ()
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        inner = [one for pair in node.value for one in pair]
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        inner = node.value
    if inner:
        return max(map(_end, inner))
    mark = node.end_mark
    is_block = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}
    return int(mark.line if is_block and mark.column == 0 else mark.line + 1)
