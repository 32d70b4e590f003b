"""The HTTP edge: parse, call, render."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from workflow_app.domain.actors import Permission
from workflow_app.domain.permissions import may_anywhere
from workflow_app.models import db
from workflow_app.services.boards import first_board
from workflow_app.services.demo import follow_shift
from workflow_app.web.about import about
from workflow_app.web.absence import absence
from workflow_app.web.account import account
from workflow_app.web.assets import Assets
from workflow_app.web.boards import boards
from workflow_app.web.cases import cases
from workflow_app.web.collect import collect
from workflow_app.web.collected import collected
from workflow_app.web.comments import comments
from workflow_app.web.current import context, platform
from workflow_app.web.demo import demo
from workflow_app.web.desk import desk
from workflow_app.web.drafting import init_drafting
from workflow_app.web.errors import register_errors
from workflow_app.web.files import files
from workflow_app.web.handing import handing
from workflow_app.web.headers import init_headers
from workflow_app.web.health import health
from workflow_app.web.help import help_pages
from workflow_app.web.language import language
from workflow_app.web.mending import mending
from workflow_app.web.notices import notices
from workflow_app.web.offline import offline
from workflow_app.web.open_data import open_data
from workflow_app.web.organisation import organisation
from workflow_app.web.outage import is_out
from workflow_app.web.places import places
from workflow_app.web.posting import refuse_nul
from workflow_app.web.public import public
from workflow_app.web.search import search
from workflow_app.web.signing_in import demo_accounts, guard_sign_in
from workflow_app.web.start import start
from workflow_app.web.straight import init_straight_pages
from workflow_app.web.studio import STUDIO
from workflow_app.web.undo import undo
from workflow_app.web.work import work

if TYPE_CHECKING:
    from flask import Flask

    from workflow_app.services.context import Context

#: Pages of the desk, from which one goes back to a board.
DESK = frozenset({desk.name, boards.name, cases.name, mending.name})
BLUEPRINTS = (
    public,
    start,
    desk,
    account,
    comments,
    absence,
    handing,
    search,
    work,
    cases,
    mending,
    notices,
    files,
    demo,
    health,
    help_pages,
    offline,
    undo,
    organisation,
    boards,
    open_data,
    places,
    about,
    collect,
    collected,
    *STUDIO,
)


def register_web(app: Flask) -> None:
    """Bind blueprints, errors, headers and what every template may count on."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_errors(app)
    app.before_request(refuse_nul)
    app.before_request(_follow_clock)
    guard_sign_in(app)
    init_headers(app)
    init_straight_pages(app)
    init_drafting(app)
    app.jinja_env.globals.update(asset=Assets().address, csrf_token=generate_csrf)
    app.context_processor(_template_names)
    app.context_processor(demo_accounts)


def _follow_clock() -> None:
    """Go by the demonstration's clock, which another server may have moved."""
    if request.blueprint != health.name:
        follow_shift(platform(), db.session())


def _boards(ctx: Context) -> list[dict[str, Any]]:
    """Return the way back to the board that is the first screen of the actor's roles."""
    key = first_board(ctx)
    if key is None:
        return []
    return [
        {
            "label": _("Overview"),
            "url": url_for("boards.board", key=key),
            "current": request.blueprint == boards.name,
        }
    ]


def _template_names() -> dict[str, Any]:
    actor = context().actor
    works = may_anywhere(actor, Permission.WORK)
    names: dict[str, Any] = {"language": language(), "may_work": works, "extra_navigation": []}
    if may_anywhere(actor, Permission.SUPERVISE):
        current = request.endpoint == "mending.worklist"
        entry = {"label": _("Stuck"), "url": url_for("mending.worklist"), "current": current}
        names["extra_navigation"].append(entry)
    if may_anywhere(actor, Permission.DESIGN):
        current = (request.blueprint or "").startswith("studio")
        entry = {"label": _("Studio"), "url": url_for("studio_library.index"), "current": current}
        names["extra_navigation"].append(entry)
    if works and request.blueprint in DESK and not is_out():
        names["extra_navigation"] += _boards(context())
    if platform().settings.demo:
        now = g.context.now if "context" in g else context().now
        names["demo_now"] = now
    return names
