"""Moving the running cases of a process in bulk: looked at first, then moved in the background.

An order has one item a case, each handled in a transaction of its own: what was handled when a
server dies stays handled, and the rest is still waiting.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, func, insert, literal, or_, select, update

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from workflow_app.domain.reasons import as_stored
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.designing import MoveItem, MoveOrder
from workflow_app.queries.case_file import open_items, waits
from workflow_app.services.accounts import actor_named
from workflow_app.services.case_store import LostRace
from workflow_app.services.designing.trail import record
from workflow_app.services.migrating import Order, Outlook, look, move_back, move_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.services.context import Context

LOOK, LOOKED, MOVE, MOVED, FAILED, BACK = "look", "looked", "move", "moved", "failed", "back"
MOVES, MAPPING, CANNOT = "moves", "mapping", "cannot"
LONGEST = 2000
NO_REASON = N_("Enter a reason")
NOTHING_CHOSEN = N_("Choose which cases to move.")
OTHER_PROCESS = N_("This version belongs to another process.")
RETIRED = N_("This version is retired. Take it up again first.")
NOBODY = N_("Whoever ordered this has no account any more.")
NOT_MOVED = N_("This case was not moved by this order.")
_cases, _versions = table_of(Case), table_of(ProcessVersion)
_orders, _items = table_of(MoveOrder), table_of(MoveItem)


def supervised(ctx: Context) -> ColumnElement[bool]:
    """Return the condition that the actor supervises the territory of a case."""
    path = _cases.c.territory_path
    grants = (one for one in ctx.actor.grants if Permission.SUPERVISE in one.permissions)
    tops = sorted({one.path for one in grants})
    inside = (or_(path == top, path.startswith(f"{top}/", autoescape=True)) for top in tops)
    return or_(literal(False), *inside)  # noqa: FBT003 - SQL's own false


def running_elsewhere(ctx: Context, key: str, version_id: int) -> int:
    """Return how many running cases of a process are on other versions than this one."""
    here = _others(key, version_id)
    query = select(func.count()).select_from(_cases.join(_versions)).where(*here)
    return ctx.session.scalar(query) or 0


def running_on(ctx: Context, version_id: int) -> int:
    """Return how many running cases are on a version."""
    mine = (_cases.c.process_version_id == version_id, _cases.c.finished_at.is_(None))
    return ctx.session.scalar(select(func.count()).select_from(_cases).where(*mine)) or 0


def begin_order(ctx: Context, key: str, version_id: int) -> int:
    """Have all running cases on other versions of a process looked at; returns the order's id.

    Those that the actor supervises. Raises NotFound, Conflict for a version of another process or
    a retired one, NotAllowed for whoever supervises nowhere.
    """
    version = ctx.session.get(ProcessVersion, version_id)
    if version is None:
        raise NotFound
    if version.key != key:
        raise Conflict(OTHER_PROCESS)
    if version.retired_at is not None:
        raise Conflict(RETIRED)
    if not any(Permission.SUPERVISE in one.permissions for one in ctx.actor.grants):
        raise NotAllowed
    order = MoveOrder(
        key=key,
        to_version_id=version_id,
        created_by=ctx.actor.username,
        created_at=ctx.now,
    )
    ctx.session.add(order)
    ctx.session.flush()
    columns = ["order_id", "case_id", "from_version_id", "state"]
    found = (
        select(literal(order.id), _cases.c.id, _cases.c.process_version_id, literal(LOOK))
        .select_from(_cases.join(_versions))
        .where(*_others(key, version_id), supervised(ctx))
        .order_by(_cases.c.id)
    )
    ctx.session.execute(insert(_items).from_select(columns, found))
    told = {"order": order.id, "number": version.number}
    record(ctx, "cases_looked_at", key=key, version_id=version_id, **told)
    return order.id


def _others(key: str, version_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        _versions.c.key == key,
        _versions.c.id != version_id,
        _cases.c.finished_at.is_(None),
    )


def order_of(ctx: Context, order_id: int) -> MoveOrder:
    """Return an order by id. Raises NotFound."""
    order = ctx.session.get(MoveOrder, order_id, populate_existing=True)
    if order is None:
        raise NotFound
    return order


def due_items(ctx: Context, limit: int) -> list[int]:
    """Return the cases of orders that wait to be looked at or moved, the oldest first."""
    query = select(_items.c.id).where(_items.c.state.in_((LOOK, MOVE)))
    return list(ctx.session.scalars(query.order_by(_items.c.id).limit(limit)))


def look_now(ctx: Context, order_id: int, limit: int) -> None:
    """Look at the first cases of an order at once, so that a short one is told in one page."""
    mine = select(_items.c.id).where(_items.c.order_id == order_id, _items.c.state == LOOK)
    for item_id in ctx.session.scalars(mine.order_by(_items.c.id).limit(limit)).all():
        do_item(ctx, item_id)


def do_item(ctx: Context, item_id: int) -> None:
    """Look at one case of an order, or move it, in the name of whoever ordered it.

    What the case does not allow is kept with it. Raises LostRace when the case changes too often
    meanwhile: it stays in line.
    """
    item = ctx.session.execute(select(_items).where(_items.c.id == item_id)).first()
    if item is None or item.state not in (LOOK, MOVE):
        return
    order = order_of(ctx, item.order_id)
    actor = actor_named(ctx.session, order.created_by, ctx.now)
    if actor is None:
        _fail(ctx, item, Conflict(NOBODY))
        return
    acting = replace(ctx, actor=actor)
    if item.state == LOOK:
        _look(acting, order, item)
    else:
        _move(acting, order, item)


def fail_item(ctx: Context, item_id: int, _failure: Exception) -> None:
    """Keep with a case of an order that something unforeseen went wrong."""
    item = ctx.session.execute(select(_items).where(_items.c.id == item_id)).one()
    _fail(ctx, item, DomainError())


def _fail(ctx: Context, item: Row[Any], failure: DomainError) -> None:
    told = {"where": [], "obstacles": [], **(item.told or {}), "failure": as_stored(failure)}
    if item.state == LOOK:
        _write(ctx, item, LOOKED, told, verdict=CANNOT, signature=_signed(item, CANNOT, told))
    elif item.state == MOVE:
        _write(ctx, item, FAILED, told)


def _look(ctx: Context, order: MoveOrder, item: Row[Any]) -> None:
    outlook = _outlook(ctx, order, item)
    told = _told(ctx, outlook)
    signature = _signed(item, outlook.verdict, told)
    _write(ctx, item, LOOKED, told, verdict=outlook.verdict, signature=signature)


def _outlook(ctx: Context, order: MoveOrder, item: Row[Any]) -> Outlook:
    try:
        return look(ctx, item.case_id, _as_ordered(order, item))
    except LostRace:
        raise
    except DomainError as failure:
        return Outlook(case_id=item.case_id, number="", verdict=CANNOT, failure=failure)


def _move(ctx: Context, order: MoveOrder, item: Row[Any]) -> None:
    if not _write(ctx, item, MOVED, item.told):
        return
    try:
        with ctx.session.begin_nested():
            move_case(ctx, item.case_id, _as_ordered(order, item))
    except LostRace:
        raise
    except DomainError as failure:
        told = {**(item.told or {}), "failure": as_stored(failure)}
        failed = update(_items).where(_items.c.id == item.id).values(state=FAILED, told=told)
        ctx.connection.execute(failed)


def _as_ordered(order: MoveOrder, item: Row[Any]) -> Order:
    old = item.from_version_id
    mapping = order.mappings.get(str(old), {})
    return Order(old=old, new=order.to_version_id, mapping=mapping, reason=order.reason)


def _told(ctx: Context, outlook: Outlook) -> dict[str, Any]:
    """Return what was found of a case as JSON: where it waits, and what stands in the way."""
    messages, timers = waits(ctx.session, outlook.case_id)
    standing = open_items(ctx.session, outlook.case_id) or messages or timers
    obstacles = {(one.element, one.why): list(one.candidates) for one in outlook.obstacles}
    return {
        "where": sorted({one.element for one in standing}),
        "obstacles": [
            {"element": element, "why": why, "candidates": obstacles[element, why]}
            for element, why in sorted(obstacles)
        ],
        "failure": as_stored(outlook.failure) if outlook.failure is not None else None,
    }


def _signed(item: Row[Any], verdict: str, told: Mapping[str, Any]) -> str:
    """Return the same word for cases of one version of which the same was found."""
    text = json.dumps([item.from_version_id, verdict, told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(
    ctx: Context, item: Row[Any], state: str, told: Mapping[str, Any] | None, **found: Any
) -> bool:
    """Keep what became of an item, unless somebody else has handled it already."""
    still = update(_items).where(_items.c.id == item.id, _items.c.state == item.state)
    values = {"state": state, "told": told, "at": ctx.now, **found}
    return ctx.connection.execute(still.values(**values)).rowcount == 1


# -- what a person orders ---------------------------------------------------------------------


def map_elements(ctx: Context, order_id: int, version_id: int, mapping: Mapping[str, str]) -> None:
    """Say for the cases of one version where elements went; they are looked at again.

    Raises NotFound.
    """
    order = order_of(ctx, order_id)
    kept = {old: new for old, new in mapping.items() if new}
    order.mappings = {**order.mappings, str(version_id): kept}
    ctx.session.flush()
    again = (_items.c.from_version_id == version_id, _items.c.state.in_((LOOKED, FAILED)))
    _set(ctx, order_id, LOOK, *again)
    _record(ctx, "cases_mapped", order, mapping=kept, **{"from": version_id})


def choose(
    ctx: Context,
    order_id: int,
    reason: str,
    *,
    every: bool = False,
    signature: str | None = None,
    items: Sequence[int] = (),
) -> int:
    """Have cases moved that can move: all, a group, or those ticked; returns how many.

    Raises NotFound, Invalid without a reason or without a case.
    """
    order = order_of(ctx, order_id)
    if not reason.strip():
        raise Invalid(NO_REASON)
    chosen = [_items.c.state == LOOKED, _items.c.verdict == MOVES]
    if not every:
        named = _items.c.id.in_(items)
        chosen.append(or_(named, _items.c.signature == signature) if signature else named)
    order.reason = reason.strip()[:LONGEST]
    ctx.session.flush()
    count = _set(ctx, order_id, MOVE, *chosen)
    if not count:
        raise Invalid(NOTHING_CHOSEN)
    _record(ctx, "cases_ordered", order, count=count, reason=order.reason)
    return count


def look_again(ctx: Context, order_id: int) -> int:
    """Have the cases looked at again that were not moved; returns how many. Raises NotFound."""
    order_of(ctx, order_id)
    return _set(ctx, order_id, LOOK, _items.c.state.in_((LOOKED, FAILED)))


def stop(ctx: Context, order_id: int) -> int:
    """Move none of the cases that still wait for it; returns how many. Raises NotFound."""
    order = order_of(ctx, order_id)
    count = _set(ctx, order_id, LOOKED, _items.c.state == MOVE)
    _record(ctx, "cases_stopped", order, count=count)
    return count


def take_back(ctx: Context, order_id: int, item_id: int, reason: str) -> None:
    """Take one moved case back to the version it came from.

    Raises NotFound, Invalid without a reason, NotAllowed, Conflict when it has moved on since.
    """
    order = order_of(ctx, order_id)
    if not reason.strip():
        raise Invalid(NO_REASON)
    mine = (_items.c.id == item_id, _items.c.order_id == order_id)
    item = ctx.session.execute(select(_items).where(*mine)).first()
    if item is None:
        raise NotFound
    if item.state != MOVED or not _write(ctx, item, BACK, item.told):
        raise Conflict(NOT_MOVED)
    move_back(ctx, item.case_id, reason.strip()[:LONGEST])
    _record(ctx, "case_taken_back", order, case=item.case_id, reason=reason.strip()[:LONGEST])


def _record(ctx: Context, kind: str, order: MoveOrder, **told: Any) -> None:
    version = order.to_version_id
    record(ctx, kind, key=order.key, version_id=version, order=order.id, **told)


def _set(ctx: Context, order_id: int, state: str, *chosen: ColumnElement[bool]) -> int:
    mine = update(_items).where(_items.c.order_id == order_id, *chosen)
    return ctx.connection.execute(mine.values(state=state)).rowcount
