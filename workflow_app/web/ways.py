"""The ways to a start form, each with addresses of its own.

By a link, with an account, over an entry of a register, from paper, out of an earlier case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Blueprint, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.domain.text import N_
from workflow_app.extensions import limiter
from workflow_app.services.case_store import load_case
from workflow_app.services.eligibility import answered_before
from workflow_app.services.follow_ups import open_follow_up
from workflow_app.services.opening import Opening, open_by_account, open_on_paper
from workflow_app.services.reading import readable_case
from workflow_app.services.start_links import open_by_link
from workflow_app.web.current import context, party_context
from workflow_app.web.keys import keyed_case
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context

    WayView = Callable[..., ResponseReturnValue]

start = Blueprint("start", __name__)
RULES = {
    "link": ("/start/<word:token>", Permission.PUBLIC),
    "account": ("/services/<slug:key>/start", Permission.SIGNED_IN),
    "entry": ("/services/<slug:key>/for/<path:entry>/start", Permission.SIGNED_IN),
    "paper": ("/services/<slug:key>/paper", Permission.SIGNED_IN),
    "case": ("/follow/<word:number>/next/<word:message>", Permission.PUBLIC),
}
OWN = frozenset({"token", "key", "entry", "number", "message"})
NO_KEY = N_("Open the case with its number and key first.")
PER_MINUTE = "120 per minute"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How somebody came to a start form: one of `RULES`, with what its address names."""

    name: str
    args: Mapping[str, str]

    def address(self, page: str = "", **more: Any) -> str:
        """Return the address of a page of the form on this way; of the form itself unless said."""
        endpoint = f"start.{page}_by_{self.name}" if page else f"start.by_{self.name}"
        return url_for(endpoint, **{**self.args, **more})

    @cached_property
    def ctx(self) -> Context:
        """Return the request's context as whoever opens the form. Raises NotFound."""
        if self.name != "case":
            return context()
        case_id = keyed_case(self.args["number"])
        if case_id is not None:
            return party_context(case_id)
        if not context().actor.is_signed_in:
            raise NotFound(NO_KEY)
        return context()

    @cached_property
    def opening(self) -> Opening:
        """Return the opened form. Raises NotFound, NotAllowed."""
        found = _OPENERS[self.name](self)
        return replace(found, known=answered_before(self.ctx, found))


def _open_link(way: Way) -> Opening:
    return open_by_link(way.ctx, way.args["token"])


def _open_account(way: Way) -> Opening:
    return open_by_account(way.ctx, way.args["key"])


def _open_entry(way: Way) -> Opening:
    return open_by_account(way.ctx, way.args["key"], way.args["entry"])


def _open_paper(way: Way) -> Opening:
    return open_on_paper(way.ctx, way.args["key"])


def _open_case(way: Way) -> Opening:
    number = way.args["number"]
    case_id = keyed_case(number)
    loaded = load_case(way.ctx, case_id) if case_id else readable_case(way.ctx, number)
    return open_follow_up(way.ctx, loaded, way.args["message"])


_OPENERS: dict[str, Callable[[Way], Opening]] = {
    "link": _open_link,
    "account": _open_account,
    "entry": _open_entry,
    "paper": _open_paper,
    "case": _open_case,
}


def each_way(
    page: str = "", suffix: str = "", *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[WayView], WayView]:
    """Bind a view of a start form to every way there; it is given the way first."""

    def bind(view: WayView) -> WayView:
        for name, (rule, permission) in RULES.items():
            bound = limiter.limit(PER_MINUTE)(_bound(view, page, name))
            route(start, rule + suffix, permission, methods=methods)(bound)
        return view

    return bind


def _bound(view: WayView, page: str, name: str) -> WayView:
    def called(**args: Any) -> ResponseReturnValue:
        own = {key: args.pop(key) for key in OWN & args.keys()}
        return view(Way(name=name, args=own), **args)

    called.__name__ = f"{page}_by_{name}" if page else f"by_{name}"
    called.__doc__ = view.__doc__
    return called
