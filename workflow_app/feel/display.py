"""Writes any FEEL value as text, as the function ``string`` does (DMN 1.5 §10.3.4.1).

The standard leaves the form to us: that of FEEL's own literals, temporal values as ISO 8601.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.temporal.text import write
from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time, YearsMonths
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

_MAX_PLAIN_DIGITS = 40


def display(value: object, runtime: Runtime) -> str:
    """Write a value; texts within lists and contexts keep their quotation marks."""
    return runtime.text(value if isinstance(value, str) else _write(value, runtime))


def _write(value: object, runtime: Runtime) -> str:
    runtime.spend(3)
    if isinstance(value, list):
        return "[" + ", ".join(_write(item, runtime) for item in value) + "]"
    if isinstance(value, dict):
        members = (f"{_key(key)}: {_write(member, runtime)}" for key, member in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, Range):
        return _write_range(value, runtime)
    return _write_scalar(value)


def _write_scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, Decimal):
        return write_number(value)
    if isinstance(value, Date | Time | DateTime | DaysTime | YearsMonths):
        return write(value)
    return "function"


def write_number(number: Decimal) -> str:
    """Write a number without an exponent unless it would be very long."""
    if abs(number.adjusted()) > _MAX_PLAIN_DIGITS:
        return str(number)
    return format(number, "f")


def _key(key: str) -> str:
    plain = key.replace(" ", "").replace("_", "")
    is_name = plain.isalnum() and not plain[0].isdigit()
    return key if is_name else _write_scalar(key)


def _write_range(value: Range, runtime: Runtime) -> str:
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    ends = ["" if each is None else _write(each, runtime) for each in (value.start, value.end)]
    return f"{opening}{'..'.join(ends)}{closing}"
