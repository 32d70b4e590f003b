"""The options that a form's `lookup("…")` offers: people, places, bodies, registers, documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain import audiences
from workflow_app.domain.states import CaseState
from workflow_app.models.case import Case, Document
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.catalogue import ProcessVersion, RegisterDefinition
from workflow_app.models.notices import Notice
from workflow_app.models.people import (
    Account,
    Body,
    BodyMember,
    Organisation,
    RoleAssignment,
    Territory,
)
from workflow_app.models.register import RegisterEntry
from workflow_app.models.work import WorkOffer
from workflow_app.queries.collections import collection_named, counts_of
from workflow_app.services.applied import applied, refused
from workflow_app.services.blindness import blind_now
from workflow_app.services.standing import absent
from workflow_app.services.taking_part import parts_taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from workflow_app.services.context import Context
    from workflow_app.services.taking_part import Part

Options = list[dict[str, object]]
REGISTER = "register"


def look_up(
    ctx: Context, source: str, *, path: str, case_id: int | None = None, hidden: bool = True
) -> Options:
    """Return [{value, label, …}] for a source such as "territories" or "role:<code>".

    An unknown source gives no options: a form that asks for one is found by the process check.
    Without `hidden` entries of a register that stay in the office are left out.
    """
    kind, _, name = source.partition(":")
    if kind == REGISTER:
        return [_entry(*row) for row in ctx.session.execute(_entries(name, hidden=hidden))]
    reader = _READERS.get(kind)
    return reader(ctx, name, path, case_id) if reader else []


def look_up_one(
    ctx: Context,
    source: str,
    key: str,
    *,
    path: str,
    case_id: int | None = None,
    hidden: bool = True,
) -> dict[str, object] | None:
    """Return the option of a source whose value is `key`; None when there is none.

    An entry of a register is read by its key alone, however long the register is; one that stays
    in the office is not found without `hidden`.
    """
    kind, _, name = source.partition(":")
    if kind == REGISTER:
        query = _entries(name, hidden=hidden).where(RegisterEntry.key == key)
        found = [_entry(*row) for row in ctx.session.execute(query)]
    else:
        options = look_up(ctx, source, path=path, case_id=case_id)
        found = [option for option in options if str(option["value"]) == key]
    return found[0] if found else None


def covering(column: InstrumentedAttribute[str], path: str) -> ColumnElement[bool]:
    """Return the condition that the territory in `column` (a path) covers the given path."""
    return or_(literal(path) == column, literal(path).startswith(column + "/"))


def _territories(ctx: Context, name: str, _path: str, _case: int | None) -> Options:
    """Return all territories, those of a level, or those that carry a flag: `#<flag>`."""
    query = select(Territory.code, Territory.name, Territory.level, Territory.flags)
    if name and not name.startswith("#"):
        query = query.where(Territory.level == name)
    return [
        {"value": r.code, "label": r.name, "level": r.level}
        for r in ctx.session.execute(query.order_by(Territory.path))
        if not name.startswith("#") or name[1:] in r.flags
    ]


def _organisations(ctx: Context, name: str, _path: str, _case: int | None) -> Options:
    query = select(Organisation).order_by(Organisation.name)
    if name:
        query = query.where(Organisation.sector == name)
    return [
        {
            **o.details,
            "value": o.code,
            "label": o.name,
            "sector": o.sector,
            "reg_no": o.registration_number,
        }
        for o in ctx.session.scalars(query)
    ]


def _role(ctx: Context, name: str, path: str, _case: int | None) -> Options:
    """Return the holders of a role at the path, or in another place: `<role>@<territory>`."""
    name, _, place = name.partition("@")
    if place:
        found = select(Territory.path).where(Territory.code == place)
        path = ctx.session.scalar(found) or ""
    today = ctx.now.date()
    query = (
        select(Account.username, Account.title, RoleAssignment.organisation_code)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .where(
            RoleAssignment.role == name, Account.active.is_(True), covering(Territory.path, path)
        )
        .where(or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until >= today))
        .where(or_(RoleAssignment.valid_from.is_(None), RoleAssignment.valid_from <= today))
        .order_by(Account.title)
        .distinct()
    )
    return [
        {"value": r.username, "label": r.title, "organisation": r.organisation_code}
        for r in ctx.session.execute(query)
    ]


def _free(ctx: Context, name: str, path: str, case: int | None) -> Options:
    """People of a role who are there and may see the case, whoever holds the fewest tasks first."""
    found = _role(ctx, name, path, case)
    names = [str(one["value"]) for one in found]
    gone = {*absent(ctx.session, names, ctx.now), *_kept_out(ctx, case)}
    held = (
        select(WorkOffer.audience, func.count().label("open"))
        .where(WorkOffer.audience.in_([audiences.holder(name) for name in names]))
        .group_by(WorkOffer.audience)
    )
    load = {row.audience: int(row.open) for row in ctx.session.execute(held)}
    free = [
        {**one, "open": load.get(audiences.holder(str(one["value"])), 0)}
        for one in found
        if one["value"] not in gone
    ]
    return sorted(free, key=lambda one: (one["open"], one["label"]))


def _kept_out(ctx: Context, case_id: int | None) -> Iterable[str]:
    """Return who was taken off the case."""
    query = select(CaseExclusion.username).where(CaseExclusion.case_id == case_id)
    return ctx.session.scalars(query) if case_id is not None else ()


def _bodies(ctx: Context, _name: str, _path: str, _case: int | None) -> Options:
    return [
        {
            "value": body.key,
            "label": body.title,
            "territory": body.territory_code,
            "secretary_role": body.secretary_role,
            "chair_role": body.chair_role,
            "member_role": body.member_role,
            "convened_by": body.convened_by,
        }
        for body in ctx.session.scalars(select(Body).order_by(Body.title))
    ]


def _body(ctx: Context, name: str, _path: str, _case: int | None) -> Options:
    query = (
        select(BodyMember.username, BodyMember.position, Account.title)
        .join(Account, Account.username == BodyMember.username)
        .where(BodyMember.body == name)
        .order_by(BodyMember.id)
    )
    rows = ctx.session.execute(query)
    return [{"value": r.username, "label": r.title, "position": r.position} for r in rows]


def _entries(register: str, *, hidden: bool) -> Select[tuple[str, dict[str, Any]]]:
    query = select(RegisterEntry.key, RegisterEntry.data).where(
        RegisterEntry.register == register, RegisterEntry.superseded_at.is_(None)
    )
    shown = query if hidden else query.where(RegisterEntry.is_hidden.is_(False))
    return shown.order_by(RegisterEntry.key)


def _entry(key: str, data: dict[str, Any]) -> dict[str, object]:
    return {**data, "value": key, "label": data.get("name") or data.get("title") or key}


def _documents(ctx: Context, _name: str, _path: str, case_id: int | None) -> Options:
    """Return the documents of the case that the actor may know of, in the order they came."""
    version = ctx.session.scalar(select(Case.process_version_id).where(Case.id == case_id))
    if case_id is None or version is None:
        return []
    query = select(Document).where(Document.case_id == case_id)
    if ctx.actor.case_id is not None:
        query = query.where(Document.for_key_holder.is_(True))
    blind = blind_now(ctx, ctx.platform.programs.get(ctx.session, version), case_id)
    return [
        {"value": one.id, "label": one.title or one.name}
        for one in ctx.session.scalars(query.order_by(Document.created_at))
        if not blind.hides(one.element, one.created_by)
    ]


def _notices(ctx: Context, number: str, path: str, case_id: int | None) -> Options:
    """Return the notices of a case, this one's unless a number is given, the newest first."""
    wanted = Case.number == number if number else Case.id == case_id
    query = select(Notice).join(Case, Case.id == Notice.case_id).where(wanted)
    zone = calendar_at(path).zone

    def day(moment: datetime | None) -> str | None:
        return moment.astimezone(zone).date().isoformat() if moment else None

    return [
        {
            "value": notice.key,
            "label": notice.subject,
            "state": notice.state,
            "how": notice.how,
            "sent_on": day(notice.sent_at),
            "served_on": day(notice.served_at),
        }
        for notice in ctx.session.scalars(query.order_by(Notice.created_at.desc()))
    ]


