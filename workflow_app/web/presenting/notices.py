"""Notices as their pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.states import NoticeState, Service
from workflow_app.models.case import Document
from workflow_app.queries import notices as queries
from workflow_app.web.presenting.cases import document_rows, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.models.notices import Notice
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context


def waiting(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the notices that wait for the party to open them: {subject, counts_at}."""
    found = queries.unopened(ctx.session, loaded.row.id)
    return [{"subject": one.subject, "counts_at": one.counts_at} for one in found]


def line(ctx: Context, loaded: Loaded) -> dict[str, Any] | None:
    """Return where the notices of a case stand: {url, unserved, waiting}; None without any."""
    states = queries.states(ctx.session, loaded.row.id)
    if not states:
        return None
    return {
        "url": url_for("notices.of_case", number=loaded.row.number),
        "unserved": states.get(NoticeState.UNSERVED, 0),
        "waiting": states.get(NoticeState.SENT, 0) + states.get(NoticeState.SENDING, 0),
    }


def rows(ctx: Context, loaded: Loaded, notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return notices with state and how they were served in words; an address to record it at."""
    return [
        {
            "id": one.id,
            "subject": one.subject,
            "text": one.text,
            "language": one.language,
            "to": one.recipient,
            "sent_at": one.sent_at,
            "state": _STATES[NoticeState(one.state)],
            "word": state_word(one),
            "served_at": one.served_at,
            "counts_at": one.counts_at if one.state == NoticeState.SENT else None,
            "how": how_word(one.how) if one.how else None,
            "remark": _(one.remark) if one.remark else None,
            "documents": _documents(ctx, loaded, one),
            "record_url": None
            if one.state == NoticeState.SERVED
            else url_for("notices.record", number=loaded.row.number, notice_id=one.id),
        }
        for one in notices
    ]


def state_word(notice: Notice) -> str:
    """Return how far a notice has come, in a word or two."""
    words = {
        NoticeState.SENDING: _("Being sent"),
        NoticeState.SENT: _("Sent"),
        NoticeState.SERVED: _("Served"),
        NoticeState.UNSERVED: _("Not served"),
    }
    return str(words[NoticeState(notice.state)])


def how_word(how: str) -> str:
    """Return how a notice reached the party."""
    words = {
        Service.EMAIL: _("by e-mail"),
        Service.PAGE: _("opened on the page of the case"),
        Service.POST: _("by registered post"),
        Service.HAND: _("by hand"),
    }
    return str(words[Service(how)])


def _documents(ctx: Context, loaded: Loaded, notice: Notice) -> list[dict[str, Any]]:
    found = ctx.session.get(Document, notice.document_id) if notice.document_id else None
    ready = found is not None and found.store_key is not None
    return document_rows([found], words_of(ctx, loaded)) if ready and found else []


_STATES = {
    NoticeState.SENDING: "waiting",
    NoticeState.SENT: "waiting",
    NoticeState.SERVED: "done",
    NoticeState.UNSERVED: "overdue",
}
