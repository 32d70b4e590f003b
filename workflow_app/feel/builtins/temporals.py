"""Date and time, temporal and miscellaneous functions (DMN 1.5 §10.3.4.6, .8 and .11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.builtins.registry import Chapter, host_function
from workflow_app.feel.errors import FeelError
from workflow_app.feel.operators import equal
from workflow_app.feel.temporal.values import Date, DateTime, Time, date_of_ordinal
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

identity = Chapter("10.3.4.6")
builtin = Chapter("10.3.4.8")
miscellaneous = Chapter("10.3.4.11")
NO_CLOCK = N_("The function “%(name)s” needs a clock, which nobody lent.")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@identity("is", "value1: Any", "value2: Any", gives="boolean", runtime=True)
def is_same(runtime: Runtime, first: object, second: object) -> bool:
    """Tell whether two values are the same element of FEEL's domain, zone and type included."""
    if type(first) is not type(second):
        return False
    runtime.spend()
    if isinstance(first, Time | DateTime):
        return first == second
    if isinstance(first, list) and isinstance(second, list):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(is_same(runtime, *pair) for pair in pairs)
    if isinstance(first, dict) and isinstance(second, dict):
        same_keys = first.keys() == second.keys()
        return same_keys and all(is_same(runtime, first[key], second[key]) for key in first)
    return equal(first, second, runtime) is True


def _clock(name: str, runtime: Runtime) -> object:
    host = host_function(name, runtime)
    if host is None:
        raise FeelError(NO_CLOCK, name=name)
    return host.call(runtime, ())


@miscellaneous("now", gives="date and time", runtime=True)
def now(runtime: Runtime) -> object:
    """Give the host's date and time; raises FeelError when it lends no clock."""
    return _clock("now", runtime)


@miscellaneous("today", gives="date", runtime=True)
def today(runtime: Runtime) -> object:
    """Give the host's date; raises FeelError when it lends no clock."""
    return _clock("today", runtime)


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("day of week", "date: date | date and time", gives="string")
def day_of_week(value: Date | DateTime) -> str:
    """Give the English name of the weekday."""
    return _WEEKDAYS[_date(value).weekday - 1]


@builtin("month of year", "date: date | date and time", gives="string")
def month_of_year(value: Date | DateTime) -> str:
    """Give the English name of the month."""
    return _MONTHS[_date(value).month - 1]


@builtin("day of year", "date: date | date and time", gives="number")
def day_of_year(value: Date | DateTime) -> Decimal:
    """Count the days since the year began, itself included."""
    date = _date(value)
    return Decimal(date.ordinal - Date(date.year, 1, 1).ordinal + 1)


@builtin("week of year", "date: date | date and time", gives="number")
def week_of_year(value: Date | DateTime) -> Decimal:
    """Give the week number of ISO 8601: the first week is that of the year's first Thursday."""
    date = _date(value)
    thursday = date_of_ordinal(date.ordinal - date.weekday + 4)
    if thursday is None:
        return Decimal(1)
    first = Date(thursday.year, 1, 1).ordinal
    return Decimal((thursday.ordinal - first) // 7 + 1)
