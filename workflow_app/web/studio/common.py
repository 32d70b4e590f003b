"""What the pages of one draft share: the bar, the tabs, and who holds the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.errors import Conflict, DomainError
from workflow_app.engine.lint.catalogue import RULES
from workflow_app.services.designing.drafts import draft_of, hold, holder_of
from workflow_app.services.gates import title_of
from workflow_app.web.current import context
from workflow_app.web.presenting.design_tables import rows_counted
from workflow_app.web.presenting.reasons import said, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.engine import Finding
    from workflow_app.models.designing import DesignDraft

DRAFT = "/studio/drafts/<int:draft_id>"


def draft_page(
    template: str,
    draft: DesignDraft | int,
    tab: str,
    *,
    holds: bool = False,
    **names: Any,
) -> str:
    """Draw a page of layouts/draft.html; `holds` takes a draft that nobody else edits.

    Templates get `draft`, `held_by` (whoever else edits it), `may_edit`, `tabs` and `state`.
    Raises NotFound.
    """
    ctx = context()
    found = draft_of(ctx, draft if isinstance(draft, int) else draft.id)
    if holds:
        found = _held(found)
    other = holder_of(ctx, found)
    names |= {
        "draft": found,
        "state": state_label(found.state),
        "held_by": title_of(ctx, other) if other else None,
        "may_edit": found.state == "draft" and other is None,
        "tab": tab,
        "tabs": _tabs(found.id, tab),
    }
    return render_template(template, **names)


def carried_out(
    act: Callable[[], object],
    done: str | None,
    address: str,
    refused: Callable[[str], ResponseReturnValue],
) -> ResponseReturnValue:
    """Act, say that it is done, and go to an address.

    What is refused is taken back; `refused` makes its page of the reason.
    """
    try:
        act()
    except DomainError as wrong:
        context().session.rollback()
        return refused(said(wrong))
    if done is not None:
        flash(done, "success")
    return redirect(address, 303)


def state_label(state: str) -> str:
    """Return how people call a draft's state."""
    labels = {
        "draft": _("Draft"),
        "review": _("In review"),
        "approved": _("Approved"),
        "published": _("Published"),
        "discarded": _("Discarded"),
    }
    return str(labels[state])


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return a finding in the reader's language, as pages and scripts show it."""
    known = finding.code in RULES
    return {
        "code": finding.code,
        "severity": finding.severity,
        "file": finding.file,
        "element": finding.element,
        "line": finding.line,
        "text": told(finding.message, finding.params),
        "fix": _(finding.fix),
        "help": url_for("help.finding", code=finding.code) if known else None,
        "rows": rows_counted(finding.params),
    }


def _held(draft: DesignDraft) -> DesignDraft:
    try:
        return hold(context(), draft.id)
    except Conflict:
        return draft


def _tabs(draft_id: int, current: str) -> list[dict[str, Any]]:
    labels = {
        "": _("Overview"),
        "diagram": _("Diagram"),
        "outline": _("In words"),
        "forms": _("Forms"),
        "tables": _("Tables"),
        "words": _("Words"),
        "letters": _("Letters"),
        "scenarios": _("Scenarios"),
        "play": _("Play"),
        "what-if": _("What if"),
        "changes": _("Changes"),
        "publish": _("Publish"),
    }
    bound = {rule.rule for rule in current_app.url_map.iter_rules()}
    shown = [key for key in labels if not key or f"{DRAFT}/{key}" in bound]
    top = f"{request.script_root}/studio/drafts/{draft_id}"
    return [
        {
            "label": labels[key],
            "url": f"{top}/{key}".rstrip("/"),
            "current": current == (key or "overview"),
        }
        for key in shown
    ]
