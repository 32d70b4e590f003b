"""What one evaluation carries along: the budget, the scope and the host's functions."""

from __future__ import annotations

import decimal
from contextlib import contextmanager
from decimal import Decimal
from time import thread_time
from typing import TYPE_CHECKING, NoReturn

from workflow_app.feel.bounds import (
    COUNTED_PAUSE,
    ITEMS_PER_STEP,
    MAX_CALLS,
    MAX_DIGITS,
    MAX_ITEMS,
    MAX_MATCHING,
    MAX_SECONDS,
    MAX_STEPS,
    MAX_TAKEN_IN,
    MAX_TEXT,
    MAX_VALUES,
    NODES_PER_STEP,
    STEPS_PER_LOOK,
    TEXT_PER_STEP,
    VALUES_PER_LOOK,
)
from workflow_app.feel.errors import Bound, FeelBudgetExceeded
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TOO_MANY_STEPS = N_("The evaluation took more than %(limit)s steps.")
TOO_MANY_CALLS = N_("Functions call each other more than %(limit)s levels deep.")
TOO_LONG_A_TEXT = N_("A text is longer than %(limit)s characters.")
TOO_LONG_A_LIST = N_("A list is longer than %(limit)s items.")
TOO_MANY_VALUES = N_("The result has more than %(limit)s values.")
TOO_MUCH_DATA = N_("The data given has more than %(limit)s values.")
TOO_LONG = N_("The evaluation took more than %(limit)s seconds.")
TOO_MANY_DIGITS = N_("A number has more than %(limit)s digits.")

# IEEE 754-2008 decimal128, as DMN 1.5 §10.3.2.3.1 asks.
DECIMAL = decimal.Context(
    prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=0, traps=[]
)


class Imported(dict[int, tuple[object, object]]):
    """The host's values as converted, by address, each beside what it was made of."""

    parts = 0

    def take(self, count: int) -> None:
        """Count the parts of a list or context; raises FeelBudgetExceeded for too many."""
        self.parts += count + 2
        if self.parts > MAX_TAKEN_IN:
            exceeded(Bound.VALUES, TOO_MUCH_DATA, limit=MAX_TAKEN_IN)


class Runtime:
    """Counts the steps of one evaluation and knows the functions that the host lends it.

    ``spend``, ``enter`` and the checks raise FeelBudgetExceeded, naming the bound passed.
    """

    __slots__ = (
        *["depth", "functions", "imported", "look", "looked", "matching", "seconds", "steps"],
        *["values", "values_look"],
    )

    def __init__(self, functions: Mapping[str, Callable[..., object]]) -> None:
        self.steps = MAX_STEPS
        self.look = MAX_STEPS - STEPS_PER_LOOK
        self.seconds = MAX_SECONDS
        # When the clock was read last: never, for what ends before the first look.
        self.looked: float | None = None
        self.depth = 0
        self.values = MAX_VALUES
        self.values_look = MAX_VALUES - VALUES_PER_LOOK
        self.matching = MAX_MATCHING
        self.functions = functions
        self.imported = Imported()

    def spend(self, steps: int = 1) -> None:
        """Use up steps: one for each turn of a loop, call, or item made."""
        self.steps -= steps
        if self.steps < self.look:
            self._look()

    def _look(self) -> None:
        if self.steps < 0:
            exceeded(Bound.STEPS, TOO_MANY_STEPS, limit=MAX_STEPS)
        self.look = max(self.steps - STEPS_PER_LOOK, 0)
        self.look_at_clock()

    def look_at_clock(self) -> None:
        """Count the time since the last look, up to 0.02 seconds."""
        now = thread_time()
        if self.looked is not None:
            self.seconds -= min(now - self.looked, COUNTED_PAUSE)
            if self.seconds < 0:
                exceeded(Bound.TIME, TOO_LONG, limit=MAX_SECONDS)
        self.looked = now

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Leave out of the bound of time what is done within, as by a function of the host."""
        begun = thread_time()
        try:
            yield
        finally:
            if self.looked is not None:
                self.looked += thread_time() - begun

    def enter(self, cost: int = 1) -> None:
        """Begin a call of a function defined in FEEL, whose body costs so many steps."""
        self.spend(cost)
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
        self.spend(count // ITEMS_PER_STEP)

    def compared(self, text: str) -> None:
        """Charge for the comparison of a text with another."""
        self.spend(len(text) // TEXT_PER_STEP)

    def hand_out(self, count: int) -> None:
        """Count values that leave for the host; a list held twice counts twice, as in JSON."""
        self.values -= count
        if self.values < self.values_look:
            if self.values < 0:
                exceeded(Bound.VALUES, TOO_MANY_VALUES, limit=MAX_VALUES)
            self.values_look = max(self.values - VALUES_PER_LOOK, 0)
            self.look_at_clock()


def whole(number: Decimal) -> int | None:
    """Give a number as an integer, or nothing for a fraction or more than 34 digits.

    Python's own operators on Decimal would round, or fail, by the context of the thread.
    """
    if number.adjusted() >= DECIMAL.prec or number != number.to_integral_value():
        return None
    return int(number)


def cost_of(weight: int) -> int:
    """Give the steps that one turn through so many nodes of the syntax tree costs."""
    return max(1, weight // NODES_PER_STEP)


def few_digits(count: int) -> None:
    """Raise FeelBudgetExceeded for more digits than a number may be given with."""
    if count > MAX_DIGITS:
        exceeded(Bound.DIGITS, TOO_MANY_DIGITS, limit=MAX_DIGITS)


def exceeded(bound: Bound, why: str, /, **details: object) -> NoReturn:
    """Raise FeelBudgetExceeded for a bound, with a sentence."""
    raise FeelBudgetExceeded(bound, why, **details)
