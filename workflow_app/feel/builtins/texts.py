"""String functions (DMN 1.5 §10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel import xpath_regex
from workflow_app.feel.builtins.registry import Chapter
from workflow_app.feel.runtime import whole
from workflow_app.feel.xpath_pattern import BadPatternError

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime


builtin = Chapter("10.3.4.3")


@builtin("substring", "string: string", "start position: number", "length?: number", gives="string")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Give characters from a position on, counted from one, or from the end when negative.

    All of them without a length; null for a length that is below one or more than there are.
    """
    place = whole(start)
    if not place or abs(place) > len(text):
        return None
    first = place - 1 if place > 0 else len(text) + place
    if length is None:
        return text[first:]
    return text[first : first + int(length)] if 1 <= length <= len(text) - first else None


@builtin("string length", "string: string", gives="number")
def string_length(text: str) -> Decimal:
    """Count the characters."""
    return Decimal(len(text))


@builtin("upper case", "string: string", gives="string", runtime=True)
def upper_case(runtime: Runtime, text: str) -> str:
    """Give a text in capitals."""
    return runtime.text(text.upper())


@builtin("lower case", "string: string", gives="string", runtime=True)
def lower_case(runtime: Runtime, text: str) -> str:
    """Give a text in small letters."""
    return runtime.text(text.lower())


@builtin("substring before", "string: string", "match: string", gives="string")
def substring_before(text: str, match: str) -> str:
    """Give what stands before the first match; empty when there is none."""
    before, found, _after = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string", "match: string", gives="string")
def substring_after(text: str, match: str) -> str:
    """Give what stands after the first match; empty when there is none."""
    if not match:
        return text
    _before, _found, after = text.partition(match)
    return after


@builtin("contains", "string: string", "match: string", gives="boolean")
def contains(text: str, match: str) -> bool:
    """Tell whether a text holds another."""
    return match in text


@builtin("starts with", "string: string", "match: string", gives="boolean")
def starts_with(text: str, match: str) -> bool:
    """Tell whether a text begins with another."""
    return text.startswith(match)


@builtin("ends with", "string: string", "match: string", gives="boolean")
def ends_with(text: str, match: str) -> bool:
    """Tell whether a text ends with another."""
    return text.endswith(match)


@builtin("string join", "list: list<string>", "delimiter?: string", gives="string", runtime=True)
def string_join(runtime: Runtime, items: list[object], delimiter: str | None = None) -> str | None:
    """Join texts, leaving out null; null when an item is no text."""
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) + items.count(None) < len(items):
        return None
    between = delimiter or ""
    runtime.spend(len(items))
    runtime.room_for_text(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


@builtin(
    "matches", "input: string", "pattern: string", "flags?: string", gives="boolean", runtime=True
)
def matches(runtime: Runtime, text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Tell whether a regular expression of XPath occurs in a text."""
    try:
        return xpath_regex.matches(runtime, text, pattern, flags or "")
    except BadPatternError:
        return None


@builtin(
    "replace",
    "input: string",
    "pattern: string",
    "replacement: string",
    "flags?: string",
    gives="string",
    runtime=True,
)
def replace(
    runtime: Runtime, text: str, pattern: str, replacement: str, flags: str | None = None
) -> str | None:
    """Replace every match of a regular expression; ``$1`` stands for its first group."""
    try:
        return xpath_regex.replace(runtime, text, pattern, replacement, flags or "")
    except BadPatternError:
        return None


@builtin("split", "string: string", "delimiter: string", gives="list<string>", runtime=True)
def split(runtime: Runtime, text: str, delimiter: str) -> list[str] | None:
    """Cut a text at every match of a regular expression."""
    try:
        return xpath_regex.split(runtime, text, delimiter)
    except BadPatternError:
        return None
