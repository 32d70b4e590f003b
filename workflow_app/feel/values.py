"""FEEL values that Python has no type for: ranges and functions (DMN 1.5 §10.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.feel.checking.typing import FeelType
    from workflow_app.feel.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is unbounded (DMN 1.5 §10.3.2.7)."""

    start: object
    end: object
    start_included: bool
    end_included: bool


class FeelFunction:
    """A function as a value; ``parameters`` are the names that arguments may be given by.

    No abstract base class, since its instance checks would cost more than a whole condition.
    """

    __slots__ = ("parameters",)
    parameters: tuple[str, ...]

    def kinds(self, count: int) -> tuple[FeelType, ...] | None:
        """Give the function types it has for so many arguments; nothing if nobody knows."""
        return None if len(self.parameters) == count else ()

    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Apply to arguments given by position; null when they do not fit."""
        raise NotImplementedError

    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Apply to arguments given by name; one left out is null, as is all with an unknown name.

        As DMN 1.5 §10.3.2.13.5 has it.
        """
        if not set(arguments) <= set(self.parameters):
            return None
        return self.call(runtime, [arguments.get(name) for name in self.parameters])

    def same_as(self, other: FeelFunction, _runtime: Runtime) -> bool:
        """Tell whether it equals another function (DMN 1.5 table 53)."""
        return self is other
