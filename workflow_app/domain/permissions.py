"""Who may do what, as pure predicates: every question names the role and the territory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.actors import Actor, Permission

if TYPE_CHECKING:
    from collections.abc import Iterable


_READERS = frozenset({Permission.WORK, Permission.SUPERVISE})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGate:
    """What the diagram says of who may hold a task.

    `by_diagram` tells that the diagram itself named the assignee, who then needs no role.
    """

    path: str
    groups: tuple[str, ...]
    users: tuple[str, ...] = ()
    assignee: str | None = None
    by_diagram: bool = True
    barred: tuple[str, ...] = ()


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


def is_candidate(actor: Actor, gate: TaskGate) -> bool:
    """Tell whether the diagram offers the task to the actor, who is not barred by four eyes."""
    if actor.username in gate.barred:
        return False
    if gate.by_diagram and actor.username == gate.assignee:
        return True
    return actor.username in gate.users or _in_groups(actor, gate.groups, gate.path)


def may_claim(actor: Actor, gate: TaskGate) -> bool:
    """Tell whether the actor may take the task: a candidate, and nobody else holds it."""
    return gate.assignee in (None, actor.username) and is_candidate(actor, gate)


def may_see_case(actor: Actor, *, case_id: int, path: str, took_part: bool) -> bool:
    """Tell whether the actor may open the case.

    The key holder, a participant, or somebody whose role in its territory works or supervises.
    """
    if actor.case_id == case_id or took_part:
        return True
    return any(grant.covers(path) and grant.permissions & _READERS for grant in actor.grants)


def _in_groups(actor: Actor, groups: Iterable[str], path: str) -> bool:
    return any(has_role(actor, role, path) for role in groups)
