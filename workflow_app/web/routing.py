"""How a view is bound: to an address, a permission and a transaction; none exists without."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from workflow_app.domain.errors import NotYours
from workflow_app.domain.permissions import may_anywhere
from workflow_app.services.context import transaction
from workflow_app.web.current import SignInNeeded, context

if TYPE_CHECKING:
    from workflow_app.domain.actors import Permission

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
PERMISSIONS: dict[str, Permission] = {}


def route(
    blueprint: Blueprint, rule: str, permission: Permission, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[View[P]], View[P]]:
    """Bind a view that asks for a permission and runs in one transaction."""

    def bind(view: View[P]) -> View[P]:
        @wraps(view)
        def bound(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            _require(permission)
            with transaction(context().session):
                answer = view(*args, **kwargs)
            if request.method == "POST":
                _nudge()
            return answer

        name = getattr(view, "__name__", "view")
        PERMISSIONS[f"{blueprint.name}.{name}"] = permission
        blueprint.add_url_rule(rule, name, bound, methods=list(methods))
        return bound

    return bind


def _require(permission: Permission) -> None:
    actor = context().actor
    if may_anywhere(actor, permission):
        return
    if not actor.is_signed_in:
        raise SignInNeeded
    raise NotYours


def _nudge() -> None:
    worker: Any = current_app.extensions.get("worker")
    if worker is not None:
        worker.nudge()
