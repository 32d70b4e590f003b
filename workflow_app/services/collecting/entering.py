"""Taking entries: once each, while the collection is open, from one seat or one browser."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.collections import CollectionEntry, CollectionMark
from workflow_app.models.upsert import insert_or
from workflow_app.services.collecting.opened import CollectionClosed, bind, collections
from workflow_app.services.collecting.seats import seats
from workflow_app.services.collecting.telling import tell_later
from workflow_app.services.documents import attach
from workflow_app.services.host import Host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context, Posted

entries = table_of(CollectionEntry)
_marks = table_of(CollectionMark)
DAILY = "collection.daily"
LONGEST_WORD = 60
SHORTEST_WORD = 8


class EntryChanged(Conflict):
    """Another device sent this seat's entry since the page was opened (params: when)."""

    message = N_(
        "This was also sent from another device or page, on %(when)s. What you entered here stands"
        " below: send it again to put it in the place of that."
    )


class EnoughForToday(Invalid):
    """A browser has sent as many entries as it may on one day (params: most)."""

    message = N_(
        "%(most)s were sent from this browser today, and no more are taken from one browser on one"
        " day. What you entered stands below: you can send it tomorrow."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """From where an entry comes: the page's own `word`, the seat, else the browser.

    `seen` is the version of the seat's entry that the page showed, 0 for none.
    """

    word: str
    browser: str = ""
    seat: Any = None
    seen: int | None = None

    @property
    def owner(self) -> str:
        """Return who owns the files that come with the form, until it is sent."""
        return f"seat:{self.seat.id}" if self.seat is not None else f"browser:{self.browser}"


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that is in: its number; `again` where the same form had come before."""

    number: int | None
    again: bool = False


def own_entry(ctx: Context, seat: Any) -> Any | None:
    """Return what a seat has sent, if it has."""
    if seat is None or seat.in_at is None:
        return None
    return ctx.session.execute(select(entries).where(entries.c.seat_id == seat.id)).first()


def entry_form(
    ctx: Context, opened: Opened, sender: Sender, posted: Posted | None = None
) -> TaskForm:
    """Return the form of an entry, filled from what was posted, else from the seat's own entry."""
    seat = sender.seat
    about = {"code": seat.code, "label": seat.label} if seat is not None else None
    mine = own_entry(ctx, seat) if posted is None else None
    known = {"seat": about, **(mine.data if mine is not None else {})}
    return bind(ctx, opened, opened.row.form, posted, known=known, owner=sender.owner)


def contribute(ctx: Context, opened: Opened, posted: Posted, sender: Sender) -> TaskForm | Taken:
    """Take what was posted; returns the form when it has errors.

    The same word again is the same form, and changes nothing. Raises CollectionClosed,
    EnoughForToday, EntryChanged; what was written by then is the caller's to roll back.
    """
    if was_taken(ctx, opened, sender):
        return Taken(None, again=True)
    opened.require_open(ctx.now)
    form = entry_form(ctx, opened, sender, posted)
    if not form.validate():
        return form
    return take(ctx, opened, form.answers(), sender)


def was_taken(ctx: Context, opened: Opened, sender: Sender) -> bool:
    """Tell whether the form with this word came before."""
    mark = _digest(opened, "word", sender.word)
    query = select(_marks.c.taken).where(_marks.c.digest == mark)
    return ctx.session.execute(query).first() is not None


def take(ctx: Context, opened: Opened, answers: Mapping[str, Any], sender: Sender) -> Taken:
    """Write an entry of validated answers. Raises as `contribute` does."""
    if not _mark_once(ctx, opened, sender.word):
        return Taken(None, again=True)
    if sender.seat is None:
        _count_today(ctx, opened, sender.browser)
        number = _new(ctx, opened, answers, None)
    else:
        number = _for_seat(ctx, opened, answers, sender)
    attach(ctx, opened.row.case_id, answers, owner=sender.owner, for_key_holder=False)
    tell_later(ctx, opened)
    return Taken(number)


def _for_seat(ctx: Context, opened: Opened, answers: Mapping[str, Any], sender: Sender) -> int:
    """Write a seat's first entry, or put another in its place."""
    seat = sender.seat
    first = update(seats).where(seats.c.id == seat.id, seats.c.in_at.is_(None))
    if ctx.connection.execute(first.values(in_at=ctx.now)).rowcount == 1:
        return _new(ctx, opened, answers, seat.id)
    row = ctx.session.execute(select(entries).where(entries.c.seat_id == seat.id)).one()
    if sender.seen is not None and sender.seen != row.version:
        raise EntryChanged(when=row.at)
    _count(ctx, opened, {})
    change = update(entries).where(entries.c.id == row.id, entries.c.version == row.version)
    values = {**_content(ctx, opened, answers), "version": row.version + 1}
    if ctx.connection.execute(change.values(**values)).rowcount == 0:
        raise EntryChanged(when=ctx.now)
    return int(row.number)


def _new(ctx: Context, opened: Opened, answers: Mapping[str, Any], seat: int | None) -> int:
    row = opened.row
    counted = {"entries": collections.c.entries + 1}
    if seat is not None:
        counted["seats_in"] = collections.c.seats_in + 1
    number = _count(ctx, opened, counted)
    named = ctx.actor.username if ctx.actor.is_signed_in and not row.is_anonymous else None
    values = {
        "collection_id": row.id,
        "number": number,
        "seat_id": seat,
        "username": named,
        "language": ctx.language,
        "is_answered": False,
        "is_withheld": False,
        "version": 1,
        **_content(ctx, opened, answers),
    }
    ctx.connection.execute(insert(entries).values(**values))
    return number


def _content(ctx: Context, opened: Opened, answers: Mapping[str, Any]) -> dict[str, Any]:
    row = opened.row
    facet = answers.get(row.facet) if row.facet else None
    at = _day_of(ctx, opened) if row.is_anonymous else ctx.now
    return {"data": dict(answers), "facet": None if facet is None else str(facet)[:300], "at": at}


def _day_of(ctx: Context, opened: Opened) -> datetime:
    """Return the beginning of the day there: a moment would lead to lines of a server's log."""
    local = Host(ctx, opened.row.path).now()
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _count(ctx: Context, opened: Opened, counted: Mapping[str, Any]) -> int:
    """Count a write in the collection's own row, which says too that it is open; its entries."""
    still = or_(collections.c.closes_at.is_(None), collections.c.closes_at > ctx.now)
    change = (
        update(collections)
        .where(collections.c.id == opened.row.id, collections.c.closed_at.is_(None), still)
        .values(edition=collections.c.edition + 1, **counted)
        .returning(collections.c.entries)
    )
    found = ctx.connection.execute(change).first()
    if found is None:
        raise CollectionClosed(when=opened.row.closes_at or ctx.now)
    return int(found.entries)


def _mark_once(ctx: Context, opened: Opened, word: str) -> bool:
    """Write down a form's word; False where it stands there already."""
    put = insert_or(ctx.session, _marks).values(**_mark(ctx, opened, "word", word))
    first = put.on_conflict_do_nothing(index_elements=["digest"]).returning(_marks.c.taken)
    return ctx.connection.execute(first).first() is not None


def _count_today(ctx: Context, opened: Opened, browser: str) -> None:
    """Count an entry of a browser today. Raises EnoughForToday."""
    host = Host(ctx, opened.row.path)
    most = opened.row.daily
    most = int(host.number(DAILY)) if most is None else most
    mark = _mark(ctx, opened, host.today().isoformat(), browser)
    put = insert_or(ctx.session, _marks).values(**mark)
    more = put.on_conflict_do_update(
        index_elements=["digest"], set_={"taken": _marks.c.taken + 1}, where=_marks.c.taken < most
    )
    if most < 1 or ctx.connection.execute(more.returning(_marks.c.taken)).first() is None:
        raise EnoughForToday(most=most)


def _mark(ctx: Context, opened: Opened, kind: str, text: str) -> dict[str, Any]:
    digest = _digest(opened, kind, text)
    return {"digest": digest, "collection_id": opened.row.id, "day": ctx.now.date(), "taken": 1}


def _digest(opened: Opened, kind: str, text: str) -> str:
    return hashlib.sha256(f"{opened.row.id} {kind} {text}".encode()).hexdigest()