def _cases(ctx: Context, name: str, _path: str, case_id: int | None) -> Options:
    """Open cases of the same process as the one at hand, itself left out.

    With `<process>` those of that process, which the first step of a case needs: it is in none of
    the lists yet. With `<process>:<entry>` all cases of that process over an entry, in the order
    they came.
    """
    if ":" in name:
        return applied(ctx, *name.split(":", 1))
    version = aliased(ProcessVersion)
    own = (
        select(version.key)
        .join(Case, Case.process_version_id == version.id)
        .where(Case.id == case_id)
        .scalar_subquery()
    )
    key = literal(name) if name else own
    query = (
        select(Case.number, Case.title, Case.territory_code)
        .join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
        .where(ProcessVersion.key == key, Case.id != case_id, Case.phase != CaseState.FINISHED)
    )
    rows = ctx.session.execute(query)
    return [{"value": r.number, "label": r.title, "territory": r.territory_code} for r in rows]


def _refused(ctx: Context, name: str, path: str, _case: int | None) -> Options:
    """Return the attempts that came when an entry was not open: `<process>:<entry>`."""
    return refused(ctx, *name.split(":", 1), zone=calendar_at(path).zone)


def _collection(ctx: Context, name: str, _path: str, case_id: int | None) -> Options:
    """Return a collection of this case by its key, or of another by `<number>/<key>`, in counts."""
    number, _slash, key = name.rpartition("/")
    row = collection_named(ctx.session, key, case_id=case_id, number=number or None)
    if row is None:
        return []
    ends = [at for at in (row.closed_at, row.closes_at) if at is not None]
    closes = row.closes_at.isoformat() if row.closes_at else None
    about = {"value": row.key, "label": row.title, "closes": closes}
    return [{**about, "open": not ends or min(ends) > ctx.now, **counts_of(row)}]


