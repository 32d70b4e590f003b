"""What people say to each other about a case: who sees it, who is called to it, and until when.

The history of the case holds digests of the texts, not the texts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.domain.permissions import may
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case_desk import CaseComment
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account, Organisation, RoleAssignment, Territory
from workflow_app.models.work import WorkItem
from workflow_app.services.accounts import actor_named
from workflow_app.services.candidates import excluded_from
from workflow_app.services.chain import Event, append_event
from workflow_app.services.lookups import covering
from workflow_app.services.news import News, tell
from workflow_app.services.reading import may_read_case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.domain.actors import Actor
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context

LONGEST = 4000
PEOPLE = 200
CHANGEABLE = timedelta(minutes=10)
ROLE, ORGANISATION = "role:", "org:"
_NAMED = re.compile(r"@([\w.+-]{1,80})")
_comments = table_of(CaseComment)
_MENTIONED = N_("%(who)s mentioned you in a comment on %(number)s, %(title)s.")


class Sees(StrEnum):
    """Who sees a comment."""

    ALL = "all"
    OFFICIALS = "officials"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment as somebody writes it: `to` is “all”, “officials” or a unit; `people` are called.

    Usernames after an @ in the text are called too.
    """

    text: str
    to: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A group of colleagues who may have a comment among themselves."""

    value: str
    label: str


def add_comment(ctx: Context, loaded: Loaded, said: Said) -> list[str]:
    """Keep a comment and tell those it calls; returns who may not see it and was not told.

    Raises Invalid for an empty or long text and for a unit that is not the actor's.
    """
    text, sees, unit = _checked(ctx, loaded, said)
    row = {"case_id": loaded.row.id, "author": ctx.actor.username, "sees": sees, "unit": unit}
    called = _called(ctx, said)
    able = [one for one in called if _would_see(ctx, loaded, one, row)]
    names = [one.username for one in able]
    row |= {"text": text, "mentions": names, "at": ctx.now}
    ctx.connection.execute(insert(_comments).values(**row))
    _note(ctx, loaded, "commented", text, sees)
    _tell(ctx, loaded, names)
    return [one.title for one in called if one not in able]


def edit_comment(ctx: Context, loaded: Loaded, comment_id: int, text: str) -> None:
    """Change one's own comment while it is young. Raises NotFound, Invalid, Conflict."""
    row = own_comment(ctx, loaded, comment_id)
    if not may_change(ctx, row):
        raise Conflict(N_("A comment can be changed for ten minutes. Write another one."))
    text = _text(text)
    values = {"text": text, "edited_at": ctx.now}
    ctx.connection.execute(update(_comments).where(_comments.c.id == row.id).values(**values))
    _note(ctx, loaded, "comment_edited", text, row.sees)


def delete_comment(ctx: Context, loaded: Loaded, comment_id: int) -> None:
    """Take one's own comment back; that there was one stays to be seen. Raises NotFound."""
    row = own_comment(ctx, loaded, comment_id)
    values = {"text": "", "deleted_at": ctx.now}
    ctx.connection.execute(update(_comments).where(_comments.c.id == row.id).values(**values))
    _note(ctx, loaded, "comment_deleted", row.text, row.sees)


