"""The words of a draft: all languages beside each other, PO files, the diagram in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.adapters.words import Words
from workflow_app.config import LANGUAGES
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.services.designing import words as service
from workflow_app.services.designing.drafts import draft_of, read_file
from workflow_app.services.designing.translated import OTHERS
from workflow_app.web.current import context
from workflow_app.web.presenting.design_words import (
    file_word,
    problem_words,
    row_shown,
    taken_shown,
    wrong_fields,
)
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

words = Blueprint("studio_words", __name__)
PAGE = f"{DRAFT}/words"
POST = ("POST",)


@route(words, PAGE, Permission.DESIGN)
def edit(draft_id: int) -> ResponseReturnValue:
    """Show the texts of a draft in all languages."""
    return _page(draft_id)


@route(words, PAGE, Permission.DESIGN, methods=POST)
def save(draft_id: int) -> ResponseReturnValue:
    """Store what was entered; what cannot be stays in its field with the reason."""
    ctx = context()
    changes = _changes(draft_id)
    try:
        count = service.save(ctx, draft_id, changes)
    except service.WordsRefused as wrong:
        return _page(draft_id, changes, problem_words(wrong.problems)), 422
    except Conflict as wrong:
        return _page(draft_id, changes, trouble=said(wrong)), 409
    flash(ngettext("%(num)s text is saved.", "%(num)s texts are saved.", count), "success")
    return redirect(_address(draft_id), 303)


@route(words, f"{PAGE}/<word:language>.po", Permission.DESIGN)
def export(draft_id: int, language: str) -> ResponseReturnValue:
    """Give the texts in one language as a PO file."""
    if language not in OTHERS:
        raise NotFound
    name = f"{draft_of(context(), draft_id).key}-{language}.po"
    answer = Response(service.as_po(context(), draft_id, language), mimetype="text/x-gettext")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@route(words, f"{PAGE}/import", Permission.DESIGN, methods=POST)
def bring(draft_id: int) -> ResponseReturnValue:
    """Take a PO file; texts that do not fit are told one by one."""
    language, sent = request.form.get("language", ""), request.files.get("file")
    if language not in OTHERS or sent is None or not sent.filename:
        return _page(draft_id, trouble=_("Choose a language and a file")), 422
    try:
        body = sent.stream.read(service.MOST_BYTES + 1)
        taken = service.take_po(context(), draft_id, language, body)
    except (Invalid, Conflict) as wrong:
        return _page(draft_id, trouble=said(wrong)), 422
    return _page(draft_id, taken=taken_shown(taken))


@route(words, f"{PAGE}/diagram", Permission.DESIGN)
def preview(draft_id: int) -> ResponseReturnValue:
    """Show the diagram in each language."""
    draft = draft_of(context(), draft_id)
    drawn = [
        {
            "title": LANGUAGES[language],
            "source": url_for("studio_words.diagram", draft_id=draft_id, language=language),
            "outline": [],
            "open": language == "en",
        }
        for language in LANGUAGES
    ]
    return draft_page("studio/words_diagram.html", draft, "words", diagrams=drawn)


@route(words, f"{PAGE}/diagram/<word:language>.json", Permission.DESIGN)
def diagram(draft_id: int, language: str) -> ResponseReturnValue:
    """Give the diagram with its names in a language."""
    ctx = context()
    if language not in LANGUAGES:
        raise NotFound
    draft = draft_of(ctx, draft_id)
    xml = read_file(ctx, draft_id, f"processes/{draft.key}/{draft.key}.bpmn").body
    speak = Words(language, draft.words.get(language, {})).text
    return jsonify(**drawing(ctx, xml, speak, language), markers={}, way={})


def _changes(draft_id: int) -> list[service.Change]:
    rows = {row.id: row.msgid for row in service.rows_of(context(), draft_id)}
    found = []
    for name, text in request.form.items():
        kind, _dash, rest = name.partition("-")
        language, _dash, row = rest.partition("-")
        if kind == "text" and language in OTHERS and row in rows:
            seen = request.form.get(f"seen-{language}-{row}", "")
            given = {"seen": _plain(seen), "text": _plain(text)}
            found.append(service.Change(msgid=rows[row], language=language, **given))
    return found


def _plain(text: str) -> str:
    """Return what a browser sent with the line breaks that files have."""
    return text.replace("\r\n", "\n")


def _page(
    draft_id: int,
    changes: list[service.Change] | None = None,
    problems: dict[tuple[str, str], str] | None = None,
    **told: Any,
) -> str:
    asked = service.Asked(
        file=request.args.get("file", ""),
        state=request.args.get("state", "all"),
        word=request.args.get("word", ""),
        language=request.args.get("language", ""),
        page=request.args.get("page", 1, type=int),
    )
    found = service.listed(context(), draft_id, asked)
    typed = {(one.msgid, one.language): one.text for one in changes or []}
    rows = [row_shown(row, typed, problems or {}) for row in found.rows]
    return draft_page(
        "studio/words.html",
        draft_id,
        "words",
        holds=not changes,
        rows=rows,
        wrong=wrong_fields(rows),
        found=found,
        asked=asked,
        spoken=[(one, LANGUAGES[one]) for one in OTHERS],
        pages=_pages(draft_id, found),
        file_words=[(path, file_word(path)) for path in found.files],
        **{"trouble": None, "taken": None, **told},
    )


def _pages(draft_id: int, found: service.Listed) -> tuple[str | None, str | None]:
    """Return the addresses of the pages before and after this one."""
    before, after = found.page - 1, found.page + 1
    following = _address(draft_id, after) if after <= found.pages else None
    return (_address(draft_id, before) if before else None), following


def _address(draft_id: int, page: int | None = None) -> str:
    asked: dict[str, Any] = {**request.args.to_dict(), "draft_id": draft_id}
    if page is not None:
        asked["page"] = page
    return url_for("studio_words.edit", **asked)
