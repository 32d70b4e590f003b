"""Tidies what was posted: only declared names, rows numbered from nought without gaps.

Names: a component's key; inside a dynamic list `list-<row>-key`, inside a group with a path
`group-key`; several inputs of one component add `-day`, `-kept` and the like. Every row also posts
`list-<row>-_from`: the number of the row of the data that it came from, empty for a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage, MultiDict

from workflow_app.form_builder.kinds import entry_names
from workflow_app.form_builder.schema import ComponentType, Item, Kind, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Entry = str | FileStorage
Posted = MultiDict[str, Entry]

FROM = "_from"
#: Tells a form that was posted with nothing in it from one that was not posted.
MARK = "_form"
#: What a list may have unless its form says otherwise, and what is read of one in any case: rows
#: that are too many come back with the message that says so.
MAX_ROWS = 200
READ_ROWS = 1_000


def tidy(items: tuple[Item, ...], posted: Posted) -> Posted:
    """Give a copy that holds what the form declares and nothing else; may be applied again."""
    kept = Posted([(MARK, "1")])
    _copy_level(items, posted, ("", ""), kept)
    return kept


def unsigned(items: tuple[Item, ...], posted: Posted) -> Posted:
    """Give a copy without the entries of signatures: nobody signs by opening a draft."""
    gone = set(_signatures(items, posted, ""))
    return Posted([(name, value) for name, value in posted.items(multi=True) if name not in gone])


def _signatures(items: tuple[Item, ...], posted: Posted, prefix: str) -> Iterator[str]:
    for item in members(items):
        inner = f"{prefix}{item.name}-"
        if item.kind is Kind.SIGN:
            yield from (f"{prefix}{name}" for name in entry_names(item))
        elif item.type is ComponentType.DYNAMICLIST:
            for row in row_numbers(inner, posted):
                yield from _signatures(item.children, posted, f"{inner}{row}-")
        elif item.is_container:
            yield from _signatures(item.children, posted, inner)


def _copy_level(
    items: tuple[Item, ...], posted: Posted, prefixes: tuple[str, str], kept: Posted
) -> None:
    old, new = prefixes
    for item in members(items):
        if item.type is ComponentType.DYNAMICLIST:
            _copy_rows(item, posted, prefixes, kept)
        elif item.is_container:
            inner = (f"{old}{item.name}-", f"{new}{item.name}-")
            _copy_level(item.children, posted, inner, kept)
        else:
            _copy_entries(item, posted, prefixes, kept)


def _copy_entries(item: Item, posted: Posted, prefixes: tuple[str, str], kept: Posted) -> None:
    old, new = prefixes
    for name in entry_names(item):
        values = [_storable(value) for value in posted.getlist(f"{old}{name}")]
        if values:
            kept.setlist(f"{new}{name}", values)


def _storable(value: Entry) -> Entry:
    """Leave out the one character that databases cannot hold in a text."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def _copy_rows(item: Item, posted: Posted, prefixes: tuple[str, str], kept: Posted) -> None:
    old, new = (f"{prefix}{item.name}-" for prefix in prefixes)
    for target, source in enumerate(row_numbers(old, posted)[:READ_ROWS]):
        row = number_in(item, source, target)
        kept.add(f"{new}{row}-{FROM}", posted.get(f"{old}{source}-{FROM}", "", type=str))
        _copy_level(item.children, posted, (f"{old}{source}-", f"{new}{row}-"), kept)


def number_in(item: Item, source: int, target: int) -> int:
    """Give the row's number after tidying: rows that the data gives keep theirs."""
    return source if item.rows.fixed else target


def row_numbers(prefix: str, names: Iterable[str]) -> list[int]:
    """Give the numbers of the rows that posted under `prefix` (which ends with "-")."""
    found = set()
    for name in names:
        if name.startswith(prefix):
            number = name[len(prefix) :].split("-", 1)[0]
            if number.isascii() and number.isdecimal() and len(number) < 7:
                found.add(int(number))
    return sorted(found)