def own_comment(ctx: Context, loaded: Loaded, comment_id: int) -> Any:
    """Return a comment of the actor that still stands. Raises NotFound."""
    row = ctx.connection.execute(
        select(_comments).where(
            _comments.c.id == comment_id,
            _comments.c.case_id == loaded.row.id,
            _comments.c.author == ctx.actor.username,
            _comments.c.deleted_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotFound
    return row


def may_change(ctx: Context, row: Any) -> bool:
    """Tell whether a comment is the actor's, and young."""
    mine = row.author == ctx.actor.username and row.deleted_at is None
    return mine and ctx.now - row.at <= CHANGEABLE


def comments_seen(
    ctx: Context, loaded: Loaded, before: int | None, most: int
) -> tuple[list[Any], int | None]:
    """Return comments that the actor may see, newest first, and the id to go on before.

    The actor is one who may read the case.
    """
    found: list[Any] = []
    lens = Lens.of(ctx, loaded)
    while len(found) <= most:
        query = select(_comments).where(_comments.c.case_id == loaded.row.id)
        if before is not None:
            query = query.where(_comments.c.id < before)
        rows = ctx.connection.execute(query.order_by(_comments.c.id.desc()).limit(most + 1)).all()
        found += [row for row in rows if lens.shows(row)]
        if len(rows) <= most:
            break
        before = rows[-1].id
    return found[:most], found[most - 1].id if len(found) > most else None


@dataclass(frozen=True, slots=True)
class Lens:
    """What one reader of a case may see of its comments."""

    actor: Actor
    path: str
    official: bool

    @classmethod
    def of(cls, ctx: Context, loaded: Loaded) -> Lens:
        """Look with the actor's eyes."""
        path, actor = loaded.row.territory_path, ctx.actor
        official = actor.is_signed_in and (_holds_office(actor, loaded) or _worked(ctx, loaded))
        return cls(actor, path, official)

    def shows(self, row: Any) -> bool:
        """Tell whether a comment is for this reader."""
        if row.sees == Sees.ALL or (self.actor.is_signed_in and row.author == self.actor.username):
            return True
        if row.sees == Sees.OFFICIALS:
            return self.official
        return self.official and row.unit in units_of(self.actor, self.path)


def _holds_office(actor: Actor, loaded: Loaded) -> bool:
    """Tell whether a role other than the applicant's opens the case to the actor."""
    offices = [grant for grant in actor.grants if grant.role != loaded.row.key_holder_role]
    office = replace(actor, grants=tuple(offices))
    path = loaded.row.territory_path
    return may(office, Permission.WORK, path) or may(office, Permission.SUPERVISE, path)


def _worked(ctx: Context, loaded: Loaded) -> bool:
    """Tell whether the actor has had a task of the case."""
    mine = (WorkItem.assignee == ctx.actor.username) | (WorkItem.closed_by == ctx.actor.username)
    query = select(WorkItem.id).where(WorkItem.case_id == loaded.row.id, mine).limit(1)
    return ctx.session.scalar(query) is not None


def units_of(actor: Actor, path: str) -> dict[str, str]:
    """Return the actor's units for a case in the territory at the path: codes by value."""
    here = [grant for grant in actor.grants if grant.covers(path)]
    roles = {f"{ROLE}{grant.role}": grant.role for grant in here}
    held = (grant.organisation for grant in actor.grants)
    return roles | {f"{ORGANISATION}{code}": code for code in held if code}


def own_units(ctx: Context, loaded: Loaded) -> list[Unit]:
    """Return the units that the actor may have a comment with, as people call them."""
    words, found = Words(ctx.language), []
    for value, code in units_of(ctx.actor, loaded.row.territory_path).items():
        if value.startswith(ROLE):
            role = ctx.session.get(RoleDefinition, code)
            label = words.text(role.title) if role else code
        else:
            query = select(Organisation.name).where(Organisation.code == code)
            label = ctx.session.scalar(query) or code
        found.append(Unit(value=value, label=label))
    return found


def people_to_call(ctx: Context, loaded: Loaded) -> list[tuple[str, str]]:
    """Return (username, title) of the people who work where the case belongs, by title."""
    today, path = ctx.now.date(), loaded.row.territory_path
    query = (
        select(Account.username, Account.title)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .where(covering(Territory.path, path), Account.active.is_(True))
        .where(RoleAssignment.role != (loaded.row.key_holder_role or ""))
        .where(RoleAssignment.valid_until.is_(None) | (RoleAssignment.valid_until >= today))
        .distinct()
        .order_by(Account.title)
        .limit(PEOPLE)
    )
    out = {ctx.actor.username, *excluded_from(ctx, loaded.row.id)}
    found = ctx.session.execute(query)
    return [(row.username, row.title) for row in found if row.username not in out]


def _checked(ctx: Context, loaded: Loaded, said: Said) -> tuple[str, Sees, str | None]:
    if said.to in (Sees.ALL, Sees.OFFICIALS):
        return _text(said.text), Sees(said.to), None
    if said.to not in units_of(ctx.actor, loaded.row.territory_path):
        raise Invalid(N_("Choose who may see the comment."))
    return _text(said.text), Sees.UNIT, said.to


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid(N_("Write the comment first."))
    if len(text) > LONGEST:
        raise Invalid(N_("The comment is too long: %(most)s characters at most."), most=LONGEST)
    return text


def _called(ctx: Context, said: Said) -> list[Actor]:
    names = dict.fromkeys([*said.people, *_NAMED.findall(said.text)])
    stripped = [name.rstrip(".-") for name in names if name]
    found = (actor_named(ctx.session, name, ctx.now) for name in dict.fromkeys(stripped))
    return [one for one in found if one is not None and one.username != ctx.actor.username]


def _would_see(ctx: Context, loaded: Loaded, who: Actor, row: dict[str, Any]) -> bool:
    """Tell whether somebody may read the case, and this comment of it."""
    as_them = replace(ctx, actor=who)
    if not may_read_case(as_them, loaded.row.id, loaded.row.territory_path):
        return False
    return Lens.of(as_them, loaded).shows(CaseComment(**row))


def _note(ctx: Context, loaded: Loaded, kind: str, text: str, sees: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    told = {"digest": digest, "sees": str(sees)}
    append_event(ctx, loaded.row.id, Event(kind, "", None, ctx.now, told))


def _tell(ctx: Context, loaded: Loaded, names: Iterable[str]) -> None:
    details = {"who": ctx.actor.title, "number": loaded.row.number, "title": loaded.row.title}
    page = f"/cases/{loaded.row.number}#file-comments"
    news = News(kind="mentioned", why=_MENTIONED, details=details, case_id=loaded.row.id, page=page)
    tell(ctx, names, news, path=loaded.row.territory_path)
