"""Who may do what, as pure predicates: every question names the role and the territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.actors import Actor, Permission, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Whose holders may open the cases of their territory.
READERS = frozenset({Permission.WORK, Permission.SUPERVISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGate:
    """What the diagram says of who may hold a task.

    `by_diagram` tells that the diagram itself named the assignee, who then needs no role;
    `on_behalf_of` is in whose place the assignee took the task. `alone` holds for one of several
    equal tasks, such as a vote, of which the asking actor has another: they do no second one for
    somebody else.
    """

    path: str
    groups: tuple[str, ...]
    users: tuple[str, ...] = ()
    assignee: str | None = None
    by_diagram: bool = True
    barred: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    alone: bool = False


def has_role(actor: Actor, role: str, path: str) -> bool:
    """Tell whether the actor holds the role in the territory at the path, or above it."""
    return any(grant.role == role and grant.covers(path) for grant in actor.grants)


def may(actor: Actor, permission: Permission, path: str) -> bool:
    """Tell whether one of the actor's roles gives the permission in the territory at the path."""
    return any(permission in grant.permissions and grant.covers(path) for grant in actor.grants)


def may_anywhere(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor holds the permission in any territory.

    Enough to open a list, never a record.
    """
    if permission is Permission.PUBLIC:
        return True
    if permission is Permission.SIGNED_IN:
        return actor.is_signed_in
    return any(permission in grant.permissions for grant in actor.grants)


def is_official(actor: Actor) -> bool:
    """Tell whether the actor is of the office: the system, or somebody whose role permits a thing.

    Residents, applicants and holders of a case's key are the public.
    """
    return actor.is_system or any(grant.permissions for grant in actor.grants)


def is_candidate(actor: Actor, gate: TaskGate) -> bool:
    """Tell whether the actor may do the task, for themselves or in somebody's place.

    Whoever is barred by four eyes may not, and nobody may in their place.
    """
    return _own(actor, gate) or stands_in(actor, gate) is not None


def may_claim(actor: Actor, gate: TaskGate) -> bool:
    """Tell whether the actor may take the task, or go on with it.

    Nobody else holds it, or one whose place the actor takes.
    """
    if gate.assignee in (None, actor.username):
        return is_candidate(actor, gate)
    whom = stands_in(actor, gate)
    return whom is not None and whom == gate.assignee


def stands_in(actor: Actor, gate: TaskGate) -> str | None:
    """Return the absent person in whose place the actor may do the task; None for nobody.

    Nobody where the actor may do it in their own right.
    """
    if actor.username in gate.barred:
        return None
    if gate.assignee == actor.username:
        return _carried_on(actor, gate)
    if gate.alone or (gate.assignee is None and _own(actor, gate)):
        return None
    personal = (gate.assignee,) if gate.assignee else gate.users
    found = (
        one.username
        for one in actor.standing
        if one.username in personal and one.username not in gate.barred and _equal(actor, one, gate)
    )
    return next(found, None)


def may_see_case(actor: Actor, *, case_id: int, path: str, took_part: bool) -> bool:
    """Tell whether the actor may open the case.

    The key holder, a participant, or somebody whose role in its territory works or supervises.
    """
    if actor.case_id == case_id or took_part:
        return True
    return any(grant.covers(path) and grant.permissions & READERS for grant in actor.grants)


def _own(actor: Actor, gate: TaskGate) -> bool:
    """Tell whether the diagram offers the task to the actor, who is not barred."""
    if actor.username in gate.barred or (gate.on_behalf_of or "") in gate.barred:
        return False
    if gate.by_diagram and actor.username == gate.assignee:
        return True
    return actor.username in gate.users or _in_groups(actor, gate.groups, gate.path)


def _carried_on(actor: Actor, gate: TaskGate) -> str | None:
    """Return for whom the actor took the task: it may be finished after that one came back."""
    if gate.on_behalf_of is None or gate.on_behalf_of in gate.barred:
        return None
    free = not gate.groups or _in_groups(actor, gate.groups, gate.path)
    known = any(one.username == gate.on_behalf_of for one in actor.standing)
    return gate.on_behalf_of if free or known else None


def _equal(actor: Actor, absent: Standing, gate: TaskGate) -> bool:
    """Tell whether the actor holds the role for the task that the absent person holds."""
    holds = any(grant.role in gate.groups and grant.covers(gate.path) for grant in absent.grants)
    return not holds or _in_groups(actor, gate.groups, gate.path)


def _in_groups(actor: Actor, groups: Iterable[str], path: str) -> bool:
    return any(has_role(actor, role, path) for role in groups)
