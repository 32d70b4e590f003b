"""Regular expressions as XPath describes them, run by the ``regex`` package within a time limit.

XPath's dialect (XQuery and XPath Functions 3.1 §5.6) differs from Python's: class subtraction,
classes of XML names, Unicode blocks, ``$`` at the very end only, and no look-around.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import regex  # type: ignore[import-untyped]

from workflow_app.feel.errors import Bound
from workflow_app.feel.runtime import MAX_MATCHING, MAX_TEXT, Runtime, exceeded
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PATTERN = 1000
TOO_SLOW = N_("Regular expressions took too long.")
_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_NAME_START = r"\p{L}_:"
_NAME_PART = r"\p{L}\p{N}\p{M}_:.\-\u00B7"
_CLASSES = {
    "i": _NAME_START,
    "c": _NAME_PART,
}
_ESCAPABLE = frozenset("\\|.-^?*+{}()[]$nrtsSdDwWiIcCpP")
# Counted repeats of repeats are written out when compiled, so their product is bounded.
_MAX_COST = 5000


class BadPatternError(ValueError):
    """The text is no regular expression of XPath."""


class _Translator:
    """Rewrites one pattern; ``position`` walks along it."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.many_lines = "m" in flags
        self.groups = 0
        self.open: list[int] = []
        self.closed: set[int] = set()
        # How many pieces each open group would have with its repeats written out.
        self.costs: list[list[int]] = [[]]
        self._special: dict[str, Callable[[], str]] = {
            "[": self._class,
            "(": self._group,
            ")": self._close,
            "{": self._repeat,
        }

    def whole(self) -> str:
        pieces = []
        while self.position < len(self.pattern):
            pieces.append(self._piece())
        if self.open or sum(self.costs[0]) > _MAX_COST:
            raise BadPatternError
        return "".join(pieces)

    def _take(self) -> str:
        if self.position >= len(self.pattern):
            raise BadPatternError
        character = self.pattern[self.position]
        self.position += 1
        return character

    def _ahead(self, text: str) -> bool:
        return self.pattern.startswith(text, self.position)

    def _piece(self) -> str:
        character = self._take()
        if character not in "(){":
            self.costs[-1].append(1)
        if character == "\\":
            return self._escape(in_class=False)
        special = self._special.get(character)
        return self._plain(character) if special is None else special()

    def _plain(self, character: str) -> str:
        if character in "]}":
            raise BadPatternError
        if character == "$":
            # Python's own would match before a final line break as well.
            return "$" if self.many_lines else r"\Z"
        return character if character in "|.^?*+" else regex.escape(character)

    def _group(self) -> str:
        self.costs.append([])
        if self._ahead("?:"):
            self.position += 2
            self.open.append(0)
            return "(?:"
        if self._ahead("?"):
            raise BadPatternError
        self.groups += 1
        self.open.append(self.groups)
        return "("

    def _close(self) -> str:
        if not self.open:
            raise BadPatternError
        self.closed.add(self.open.pop())
        inner = self.costs.pop()
        self.costs[-1].append(sum(inner) + 1)
        return ")"

    def _repeat(self) -> str:
        end = self.pattern.find("}", self.position)
        counts = self.pattern[self.position : end].split(",")
        self.position = end + 1
        if end < 0 or len(counts) > 2 or not counts[0].isdigit():
            raise BadPatternError
        if not self.costs[-1] or any(count and not count.isdigit() for count in counts):
            raise BadPatternError
        self.costs[-1][-1] *= max(int(count[:9]) for count in (*counts, "1") if count)
        if self.costs[-1][-1] > _MAX_COST:
            raise BadPatternError
        return "{" + ",".join(counts) + "}"

    def _escape(self, *, in_class: bool) -> str:
        character = self._take()
        if character.isdigit() and not in_class:
            return self._reference(character)
        if character not in _ESCAPABLE:
            raise BadPatternError
        if character in "pP":
            return f"\\{character}{self._property()}"
        if character.lower() in _CLASSES:
            members = _CLASSES[character.lower()]
            return f"[{'' if character.islower() else '^'}{members}]"
        return "\\" + character

    def _reference(self, digit: str) -> str:
        number = int(digit)
        if number not in self.closed or not number:
            raise BadPatternError
        return f"(?:\\{number})"

    def _property(self) -> str:
        end = self.pattern.find("}", self.position)
        if not self._ahead("{") or end < 0:
            raise BadPatternError
        name = self.pattern[self.position + 1 : end]
        self.position = end + 1
        return "{" + (f"In{name[2:]}" if name.startswith("Is") else name) + "}"

    def _class(self) -> str:
        made = "["
        if self._ahead("^"):
            self.position += 1
            made += "^"
        if self._ahead("]"):
            raise BadPatternError
        while not self._ahead("]"):
            made += self._member()
            if made.endswith("--["):
                made = made[:-1] + self._subtracted()
                break
        self.position += 1
        return made + "]"

    def _member(self) -> str:
        character = self._take()
        if character == "\\":
            return self._escape(in_class=True)
        if character == "[":
            raise BadPatternError
        if character == "-" and self._ahead("["):
            self.position += 1
            return "--["
        if character == "-":
            return "-" if self._is_between() else r"\-"
        return character if character.isalnum() else regex.escape(character, special_only=False)

    def _is_between(self) -> bool:
        before = self.pattern[self.position - 2 : self.position - 1]
        return before not in {"[", "^"} and not self._ahead("]")

    def _subtracted(self) -> str:
        inner = self._class()
        if not self._ahead("]"):
            raise BadPatternError
        return inner


