"""Being away: entered with days and substitutes, begun at its time, ended early.

When an absence begins its substitutes are told. Where nobody is left to act, tasks go back to
their groups and supervisors are told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain import audiences
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid, NotAllowed, NotFound
from workflow_app.domain.permissions import may
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.desk import Absence, AbsenceSubstitute
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.models.work import WorkItem, WorkOffer
from workflow_app.services.accounts import grants_of
from workflow_app.services.case_store import load_by_work_item
from workflow_app.services.chain import Event, append_event
from workflow_app.services.holding import give_back
from workflow_app.services.lookups import look_up
from workflow_app.services.news import News, tell, tell_roles
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.standing import (
    absent,
    earliest_day,
    representing,
    substitutes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import Row

    from workflow_app.domain.actors import Grant
    from workflow_app.services.context import Context

MOST_SUBSTITUTES = 5
LONGEST_DAYS = 400
KIND = "absence"
PAGE = "/account/absence"
_absences = table_of(Absence)
_substitutes = table_of(AbsenceSubstitute)
_items = table_of(WorkItem)

NAMED = N_(
    "%(who)s named you as substitute from %(from)s to %(until)s\n\nIn these days you see their"
    " tasks under “For colleagues” and may do them in their place. Both names stand in the trail."
)
BEGUN = N_(
    "You stand in for %(who)s until %(until)s\n\nTheir tasks are under “For colleagues” in your"
    " work. Open at present: %(count)s."
)
OVER = N_("You no longer stand in for %(who)s: they are back")
NOBODY = N_(
    "%(who)s is away until %(until)s and nobody stands in\n\nWhat they held went back to the"
    " groups: %(count)s. Tasks given to them by name wait; you can hand them over."
)
FRESH = N_("A task for %(who)s, who is away: “%(task)s” in case %(case)s\n\nYou stand in for them.")
LEFT = N_(
    "%(who)s is away and nobody stands in: “%(task)s” in case %(case)s\n\nA task of a group went"
    " to the group; one without a group waits, and you can hand it over."
)
RETURNED = N_("%(who)s is away and nobody stands in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """An absence as somebody enters it; `alone` says that nobody is to stand in."""

    username: str
    first_day: date
    last_day: date
    substitutes: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who may stand in, with the roles that both hold."""

    username: str
    title: str
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence that is in force or will be."""

    id: int
    username: str
    title: str
    first_day: date
    last_day: date
    substitutes: tuple[str, ...]


def enter_absence(ctx: Context, leave: Leave) -> int:
    """Keep an absence and tell its substitutes; returns its id.

    Raises Invalid with the sentence for the person, its parameter `field` names what is wrong;
    NotAllowed for somebody else's absence outside the territory that one supervises.
    """
    account = _require_person(ctx, leave.username)
    _check_days(ctx, leave)
    _check_substitutes(ctx, leave)
    values = {"username": leave.username, "entered_by": ctx.actor.username, "entered_at": ctx.now}
    values |= {"first_day": leave.first_day, "last_day": leave.last_day}
    made = ctx.connection.execute(insert(_absences).values(**values))
    absence_id = int(made.inserted_primary_key[0])  # type: ignore[index]
    for name in leave.substitutes:
        row = {"absence_id": absence_id, "username": name}
        ctx.connection.execute(insert(_substitutes).values(**row))
    begins = datetime.combine(leave.first_day, time(), zone_of(ctx, leave.username))
    item = outbox_values(OutboxKind.ABSENCE, {"absence": absence_id}, ctx.now)
    item["not_before"] = max(begins, ctx.now)
    ctx.connection.execute(insert(outbox).values(case_id=None, **item))
    _tell(ctx, leave.substitutes, NAMED, account.title, leave)
    return absence_id


def begin_absence(ctx: Context, absence_id: int) -> None:
    """Tell that an absence begins, and give back what nobody is left to do; once.

    Those for whom the person stood in are looked at too: the chain goes on, or ends here.
    """
    begun = (
        update(_absences)
        .where(_absences.c.id == absence_id)
        .where(_absences.c.begun_at.is_(None), _absences.c.ended_at.is_(None))
        .values(begun_at=ctx.now)
    )
    if ctx.connection.execute(begun).rowcount == 0:
        return
    absence = ctx.session.get_one(Absence, absence_id)
    for username in [absence.username, *_left_by(ctx, absence.username)]:
        _begin(ctx, username)


def end_absence(ctx: Context, absence_id: int) -> None:
    """End an absence before its last day, or take it back. Raises NotFound, NotAllowed."""
    absence = ctx.session.get(Absence, absence_id)
    if absence is None or absence.ended_at is not None:
        raise NotFound
    account = _require_person(ctx, absence.username)
    ended = update(_absences).where(_absences.c.id == absence_id).values(ended_at=ctx.now)
    ctx.connection.execute(ended)
    _tell(ctx, _named(ctx, absence_id), OVER, account.title, absence)


def look_after(ctx: Context, item_id: int, holder: str) -> bool:
    """Bring a new task of somebody away to those who act for them.

    Where nobody does it goes to its group and supervisors are told; returns whether it went.
    """
    if holder not in absent(ctx.session, [holder], ctx.now):
        return False
    row = load_by_work_item(ctx, item_id).row
    title = _titles(ctx, [holder])[0]
    told = {"who": title, "task": row.item_name, "case": row.number}
    page = f"/tasks/{item_id}"
    acting = substitutes_of(ctx.session, holder, ctx.now)
    if acting:
        news = News(kind=KIND, why=FRESH, details=told, case_id=row.id, page=page)
        tell(ctx, acting, news, path=row.territory_path)
        return False
    news = News(kind=KIND, why=LEFT, details=told, case_id=row.id, page=page)
    tell_roles(ctx, row.territory_path, None, news)
    return _return_one(ctx, row, title)


def absences_of(ctx: Context, usernames: Sequence[str]) -> list[Away]:
    """Return these people's absences in force and to come, the soonest first."""
    query = (
        select(_absences, Account.title)
        .join(Account, Account.username == _absences.c.username)
        .where(_absences.c.username.in_(usernames), _absences.c.ended_at.is_(None))
        .where(_absences.c.last_day >= earliest_day(ctx.now))
        .order_by(_absences.c.first_day, _absences.c.id)
    )
    return [
        Away(
            id=row.id,
            username=row.username,
            title=row.title,
            first_day=row.first_day,
            last_day=row.last_day,
            substitutes=tuple(_titles(ctx, _named(ctx, row.id))),
        )
        for row in ctx.connection.execute(query).all()
    ]


