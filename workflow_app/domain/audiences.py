"""The lists in which an open task stands: of a role in a territory, of a person, of its holder.

A task of a territory stands in the list of every territory above it, so that a reader reads the
lists of their own territories and nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.domain.actors import Actor

#: The place of tasks without a due time: after all others.
FAR = datetime(9999, 12, 31, tzinfo=UTC)


def group(role: str, path: str) -> str:
    """Return the list of those who hold a role in the territory at the path."""
    return f"{role}@{path}"


def person(username: str) -> str:
    """Return the list of what is offered to one person by name."""
    return f"user:{username}"


def holder(username: str) -> str:
    """Return the list of what one person has taken."""
    return f"held:{username}"


def offered_in(path: str, groups: Iterable[str], users: Iterable[str]) -> list[str]:
    """Return the lists of a task that nobody holds, for the territory at the path."""
    above = territories(path)
    lists = [group(role, place) for role in groups for place in above]
    return list(dict.fromkeys([*lists, *map(person, users)]))


def read_by(actor: Actor) -> list[str]:
    """Return the lists of unclaimed tasks that an actor reads, none inside another."""
    grants = {(grant.role, grant.path) for grant in actor.grants}
    widest = [
        (role, path)
        for role, path in grants
        if not any((role, above) in grants for above in territories(path) if above != path)
    ]
    return [*sorted(group(role, path) for role, path in widest), person(actor.username)]


def read_for_others(actor: Actor) -> list[str]:
    """Return the personal lists of those in whose place an actor acts."""
    names = [one.username for one in actor.standing]
    return [*map(holder, names), *map(person, names)]


def territories(path: str) -> list[str]:
    """Return the paths of a territory and of all above it, the widest first."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
