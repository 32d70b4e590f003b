"""Pages that explain: the settings, and what the check of a process finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.engine import RULES
from workflow_app.queries.settings import all_settings
from workflow_app.web.current import context
from workflow_app.web.presenting.settings import groups
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

help_pages = Blueprint("help", __name__)


@route(help_pages, "/settings", Permission.PUBLIC)
def settings() -> ResponseReturnValue:
    """Show every setting with its value and where it comes from."""
    ctx, search = context(), request.args.get("q", "")[:100]
    shown = groups(ctx, all_settings(ctx.session), search)
    return render_template("public/settings.html", groups=shown, search=search)


@route(help_pages, "/help/findings", Permission.PUBLIC)
def findings() -> ResponseReturnValue:
    """List everything that the check of a process can find."""
    return render_template("help/findings.html", rules=RULES.values())


@route(help_pages, "/help/findings/<word:code>", Permission.PUBLIC)
def finding(code: str) -> ResponseReturnValue:
    """Explain one kind of finding."""
    rule = RULES.get(code)
    if rule is None:
        raise NotFound
    return render_template("help/finding.html", rule=rule)
