"""Which types an operator joins, and what comes of it (DMN 1.5 tables 45 to 48)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ARITHMETIC = frozenset(["+", "-", "*", "/", "**"])
ORDERED = frozenset(
    [
        *["number", "string", "date", "time", "date and time"],
        *["days and time duration", "years and months duration"],
    ]
)
_NUMBER, _DATE, _TIME, _BOTH = "number", "date", "time", "date and time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"
_DURATIONS = (_DAYS, _MONTHS)
_MOVED = [(_DATE, _DAYS), (_DATE, _MONTHS), (_BOTH, _DAYS), (_BOTH, _MONTHS), (_TIME, _DAYS)]

RESULTS: Mapping[tuple[str, str, str], str] = {
    **{(operator, _NUMBER, _NUMBER): _NUMBER for operator in ARITHMETIC},
    ("+", "string", "string"): "string",
    **{(operator, each, each): each for operator in "+-" for each in _DURATIONS},
    **{(operator, moment, by): moment for operator in "+-" for moment, by in _MOVED},
    **{("+", by, moment): moment for moment, by in _MOVED},
    **{("-", left, right): _DAYS for left in (_DATE, _BOTH) for right in (_DATE, _BOTH)},
    ("-", _TIME, _TIME): _DAYS,
    **{("*", each, _NUMBER): each for each in _DURATIONS},
    **{("*", _NUMBER, each): each for each in _DURATIONS},
    **{("/", each, _NUMBER): each for each in _DURATIONS},
    **{("/", each, each): _NUMBER for each in _DURATIONS},
}
