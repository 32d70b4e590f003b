"""Numeric and boolean functions (DMN 1.5 §10.3.4.2 and §10.3.4.5)."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.builtins.registry import Chapter
from workflow_app.feel.operators import FUNCTION_STEPS, finite
from workflow_app.feel.runtime import DECIMAL, Runtime
from workflow_app.feel.temporal.arithmetic import negate
from workflow_app.feel.temporal.values import DaysTime

if TYPE_CHECKING:
    from workflow_app.feel.temporal.values import YearsMonths

builtin = Chapter("10.3.4.5")
boolean = Chapter("10.3.4.2")
_MIN_SCALE, _MAX_SCALE = -6111, 6176
_EXACT = decimal.Context(prec=13_000, Emin=-20_000, Emax=20_000, traps=[])


@boolean("not", "negand: boolean", gives="boolean")
def logical_not(value: object) -> bool | None:
    """Turn a truth value round; null for anything else."""
    return not value if isinstance(value, bool) else None


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    if not _MIN_SCALE <= scale <= _MAX_SCALE:
        return None
    step = Decimal(1).scaleb(-int(scale), context=_EXACT)
    return finite(DECIMAL.plus(number.quantize(step, rounding=rounding, context=_EXACT)))


@builtin("decimal", "n: number", "scale: number", gives="number")
def decimal_function(number: Decimal, scale: Decimal) -> Decimal | None:
    """Round half to even at a scale."""
    return _rounded(number, scale, decimal.ROUND_HALF_EVEN)


@builtin("floor", "n: number", gives="number")
@builtin("floor", "n: number", "scale: number", gives="number")
def floor(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Round towards minus infinity at a scale."""
    return _rounded(number, scale, decimal.ROUND_FLOOR)


@builtin("ceiling", "n: number", gives="number")
@builtin("ceiling", "n: number", "scale: number", gives="number")
def ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
    """Round towards plus infinity at a scale."""
    return _rounded(number, scale, decimal.ROUND_CEILING)


@builtin("round up", "n: number", "scale: number", gives="number")
def round_up(number: Decimal, scale: Decimal) -> Decimal | None:
    """Round away from zero at a scale."""
    return _rounded(number, scale, decimal.ROUND_UP)


@builtin("round down", "n: number", "scale: number", gives="number")
def round_down(number: Decimal, scale: Decimal) -> Decimal | None:
    """Round towards zero at a scale."""
    return _rounded(number, scale, decimal.ROUND_DOWN)


@builtin("round half up", "n: number", "scale: number", gives="number")
def round_half_up(number: Decimal, scale: Decimal) -> Decimal | None:
    """Round to nearest, halves away from zero, at a scale."""
    return _rounded(number, scale, decimal.ROUND_HALF_UP)


@builtin("round half down", "n: number", "scale: number", gives="number")
def round_half_down(number: Decimal, scale: Decimal) -> Decimal | None:
    """Round to nearest, halves towards zero, at a scale."""
    return _rounded(number, scale, decimal.ROUND_HALF_DOWN)


@builtin("abs", "n: number", gives="number")
def absolute(number: Decimal) -> Decimal:
    """Give a number without its sign."""
    return number.copy_abs()


@builtin(
    "abs",
    "n: days and time duration | years and months duration",
    gives="days and time duration | years and months duration",
)
def absolute_duration(duration: DaysTime | YearsMonths) -> object:
    """Give a duration without its sign."""
    amount = duration.nanos if isinstance(duration, DaysTime) else duration.months
    return negate(duration) if amount < 0 else duration


@builtin("modulo", "dividend: number", "divisor: number", gives="number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """Give dividend minus divisor times floor(dividend / divisor), of the divisor's sign."""
    if not divisor:
        return None
    rest = _EXACT.remainder(dividend, divisor)
    if rest and rest.is_signed() != divisor.is_signed():
        rest = DECIMAL.add(rest, divisor)
    return finite(DECIMAL.plus(rest)) if rest else Decimal(0)


@builtin("sqrt", "number: number", gives="number", runtime=True)
def square_root(runtime: Runtime, number: Decimal) -> Decimal | None:
    """Give the square root; null for a negative number."""
    runtime.spend(FUNCTION_STEPS)
    return None if number < 0 else finite(DECIMAL.sqrt(number))


@builtin("log", "number: number", gives="number", runtime=True)
def natural_logarithm(runtime: Runtime, number: Decimal) -> Decimal | None:
    """Give the natural logarithm; null unless the number is positive."""
    runtime.spend(FUNCTION_STEPS)
    return finite(DECIMAL.ln(number)) if number > 0 else None


@builtin("exp", "number: number", gives="number", runtime=True)
def exponential(runtime: Runtime, number: Decimal) -> Decimal | None:
    """Give e to that power."""
    runtime.spend(FUNCTION_STEPS)
    return finite(DECIMAL.exp(number))


@builtin("odd", "number: number", gives="boolean")
def odd(number: Decimal) -> bool | None:
    """Tell whether a whole number is odd; null for a fraction."""
    return _rest_of_two(number, Decimal(1))


@builtin("even", "number: number", gives="boolean")
def even(number: Decimal) -> bool | None:
    """Tell whether a whole number is even; null for a fraction."""
    return _rest_of_two(number, Decimal(0))


def _rest_of_two(number: Decimal, rest: Decimal) -> bool | None:
    if number != number.to_integral_value():
        return None
    return _EXACT.remainder(number.copy_abs(), Decimal(2)) == rest
