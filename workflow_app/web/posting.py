"""What a posted form wants: to be sent, to gain or lose a row, to be shown in another language."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from flask import abort, flash, request
from flask_babel import format_time
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from workflow_app.services.drafts import SHOWN
from workflow_app.web.language import switch_language

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Posted

FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


class Intent(Enum):
    """Which button was pressed."""

    SUBMIT = auto()
    ROW = auto()
    LANGUAGE = auto()
    SAVE = auto()
    COMMENT = auto()


def refuse_nul() -> None:
    """Refuse a request whose words hold a NUL, which no person types and no database keeps."""
    words = [*request.args.values(), request.path]
    if request.mimetype in FORM_TYPES:
        words += request.form.values()
    if any("\0" in word for word in words):
        abort(400)


def posted_form() -> Posted:
    """Return fields and files of the request together."""
    posted: Posted = MultiDict(request.form.items(multi=True))
    for name, upload in request.files.items(multi=True):
        if upload.filename:
            posted.add(name, upload)
    return posted


def as_posted_form(form: TaskForm) -> Posted:
    """Return what a form shows now as if it had just been posted, for its draft."""
    fields = [(name, text) for name, texts in form.raw().items() for text in texts]
    return MultiDict([*fields, *((SHOWN, said) for said in request.form.getlist(SHOWN))])


def intent_of(posted: Posted) -> Intent:
    """Return what the pressed button asks for."""
    if "_row" in posted:
        return Intent.ROW
    if "_lang" in posted:
        return Intent.LANGUAGE
    return Intent.SAVE if "_save" in posted else Intent.SUBMIT


def refusals_shown(form: TaskForm, intent: Intent) -> bool:
    """Tell whether the form has to be shown again because a file was refused.

    A reader who switches the language gets the page in it, and the refusal as a message.
    """
    if intent is not Intent.LANGUAGE:
        return bool(form.errors)
    for _target, message in form.errors:
        flash(message, "error")
    return False


def finish_detour(intent: Intent) -> None:
    """Do what the pressed button asks for, besides keeping what was typed."""
    if intent is Intent.LANGUAGE:
        switch_language(request.form["_lang"])
    if intent is Intent.SAVE:
        flash(_("What you typed is saved."), "success")


def saved_words(at: datetime) -> str:
    """Return the sentence that tells when a draft was saved."""
    return str(_("Saved %(time)s", time=format_time(at, "HH:mm")))
