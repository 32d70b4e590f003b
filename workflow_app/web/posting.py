"""What a posted form wants: to be sent, to gain or lose a row, to be shown in another language."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from flask import request
from flask_babel import format_time
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.context import Posted


class Intent(Enum):
    """Which button was pressed."""

    SUBMIT = auto()
    ROW = auto()
    LANGUAGE = auto()
    SAVE = auto()


def posted_form() -> Posted:
    """Return fields and files of the request together."""
    posted: Posted = MultiDict(request.form.items(multi=True))
    for name, upload in request.files.items(multi=True):
        if upload.filename:
            posted.add(name, upload)
    return posted


def intent_of(posted: Posted) -> Intent:
    """Return what the pressed button asks for."""
    if "_row" in posted:
        return Intent.ROW
    if "_lang" in posted:
        return Intent.LANGUAGE
    return Intent.SAVE if "_save" in posted else Intent.SUBMIT


def saved_words(at: datetime) -> str:
    """Return the sentence that tells when a draft was saved."""
    return str(_("Saved %(time)s", time=format_time(at, "HH:mm")))
