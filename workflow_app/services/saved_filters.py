"""Filters of the inbox that people keep under a name, for themselves or for their unit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, or_, select

from workflow_app.domain import audiences
from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.desk import SavedFilter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.domain.actors import Actor, Grant
    from workflow_app.services.context import Context

MOST = 30
LONGEST_NAME = 60
_filters = table_of(SavedFilter)


@dataclass(frozen=True, slots=True)
class Unit:
    """Those who hold one role in one territory, of one organisation where that is said."""

    key: str
    grant: Grant


def units_of(actor: Actor) -> list[Unit]:
    """Return the units that an actor belongs to."""
    found: dict[str, Grant] = {}
    for grant in actor.grants:
        unit = audiences.group(grant.role, grant.path)
        found[unit] = replace(grant, organisation=None)
        if grant.organisation:
            found[f"{unit}#{grant.organisation}"] = grant
    return [Unit(key, grant) for key, grant in found.items()]


def saved_filters(ctx: Context) -> list[Row[Any]]:
    """Return the actor's own filters and those shared with one of their units, by name."""
    units = [unit.key for unit in units_of(ctx.actor)]
    mine = _filters.c.owner == ctx.actor.username
    query = select(_filters).where(or_(mine, _filters.c.shared_with.in_(units)))
    return list(ctx.connection.execute(query.order_by(_filters.c.name, _filters.c.id)).all())


def save_filter(ctx: Context, name: str, query: Mapping[str, str], share: str) -> int:
    """Keep a filter under a name, in place of one's own of that name; returns its id.

    `share` is a unit's key, or empty. Raises Invalid, its parameter `field` names what is wrong.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        text = N_("Enter a name of %(most)s letters at most")
        raise Invalid(text, field="name", most=LONGEST_NAME)
    if share and share not in {unit.key for unit in units_of(ctx.actor)}:
        raise Invalid(N_("Choose a unit from the list"), field="share")
    mine = select(_filters.c.id, _filters.c.name).where(_filters.c.owner == ctx.actor.username)
    known = {row.name: row.id for row in ctx.connection.execute(mine)}
    if name not in known and len(known) >= MOST:
        text = N_("You have %(most)s saved filters. Delete one of them first")
        raise Invalid(text, field="name", most=MOST)
    values = {"query": dict(query), "shared_with": share or None, "created_at": ctx.now}
    if name in known:
        ctx.connection.execute(
            _filters.update().where(_filters.c.id == known[name]).values(**values)
        )
        return int(known[name])
    row = _filters.insert().values(owner=ctx.actor.username, name=name, **values)
    return int(ctx.connection.execute(row).inserted_primary_key[0])  # type: ignore[index]


def delete_filter(ctx: Context, filter_id: int) -> str:
    """Forget one's own filter; returns its name. Raises NotFound for what is not one's own."""
    mine = (_filters.c.id == filter_id) & (_filters.c.owner == ctx.actor.username)
    name = ctx.session.scalar(select(_filters.c.name).where(mine))
    if name is None:
        raise NotFound
    ctx.connection.execute(_filters.delete().where(mine))
    return str(name)
