"""Matches, splits and replaces by patterns of XPath, within a time limit.

As XQuery and XPath Functions 3.1 §5.6 has it; where that knows an error, BadPatternError is raised.
"""

from __future__ import annotations

from contextlib import contextmanager
from time import thread_time
from typing import TYPE_CHECKING

from workflow_app.feel.bounds import MAX_TEXT
from workflow_app.feel.errors import Bound
from workflow_app.feel.runtime import Runtime, exceeded
from workflow_app.feel.words import N_
from workflow_app.feel.xpath_pattern import BadPatternError, compile_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    import regex  # type: ignore[import-untyped]

TOO_SLOW = N_("Regular expressions took too long.")


@contextmanager
def _limited(runtime: Runtime) -> Iterator[float]:
    """Lend the seconds that are left for matching, and charge those that it took."""
    if runtime.matching <= 0:
        exceeded(Bound.TIME, TOO_SLOW)
    begun = thread_time()
    try:
        yield runtime.matching
    except TimeoutError:
        exceeded(Bound.TIME, TOO_SLOW)
    finally:
        runtime.matching -= thread_time() - begun


def _compiled(runtime: Runtime, pattern: str, flags: str) -> regex.Pattern[str]:
    """Compile a pattern; it may take milliseconds the first time, and no step says so."""
    made = compile_pattern(pattern, flags)
    runtime.look_at_clock()
    return made


def matches(runtime: Runtime, text: str, pattern: str, flags: str) -> bool:
    """Tell whether a pattern occurs in a text."""
    compiled = _compiled(runtime, pattern, flags)
    runtime.room_for_text(len(text))
    with _limited(runtime) as seconds:
        return compiled.search(text, timeout=seconds) is not None


def split(runtime: Runtime, text: str, pattern: str) -> list[str]:
    """Cut a text at every match, which must not be empty."""
    compiled = _compiled(runtime, pattern, "")
    runtime.room_for_text(len(text))
    pieces, position = [], 0
    with _limited(runtime) as seconds:
        _refuse_empty(compiled, seconds)
        for match in compiled.finditer(text, timeout=seconds):
            runtime.spend()
            pieces.append(text[position : match.start()])
            position = match.end()
    runtime.room_for_items(len(pieces))
    return [*pieces, text[position:]]


def replace(runtime: Runtime, text: str, pattern: str, replacement: str, flags: str) -> str:
    """Put a replacement, with groups as ``$1``, in the place of every match."""
    compiled = _compiled(runtime, pattern, flags)
    if "q" in flags:
        parts: list[str | int] = [replacement]
    else:
        parts = replacement_parts(replacement, compiled.groups)
    made, position, length = [], 0, 0
    with _limited(runtime) as seconds:
        _refuse_empty(compiled, seconds)
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


def _refuse_empty(compiled: regex.Pattern[str], seconds: float) -> None:
    """Raise BadPatternError for a pattern that matches the empty text, as XPath does."""
    if compiled.search("", timeout=seconds):
        raise BadPatternError


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
    while end < len(replacement) and replacement[end] in "0123456789":
        if end > start and int(replacement[start : end + 1]) > groups:
            break
        end += 1
    if end == start:
        raise BadPatternError
    number = int(replacement[start:end])
    return (number if number <= groups else ""), end