def _untouched(ctx: Context, name: str, path: str, case_id: int | None) -> Options:
    """Holders of a role who took no part in some cases: `<role>:<number> <number>`."""
    role, parts = _parts(ctx, name, case_id)
    return [one for one in _role(ctx, role, path, case_id) if one["value"] not in parts]


def _touched(ctx: Context, name: str, path: str, case_id: int | None) -> Options:
    """Holders of a role who did take part: the step that shows it, the case and the day."""
    role, parts = _parts(ctx, name, case_id)
    return [
        {**one, "what": part.what, "case": part.case, "on": part.at.date()}
        for one in _role(ctx, role, path, case_id)
        if (part := parts.get(str(one["value"]))) is not None
    ]


def _parts(ctx: Context, name: str, case_id: int | None) -> tuple[str, dict[str, Part]]:
    """Return the role, and who took part in the cases named, else in the one at hand."""
    role, _, said = name.partition(":")
    numbers = said.split()
    if not said and case_id is not None:
        numbers = list(ctx.session.scalars(select(Case.number).where(Case.id == case_id)))
    return role, parts_taken(ctx, numbers)


def _registers(ctx: Context, mark: str, _path: str, _case: int | None) -> Options:
    """Return the registers, or those whose file says yes to a mark such as `imported`."""
    found = ctx.session.scalars(select(RegisterDefinition).order_by(RegisterDefinition.key))
    return [
        {"value": one.key, "label": one.definition["title"], "key": one.definition["key"]}
        for one in found
        if not mark or one.definition.get(mark) is True
    ]


_READERS: Mapping[str, Callable[[Context, str, str, int | None], Options]] = {
    "territories": _territories,
    "organisations": _organisations,
    "role": _role,
    "free": _free,
    "bodies": _bodies,
    "body": _body,
    "registers": _registers,
    "documents": _documents,
    "cases": _cases,
    "collection": _collection,
    "refused": _refused,
    "notices": _notices,
    "untouched": _untouched,
    "touched": _touched,
}
