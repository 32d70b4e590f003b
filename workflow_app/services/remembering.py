"""Answers that everybody gets alike and that are dear to work out, kept for some minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

T = TypeVar("T")
FRESH = timedelta(minutes=5)
#: So many answers are kept; with one more, all are forgotten.
MOST = 200


class Remembered:
    """What one process of the server worked out lately, by a key of what was asked."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[datetime, object]] = {}

    def get(self, key: Hashable, now: datetime, make: Callable[[], T]) -> T:
        """Return what was made under this key in the last minutes, else make it.

        A clock that was moved back forgets too. Whoever gets the answer leaves it as it is.
        """
        at, answer = self._kept.get(key, (None, None))
        if at is not None and timedelta() <= now - at < FRESH:
            return answer  # type: ignore[return-value]  # what this key's `make` returned
        made = make()
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (now, made)
        return made
