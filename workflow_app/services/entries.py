"""Entries of a register that people apply to: over which one, whether it is open, who was refused.

A start event says `entry` (a register), and perhaps `open_when` (FEEL over `entry`, `now()` to the
second) with `closed_text` for whoever comes too early or too late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.domain.permissions import is_official
from workflow_app.domain.text import N_
from workflow_app.feel import compile_expression
from workflow_app.models.base import table_of
from workflow_app.models.entries import RefusedStart
from workflow_app.models.register import RegisterEntry
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import StartForm
    from workflow_app.services.context import Context
    from workflow_app.services.opening import Opening

ENTRY, NEEDED, OPEN_WHEN, CLOSED_TEXT = "entry", "entry_needed", "open_when", "closed_text"
#: So many of the newest entries are looked at for a list of those that are open.
NEWEST = 200
NOT_OPEN = N_("Nothing can be sent for this at the moment.")
_entries = table_of(RegisterEntry)
_refused = table_of(RefusedStart)


class EntryNeeded(NotFound):
    """A form was asked for that opens only over an entry of a register."""

    message = N_("Choose first what you apply for: this form opens from its page.")


class NotOpen(DomainError):
    """A form was sent for an entry that is not open now; its text is what the diagram says."""

    message = NOT_OPEN


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a register as it stands now."""

    register: str
    key: str
    data: Mapping[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what expressions read under the name `entry`: the fields, `key` and `register`."""
        return {**self.data, "key": self.key, "register": self.register}

    @property
    def title(self) -> str:
        """Return what the entry is called."""
        return str(self.data.get("title") or self.data.get("name") or self.key)


def entry_for(ctx: Context, start: StartForm, key: str | None) -> Entry | None:
    """Return the entry over which a start form opens; None where it opens over none.

    One that stays in the office is unknown to whoever is not of it. Raises NotFound for an unknown
    entry, EntryNeeded where one is needed and none was named.
    """
    register = start.properties.get(ENTRY)
    if not register:
        return None
    if key is None:
        if needs_entry(start):
            raise EntryNeeded
        return None
    query = _shown(ctx, register).where(_entries.c.key == key)
    row = ctx.connection.execute(query).first()
    if row is None:
        raise NotFound
    return Entry(register, row.key, row.data)


def needs_entry(start: StartForm) -> bool:
    """Tell whether a start form opens only over an entry."""
    return ENTRY in start.properties and start.properties.get(NEEDED) != "false"


def open_entries(ctx: Context, start: StartForm) -> list[Entry]:
    """Return the entries that are open now, among the newest of the register, newest first."""
    register = start.properties.get(ENTRY, "")
    query = _shown(ctx, register).order_by(_entries.c.id.desc()).limit(NEWEST)
    found = (Entry(register, row.key, row.data) for row in ctx.connection.execute(query))
    return [one for one in found if closed_text(ctx, start, one) is None]


def _shown(ctx: Context, register: str) -> Any:
    """Return the query of the current entries that the actor may be shown."""
    query = select(_entries.c.key, _entries.c.data).where(
        _entries.c.register == register, _entries.c.superseded_at.is_(None)
    )
    return query if is_official(ctx.actor) else query.where(_entries.c.is_hidden.is_(False))


def closed_text(ctx: Context, start: StartForm, entry: Entry | None) -> str | None:
    """Return the msgid that says why nothing can be sent now; None while it can.

    The server's clock decides, by whole seconds: the last second counts. Raises FeelError.
    """
    rule = start.properties.get(OPEN_WHEN)
    if entry is None or not rule:
        return None
    second = replace(ctx, now=ctx.now.replace(microsecond=0))
    host = Host(second, home_path(ctx))
    if compile_expression(rule).evaluate({ENTRY: entry.facts}, host.functions) is True:
        return None
    return start.properties.get(CLOSED_TEXT) or NOT_OPEN


def refusal(ctx: Context, opening: Opening) -> NotOpen | None:
    """Return why a form that is being sent is refused now, and note the attempt; None if it is not.

    Whoever calls keeps what was typed, and commits.
    """
    text = closed_text(ctx, opening.start, opening.entry)
    if text is None or opening.entry is None:
        return None
    who = ctx.actor.username if ctx.actor.is_signed_in else opening.email or ctx.actor.username
    row = {
        "process_key": opening.published.key,
        "entry": opening.entry.key,
        "who": who,
        "at": ctx.now,
    }
    ctx.connection.execute(insert(_refused).values(**row))
    return NotOpen(text)
