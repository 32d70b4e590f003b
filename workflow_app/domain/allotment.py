"""Money given down a ranking, to the cent, while it lasts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


AWARDED, PARTIAL, RESERVE, CAPPED = "awarded", "partial", "reserve", "capped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for; `holder`: whose awards are counted together."""

    key: str
    amount: Decimal
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """What becomes of each request, in the order of the ranking, and the money that is left.

    PARTIAL is the first that no longer fits while something is left, everything after it is in
    RESERVE; CAPPED are those whose holder has as many awards as allowed.
    """

    results: list[str]
    left: Decimal


def allot(requests: Iterable[Request], available: Decimal, *, per_holder: int | None) -> Allotment:
    """Go down the ranking: nobody is passed over for somebody who asks for less."""
    results: list[str] = []
    held: Counter[str] = Counter()
    left, over = available, False
    for request in requests:
        if per_holder is not None and held[request.holder] >= per_holder:
            results.append(CAPPED)
        elif not over and request.amount <= left:
            results.append(AWARDED)
            held[request.holder] += 1
            left -= request.amount
        else:
            results.append(RESERVE if over or left <= 0 else PARTIAL)
            over = True
    return Allotment(results=results, left=left)