def colleagues_of(ctx: Context, username: str) -> list[Colleague]:
    """Return who holds a role of a person's in its territory too, and could stand in."""
    found: dict[str, Colleague] = {}
    for grant in _work_of(ctx, username):
        for one in look_up(ctx, f"role:{grant.role}", path=grant.path):
            name = str(one["value"])
            known = Colleague(username=name, title=str(one["label"]))
            colleague = found.setdefault(name, known)
            if grant.role not in colleague.roles:
                colleague.roles.append(grant.role)
    return [one for name, one in found.items() if name != username]


def roles_of(ctx: Context, username: str) -> list[str]:
    """Return the roles in which a person works."""
    return list(dict.fromkeys(grant.role for grant in _work_of(ctx, username)))


def supervised_people(ctx: Context) -> list[tuple[str, str]]:
    """Return (username, title) of those who work in the territories that the actor supervises."""
    paths = [g.path for g in ctx.actor.grants if Permission.SUPERVISE in g.permissions]
    if not paths:
        return []
    rows = ctx.session.execute(
        select(Account.username, Account.title, Territory.path)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .where(Account.active.is_(True))
        .order_by(Account.title)
    )
    inside = {
        row.username: row.title
        for row in rows
        if any(row.path == path or row.path.startswith(path + "/") for path in paths)
    }
    return list(inside.items())


def _begin(ctx: Context, username: str) -> None:
    last = absent(ctx.session, [username], ctx.now).get(username)
    if last is None:
        return
    title = _titles(ctx, [username])[0]
    acting = substitutes_of(ctx.session, username, ctx.now)
    held = _held_by(ctx, username)
    told = {"who": title, "until": _day(last)}
    if acting:
        told["count"] = str(len(held))
        news = News(kind=KIND, why=BEGUN, details=told, page="/inbox?tab=standing")
        tell(ctx, acting, news, path=_path_of(ctx, username))
        return
    told["count"] = str(_return(ctx, held, title))
    news = News(kind=KIND, why=NOBODY, details=told, page=PAGE)
    tell_roles(ctx, _path_of(ctx, username), None, news)


def _left_by(ctx: Context, username: str) -> list[str]:
    """Return those away for whom somebody stood in who is now away as well."""
    return [row.username for row in representing(ctx.session, username, ctx.now)]


def _return(ctx: Context, held: Iterable[Any], title: str) -> int:
    """Give tasks of a group back to it; returns how many."""
    count = 0
    for item in held:
        count += _return_one(ctx, load_by_work_item(ctx, item.id).row, title)
    return count


