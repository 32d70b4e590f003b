"""What if: a draft on a virtual clock, against what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.services.designing import simulating
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.simulated_asking import read_asked, typed, usual
from workflow_app.services.designing.sources import published_of
from workflow_app.services.forms import translator
from workflow_app.web.current import context
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.simulating import form_page, found_page, marks_of
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.designing.simulating import Simulated

simulate = Blueprint("studio_simulate", __name__)
PAGE = f"{DRAFT}/what-if"
TAB = "what-if"


@route(simulate, PAGE, Permission.DESIGN)
def show(draft_id: int) -> ResponseReturnValue:
    """Show what was found last, how far it is, and the form."""
    ctx = context()
    draft = draft_of(ctx, draft_id)
    try:
        ground = simulating.ground_of(ctx, draft_id)
    except NotFound:
        raise
    except DomainError as wrong:
        return draft_page("studio/what_if.html", draft, TAB, broken=said(wrong))
    seen = simulating.simulation_of(ctx, draft_id)
    values = typed(seen.asked) if seen else usual(ground)
    shown = form_page(ctx, ground, values, {})
    found = found_page(ctx, draft, ground, seen) if seen and seen.found else None
    progress = _progress_words(seen) if seen and seen.state == "running" else None
    failed = seen is not None and seen.state == "broken"
    more: dict[str, Any] = {"found": found, "progress": progress, "failed": failed}
    return draft_page("studio/what_if.html", draft, TAB, **shown, **more)


@route(simulate, PAGE, Permission.DESIGN, methods=("POST",))
def begin(draft_id: int) -> ResponseReturnValue:
    """Begin to work out what is asked, or say which field cannot be read."""
    ctx = context()
    ground = simulating.ground_of(ctx, draft_id)
    values = request.form.to_dict()
    asked, faults = read_asked(values, ground)
    if asked is None:
        shown = form_page(ctx, ground, values, faults)
        return draft_page("studio/what_if.html", draft_id, TAB, **shown), 422
    try:
        simulating.begin_simulation(ctx, draft_id, ground, asked)
    except simulating.OthersSimulate as busy:
        flash(said(busy), "error")
        shown = form_page(ctx, ground, values, {})
        return draft_page("studio/what_if.html", draft_id, TAB, **shown), 409
    return redirect(url_for("studio_simulate.show", draft_id=draft_id), 303)


@route(simulate, f"{PAGE}/progress.json", Permission.DESIGN)
def progress(draft_id: int) -> ResponseReturnValue:
    """Tell how far it is."""
    ctx = context()
    draft_of(ctx, draft_id)
    seen = simulating.simulation_of(ctx, draft_id)
    running = seen is not None and seen.state == "running"
    text = (
        _progress_words(seen) if seen and running else _("It is worked out. Show what was found.")
    )
    return jsonify(text=text, open=running)


@route(simulate, f"{PAGE}/diagram/<slug:process>.json", Permission.DESIGN)
def diagram(draft_id: int, process: str) -> ResponseReturnValue:
    """Give a diagram on which the time spent at each step stands."""
    ctx = context()
    draft_of(ctx, draft_id)
    seen = simulating.simulation_of(ctx, draft_id)
    published = published_of(ctx, draft_id)
    xml = published.source.files.get(f"processes/{process}/{process}.bpmn")
    if seen is None or seen.found is None or xml is None:
        raise NotFound
    marks, labels = marks_of(seen.found, process)
    shown: dict[str, Any] = drawing(ctx, xml, translator(ctx, published))
    return jsonify(**shown, markers=marks, labels=labels, way={})


def _progress_words(seen: Simulated) -> str:
    if not seen.all:
        return str(_("The finished cases are being read."))
    return str(_("Working it out: %(done)s of %(all)s runs done.", done=seen.done, all=seen.all))
