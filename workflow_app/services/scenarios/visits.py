"""What was visited in a world: the elements and sequence flows of every case in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.models.base import table_of
from workflow_app.models.case import History

if TYPE_CHECKING:
    from workflow_app.services.scenarios.world import World


def visited_places(world: World) -> set[str]:
    """Return `<process>/<element>` of everything visited in any case, sequence flows included."""
    history = table_of(History)
    with world.acting() as ctx:
        rows = ctx.session.execute(select(history.c.element, history.c.flows)).all()
    flows = {
        f"{row.element.rpartition('/')[0]}/{flow}"
        for row in rows
        for flow in (row.flows or "").split()
    }
    return {row.element for row in rows} | flows
