"""Where an open task came from, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select

from workflow_app.engine import Ways, called_from
from workflow_app.models.base import table_of
from workflow_app.models.case import History
from workflow_app.models.prepared import PreparedSelect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

#: What begins a step: somebody, something from outside, or the time.
BEGINNINGS = ("completed", "message", "timer", "moved")
#: Rows of a history that are read at once, and how often: what began a step is near it.
PAGE, PAGES = 60, 4
LAST = 2**31 - 1

_history = table_of(History)
_BACK = PreparedSelect(
    select(
        _history.c.seq,
        _history.c.kind,
        _history.c.element,
        _history.c.task_id,
        _history.c.actor,
        _history.c.at,
    )
    .where(
        _history.c.case_id == bindparam("case_key"),
        _history.c.seq < bindparam("before_key"),
        _history.c.at <= bindparam("opened_key"),
        # Literals: a list of parameters cannot be compiled beforehand.
        _history.c.kind.in_([literal_column(f"'{kind}'") for kind in BEGINNINGS]),
    )
    .order_by(_history.c.seq.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a task came from: an event of the case's history; `kind` is “began” for its start."""

    kind: str
    element: str
    actor: str
    at: datetime


def came_from(ctx: Context, loaded: Loaded) -> Origin | None:
    """Return what a task came from, None where the history does not tell.

    `loaded.row` has the columns of `case_store.load_by_work_item`.
    """
    published, row = loaded.published, loaded.row
    for event in _beginnings(ctx, row):
        kind = _kind(published, event)
        if kind == "moved" or (kind is not None and _leads(published, event.element, row.element)):
            return Origin(kind, event.element, event.actor, event.at)
    return None


def _beginnings(ctx: Context, row: Any) -> Iterator[Any]:
    before = LAST
    for _turn in range(PAGES):
        keys = {
            "case_key": row.id,
            "before_key": before,
            "opened_key": row.opened_at,
            "most": PAGE,
        }
        found = _BACK.all(ctx.connection, keys)
        yield from (event for event in found if event.task_id != row.task_id)
        if len(found) < PAGE:
            return
        before = found[-1].seq


def _kind(published: Published, event: Any) -> str | None:
    """Return what an event was for people; None for what the system did."""
    if event.kind != "completed" or published.task_info(event.element) is not None:
        return str(event.kind)
    process, _slash, node_id = event.element.rpartition("/")
    graph = published.program.processes.get(process)
    node = graph.nodes.get(node_id) if graph is not None else None
    starts = node is not None and node.kind == "startEvent"
    return "began" if starts and process == published.program.main else None


def _leads(published: Published, start: str, element: str) -> bool:
    return any(one.element == element for way in published.ahead_of(start) for one in way)


def comes_next(loaded: Loaded, items: Iterable[Any]) -> list[Ways]:
    """Return what follows from each of some open tasks: rows with `element` and `task_id`."""
    items = list(items)
    program = loaded.published.program
    called = [i.task_id for i in items if not i.element.startswith(f"{program.main}/")]
    callers = called_from(program, loaded.state, called) if called else {}
    return [
        loaded.published.ahead_of(item.element, callers.get(item.task_id, ())) for item in items
    ]
