"""Running cases on the way to another version: looked at, grouped, mapped, moved, taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.domain.permissions import may_anywhere
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.queries import moving as queries
from workflow_app.queries.pages import read_cursor
from workflow_app.services.designing import moving as service
from workflow_app.web.current import context
from workflow_app.web.presenting import moving as present
from workflow_app.web.routing import route
from workflow_app.web.studio.common import carried_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

moving = Blueprint("studio_moving", __name__)
ORDER = "/studio/moves/<int:order_id>"
POST = ("POST",)
#: So many cases are looked at before the page of a new order is shown.
AT_ONCE = 40
#: So many versions stand in the choice.
VERSIONS = 30


@route(moving, "/studio/processes/<slug:key>/move", Permission.DESIGN, methods=("GET", "POST"))
def begin(key: str) -> ResponseReturnValue:
    """Ask to which version running cases shall be moved, and look at them all."""
    ctx = context()
    query = select(ProcessVersion).where(ProcessVersion.key == key)
    versions = ctx.session.scalars(query.order_by(ProcessVersion.number.desc()).limit(VERSIONS))
    found = list(versions)
    if not found:
        raise NotFound
    target = request.values.get("to", 0, int) or found[0].id
    if request.method == "POST":
        order_id = service.begin_order(ctx, key, target)
        service.look_now(ctx, order_id, AT_ONCE)
        return redirect(url_for("studio_moving.show", order_id=order_id), 303)
    return render_template(
        "studio/move_begin.html",
        title=_(found[0].title),
        key=key,
        target=target,
        targets=present.targets(ctx, found),
        may_move=may_anywhere(ctx.actor, Permission.SUPERVISE),
        orders=queries.orders_of(ctx.session, key),
    )


@route(moving, ORDER, Permission.DESIGN)
def show(order_id: int) -> ResponseReturnValue:
    """Show what becomes of the cases, by group, and how far moving them is."""
    return _page(order_id)


@route(moving, f"{ORDER}/cases", Permission.DESIGN)
def cases(order_id: int) -> ResponseReturnValue:
    """List the cases of an order: of one group, or in one state."""
    return _cases(order_id)


@route(moving, f"{ORDER}/move", Permission.DESIGN, methods=POST)
def move(order_id: int) -> ResponseReturnValue:
    """Have cases moved: all that can, a group, or those ticked."""
    form = request.form
    return _do(
        order_id,
        lambda: service.choose(
            context(),
            order_id,
            form.get("reason", ""),
            every=form.get("every") == "yes",
            signature=form.get("group"),
            items=form.getlist("item", int),
        ),
        _("The cases are being moved. Each is told here as soon as it is done."),
    )


@route(moving, f"{ORDER}/map/<int:version_id>", Permission.DESIGN, methods=POST)
def map_steps(order_id: int, version_id: int) -> ResponseReturnValue:
    """Say which new step stands for which old one, and look again."""
    given = request.form.items()
    chosen = {name.removeprefix("to-"): to for name, to in given if name.startswith("to-")}

    def act() -> None:
        service.map_elements(context(), order_id, version_id, chosen)
        service.look_now(context(), order_id, AT_ONCE)

    return _do(order_id, act, _("The cases were looked at again with these steps."))


@route(moving, f"{ORDER}/again", Permission.DESIGN, methods=POST)
def again(order_id: int) -> ResponseReturnValue:
    """Look again at the cases that were not moved."""

    def act() -> None:
        service.look_again(context(), order_id)
        service.look_now(context(), order_id, AT_ONCE)

    return _do(order_id, act, _("The cases that were not moved were looked at again."))


@route(moving, f"{ORDER}/stop", Permission.DESIGN, methods=POST)
def stop(order_id: int) -> ResponseReturnValue:
    """Move no more of the cases that still wait for it."""
    return _do(
        order_id, lambda: service.stop(context(), order_id), _("No more cases are moved now.")
    )


@route(moving, f"{ORDER}/cases/<int:item_id>/back", Permission.DESIGN, methods=POST)
def back(order_id: int, item_id: int) -> ResponseReturnValue:
    """Take one case back to the version it came from."""
    reason = request.form.get("reason", "")
    act = partial(service.take_back, context(), order_id, item_id, reason)
    address = url_for("studio_moving.cases", order_id=order_id, state=service.BACK)
    done = _("The case is back on the version it came from.")
    return carried_out(act, done, address, partial(_cases, order_id))


@route(moving, f"{ORDER}/<int:version_id>/<int:side>/<slug:process>.json", Permission.DESIGN)
def diagram(order_id: int, version_id: int, side: int, process: str) -> ResponseReturnValue:
    """Give the old or the new diagram with the numbers of the steps that stand for each other."""
    ctx = context()
    order = service.order_of(ctx, order_id)
    return jsonify(present.side_drawing(ctx, order, version_id, side, process))


def _do(order_id: int, act: Callable[[], object], done: str) -> ResponseReturnValue:
    address = url_for("studio_moving.show", order_id=order_id)
    return carried_out(act, done, address, partial(_page, order_id))


def _page(order_id: int, trouble: str | None = None) -> ResponseReturnValue:
    ctx = context()
    order = service.order_of(ctx, order_id)
    found = queries.groups(ctx.session, order_id)
    version = ctx.session.get_one(ProcessVersion, order.to_version_id)
    page = render_template(
        "studio/move.html",
        order=order,
        title=_(version.title),
        number=version.number,
        counts=present.progress(ctx, order_id),
        groups=present.group_cards(ctx, order, found),
        mappings=present.mappings(ctx, order, found),
        trouble=trouble,
        typed=request.form,
    )
    return page, 422 if trouble else 200


def _cases(order_id: int, trouble: str | None = None) -> ResponseReturnValue:
    ctx = context()
    order = service.order_of(ctx, order_id)
    asked = {name: request.args.get(name) or None for name in ("group", "state")}
    found = queries.items_page(
        ctx.session,
        order_id,
        read_cursor(request.args.get("page"), int),
        signature=asked["group"],
        state=asked["state"],
    )

    def address(cursor: str | None) -> str | None:
        here: dict[str, Any] = {"order_id": order_id, **asked}
        return url_for("studio_moving.cases", **here, page=cursor) if cursor else None

    page = render_template(
        "studio/move_cases.html",
        order=order,
        cases=present.case_rows(ctx, found.rows),
        previous_url=address(found.previous),
        next_url=address(found.next),
        trouble=trouble,
        typed=request.form,
    )
    return page, 422 if trouble else 200
