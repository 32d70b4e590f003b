"""Figures about cases that tell nothing about single ones."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """A finished case: how many days it took; `in_time` is None where it had no term."""

    days: int
    in_time: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What may be told of a group of cases; None stands for what is kept back.

    `in_time` is a share in per cent.
    """

    begun: int | None
    finished: int | None
    in_time: int | None
    median_days: float | None


def kept_back(counts: Sequence[int], least: int) -> frozenset[int]:
    """Return the places of the numbers that must not be told beside their sum.

    Those between 0 and `least`; where that is one alone, the next smallest goes with it, for the
    sum would give it away.
    """
    small = {place for place, count in enumerate(counts) if 0 < count < least}
    if len(small) == 1:
        rest = [(count, place) for place, count in enumerate(counts) if count >= least]
        small |= {min(rest)[1]} if rest else set()
    return frozenset(small)


def figures_of(
    begun: Sequence[int], finished: Sequence[Sequence[Lasted]], least: int
) -> list[Figures]:
    """Return the figures of each period, from cases begun and those finished in it."""
    hidden = kept_back(begun, least)
    closed = kept_back([len(one) for one in finished], least)
    return [
        Figures(
            begun=None if place in hidden else count,
            finished=None if place in closed else len(finished[place]),
            in_time=_share(finished[place], least) if place not in closed else None,
            median_days=_median(finished[place], least) if place not in closed else None,
        )
        for place, count in enumerate(begun)
    ]


def _share(cases: Sequence[Lasted], least: int) -> int | None:
    judged = [one.in_time for one in cases if one.in_time is not None]
    return round(100 * sum(judged) / len(judged)) if len(judged) >= max(least, 1) else None


def _median(cases: Sequence[Lasted], least: int) -> float | None:
    days = [one.days for one in cases]
    return float(median(days)) if len(days) >= max(least, 1) else None
