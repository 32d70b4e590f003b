"""A draft before it is published: its conditions in words, who may approve, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.text import N_
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.queries.case_file import titles
from workflow_app.services.designing.callers import callers_of
from workflow_app.services.designing.gate import gates_of
from workflow_app.services.designing.moving import running_elsewhere
from workflow_app.services.designing.reviewing import authors_of
from workflow_app.web.presenting.reasons import told
from workflow_app.web.studio.common import finding_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.gate import Gate

LABELS = {
    "findings": N_("No errors"),
    "registers": N_("Registers keep their data"),
    "scenarios": N_("Scenarios pass"),
    "coverage": N_("Scenarios reach enough"),
    "translations": N_("Words are translated"),
    "basis": N_("Nothing newer is replaced"),
}
#: Where each condition is looked into.
PLACES = {
    "findings": "studio_drafts.overview",
    "scenarios": "studio_scenarios.show",
    "coverage": "studio_scenarios.show",
    "translations": "studio_words.edit",
    "basis": "studio_changes.show",
}


def gate_rows(ctx: Context, draft: DesignDraft, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the conditions: [{key, label, state, text, url, findings, exception, typed, asks}].

    `asks` is where a waiver can be written, `typed` what was written there.
    """
    gates = gates_of(ctx, draft.id)
    last = {one["gate"]: one["reason"] for one in draft.exceptions}
    names = titles(ctx.session, {one["by"] for one in draft.exceptions})
    return [
        {
            "key": gate.key,
            "label": _(LABELS[gate.key]),
            "state": "done" if gate.passed else "waiting" if gate.exception else "stuck",
            "text": told(gate.why, gate.details),
            "url": _place(gate, draft.id),
            "findings": [finding_row(one) for one in gate.findings],
            "exception": _exception(gate, names),
            "asks": gate.may_except and not gate.passed and draft.state == "draft",
            "typed": typed.get(f"reason-{gate.key}", last.get(gate.key, "")),
        }
        for gate in gates
    ]


def _place(gate: Gate, draft_id: int) -> str | None:
    endpoint = PLACES.get(gate.key)
    if endpoint is None:
        return None
    # The words that are missing, rather than all of them.
    asked: dict[str, Any] = {"state": "missing"} if gate.key == "translations" else {}
    return url_for(endpoint, draft_id=draft_id, **asked)


def _exception(gate: Gate, names: Mapping[str, str]) -> dict[str, str] | None:
    if gate.exception is None:
        return None
    by = str(gate.exception["by"])
    return {"reason": str(gate.exception["reason"]), "by": _(names.get(by, by))}


def caller_rows(ctx: Context, draft: DesignDraft) -> list[dict[str, Any]]:
    """Return the processes that hold a copy of this one: [{key, title, number, chosen}]."""
    return [
        {
            "key": one.key,
            "title": _(one.title),
            "number": one.number,
            "chosen": one.key in draft.republish,
        }
        for one in callers_of(ctx, draft.key)
    ]


def people(ctx: Context, draft: DesignDraft) -> dict[str, Any]:
    """Return who stands behind a draft, by title: {authors, may_approve, owner, approved_by, …}."""
    authors = authors_of(draft)
    known = titles(ctx.session, {*authors, draft.approved_by or "", draft.publish_by or ""})

    def called(username: str | None) -> str | None:
        return _(known.get(username, username)) if username else None

    return {
        "authors": sorted(str(called(one)) for one in authors),
        "may_approve": ctx.actor.username not in authors,
        "owner": called(draft.owner),
        "submitted_by": called(draft.submitted_by),
        "approved_by": called(draft.approved_by),
        "publish_by": called(draft.publish_by),
    }


def version_made(ctx: Context, draft: DesignDraft) -> dict[str, Any] | None:
    """Return the version that a published draft became: {number, url, elsewhere, move_url}."""
    query = ProcessVersion.draft_id == draft.id
    version = ctx.session.query(ProcessVersion).filter(query).one_or_none()
    if version is None:
        return None
    return {
        "number": version.number,
        "url": url_for("studio_versions.show", version_id=version.id),
        "elsewhere": running_elsewhere(ctx, draft.key, version.id),
        "move_url": url_for("studio_moving.begin", key=draft.key, to=version.id),
    }
