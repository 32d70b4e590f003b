"""Sums, differences and products of temporal values (DMN 1.5 tables 45 to 48)."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from workflow_app.feel.runtime import DECIMAL
from workflow_app.feel.temporal.values import (
    DAY,
    MAX_DURATION,
    MAX_MONTHS,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    date_of_ordinal,
    date_time_at,
    make_date,
    month_length,
)

Duration = DaysTime | YearsMonths


def days_time(nanos: int) -> DaysTime | None:
    """Make a duration, or nothing when it is longer than the calendar."""
    return DaysTime(nanos) if abs(nanos) <= MAX_DURATION else None


def years_months(months: int) -> YearsMonths | None:
    """Make a duration, or nothing when it is longer than the calendar."""
    return YearsMonths(months) if abs(months) <= MAX_MONTHS else None


def midnight(date: Date) -> DateTime:
    """Give the date and time that a date stands for beside dates and times: midnight, UTC."""
    return DateTime(date, 0, 0)


def add(left: object, right: object) -> object:
    """Add two durations, or a duration to a date, time, or date and time; else null."""
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return days_time(left.nanos + right.nanos)
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return years_months(left.months + right.months)
    if isinstance(right, Duration):
        return moved(left, right)
    if isinstance(left, Duration):
        return moved(right, left)
    return None


def subtract(left: object, right: object) -> object:
    """Take a duration away, or give the duration between two values; else null."""
    if isinstance(right, Duration):
        return add(left, negate(right))
    if isinstance(left, Time) and isinstance(right, Time):
        return _between_times(left, right)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        return _between_dates(left, right)
    return None


def _between_times(left: Time, right: Time) -> DaysTime | None:
    if (left.zone is None) != (right.zone is None):
        return None
    shift = (left.offset or 0) - (right.offset or 0)
    return days_time(left.nanos - right.nanos - shift * SECOND)


def _between_dates(left: Date | DateTime, right: Date | DateTime) -> DaysTime | None:
    if isinstance(left, Date) and isinstance(right, Date):
        return days_time((left.ordinal - right.ordinal) * DAY)
    first = midnight(left) if isinstance(left, Date) else left
    second = midnight(right) if isinstance(right, Date) else right
    if (first.zone is None) != (second.zone is None):
        return None
    return days_time(first.instant - second.instant)


def moved(value: object, by: Duration) -> object:
    """Move a date, time, or date and time by a duration; null for anything else."""
    if isinstance(value, Time) and isinstance(by, DaysTime):
        return Time((value.nanos + by.nanos) % DAY, value.zone)
    if isinstance(value, Date):
        return _moved_date(value, by)
    if isinstance(value, DateTime):
        return _moved_date_time(value, by)
    return None


def _moved_date(date: Date, by: Duration) -> Date | None:
    if isinstance(by, DaysTime):
        return date_of_ordinal(date.ordinal + by.nanos // DAY)
    months = date.year * 12 + date.month - 1 + by.months
    year, month = divmod(months, 12)
    return make_date(year, month + 1, min(date.day, month_length(year, month + 1)))


def _moved_date_time(value: DateTime, by: Duration) -> DateTime | None:
    if isinstance(by, DaysTime):
        return date_time_at(value.instant + by.nanos, value.zone)
    date = _moved_date(value.date, by)
    return None if date is None else DateTime(date, value.nanos, value.zone)


def negate(value: object) -> object:
    """Turn a duration round; null for anything else."""
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None


def multiply(left: object, right: object) -> object:
    """Multiply a duration by a number, in either order; else null."""
    if isinstance(left, Duration) and isinstance(right, Decimal):
        return _scaled(left, DECIMAL.multiply(_amount(left), right))
    if isinstance(right, Duration) and isinstance(left, Decimal):
        return _scaled(right, DECIMAL.multiply(_amount(right), left))
    return None


def divide(left: object, right: object) -> object:
    """Divide a duration by a number or by a duration of its kind; else null."""
    if isinstance(left, Duration) and isinstance(right, Decimal):
        return _scaled(left, DECIMAL.divide(_amount(left), right))
    if isinstance(left, Duration) and type(left) is type(right) and isinstance(right, Duration):
        ratio = DECIMAL.divide(_amount(left), _amount(right))
        return ratio if ratio.is_finite() else None
    return None


def _amount(duration: Duration) -> Decimal:
    return Decimal(duration.nanos if isinstance(duration, DaysTime) else duration.months)


def _scaled(like: Duration, amount: Decimal) -> Duration | None:
    if not amount.is_finite() or amount.copy_abs() > MAX_DURATION:
        return None
    whole = int(amount.to_integral_value(ROUND_DOWN))
    return days_time(whole) if isinstance(like, DaysTime) else years_months(whole)
