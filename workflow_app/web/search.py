"""Searching for cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.words import words_in
from workflow_app.queries.searching import find_cases, numbered
from workflow_app.services.forms import translator
from workflow_app.web.current import context
from workflow_app.web.presenting.cases import case_state
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.queries.searching import Hit

search = Blueprint("search", __name__)
LONGEST = 200


@route(search, "/search", Permission.WORK)
def cases() -> ResponseReturnValue:
    """Show the cases that fit; a whole number leads to its case."""
    ctx = context()
    text = request.args.get("q", "").strip()[:LONGEST]
    number = numbered(ctx.session, ctx.actor, text) if text else None
    if number is not None:
        return redirect(url_for("cases.show", number=number))
    found = find_cases(ctx.session, ctx.actor, words_in(text))
    return render_template(
        "desk/search.html", searched=text, hits=[_hit(one) for one in found.hits], more=found.more
    )


def _hit(one: Hit) -> dict[str, Any]:
    ctx = context()
    published = ctx.platform.programs.get(ctx.session, one.version_id)
    words = translator(ctx, published)
    return {
        "number": one.number,
        "title": one.title,
        "kind": words(published.manifest.title),
        "status": words(published.status_word(one.status)),
        "state": case_state(one.phase, one.term_due, ctx),
        "place": words(one.place) if one.place else None,
        "started_at": one.started_at,
        "url": url_for("cases.show", number=one.number),
    }
