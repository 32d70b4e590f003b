"""What moves on the virtual clock of a network: cases, their scopes and tokens, and desks."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.domain.queueing import Visit

if TYPE_CHECKING:
    from workflow_app.domain.queueing import Record, Staff

NOTHING = Visit()


@dataclass(slots=True, eq=False)
class Case:
    """One case: when it began, which finished one it replays, how often it saw each node."""

    begun: float
    record: Record | None
    steps: int = 0
    seen: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, eq=False)
class Scope:
    """Tokens that live together; `round` grows when all of them are swept away at once."""

    case: Case
    above: Token | None
    round: int = 0
    live: int = 0
    over: bool = False
    at: Counter[str] = field(default_factory=Counter)
    came: Counter[str] = field(default_factory=Counter)
    inner: list[Scope] = field(default_factory=list)
    again: int = 0

    def sweep(self) -> None:
        """Take all tokens away, with everything inside them."""
        self.round += 1
        self.live = 0
        self.at.clear()
        self.came.clear()
        for scope in self.inner:
            scope.over = True
            scope.sweep()
        self.inner.clear()


@dataclass(slots=True, eq=False)
class Token:
    """A place where a case is; of one that is `gone` nothing more comes."""

    scope: Scope
    node: str
    round: int
    came: float
    visit: Visit = NOTHING
    gone: bool = False

    @property
    def lives(self) -> bool:
        """Tell whether the token is still there."""
        return not (self.gone or self.scope.over or self.scope.round != self.round)


class Desk:
    """The people of one role and the queue before them, first come, first served."""

    def __init__(self, staff: Staff) -> None:
        self.calendar = staff.calendar
        self.free = staff.people
        self.queue: deque[tuple[Token, float]] = deque()
        self.wakes = -1.0
        self.busy = 0.0
