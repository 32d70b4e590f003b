"""Who acts: a person with roles in territories, the holder of a case's key, or the system."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a route or a use case asks for; which role gives it stands in the roles file."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    WORK = "work"
    SUPERVISE = "supervise"
    DESIGN = "design"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one territory; `path` is the territory's path and covers all below it."""

    role: str
    path: str
    organisation: str | None = None
    permissions: frozenset[Permission] = frozenset({Permission.WORK})

    def covers(self, path: str) -> bool:
        """Tell whether the territory at this path lies in the grant's territory."""
        return path == self.path or path.startswith(self.path + "/")


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody absent today, in whose place an actor may act, with the roles they hold."""

    username: str
    title: str
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The one in whose name a use case runs; `case_id` limits a key holder to one case.

    `standing` are those in whose place the actor may act today.
    """

    username: str
    title: str
    user_id: int | None = None
    grants: tuple[Grant, ...] = ()
    case_id: int | None = None
    is_system: bool = False
    email: str | None = None
    standing: tuple[Standing, ...] = ()

    @property
    def is_signed_in(self) -> bool:
        """Tell whether this is a person with an account."""
        return self.user_id is not None


KEY_HOLDER = "key_holder"
SYSTEM = Actor(username="system", title="System", is_system=True)
PUBLIC = Actor(username="public", title="Public")
