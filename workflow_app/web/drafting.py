"""Drafts on pages: which version a page shows, and what it says when another page saved a newer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import g, jsonify, redirect, render_template, request
from flask_babel import format_time
from flask_babel import gettext as _

from workflow_app.form_builder import answers_summary
from workflow_app.form_builder.summary import SummaryWords
from workflow_app.services.drafts import SHOWN, as_posted, page_token
from workflow_app.web.current import context
from workflow_app.web.posting import saved_words
from workflow_app.web.presenting.reasons import said
from workflow_app.web.rescue import keep_aside

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from workflow_app.form_builder import SummaryRow, TaskForm
    from workflow_app.services.drafts import DraftChanged, SavedDraft

SCRIPTED = "/draft"


def init_drafting(app: Flask) -> None:
    """Give templates `draft_token(form)` and `draft_conflict(form)`."""
    app.jinja_env.globals["draft_token"] = draft_token
    app.jinja_env.globals["draft_conflict"] = draft_conflict


def draft_token(form: TaskForm) -> str:
    """Return what a page with this form carries, so that its draft is told from others."""
    return page_token(form.posted)


def draft_saved(saved: SavedDraft) -> ResponseReturnValue:
    """Return the answer to a page's script: when the draft was saved, and its new token."""
    page = str(request.form.get(SHOWN) or "").partition(":")[0]
    return jsonify(saved=saved_words(saved.saved_at), draft=f"{page}:{saved.mark}")


def draft_changed(error: DraftChanged) -> ResponseReturnValue:
    """Tell a page that another one has saved a newer draft; what it sent is shown beside it."""
    context().session.rollback()
    if request.path.endswith(SCRIPTED):
        told = {
            "text": _elsewhere(error.newest),
            "see": _("See what differs"),
            "take": _("Take what was saved elsewhere"),
            "keep": _("Keep what stands here"),
        }
        page = str(request.form.get(SHOWN) or "").partition(":")[0]
        return jsonify(conflict=told, draft=f"{page}:{error.newest.mark}"), 409
    if keep_aside():
        return redirect(request.full_path.rstrip("?"), 303)
    text = said(error)
    return render_template("errors/409.html", what="changed", who=None, at=None, text=text), 409


def draft_conflict(form: TaskForm) -> dict[str, Any] | None:
    """Return what a page says of a newer draft that it does not show: when, and what differs.

    {text: str, rows: [(label, saved elsewhere, here)], take_url: str}; None where there is none.
    """
    newest: SavedDraft | None = g.get("newest_draft")
    if newest is None:
        return None
    theirs = replace(form, posted=as_posted(newest))
    return {
        "text": _elsewhere(newest),
        "rows": differences(_shown(theirs), _shown(form)),
        "take_url": request.path,
    }


def differences(
    theirs: tuple[SummaryRow, ...], mine: tuple[SummaryRow, ...]
) -> list[tuple[str, str, str]]:
    """Return (label, their value, mine) of each question that is answered differently."""
    other = {row.name: row for row in theirs}
    found = []
    for row in mine:
        before = other.pop(row.name, None)
        if before is None or _words_of(before) != _words_of(row):
            found.append((row.label, _words_of(before) if before else "", _words_of(row)))
    return found + [(row.label, _words_of(row), "") for row in other.values()]


def _shown(form: TaskForm) -> tuple[SummaryRow, ...]:
    zone = form.now.tzinfo
    speech = SummaryWords(locale=form.locale, zone=zone)
    return answers_summary(form.schema, form.answers(), form.translate, speech)


def _words_of(row: SummaryRow) -> str:
    """Return a row's value in one line."""
    files = [str(file.get("name", "")) for file in row.files]
    lines = ["; ".join(cell for cell in line if cell) for line in row.body]
    inner = [f"{one.label}: {_words_of(one)}" for one in row.rows if _words_of(one)]
    return row.text or " / ".join([*row.entries, *lines, *files, *inner])


def _elsewhere(newest: SavedDraft) -> str:
    told = {"time": format_time(newest.saved_at, "HH:mm")}
    return str(
        _("This form was saved elsewhere at %(time)s, in another tab or on another device.", **told)
    )
