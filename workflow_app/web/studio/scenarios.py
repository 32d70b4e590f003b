"""The scenarios of a draft: listed, run, and what came of it, on the diagram and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.services.designing import proofs, proving
from workflow_app.services.designing.drafts import draft_of, files_of
from workflow_app.services.designing.paths import is_scenario
from workflow_app.services.designing.sources import published_of, source_of
from workflow_app.services.designing.taking_in import last_taken
from workflow_app.web.current import context
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.proofs import (
    covered_page,
    marks_of,
    outcome_page,
    proof_words,
    scenario_rows,
)
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.stops import stopped_rows
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.models.designing import DesignDraft

scenarios = Blueprint("studio_scenarios", __name__)
ALL = f"{DRAFT}/scenarios"


@route(scenarios, ALL, Permission.DESIGN)
def show(draft_id: int) -> ResponseReturnValue:
    """List the scenarios of a draft with how each went."""
    ctx = context()
    draft = draft_of(ctx, draft_id)
    progress = proofs.running(ctx, draft_id)
    proof = proofs.proof_of(ctx, draft_id)
    files = [one for path, one in files_of(ctx, draft_id).items() if is_scenario(path)]
    return draft_page(
        "studio/scenarios.html",
        draft,
        "scenarios",
        rows=scenario_rows(draft, files, proof),
        proof=proof,
        told=proof_words(draft, proof),
        progress=_progress_words(progress) if progress else None,
        stopped=[] if progress else stopped_rows(ctx, draft),
        last=last_taken(ctx, draft_id),
    )


@route(scenarios, f"{ALL}/run", Permission.DESIGN, methods=("POST",))
def run(draft_id: int) -> ResponseReturnValue:
    """Begin to run all scenarios in the background."""
    try:
        proving.begin_proof(context(), draft_id)
    except proving.OthersRun as busy:
        flash(said(busy), "error")
    return redirect(url_for("studio_scenarios.show", draft_id=draft_id), 303)


@route(scenarios, f"{ALL}/progress.json", Permission.DESIGN)
def progress(draft_id: int) -> ResponseReturnValue:
    """Tell how far a run is."""
    ctx = context()
    draft_of(ctx, draft_id)
    return jsonify(_progress(proofs.running(ctx, draft_id)))


def _progress(found: proofs.Progress | None) -> dict[str, Any]:
    text = _progress_words(found) if found else _("All scenarios were run. Show the results.")
    return {"text": text, "open": found is not None}


@route(scenarios, f"{ALL}/coverage", Permission.DESIGN)
def coverage(draft_id: int) -> ResponseReturnValue:
    """Show what the scenarios walked over and what they did not."""
    draft, proof = _proved(draft_id)
    shown = covered_page(context(), draft, proof, published_of(context(), draft_id))
    return draft_page("studio/coverage.html", draft, "scenarios", **shown)


@route(scenarios, f"{ALL}/<signed:file>/outcome", Permission.DESIGN)
def outcome(draft_id: int, file: str) -> ResponseReturnValue:
    """Show where a scenario first went otherwise than it says."""
    draft, proof = _proved(draft_id)
    row = _row(proof, file)
    shown = outcome_page(context(), draft, row, published_of(context(), draft_id))
    return draft_page("studio/outcome.html", draft, "scenarios", proof=proof, **shown)


@route(scenarios, f"{ALL}/diagram/<slug:process>.json", Permission.DESIGN)
def diagram(draft_id: int, process: str) -> ResponseReturnValue:
    """Give a diagram with what was walked over, or where the scenario `file` stood."""
    ctx = context()
    _draft, proof = _proved(draft_id)
    file = request.args.get("file")
    xml = source_of(ctx, draft_id).files.get(f"processes/{process}/{process}.bpmn")
    if xml is None:
        raise NotFound
    marks = marks_of(proof, _row(proof, file) if file else None, process)
    return jsonify(**drawing(ctx, xml, _), markers=marks, way={})


def _proved(draft_id: int) -> tuple[DesignDraft, proofs.Proof]:
    ctx = context()
    draft, proof = draft_of(ctx, draft_id), proofs.proof_of(ctx, draft_id)
    if proof is None or "rows" not in proof.details:
        raise NotFound
    return draft, proof


def _row(proof: proofs.Proof, file: str) -> dict[str, Any]:
    found = next((row for row in proof.details["rows"] if row["file"] == file), None)
    if found is None:
        raise NotFound
    return dict(found)


def _progress_words(found: proofs.Progress) -> str:
    if not found.all:
        return str(_("The scenarios are being prepared."))
    done = {"done": found.done, "all": found.all, "name": found.now}
    return str(_("Running: %(done)s of %(all)s done, now “%(name)s”.", **done))
