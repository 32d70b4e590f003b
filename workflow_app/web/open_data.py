"""Open data: registers as files that programs read, what their fields mean, and pages to frame."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    render_template,
    request,
    stream_with_context,
)

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.extensions import limiter
from workflow_app.queries.registers import newest_id, public_registers
from workflow_app.web.caching import for_everybody, unchanged
from workflow_app.web.current import context
from workflow_app.web.presenting import open_data as present
from workflow_app.web.presenting.register_page import read_asked
from workflow_app.web.presenting.registers import card
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context
    from workflow_app.web.presenting.register_page import Asked

open_data = Blueprint("open_data", __name__)
TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
}


@route(open_data, "/registers/<slug:key>.<any(csv,json,atom,ics):kind>", Permission.PUBLIC)
@limiter.limit("120 per minute")
def download(key: str, kind: str) -> ResponseReturnValue:
    """Give what is asked of a public register as JSON, CSV, a feed or a calendar."""
    ctx = context()
    asked = read_asked(ctx, key, request.args)
    if kind == "ics" and "calendar" not in asked.definition:
        raise NotFound
    tag = _tag(ctx, asked, kind)
    if unchanged(tag):
        return for_everybody(Response(status=304), tag)
    answer = Response(_body(ctx, asked, kind), mimetype=TYPES[kind])
    if kind == "csv":
        answer.headers["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    return for_everybody(answer, tag)


@route(open_data, "/data", Permission.PUBLIC)
def index() -> ResponseReturnValue:
    """List what can be taken away, and in which formats."""
    ctx = context()
    found = public_registers(ctx.session)
    rows = [
        {**card(ctx, one), "key": one.key, "has_dates": "calendar" in one.definition}
        for one in found
    ]
    return render_template("public/data.html", registers=rows)


@route(open_data, "/data/<slug:key>", Permission.PUBLIC)
def dictionary(key: str) -> ResponseReturnValue:
    """Say what the fields of a public register are."""
    ctx = context()
    asked = read_asked(ctx, key, {})
    return render_template("public/dictionary.html", data=present.dictionary(ctx, asked))


@route(open_data, "/data/<slug:key>.json", Permission.PUBLIC)
def dictionary_file(key: str) -> ResponseReturnValue:
    """Say what the fields of a public register are, to a program."""
    ctx = context()
    asked = read_asked(ctx, key, {})
    return for_everybody(jsonify(present.dictionary(ctx, asked)), _tag(ctx, asked, "fields"))


@route(open_data, "/data/<slug:key>/<path:entry>.json", Permission.PUBLIC)
def entry(key: str, entry: str) -> ResponseReturnValue:
    """Give one entry of a public register to programs."""
    ctx = context()
    return for_everybody(jsonify(present.entry_facts(ctx, read_asked(ctx, key, {}), entry)))


def _body(ctx: Context, asked: Asked, kind: str) -> Any:
    if kind == "atom":
        return present.atom_feed(ctx, asked)
    if kind == "ics":
        return present.calendar_file(ctx, asked)
    lines = present.json_lines if kind == "json" else present.csv_lines
    return stream_with_context(lines(ctx, asked))


def _tag(ctx: Context, asked: Asked, kind: str) -> str:
    """Return the mark of what an address gives now: another one as soon as anything changed."""
    known = [kind, ctx.language, dict(asked.chosen), asked.definition]
    state = json.dumps([newest_id(ctx.session, asked.key), *known], sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()[:24]
