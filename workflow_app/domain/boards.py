"""How far a case has come on a board: which stages are over, which one goes on, which is late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime


class CellState(StrEnum):
    """What a cell of the board says."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    WAITING = "waiting"
    LATE = "late"
    DONE = "done"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Span:
    """When a stage began, and when it was over; None while it goes on."""

    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A stage of one case; `left` are the days until its planned end, negative once it passed."""

    state: CellState
    span: Span | None = None
    planned: date | None = None
    left: int | None = None


def spans_of(
    order: Sequence[str], visits: Iterable[tuple[str, datetime]], ended: datetime | None
) -> dict[str, Span]:
    """Return when each stage that counts began and ended, from the visits in their order.

    Going back to an earlier stage opens that one again, and the later ones are to be done anew.
    `ended` is when the case ended.
    """
    spans: dict[str, Span] = {}
    for stage, at in visits:
        place = order.index(stage)
        kept = {key: one for key, one in spans.items() if order.index(key) <= place}
        closed = {key: one if one.ended else replace(one, ended=at) for key, one in kept.items()}
        began = closed[stage].began if stage in closed else at
        spans = {**closed, stage: Span(began)}
    return {key: replace(one, ended=one.ended or ended) for key, one in spans.items()}


def cell_of(
    span: Span | None, *, passed: bool, waiting: bool, planned: date | None, today: date
) -> Cell:
    """Return what is to be said of a stage.

    `passed` tells that a later stage has begun or the case is over, `waiting` that nobody has a
    task in it.
    """
    if span is not None and span.ended is not None:
        return Cell(state=CellState.DONE, span=span, planned=planned)
    if span is None and passed:
        return Cell(state=CellState.LEFT_OUT)
    left = (planned - today).days if planned else None
    if left is not None and left < 0:
        state = CellState.LATE
    elif span is None:
        state = CellState.NOT_BEGUN
    else:
        state = CellState.WAITING if waiting else CellState.UNDER_WAY
    return Cell(state=state, span=span, planned=planned, left=left)
