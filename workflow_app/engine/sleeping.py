"""The open scopes of a case; those in which nothing can happen by itself sleep as stored rows.

A multi-instance sub-process of a thousand people has a thousand scopes, and a step moves one. A
scope whose tokens wait for no event is left as it was stored until somebody asks for it: by the
token that owns it, by one of its tokens, or by looking at all scopes. Sleeping, it costs what its
bytes cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

if TYPE_CHECKING:
    from _collections_abc import dict_values
    from collections.abc import Callable, Iterator

    from workflow_app.engine.tokens import Scope

Row = list[Any]
OWNER, TOKENS, STATE = 0, 2, 2


def can_sleep(row: Row) -> bool:
    """Say whether nothing in a stored scope waits for an event or for other tokens."""
    return all(token[STATE] != TaskState.WAITING for token in row[TOKENS])


class Scopes(dict[str, "Scope"]):
    """Scope by the id of the token that owns it; reading one wakes it."""

    def __init__(self, wake: Callable[[Row], object]) -> None:
        super().__init__()
        self._wake = wake
        self._rows: dict[str, Row] = {}
        self._home: dict[str, str] = {}
        self._order: dict[str, None] = {}

    def sleep(self, row: Row) -> None:
        """Keep a stored scope as it is."""
        self._rows[row[OWNER]] = row
        self._order[row[OWNER]] = None
        for token in row[TOKENS]:
            self._home[token[0]] = row[OWNER]

    def sleeping(self) -> list[Row]:
        """Return the stored rows of the scopes that nobody woke."""
        return list(self._rows.values())

    def rows(self, stored: Callable[[Scope], Row]) -> Iterator[Row]:
        """Yield every scope as a row, the older first; `stored` gives that of one awake."""
        for owner in self._order:
            if owner in self._rows:
                yield self._rows[owner]
            elif owner in self:
                yield stored(self[owner])

    def rouse(self, owner: str) -> None:
        """Wake a scope, and first the one that its owner stands in."""
        row = self._rows.pop(owner, None)
        if row is None:
            return
        self.rouse_home(owner)
        for token in row[TOKENS]:
            del self._home[token[0]]
        self._wake(row)

    def rouse_home(self, token_id: str) -> None:
        """Wake the scope that a token stands in."""
        home = self._home.get(token_id)
        if home is not None:
            self.rouse(home)

    def awake(self) -> list[Scope]:
        """Return the scopes that are awake, the older first: who woke when changes nothing."""
        return [self[owner] for owner in self._order if owner in self]

    @override
    def __setitem__(self, owner: str, scope: Scope) -> None:
        """Add a scope."""
        self._order[owner] = None
        super().__setitem__(owner, scope)

    def __missing__(self, owner: str) -> Scope:
        """Wake a scope that is asked for by its key."""
        if owner not in self._rows:
            raise KeyError(owner)
        self.rouse(owner)
        return self[owner]

    @override
    def get(self, owner: str, default: Any = None) -> Any:
        """Return a scope, or the default."""
        self.rouse(owner)
        return super().get(owner, default)

    @override
    def pop(self, owner: str, default: Any = None) -> Any:
        """Take a scope out, or return the default."""
        self.rouse(owner)
        return super().pop(owner, default)

    @override
    def values(self) -> dict_values[str, Scope]:
        """Return every scope, all awake."""
        for owner in list(self._rows):
            self.rouse(owner)
        whole = {owner: self[owner] for owner in self._order if owner in self}
        return whole.values()