def _unspaced(pattern: str) -> str:
    """Leave out white space but in classes, before anything else is read (flag x)."""
    kept, depth, escaped = [], 0, False
    for character in pattern:
        if not escaped and character in "[]":
            depth += 1 if character == "[" else -1
        if depth > 0 or character not in " \t\n\r":
            kept.append(character)
            escaped = character == "\\" and not escaped
    return "".join(kept)


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> regex.Pattern[str]:
    """Compile a pattern of XPath; raises BadPatternError for one that XPath does not know."""
    if len(pattern) > MAX_PATTERN or not set(flags) <= set(_FLAGS):
        raise BadPatternError
    options = regex.VERSION1
    for flag in flags:
        options |= _FLAGS[flag]
    if "q" in flags:
        translated = regex.escape(pattern, special_only=True)
    else:
        translated = _Translator(_unspaced(pattern) if "x" in flags else pattern, flags).whole()
    try:
        return regex.compile(translated, options)
    except (regex.error, ValueError, OverflowError, RecursionError):
        raise BadPatternError from None


@contextmanager
def _limited(runtime: Runtime) -> Iterator[float]:
    """Lend the seconds that are left for matching, and charge those that it took."""
    begun = perf_counter()
    try:
        yield max(runtime.matching, 0.001)
    except TimeoutError:
        exceeded(Bound.TIME, TOO_SLOW)
    finally:
        runtime.matching -= perf_counter() - begun


def matches(runtime: Runtime, text: str, pattern: str, flags: str) -> bool:
    """Tell whether a pattern occurs in a text."""
    compiled = compile_pattern(pattern, flags)
    runtime.room_for_text(len(text))
    with _limited(runtime) as seconds:
        return compiled.search(text, timeout=seconds) is not None


def split(runtime: Runtime, text: str, pattern: str) -> list[str]:
    """Cut a text at every match, which must not be empty."""
    compiled = _never_empty(pattern, "")
    runtime.room_for_text(len(text))
    pieces, position = [], 0
    with _limited(runtime) as seconds:
        for match in compiled.finditer(text, timeout=seconds):
            runtime.spend()
            pieces.append(text[position : match.start()])
            position = match.end()
    runtime.room_for_items(len(pieces))
    return [*pieces, text[position:]]


def replace(runtime: Runtime, text: str, pattern: str, replacement: str, flags: str) -> str:
    """Put a replacement, with groups as ``$1``, in the place of every match."""
    compiled = _never_empty(pattern, flags)
    if "q" in flags:
        parts: list[str | int] = [replacement]
    else:
        parts = replacement_parts(replacement, compiled.groups)
    made, position, length = [], 0, 0
    with _limited(runtime) as seconds:
        for match in compiled.finditer(text, timeout=seconds):
            runtime.spend()
            piece = "".join(
                part if isinstance(part, str) else match.group(part) or "" for part in parts
            )
            made += [text[position : match.start()], piece]
            length += len(piece)
            position = match.end()
            if length > MAX_TEXT:
                break
    runtime.room_for_text(length + len(text))
    return "".join([*made, text[position:]])


def _never_empty(pattern: str, flags: str) -> regex.Pattern[str]:
    compiled = compile_pattern(pattern, flags)
    if compiled.fullmatch("", timeout=MAX_MATCHING):
        raise BadPatternError
    return compiled


def replacement_parts(replacement: str, groups: int) -> list[str | int]:
    """Read group numbers and escapes in a replacement; raises BadPatternError for a stray one."""
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        if character == "\\":
            if replacement[position + 1 : position + 2] not in {"\\", "$"}:
                raise BadPatternError
            parts.append(replacement[position + 1])
            position += 2
        elif character == "$":
            number, position = _group_number(replacement, position + 1, groups)
            parts.append(number)
        else:
            parts.append(character)
            position += 1
    return parts


def _group_number(replacement: str, start: int, groups: int) -> tuple[int | str, int]:
    """Take as many digits as make the number of a group; a group that is not there is empty."""
    end = start
    while end < len(replacement) and replacement[end].isdigit():
        if end > start and int(replacement[start : end + 1]) > groups:
            break
        end += 1
    if end == start:
        raise BadPatternError
    number = int(replacement[start:end])
    return (number if number <= groups else ""), end
