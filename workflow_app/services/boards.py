"""Boards: where the cases of a process stand, a row for each territory, a column for each stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow_app.domain.boards import Cell, CellState, Span, cell_of, spans_of
from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.domain.permissions import READERS
from workflow_app.engine import case_data
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.queries import boards as queries
from workflow_app.services.host import Host
from workflow_app.services.manifests import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from workflow_app.domain.actors import Actor
    from workflow_app.models.people import Territory
    from workflow_app.services.context import Context
    from workflow_app.services.manifests import Board, Manifest, Stage
    from workflow_app.services.programs import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One cell with its case; `holder` is a username, `role` the role code of its open task."""

    stage: Stage
    cell: Cell
    number: str | None = None
    holder: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A territory with its cells, in the order of the stages; `may_open` its cases."""

    place: Territory
    cells: tuple[Placed, ...]
    may_open: bool


def known_boards(ctx: Context) -> dict[str, Manifest]:
    """Return the manifests of the processes that have a board, by key."""
    files = queries.board_files(ctx.session)
    read = {key: _manifest(key, text) for key, text in files.items()}
    return {key: manifest for key, manifest in read.items() if manifest.board}


@lru_cache(maxsize=64)
def _manifest(key: str, text: str) -> Manifest:
    """Read a process.toml, once for each text."""
    return read_manifest(key, text)


def first_board(ctx: Context) -> str | None:
    """Return the process whose board is the first screen of the actor; None for the usual one."""
    roles = {grant.role for grant in ctx.actor.grants}
    boards = known_boards(ctx).items() if roles else ()
    fits = (key for key, one in boards if one.board and roles & set(one.board.first_for))
    return next(fits, None)


def board_of(ctx: Context, key: str) -> tuple[Published, Board]:
    """Return the newest version of a process with its board. Raises NotFound."""
    published = ctx.platform.programs.latest(ctx.session, key)
    if (board := published.manifest.board) is None:
        raise NotFound
    return published, board


def board_rows(ctx: Context, key: str) -> list[BoardRow]:
    """Return the rows that the actor may see, of the territories they work in.

    Raises NotFound where the process has no board or the actor no territory of it.
    """
    published, board = board_of(ctx, key)
    places = [p for p in queries.flagged_territories(ctx.session, board.flag) if _sees(ctx, p)]
    if not places:
        raise NotFound
    return rows_of(ctx, published, places)


def rows_of(ctx: Context, published: Published, places: Sequence[Territory]) -> list[BoardRow]:
    """Return the rows of territories; a fixed number of queries, however many."""
    stages = published.manifest.stages
    keys = {published.key, *(stage.process for stage in stages if stage.process)}
    cases = queries.newest_cases(ctx.session, keys, [place.code for place in places])
    ids = [case.id for case in cases]
    tasks = queries.open_tasks(ctx.session, ids)
    visits = _visits(ctx, published.key, stages, ids)
    by_place = {(case.territory_code, case.process): case for case in cases}
    reading = _Reading(ctx, published, by_place, tasks, visits)
    return [
        BoardRow(place=p, cells=reading.cells(p), may_open=may_open(ctx.actor, p)) for p in places
    ]


def may_open(actor: Actor, place: Territory) -> bool:
    """Tell whether the actor may open cases of the place."""
    return any(g.covers(place.path) and g.permissions & READERS for g in actor.grants)


def _sees(ctx: Context, place: Territory) -> bool:
    """Tell whether the actor works in the place or in a part of it."""
    return any(
        (grant.covers(place.path) or grant.path.startswith(place.path + "/"))
        and grant.permissions & READERS
        for grant in ctx.actor.grants
    )


def _visits(
    ctx: Context, process: str, stages: Sequence[Stage], ids: Sequence[int]
) -> dict[int, list[tuple[str, datetime]]]:
    by_status = {status: stage.key for stage in stages for status in stage.statuses}
    by_element = {
        element if "/" in element else f"{process}/{element}": stage.key
        for stage in stages
        for element in stage.elements
    }
    found: dict[int, list[tuple[str, datetime]]] = {}
    for case, status, element, at in queries.steps_of(ctx.session, ids, list(by_element)):
        stage = by_element.get(element) if status is None else by_status.get(status)
        if stage is not None:
            found.setdefault(case, []).append((stage, at))
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read for a board, from which its cells are made."""

    ctx: Context
    published: Published
    cases: Mapping[tuple[str, str], Any]
    tasks: Mapping[int, list[Any]]
    visits: Mapping[int, list[tuple[str, datetime]]]

    def cells(self, place: Territory) -> tuple[Placed, ...]:
        """Return the cells of a place."""
        case = self.cases.get((place.code, self.published.key))
        stages = self.published.manifest.stages
        if case is None:
            empty = Cell(state=CellState.NOT_BEGUN)
            return tuple(Placed(stage=stage, cell=empty) for stage in stages)
        order = [stage.key for stage in stages]
        spans = spans_of(order, self.visits.get(case.id, []), case.finished_at)
        furthest = max((order.index(key) for key in spans), default=0)
        planned = self._planned(case, Host(self.ctx, place.path, case.id))
        today = Host(self.ctx, place.path).today()
        placed = []
        for number, stage in enumerate(stages):
            own, span = self._case_of(stage, case, spans.get(stage.key))
            tasks = self.tasks.get(own.id, []) if span and span.ended is None else []
            cell = cell_of(
                span,
                passed=number < furthest or case.finished_at is not None,
                waiting=not tasks,
                planned=planned[stage.key],
                today=today,
            )
            placed.append(_placed(stage, cell, own.number, tasks))
        return tuple(placed)

    def _case_of(self, stage: Stage, case: Any, span: Span | None) -> tuple[Any, Span | None]:
        """Return the case that a stage goes on in, with when it began and ended."""
        other = self.cases.get((case.territory_code, stage.process))
        if other is None or other.started_at < case.started_at:
            return case, span
        return other, Span(other.started_at, other.finished_at)

    def _planned(self, case: Any, host: Host) -> dict[str, date | None]:
        data: Mapping[str, Any] = {}
        if case.state is not None:
            programs = self.ctx.platform.programs
            version = programs.get(self.ctx.session, case.process_version_id)
            data = case_data(version.program, bytes(case.state))
        return {s.key: _planned(s, data, host) for s in self.published.manifest.stages}


def _placed(stage: Stage, cell: Cell, number: str, tasks: Sequence[Any]) -> Placed:
    holder, role = (tasks[0].assignee, tasks[0].role) if tasks else (None, None)
    return Placed(stage=stage, cell=cell, number=number, holder=holder, role=role)


def _planned(stage: Stage, data: Mapping[str, Any], host: Host) -> date | None:
    """Return the day by which a stage should be over; None where its data are not there yet."""
    if not stage.planned:
        return None
    try:
        told = to_json(compile_expression(stage.planned).evaluate(data, host.functions))
        return date.fromisoformat(str(told)[:10]) if told else None
    except (FeelError, DomainError, ValueError):
        return None
