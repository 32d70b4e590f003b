"""Money given down a ranking, to the cent, while it lasts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for; `holder`: whose awards are counted together."""

    key: str
    amount: Decimal
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """Keys in the order of the ranking, and the money that is left.

    `partial` is the first that no longer fits while something is left; it is not in `reserve`,
    where everything after it is. `capped` are those whose holder has as many as allowed.
    """

    awarded: list[str]
    partial: str | None
    reserve: list[str]
    capped: list[str]
    left: Decimal


def allot(requests: Iterable[Request], available: Decimal, *, per_holder: int | None) -> Allotment:
    """Go down the ranking: nobody is passed over for somebody who asks for less."""
    awarded: list[str] = []
    reserve: list[str] = []
    capped: list[str] = []
    partial: str | None = None
    held: Counter[str] = Counter()
    left, over = available, False
    for request in requests:
        if per_holder is not None and held[request.holder] >= per_holder:
            capped.append(request.key)
        elif not over and request.amount <= left:
            awarded.append(request.key)
            held[request.holder] += 1
            left -= request.amount
        elif not over and left > 0:
            partial, over = request.key, True
        else:
            over = True
            reserve.append(request.key)
    return Allotment(awarded=awarded, partial=partial, reserve=reserve, capped=capped, left=left)
