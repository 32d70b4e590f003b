"""The versions of registers: each publication that changed one, and drafts that hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.designing import DesignDraft, DesignEvent, DesignFile
from workflow_app.services.designing.drafts import OPEN_STATES
from workflow_app.services.designing.trail import events_of, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.queries.pages import Cursor, Page
    from workflow_app.services.context import Context

KIND = "register"
PLACE = "processes/registers/"
LONGEST = 80


def known_registers(ctx: Context) -> frozenset[str]:
    """Return the keys of all registers."""
    return frozenset(ctx.session.scalars(select(RegisterDefinition.key)))


def record_registers(
    ctx: Context, keys: Iterable[str], before: frozenset[str], **told: Any
) -> None:
    """Add a version of each register that a publication changed; `before` are those that were.

    `told`: `title`, `draft_id` and `version_id` of the process that was published.
    """
    newest = newest_changes(ctx)
    for key in keys:
        last = newest[key].data["number"] if key in newest else int(key in before)
        record(ctx, KIND, key=_trail(key), register=key, number=last + 1, **told)


def newest_changes(ctx: Context) -> Mapping[str, DesignEvent]:
    """Return the newest version of every register that the studio ever published, by its key."""
    places = [_trail(key) for key in known_registers(ctx)]
    ids = select(func.max(DesignEvent.id)).where(DesignEvent.key.in_(places))
    newest = ids.group_by(DesignEvent.key)
    found = ctx.session.scalars(select(DesignEvent).where(DesignEvent.id.in_(newest)))
    return {event.data["register"]: event for event in found}


def history_of(ctx: Context, key: str, cursor: Cursor | None = None) -> Page[DesignEvent]:
    """Return a page of the versions of a register, the newest first."""
    return events_of(ctx, _trail(key), cursor)


def drafts_with(ctx: Context) -> Mapping[str, list[DesignDraft]]:
    """Return the open drafts that hold a register, by its key."""
    query = (
        select(DesignFile.path, DesignDraft)
        .join(DesignDraft, DesignDraft.id == DesignFile.draft_id)
        .where(DesignDraft.state.in_(OPEN_STATES), DesignFile.path.startswith(PLACE))
        .order_by(DesignDraft.id)
    )
    found: dict[str, list[DesignDraft]] = {}
    for path, draft in ctx.session.execute(query):
        found.setdefault(path.removeprefix(PLACE).removesuffix(".toml"), []).append(draft)
    return found


def _trail(key: str) -> str:
    """Return under which key the trail holds a register's versions: no process has such a one."""
    return f"#{key}"[:LONGEST]
