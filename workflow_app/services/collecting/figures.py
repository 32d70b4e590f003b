"""What came in a collection: the tally, the entries as data, the seats that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.tallies import Counted, tally
from workflow_app.form_builder.schema import ComponentType, Kind, members, naming_column
from workflow_app.models.base import table_of
from workflow_app.models.collections import CollectionEntry
from workflow_app.services.collecting.seats import seats
from workflow_app.services.forms import without_sensitive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.form_builder.schema import Item
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context

entries = table_of(CollectionEntry)
#: What a row of a list is known by, besides the column that its label shows.
ROW_NAMES = ("code", "value", "key")
_COUNTED = frozenset(
    {
        ComponentType.RADIO,
        ComponentType.SELECT,
        ComponentType.CHECKLIST,
        ComponentType.TAGLIST,
        ComponentType.CHECKBOX,
        ComponentType.NUMBER,
    }
)
_CHUNK = 500


def tally_of(ctx: Context, opened: Opened) -> dict[str, Any]:
    """Return the tally of all entries, as `domain.tallies.tally`: one statement, read in parts."""
    query = select(entries.c.data).where(entries.c.collection_id == opened.row.id)
    rows = ctx.session.scalars(query.order_by(entries.c.number).execution_options(yield_per=_CHUNK))
    return tally(list(_counted(opened.schema.items)), rows)


def answers_of(ctx: Context, opened: Opened, most: int) -> list[dict[str, Any]]:
    """Return the first `most` entries as data: {no, seat, at, answers, answer}, nothing sensitive.

    `at` is the moment, of an anonymous collection the day.
    """
    query = (
        select(entries, seats.c.code)
        .join_from(entries, seats, seats.c.id == entries.c.seat_id, isouter=True)
        .where(entries.c.collection_id == opened.row.id)
        .order_by(entries.c.number)
        .limit(most)
    )
    return [
        {
            "no": row.number,
            "seat": row.code,
            "at": row.at.isoformat(),
            "answers": without_sensitive(opened.published, opened.row.form, row.data),
            "answer": answer_of(opened, row.answer),
        }
        for row in ctx.session.execute(query)
    ]


def answer_of(opened: Opened, answer: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what was answered to an entry, without what is sensitive."""
    form = opened.row.answer_form
    return without_sensitive(opened.published, form, answer) if answer and form else None


def missing_seats(ctx: Context, opened: Opened) -> list[dict[str, Any]]:
    """Return the seats whose entry has not come: {code, label, username}."""
    query = select(seats.c.code, seats.c.label, seats.c.username).where(
        seats.c.collection_id == opened.row.id, seats.c.in_at.is_(None)
    )
    rows = ctx.session.execute(query.order_by(seats.c.position))
    return [{"code": r.code, "label": r.label, "username": r.username} for r in rows]


def _counted(items: tuple[Item, ...], prefix: tuple[str, ...] = ()) -> Iterator[Counted]:
    for item in members(items):
        path = (*prefix, *item.path)
        if item.sensitive:
            continue
        if item.type is ComponentType.DYNAMICLIST:
            yield from _list(item, path)
        elif item.is_nested_group:
            yield from _counted(item.children, path)
        elif item.type in _COUNTED or item.kind is Kind.SCORE:
            yield Counted(path=path, choices=tuple(str(one.value) for one in item.choices))


def _list(item: Item, path: tuple[str, ...]) -> Iterator[Counted]:
    columns = tuple(_counted(item.children))
    naming = naming_column(item)
    if columns:
        named = (*ROW_NAMES, *((naming.name,) if naming else ()))
        yield Counted(path=path, columns=columns, named=named)
