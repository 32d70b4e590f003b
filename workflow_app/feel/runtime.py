"""What one evaluation carries along: the budget, the scope and the host's functions."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from workflow_app.feel.errors import Bound, FeelBudgetExceeded
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_STEPS = 50_000
MAX_TEXT = 200_000
MAX_ITEMS = 50_000
MAX_VALUES = 100_000
# Seconds of one evaluation that all its regular expressions may take together.
MAX_MATCHING = 0.05
MAX_CALLS = 60
# Characters copied or compared that count as one step.
TEXT_PER_STEP = 100

TOO_MANY_STEPS = N_("The evaluation took more than %(limit)s steps.")
TOO_MANY_CALLS = N_("Functions call each other more than %(limit)s levels deep.")
TOO_LONG_A_TEXT = N_("A text is longer than %(limit)s characters.")
TOO_LONG_A_LIST = N_("A list is longer than %(limit)s items.")
TOO_MANY_VALUES = N_("The result has more than %(limit)s values.")

# IEEE 754-2008 decimal128, as DMN 1.5 §10.3.2.3.1 asks.
DECIMAL = decimal.Context(
    prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=0, traps=[]
)


class Runtime:
    """Counts the steps of one evaluation and knows the functions that the host lends it.

    ``spend``, ``enter`` and the checks raise FeelBudgetExceeded, naming the bound passed.
    """

    __slots__ = ("depth", "functions", "imported", "matching", "steps", "values")

    def __init__(self, functions: Mapping[str, Callable[..., object]]) -> None:
        self.steps = MAX_STEPS
        self.depth = 0
        self.values = MAX_VALUES
        self.matching = MAX_MATCHING
        self.functions = functions
        self.imported: dict[int, tuple[object, object]] = {}

    def spend(self, steps: int = 1) -> None:
        """Use up steps: one for each turn of a loop, call, or item made."""
        self.steps -= steps
        if self.steps < 0:
            exceeded(Bound.STEPS, TOO_MANY_STEPS, limit=MAX_STEPS)

    def enter(self) -> None:
        """Begin a call of a function defined in FEEL."""
        self.spend()
        self.depth += 1
        if self.depth > MAX_CALLS:
            exceeded(Bound.NESTING, TOO_MANY_CALLS, limit=MAX_CALLS)

    def leave(self) -> None:
        """End a call of a function defined in FEEL."""
        self.depth -= 1

    def text(self, text: str) -> str:
        """Give a text back after checking its length and charging for its making."""
        self.room_for_text(len(text))
        return text

    def room_for_text(self, length: int) -> None:
        """Check the length of a text about to be made, in characters, and charge for it."""
        if length > MAX_TEXT:
            exceeded(Bound.CHARACTERS, TOO_LONG_A_TEXT, limit=MAX_TEXT)
        self.spend(length // TEXT_PER_STEP)

    def room_for_items(self, count: int) -> None:
        """Check the length of a list about to be made, and charge for it."""
        if count > MAX_ITEMS:
            exceeded(Bound.ITEMS, TOO_LONG_A_LIST, limit=MAX_ITEMS)
        self.spend(count // 10)

    def hand_out(self, count: int) -> None:
        """Count values that leave for the host; a list held twice counts twice, as in JSON."""
        self.values -= count
        if self.values < 0:
            exceeded(Bound.VALUES, TOO_MANY_VALUES, limit=MAX_VALUES)


def whole(number: Decimal) -> int | None:
    """Give a number as an integer, or nothing for a fraction or more than 34 digits.

    Python's own operators on Decimal would round, or fail, by the context of the thread.
    """
    if number.adjusted() >= DECIMAL.prec or number != number.to_integral_value():
        return None
    return int(number)


def exceeded(bound: Bound, why: str, /, **details: object) -> NoReturn:
    """Raise FeelBudgetExceeded for a bound, with a sentence."""
    raise FeelBudgetExceeded(bound, why, **details)
