"""What stays hidden while people are still asked for the same thing, each for themselves.

Answers to a task with the property `blind`, the files in them and what was decided from them are
their author's alone as long as one of the open tasks is such a task, or still leads to one within
the same process or sub-process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow_app.domain.states import WorkState
from workflow_app.engine.reach import forward
from workflow_app.models.base import table_of
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    from workflow_app.engine import TaskInfo
    from workflow_app.engine.model import Node
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

_items = table_of(WorkItem)
_OPEN = PreparedSelect(
    select(_items.c.element).where(
        _items.c.case_id == bindparam("case_key"), _items.c.state == WorkState.OPEN
    )
)


@dataclass(frozen=True, slots=True)
class Blind:
    """What one reader may not see of a case now: `processes` in which somebody is still asked."""

    reader: str
    elements: frozenset[str]
    processes: frozenset[str]

    def hides(self, element: str | None, *authors: str | None) -> bool:
        """Tell whether an answer (or its file) of these authors is hidden from the reader."""
        return element in self.elements and self.reader not in authors

    def covers(self, element: str) -> bool:
        """Tell whether something that was worked out at an element would tell of answers."""
        return element.partition("/")[0] in self.processes


def blind_now(ctx: Context, published: Published, case_id: int) -> Blind:
    """Return what the actor may not see of a case now."""
    tasks = published.program.tasks.values()
    blind = [one for one in tasks if one.properties.get("blind") == "true"]
    if not blind:
        return Blind(ctx.actor.username, frozenset(), frozenset())
    waiting = {row.element for row in _OPEN.all(ctx.connection, {"case_key": case_id})}
    going_on = {one.process for one in blind if waiting & _leading(published, one)}
    asked = [one for one in blind if one.process in going_on]
    return Blind(
        ctx.actor.username,
        frozenset(f"{one.process}/{one.element}" for one in asked),
        frozenset(one.process for one in asked),
    )


def _leading(published: Published, task: TaskInfo) -> set[str]:
    """Return the elements from which a token can still come to a task, itself included."""
    for graph, node in published.program.processes[task.process].walk():
        if node.id == task.element:
            ways = [one for one in graph.nodes.values() if node.id in forward(graph, [one.id])]
            return {f"{task.process}/{name}" for one in ways for name in _with_inner(one)}
    return set()


def _with_inner(node: Node) -> list[str]:
    inner = node.graph.walk() if node.graph is not None else ()
    return [node.id, *(other.id for _graph, other in inner)]
