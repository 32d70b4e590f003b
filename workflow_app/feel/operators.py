"""Equality, ordering and arithmetic of FEEL values (DMN 1.5 §10.3.2.13, tables 42 to 53)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.runtime import DECIMAL, Runtime
from workflow_app.feel.temporal import arithmetic as temporal
from workflow_app.feel.temporal.values import TEMPORAL_TYPES, compare, same
from workflow_app.feel.values import FeelFunction, Range

if TYPE_CHECKING:
    from collections.abc import Callable


# What a logarithm, a root or a power costs beside an addition.
FUNCTION_STEPS = 40
NOUGHT, ONE = Decimal(0), Decimal(1)
MAX_POWER = 999_999_999


def equal(left: object, right: object, runtime: Runtime | None = None) -> bool | None:
    """Compare two values; null when their types differ (DMN 1.5 table 42).

    Lists and contexts are charged to the runtime part by part; without one, each comparison has a
    budget of its own.
    """
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        both_functions = isinstance(left, FeelFunction) and isinstance(right, FeelFunction)
        return False if both_functions else None
    if kind is Decimal or kind is str or kind is bool:
        return left == right
    return _equal_composed(left, right, runtime or Runtime({}))


def _equal_composed(left: object, right: object, runtime: Runtime) -> bool | None:
    runtime.spend()
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right, runtime)
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_contexts(left, right, runtime)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(left, right, runtime)
    if isinstance(left, FeelFunction) and isinstance(right, FeelFunction):
        return left.same_as(right, runtime)
    return same(left, right)


def _equal_ranges(left: Range, right: Range, runtime: Runtime) -> bool:
    if (left.start_included, left.end_included) != (right.start_included, right.end_included):
        return False
    # Python's own comparison would follow lists that share their items without end.
    return (
        equal(left.start, right.start, runtime) is True
        and equal(left.end, right.end, runtime) is True
    )


def _equal_lists(left: list[object], right: list[object], runtime: Runtime) -> bool:
    if len(left) != len(right):
        return False
    runtime.spend(len(left) // 4)
    return all(equal(a, b, runtime) is True for a, b in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, object], right: dict[str, object], runtime: Runtime) -> bool:
    if left.keys() != right.keys():
        return False
    runtime.spend(len(left) // 4)
    return all(equal(value, right[key], runtime) is True for key, value in left.items())


def order(left: object, right: object) -> int | None:
    """Give -1, 0 or 1, or null when the two cannot be put in order (DMN 1.5 table 43)."""
    kind = type(left)
    if kind is not type(right):
        return None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return compare(left, right) if kind in TEMPORAL_TYPES else None


def holds(
    operator: str, left: object, right: object, runtime: Runtime | None = None
) -> bool | None:
    """Apply a comparison operator: ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""
    if operator == "=":
        return equal(left, right, runtime)
    if operator == "!=":
        answer = equal(left, right, runtime)
        return None if answer is None else not answer
    position = order(left, right)
    return None if position is None else ORDER_TESTS[operator](position)


ORDER_TESTS: dict[str, Callable[[int], bool]] = {
    "<": lambda position: position < 0,
    "<=": lambda position: position <= 0,
    ">": lambda position: position > 0,
    ">=": lambda position: position >= 0,
}


def between(value: object, low: object, high: object) -> bool | None:
    """Tell whether a value lies between two others, ends included."""
    return both(holds(">=", value, low), holds("<=", value, high))


def both(left: object, right: object) -> bool | None:
    """Conjunction of three-valued logic (DMN 1.5 table 38)."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def in_range(value: object, interval: Range) -> bool | None:
    """Tell whether a range includes a value; null when they cannot be compared."""
    above: bool | None = True
    if interval.start is not None:
        above = holds(">=" if interval.start_included else ">", value, interval.start)
    below: bool | None = True
    if interval.end is not None:
        below = holds("<=" if interval.end_included else "<", value, interval.end)
    return both(above, below)


def finite(number: Decimal) -> Decimal | None:
    """Give a number, or null in place of a result that is none (division by zero, overflow).

    Nought has neither a sign nor an exponent in FEEL.
    """
    if not number:
        return NOUGHT
    return number if number.is_finite() else None


def add(left: object, right: object, runtime: Runtime) -> object:
    """Add numbers, join texts, or move dates and durations (DMN 1.5 table 45)."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(DECIMAL.add(left, right))
    if isinstance(left, str) and isinstance(right, str):
        runtime.room_for_text(len(left) + len(right))
        return left + right
    return temporal.add(left, right)


def subtract(left: object, right: object) -> object:
    """Subtract numbers, dates and durations (DMN 1.5 table 45)."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(DECIMAL.subtract(left, right))
    return temporal.subtract(left, right)


def multiply(left: object, right: object) -> object:
    """Multiply numbers, or a duration by a number (DMN 1.5 table 46)."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(DECIMAL.multiply(left, right))
    return temporal.multiply(left, right)


def divide(left: object, right: object) -> object:
    """Divide numbers and durations; null for a division by zero (DMN 1.5 table 46)."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return finite(DECIMAL.divide(left, right))
    return temporal.divide(left, right)


def power(left: object, right: object, runtime: Runtime) -> object:
    """Raise a number to a power of at most 999,999,999 either way (DMN 1.5 table 60)."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    if right.copy_abs() > MAX_POWER:
        return None
    if not right:
        # Nought to the power of nought too, by IEEE 754; Python gives no number.
        return ONE
    whole = right == right.to_integral_value()
    runtime.spend(2 if whole else FUNCTION_STEPS)
    made = finite(DECIMAL.power(left, right))
    return made if whole or made is None else _shortest(made)


def _shortest(number: Decimal) -> Decimal:
    """Leave out the noughts behind the point that Python fills a rounded power up with."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize(DECIMAL)


def negate(value: object) -> object:
    """Arithmetic negation of a number or duration (DMN 1.5 table 48)."""
    if isinstance(value, Decimal):
        return DECIMAL.minus(value) if value else NOUGHT
    return temporal.negate(value)
