"""Keyset pages: they begin after a row, not after a number, so all cost the same."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = TypeVar("Row")
PAGE_SIZE = 25
LARGEST_KEY = 2**53


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows with the cursors of the pages before and after; None where there is none."""

    rows: Sequence[Row]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, going back, before) the row with these sort keys."""

    keys: tuple[str | int, ...]
    backwards: bool = False


def read_cursor(text: str | None, *kinds: type[str | int]) -> Cursor | None:
    """Return the cursor that an address carries; None for none or one that was tampered with.

    `kinds` are the types of its sort keys; none given admits any text and numbers.
    """
    if not text:
        return None
    try:
        keys, backwards = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, binascii.Error, TypeError, RecursionError):
        return None
    if not isinstance(keys, list) or not all(_is_key(key) for key in keys):
        return None
    if kinds and [type(key) for key in keys] != list(kinds):
        return None
    return Cursor(tuple(keys), bool(backwards))


def _is_key(key: object) -> bool:
    if isinstance(key, str):
        return "\0" not in key
    return isinstance(key, int) and abs(key) <= LARGEST_KEY


def write_cursor(keys: Sequence[str | int], *, backwards: bool = False) -> str:
    """Return a cursor as an address can carry it."""
    return base64.urlsafe_b64encode(json.dumps([list(keys), backwards]).encode()).decode()


def make_page(
    rows: Sequence[Row],
    cursor: Cursor | None,
    keys_of: Callable[[Row], Sequence[str | int]],
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Build a page from up to `size` + 1 rows in the direction of the cursor."""
    more = len(rows) > size
    kept = list(rows[:size])
    backwards = cursor is not None and cursor.backwards
    if backwards:
        kept.reverse()
    has_before = more if backwards else cursor is not None
    has_after = backwards or more
    return Page(
        rows=kept,
        previous=write_cursor(keys_of(kept[0]), backwards=True) if kept and has_before else None,
        next=write_cursor(keys_of(kept[-1])) if kept and has_after else None,
    )