def _return_one(ctx: Context, row: Any, title: str) -> bool:
    if row.role is None:
        return False
    why = {"why": RETURNED, "details": {"who": title}}
    append_event(ctx, row.id, Event("released", row.element, row.task_id, ctx.now, why))
    give_back(ctx, row)
    return True


def _held_by(ctx: Context, username: str) -> list[Row[Any]]:
    query = (
        select(_items.c.id)
        .join(WorkOffer, WorkOffer.work_item_id == _items.c.id)
        .where(WorkOffer.audience == audiences.holder(username))
        # Everybody locks cases in one order.
        .order_by(_items.c.case_id, _items.c.id)
    )
    return list(ctx.connection.execute(query).all())


def _require_person(ctx: Context, username: str) -> Account:
    account = ctx.session.scalar(select(Account).where(Account.username == username))
    if account is None:
        raise NotFound
    if username == ctx.actor.username:
        return account
    grants = grants_of(ctx.session, account.id, ctx.now.date())
    if not any(may(ctx.actor, Permission.SUPERVISE, grant.path) for grant in grants):
        raise NotAllowed(N_("You may enter an absence for yourself, or for those you supervise."))
    return account


def _check_days(ctx: Context, leave: Leave) -> None:
    if leave.first_day < today_of(ctx, leave.username):
        _refuse("first_day", N_("The first day must be today or later"))
    if leave.last_day < leave.first_day:
        _refuse("last_day", N_("The last day must not be before the first day"))
    if (leave.last_day - leave.first_day).days > LONGEST_DAYS:
        _refuse("last_day", N_("An absence may last %(days)s days at most"), days=LONGEST_DAYS)
    other = select(_absences.c.id).where(
        _absences.c.username == leave.username,
        _absences.c.ended_at.is_(None),
        _absences.c.first_day <= leave.last_day,
        _absences.c.last_day >= leave.first_day,
    )
    if ctx.session.scalar(other.limit(1)) is not None:
        _refuse("first_day", N_("In these days an absence is entered already. End that one first"))


def _check_substitutes(ctx: Context, leave: Leave) -> None:
    allowed = {one.username for one in colleagues_of(ctx, leave.username)}
    if not leave.substitutes and not leave.alone:
        _refuse("substitutes", N_("Choose who stands in, or that your tasks go to your groups"))
    if leave.substitutes and leave.alone:
        _refuse("substitutes", N_("Choose people who stand in, or that nobody does, not both"))
    if len(leave.substitutes) > MOST_SUBSTITUTES:
        _refuse("substitutes", N_("Choose %(most)s people at most"), most=MOST_SUBSTITUTES)
    if not allowed.issuperset(leave.substitutes):
        _refuse("substitutes", N_("Choose from the list: they hold the same role in the territory"))


def _refuse(name: str, sentence: str, **told: object) -> None:
    raise Invalid(sentence, field=name, **told)


def _tell(
    ctx: Context, usernames: Iterable[str], why: str, title: str, days: Leave | Absence
) -> None:
    told = {"who": title, "from": _day(days.first_day), "until": _day(days.last_day)}
    news = News(kind=KIND, why=why, details=told, page=PAGE)
    tell(ctx, usernames, news, path=_path_of(ctx, days.username))


def _path_of(ctx: Context, username: str) -> str:
    """Return the territory of a person's first role, whose habits of telling count."""
    query = (
        select(Territory.path)
        .join(RoleAssignment, RoleAssignment.territory_code == Territory.code)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(Account.username == username)
        .order_by(RoleAssignment.id)
    )
    return ctx.session.scalar(query.limit(1)) or ""


def zone_of(ctx: Context, username: str) -> ZoneInfo:
    """Return the zone of a person's first role, on whose clock their days begin and end."""
    return calendar_at(_path_of(ctx, username)).zone


def today_of(ctx: Context, username: str) -> date:
    """Return which day it is where a person works."""
    return ctx.now.astimezone(zone_of(ctx, username)).date()


def _work_of(ctx: Context, username: str) -> list[Grant]:
    account = ctx.session.scalar(select(Account.id).where(Account.username == username))
    grants = grants_of(ctx.session, account, ctx.now.date()) if account else ()
    return [grant for grant in grants if Permission.WORK in grant.permissions]


def _named(ctx: Context, absence_id: int) -> list[str]:
    query = select(_substitutes.c.username).where(_substitutes.c.absence_id == absence_id)
    return list(ctx.session.scalars(query.order_by(_substitutes.c.username)))


def _titles(ctx: Context, usernames: Sequence[str]) -> list[str]:
    query = select(Account.title).where(Account.username.in_(usernames)).order_by(Account.title)
    return list(ctx.session.scalars(query))


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")
