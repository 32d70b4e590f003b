"""What a play's world holds at a moment: who waits for what, and what came of it so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.states import CaseState, WorkState
from workflow_app.engine.mending import data_scopes
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Document
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.people import Account, RoleAssignment
from workflow_app.models.register import RegisterEntry
from workflow_app.models.starts import ProcessStart
from workflow_app.models.work import DueTimer, SentMail, Subscription, WorkItem
from workflow_app.queries.incidents import open_incidents
from workflow_app.services.candidates import able, gate_of
from workflow_app.services.case_store import load_by_work_item, load_case
from workflow_app.services.designing.moves import APPLICANT
from workflow_app.services.lookups import look_up
from workflow_app.services.opening import stands_alone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from workflow_app.engine import StartForm
    from workflow_app.models.case import Incident
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

MOST_MAILS = 60
MOST_ENTRIES = 60
_items = table_of(WorkItem)
_waits = table_of(Subscription)
_timers = table_of(DueTimer)
_cases = table_of(Case)
_versions = table_of(ProcessVersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One case of a play: `names` counts it among those of its process, from one."""

    id: int
    key: str
    number: str
    title: str
    status: str
    over: bool
    end: str | None
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that a case waits for; `people` who may do it, titles by username.

    `kind` is “task”, “message” or “timer”; `id` the work item's or the engine's task; `element` is
    `<process>/<element id>`, `name` a msgid.
    """

    kind: str
    id: str
    case_id: int
    element: str
    name: str
    role: str | None = None
    due_at: datetime | None = None
    people: Mapping[str, str] | None = None
    message: str = ""
    correlation: str = ""
    has_form: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to begin a case; `people` may use its form, which is None where data begins it."""

    key: str
    element: str
    name: str
    form: str | None
    people: Mapping[str, str]
    register: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Data of a case or of a part of it, by the process and the element that hold it."""

    process: str
    element: str
    data: Mapping[str, Any]


def cases_of(ctx: Context) -> list[CaseLine]:
    """Return the cases of a play, the first begun first."""
    query = (
        select(_cases, _versions.c.key.label("process"))
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .order_by(_cases.c.id)
    )
    places: Counter[str] = Counter()
    return [_case_line(ctx, row, places) for row in ctx.session.execute(query)]


def _case_line(ctx: Context, row: Row[Any], places: Counter[str]) -> CaseLine:
    places[row.process] += 1
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    return CaseLine(
        id=row.id,
        key=row.process,
        number=row.number,
        title=row.title,
        status=published.status_word(row.status),
        over=row.phase == CaseState.FINISHED,
        end=row.end_element,
        place=places[row.process],
    )


def waiting_in(ctx: Context) -> list[Waiting]:
    """Return all that the cases of a play wait for: tasks, messages, timers by their date."""
    loaded: dict[int, Loaded] = {}
    return [*_tasks(ctx), *_messages(ctx, loaded), *_due(ctx, loaded)]


def _tasks(ctx: Context) -> list[Waiting]:
    query = select(_items).where(_items.c.state == WorkState.OPEN).order_by(_items.c.id)
    return [
        Waiting(
            kind="task",
            id=str(row.id),
            case_id=row.case_id,
            element=row.element,
            name=row.name,
            role=row.role,
            due_at=row.due_at,
            people=workers(ctx, row.id),
        )
        for row in ctx.session.execute(query).all()
    ]


def workers(ctx: Context, item_id: int) -> dict[str, str]:
    """Return who may do a task: whoever has it, else all whom the diagram offers it to."""
    loaded = load_by_work_item(ctx, item_id)
    gate = gate_of(ctx, loaded.row)
    if gate.assignee is None:
        return able(ctx, gate, loaded.row.id)
    query = select(Account.title).where(Account.username == gate.assignee)
    return {gate.assignee: ctx.session.scalar(query) or gate.assignee}


def _messages(ctx: Context, loaded: dict[int, Loaded]) -> list[Waiting]:
    rows = ctx.session.execute(select(_waits).order_by(_waits.c.id)).all()
    return [
        Waiting(
            kind="message",
            id=row.task_id,
            case_id=row.case_id,
            element=row.element,
            name=_case(ctx, row.case_id, loaded).published.message_word(row.message, row.name),
            role=row.sender,
            people=_senders(ctx, _case(ctx, row.case_id, loaded), row),
            message=row.message,
            correlation=row.correlation,
            has_form=row.form is not None,
        )
        for row in rows
    ]


def _senders(ctx: Context, loaded: Loaded, row: Row[Any]) -> dict[str, str]:
    if row.form is None:
        return {}
    if row.sender in {None, PUBLIC.username, loaded.row.key_holder_role}:
        return {APPLICANT: ""}
    return holders(ctx, row.sender, loaded.row.territory_path)


def _due(ctx: Context, loaded: dict[int, Loaded]) -> list[Waiting]:
    rows = ctx.session.execute(select(_timers).order_by(_timers.c.due_at)).all()
    return [
        Waiting(
            kind="timer",
            id=row.task_id,
            case_id=row.case_id,
            element=row.element,
            name=_case(ctx, row.case_id, loaded).published.element_names().get(row.element, ""),
            role=row.kind,
            due_at=row.due_at,
        )
        for row in rows
    ]


def _case(ctx: Context, case_id: int, loaded: dict[int, Loaded]) -> Loaded:
    if case_id not in loaded:
        loaded[case_id] = load_case(ctx, case_id)
    return loaded[case_id]


def holders(ctx: Context, role: str | None, path: str | None = None) -> dict[str, str]:
    """Return who holds a role in a place, or anywhere: titles by username."""
    if path is None:
        return _holders_anywhere(ctx, role)
    options = look_up(ctx, f"role:{role}", path=path)
    return {str(one["value"]): str(one["label"]) for one in options}


def _holders_anywhere(ctx: Context, role: str | None) -> dict[str, str]:
    query = (
        select(Account.username, Account.title)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .where(RoleAssignment.role == role, Account.active.is_(True))
        .order_by(Account.title)
    )
    return {row.username: row.title for row in ctx.session.execute(query)}


def ways_to_begin(ctx: Context, published: Published) -> list[Way]:
    """Return how cases of a process begin: by forms, by messages, by time, by its caller."""
    return [
        Way(
            key=published.key,
            element=start.element,
            name=start.name,
            form=start.form if stands_alone(start) else None,
            people=_beginners(ctx, start),
            register=start.properties.get("entry"),
        )
        for start in published.program.starts.values()
    ]


def _beginners(ctx: Context, start: StartForm) -> dict[str, str]:
    if start.form is None or not stands_alone(start):
        return {}
    if start.by in {None, PUBLIC.username}:
        return {PUBLIC.username: ""}
    return holders(ctx, start.by)


def begun_by_time(ctx: Context) -> list[tuple[str, datetime]]:
    """Return (element, moment) of every start event that waits for its time."""
    query = select(ProcessStart).where(ProcessStart.due_at.is_not(None))
    rows = ctx.session.scalars(query.order_by(ProcessStart.due_at))
    return [(f"{row.process_key}/{row.element}", row.due_at) for row in rows if row.due_at]


def data_of(loaded: Loaded) -> list[Scope]:
    """Return the data of a case that goes on, the case's own first."""
    if loaded.row.state is None:
        return []
    found = data_scopes(loaded.published.program, loaded.state)
    return [Scope(process=one.process, element=one.element, data=one.data) for one in found]


def mails_of(ctx: Context) -> Sequence[SentMail]:
    """Return the mails that would have left, the newest first."""
    query = select(SentMail).order_by(SentMail.id.desc()).limit(MOST_MAILS)
    return ctx.session.scalars(query).all()


def letters_of(ctx: Context) -> Sequence[Document]:
    """Return the letters that were printed, the newest first."""
    query = select(Document).where(Document.letter.is_not(None), Document.store_key.is_not(None))
    return ctx.session.scalars(query.order_by(Document.created_at.desc())).all()


def entries_of(ctx: Context) -> Sequence[RegisterEntry]:
    """Return what the cases wrote into registers, the newest first."""
    query = select(RegisterEntry).where(RegisterEntry.case_id.is_not(None))
    return ctx.session.scalars(query.order_by(RegisterEntry.id.desc()).limit(MOST_ENTRIES)).all()


def incidents_of(ctx: Context, case_id: int) -> list[Incident]:
    """Return why a case cannot go on."""
    return open_incidents(ctx.session, case_id)
