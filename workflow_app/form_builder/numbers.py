"""Reads numbers and amounts of money as people write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'\u2019]")
_THOUSANDS = {
    ",": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"),
    ".": re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d*)?|[+-]?\d{1,3}(\.\d{3})+,\d*"),
}
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_MAX_DIGITS = 30
_CENT = Decimal("0.01")


def read_number(text: str, locale: str) -> Decimal | None:
    """Read a decimal number; None when it is none.

    Spaces and apostrophes group digits anywhere. A comma is the decimal sign, unless the number is
    plainly grouped by commas and the locale is English; grouping points need a comma or two points.
    """
    compact = _SPACES.sub("", text).replace("\u2212", "-")
    if locale.startswith("en") and _THOUSANDS[","].fullmatch(compact):
        compact = compact.replace(",", "")
    elif _THOUSANDS["."].fullmatch(compact):
        compact = compact.replace(".", "")
    return _decimal(compact.replace(",", ".", 1))


def _decimal(text: str) -> Decimal | None:
    if len(text) > _MAX_DIGITS or not text.isascii() or not _PLAIN.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def decimal_places(number: Decimal) -> int:
    """How many digits stand after the decimal sign, trailing zeros left out."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def to_the_cent(value: object) -> object:
    """Give a number of the data as money: in decimal, half a cent up; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() > _MAX_DIGITS - 3:
        return value
    money = number.quantize(_CENT, ROUND_HALF_UP, Context(prec=_MAX_DIGITS))
    return int(money) if money == money.to_integral_value() else float(money)


def write_number(value: object) -> str:
    """Write a number of the data as an entry: no exponent, no trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    number = Decimal(str(value))
    return f"{number.normalize():f}" if number.is_finite() else str(value)
