"""Where the compiler looks names up: local slots, members of filtered items, then the scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.feel.closures import Code
    from workflow_app.feel.nodes import Node
    from workflow_app.feel.runtime import Runtime

# The first places of an environment hold the runtime, the host's scope, and the tested value.
RUNTIME, GLOBALS, TESTED = 0, 1, 2
_FIRST_FREE = 3


# Gives the test of a type that FEEL itself does not have, or nothing for an unknown one.
TypeSource = Callable[[str], Callable[[object, "Runtime"], bool] | None]
Watch = Callable[["Node", "Code", "Scope"], "Code"]


@dataclass(slots=True)
class Collected:
    """What compiling one text found out: free names, and how many slots it needs."""

    types: TypeSource = field(default=lambda _name: None)
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    slots: int = _FIRST_FREE
    # How many nodes have been compiled: what a loop goes through is charged by its size.
    weight: int = 0
    # Put around the closure of each node when an evaluation is to be explained.
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a name may come from: slots of filtered items first, then a slot or the scope."""

    items: tuple[int, ...]
    slot: int | None


class Scope:
    """One level of local names; ``item`` is the slot whose context members are names too."""

    __slots__ = ("collected", "item", "outer", "slots")

    def __init__(self, collected: Collected, outer: Scope | None = None) -> None:
        self.collected = collected
        self.outer = outer
        self.slots: dict[str, int] = {}
        self.item: int | None = None

    def inner(self) -> Scope:
        """Open a level within this one."""
        return Scope(self.collected, self)

    def new_slot(self) -> int:
        """Reserve a place in the environment."""
        slot = self.collected.slots
        self.collected.slots += 1
        return slot

    def define(self, name: str) -> int:
        """Reserve a place for a local name."""
        self.slots[name] = self.new_slot()
        return self.slots[name]

    def define_item(self) -> int:
        """Reserve a place for the item that a filter looks at."""
        self.item = self.define("item")
        return self.item

    def find(self, name: str, *, called: bool = False) -> Found:
        """Say where a name may come from, and remember it if the host must give it."""
        items = []
        level: Scope | None = self
        while level is not None:
            if level.item is not None:
                # A member of the item hides even the name “item”.
                items.append(level.item)
            if name in level.slots:
                return Found(tuple(items), level.slots[name])
            level = level.outer
        if called:
            self.collected.calls.add(name)
        else:
            self._remember(name, inside_filter=bool(items))
        return Found(tuple(items), None)

    def is_local(self, name: str) -> bool:
        """Tell whether a level around here defines the name."""
        level: Scope | None = self
        while level is not None:
            if name in level.slots:
                return True
            level = level.outer
        return False

    def _remember(self, name: str, *, inside_filter: bool) -> None:
        if not inside_filter:
            self.collected.names.add(name)
        elif name not in self.collected.names:
            self.collected.members.add(name)
