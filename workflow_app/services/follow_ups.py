"""Following on: what may begin out of an earlier case, and how the two know each other.

`[follow_ups]` of a process says by status or outcome which messages may follow; a process that
starts with such a message and has a form for it is what is offered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import DomainError, NotAllowed, NotFound
from workflow_app.domain.permissions import has_role
from workflow_app.engine import case_data
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, History, HistoryPayload
from workflow_app.models.register import RegisterEntry
from workflow_app.models.starts import ProcessStart
from workflow_app.services.drafts import owner_of
from workflow_app.services.host import Host
from workflow_app.services.links import Follows, require_free
from workflow_app.services.opening import BEFORE, PUBLIC, Earlier, Opening
from workflow_app.services.parties import is_party

if TYPE_CHECKING:
    from workflow_app.engine import StartForm
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

_starts = table_of(ProcessStart)
_answers = table_of(Answer)
_history = table_of(History)
_payload = table_of(HistoryPayload)
_entries = table_of(RegisterEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What may follow: the process and its start; `word` is a msgid, `until` the last moment."""

    message: str
    published: Published
    start: StartForm
    until: datetime | None

    @property
    def word(self) -> str:
        """Return the msgid for what a person does by it."""
        return self.published.message_word(self.message, self.start.name)


def follow_ups(ctx: Context, loaded: Loaded) -> list[FollowUp]:
    """Return what the actor may begin out of a case as it stands, in the order of its file."""
    found = [_follow_up(ctx, loaded, message) for message in _allowed(loaded)]
    return [one for one in found if one is not None and _is_offered(ctx, loaded, one)]


def _is_offered(ctx: Context, loaded: Loaded, found: FollowUp) -> bool:
    """Tell whether the actor may begin it and none like it runs already."""
    if not _may_begin(ctx, loaded, found.start):
        return False
    try:
        require_free(ctx, found.published.key, loaded.row.number)
    except Follows:
        return False
    return True


def _allowed(loaded: Loaded) -> list[str]:
    said = loaded.published.manifest.follow_ups
    named = [*said.get(loaded.row.status, ()), *said.get(loaded.row.outcome or "", ())]
    return list(dict.fromkeys(named))


def _follow_up(ctx: Context, loaded: Loaded, message: str) -> FollowUp | None:
    query = select(_starts.c.process_key, _starts.c.element).where(
        _starts.c.kind == "message", _starts.c.name == message
    )
    for row in ctx.connection.execute(query.order_by(_starts.c.process_key)):
        published = ctx.platform.programs.latest(ctx.session, row.process_key)
        start = published.program.starts.get(row.element)
        if start is not None and start.form:
            until = _until(ctx, loaded, message)
            return FollowUp(message=message, published=published, start=start, until=until)
    return None


def _may_begin(ctx: Context, loaded: Loaded, start: StartForm) -> bool:
    if is_party(ctx, loaded):
        return start.by in (None, PUBLIC, loaded.row.key_holder_role)
    return bool(start.by) and has_role(ctx.actor, start.by or "", loaded.row.territory_path)


def _until(ctx: Context, loaded: Loaded, message: str) -> datetime | None:
    """Return until when something may follow: `[follow_until]`, FEEL over the case's data."""
    text = loaded.published.manifest.follow_until.get(message)
    if not text:
        return None
    host = Host(ctx, loaded.facts.path, loaded.facts.id)
    try:
        found = compile_expression(text).evaluate(known_data(ctx, loaded), host.functions)
    except (FeelError, DomainError):
        # A date that cannot be worked out takes nobody's right away.
        return None
    return _moment(to_json(found), host)


def _moment(value: object, host: Host) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if len(value) == len("2026-01-31"):
            day = datetime.combine(date.fromisoformat(value), time(23, 59))
            return day.replace(tzinfo=host.calendar.zone)
        found = datetime.fromisoformat(value.partition("[")[0].partition("@")[0])
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=host.calendar.zone)


def open_follow_up(ctx: Context, loaded: Loaded, message: str) -> Opening:
    """Return the start form of what follows from a case. Raises NotFound, NotAllowed."""
    if message not in _allowed(loaded):
        raise NotFound
    found = _follow_up(ctx, loaded, message)
    if found is None:
        raise NotFound
    if not _may_begin(ctx, loaded, found.start):
        raise NotAllowed
    earlier = Earlier(loaded.facts, message, earlier_facts(ctx, loaded))
    return Opening(
        published=found.published,
        start=found.start,
        owner=owner_of(ctx.actor),
        email=loaded.row.key_holder_email,
        earlier=earlier,
    )


def earlier_facts(ctx: Context, loaded: Loaded) -> dict[str, Any]:
    """Return what a start form knows of the case that it follows, under the name `earlier`.

    {number, kind, title, territory, status, outcome, email, started_at, finished_at, answers,
    data, registers: {register: the newest entry that the case wrote, as it stands now}}
    """
    row = loaded.row
    return {
        "number": row.number,
        "kind": loaded.published.key,
        "title": row.title,
        "territory": row.territory_code,
        "status": row.status,
        "outcome": row.outcome,
        "email": row.key_holder_email,
        "started_at": row.started_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
        "answers": _first_answers(ctx, row.id),
        "data": known_data(ctx, loaded),
        "registers": _written(ctx, row.id),
    }


def known_data(ctx: Context, loaded: Loaded) -> dict[str, Any]:
    """Return the data of a running case, or those with which one ended."""
    if loaded.row.state is not None:
        return case_data(loaded.published.program, loaded.state)
    query = (
        select(_payload.c.payload)
        .join(
            _history,
            (_payload.c.case_id == _history.c.case_id) & (_payload.c.seq == _history.c.seq),
        )
        .where(_history.c.case_id == loaded.row.id, _history.c.kind == "ended")
        .order_by(_history.c.seq.desc())
        .limit(1)
    )
    payload = ctx.connection.execute(query).scalar()
    data = json.loads(payload) if payload else {}
    return data if isinstance(data, dict) else {}


def _first_answers(ctx: Context, case_id: int) -> dict[str, Any]:
    """Return the answers of the start form; what was asked before it stands beside it."""
    query = select(_answers.c.data).where(
        _answers.c.case_id == case_id,
        _answers.c.form != "",
        ~_answers.c.element.endswith(f"#{BEFORE}"),
    )
    found = ctx.connection.execute(query.order_by(_answers.c.id).limit(1)).scalar()
    return dict(found or {})


def _written(ctx: Context, case_id: int) -> dict[str, Any]:
    mine = select(_entries.c.register, _entries.c.key).where(_entries.c.case_id == case_id)
    found = {}
    for register, key in ctx.connection.execute(mine.order_by(_entries.c.id)):
        now = select(_entries.c.data).where(
            _entries.c.register == register,
            _entries.c.key == key,
            _entries.c.superseded_at.is_(None),
        )
        found[register] = {**(ctx.connection.execute(now).scalar() or {}), "key": key}
    return found
