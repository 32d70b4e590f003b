"""Collections as people read them: what is asked, until when, what came, what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import format_datetime, get_timezone, ngettext
from flask_babel import gettext as _

from workflow_app.domain.text import N_
from workflow_app.feel import FeelError, to_json
from workflow_app.form_builder.schema import members
from workflow_app.form_builder.summary import answers_summary
from workflow_app.models.people import Territory
from workflow_app.queries.collections import NONE, Wanted, counts_of, entries_page
from workflow_app.services.collecting.opened import ALL
from workflow_app.services.forms import translator, without_sensitive
from workflow_app.services.host import Host
from workflow_app.services.speaking import speech
from workflow_app.web.presenting.cases import fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.feel import Expression
    from workflow_app.form_builder.summary import SummaryRow, SummaryWords
    from workflow_app.queries.pages import Cursor
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context

OPEN_UNTIL = N_("Open until %(time)s.")
OPEN = N_("Open.")
CLOSED = N_("Closed since %(time)s.")
#: Entries in one answer of data.
DATA_PAGE = 200
#: What stands for a part of a label that cannot be worked out.
UNKNOWN = "…"
LONG_TIME = "d MMMM y, HH:mm"
MIDNIGHT = time()


def about(ctx: Context, opened: Opened) -> dict[str, Any]:
    """Return what heads every page of a collection."""
    row, words = opened.row, translator(ctx, opened.published)
    place = ctx.session.get(Territory, row.territory)
    since = opened.closed_since(ctx.now)
    return {
        "title": words(row.title),
        "kind": words(opened.published.manifest.title),
        "place": words(place.name) if place else None,
        "is_open": since is None,
        "state": state_words(row.closes_at, since),
        "url": url_for("collect.page", number=row.number, key=row.key),
        "seated": row.seats > 0,
        "anonymous": row.is_anonymous,
        "counted": row.show != NONE,
        "answered": row.answer_form is not None,
        **counts_of(row),
    }


def state_words(closes: Any, since: Any) -> str:
    """Return until when it is open, or since when it is closed, in a sentence."""
    if since is not None:
        return str(_(CLOSED, time=format_datetime(since, LONG_TIME)))
    until = last_minute(closes)
    return str(_(OPEN_UNTIL, time=format_datetime(until, LONG_TIME)) if until else _(OPEN))


def last_minute(at: datetime | None) -> datetime | None:
    """Return the last minute of a day for the midnight after it, which reads as the next day."""
    if at is None or at.astimezone(get_timezone()).time() != MIDNIGHT:
        return at
    return at - timedelta(minutes=1)


def entry_speech(ctx: Context, opened: Opened) -> SummaryWords:
    """Return how entries are put into words: choices and labels by what it was opened with."""
    row = opened.row
    host = Host(ctx, row.path, row.case_id)

    def filled(expression: Expression) -> str:
        try:
            value = to_json(expression.evaluate(row.data, host.functions))
        except FeelError:
            return UNKNOWN
        return UNKNOWN if value is None or isinstance(value, list | dict) else str(value)

    return replace(speech(ctx, host, [row.data]), filled=filled)


def entry_rows(ctx: Context, opened: Opened, rows: Any, *, whole: bool) -> list[dict[str, Any]]:
    """Return entries with what was answered, for a list; `whole` to those who read the case.

    Others see nothing that is sensitive, and no text of an entry that is withheld.
    """
    answering = opened.row.answer_form
    answered = whole or opened.shows_answers(ctx.now)
    words, told = translator(ctx, opened.published), entry_speech(ctx, opened)

    def facts(form: str, data: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
        schema = opened.published.form(form)
        found = answers_summary(schema, data, words, told)
        shown = [fact(one) for one in found if whole or _is_public(opened, one)]
        return [typed_in(one, data, language) for one in shown]

    return [
        {
            "number": row.number,
            "version": row.version,
            "at": row.at,
            "day_only": opened.row.is_anonymous,
            "who": row.seat or row.username if whole else None,
            "withheld": row.is_withheld and not whole,
            "facts": facts(opened.row.form, row.data, row.language)
            if whole or not row.is_withheld
            else [],
            "answer": facts(answering, row.answer, opened.row.case_language)
            if answering and row.is_answered and answered
            else None,
            "answered_at": row.answered_at,
            "answered_by": words(row.who) if whole and row.who else None,
        }
        for row in rows
    ]


def _is_public(opened: Opened, row: SummaryRow) -> bool:
    """Tell whether people outside may read a row: nothing sensitive, no switch of the office."""
    return not row.sensitive and row.name != opened.row.withheld_by


def typed_in(row: dict[str, Any], data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a row of facts with the language of what somebody typed; labels are the page's."""
    texts = [value for value in data.values() if isinstance(value, str)]
    typed = row["kind"] == "text" and row["value"] in texts
    return {**row, "language": language} if typed else row


def published_page(ctx: Context, opened: Opened, cursor: Cursor | None) -> dict[str, Any] | None:
    """Return a page of the entries that people outside may read now; None where there are none."""
    wanted = _shown_outside(ctx, opened)
    if wanted is None:
        return None
    page = entries_page(ctx.session, opened.row.id, cursor, wanted)
    own = {"number": opened.row.number, "key": opened.row.key}
    return {
        "rows": entry_rows(ctx, opened, page.rows, whole=False),
        "previous_url": url_for("collect.page", page=page.previous, **own) + "#entries"
        if page.previous
        else None,
        "next_url": url_for("collect.page", page=page.next, **own) + "#entries"
        if page.next
        else None,
    }


def own_facts(
    ctx: Context, opened: Opened, entry: Any | None, *, whole: bool
) -> dict[str, Any] | None:
    """Return when a seat sent its entry, and with `whole` what, for its own page."""
    if entry is None:
        return None
    if not whole:
        return {"at": entry.at, "facts": []}
    words, told = translator(ctx, opened.published), entry_speech(ctx, opened)
    found = answers_summary(opened.schema, entry.data, words, told)
    return {"at": entry.at, "facts": [fact(one) for one in found]}


def as_data(ctx: Context, opened: Opened, cursor: Cursor | None) -> dict[str, Any]:
    """Return what anybody may read of a collection, as data; `next` is the address of the rest."""
    row, heading = opened.row, about(ctx, opened)
    told: dict[str, Any] = {
        "title": heading["title"],
        "case": row.number,
        "territory": row.territory,
        "opened_at": row.opened_at.isoformat(),
        "closes_at": row.closes_at.isoformat() if row.closes_at else None,
        "open": heading["is_open"],
        "count": row.entries if heading["counted"] else None,
    }
    wanted = _shown_outside(ctx, opened)
    if wanted is None:
        return told
    page = entries_page(ctx.session, row.id, cursor, wanted, DATA_PAGE)
    own = {"number": row.number, "key": row.key}
    rest = url_for("collect.data", page=page.next, **own) if page.next else None
    return {**told, "entries": [_entry_data(ctx, opened, one) for one in page.rows], "next": rest}


def _entry_data(ctx: Context, opened: Opened, row: Any) -> dict[str, Any]:
    published, form = opened.published, opened.row.answer_form
    shown = row.is_answered and form and opened.shows_answers(ctx.now)
    return {
        "number": row.number,
        "day": row.at.astimezone(Host(ctx, opened.row.path).calendar.zone).date().isoformat(),
        "language": row.language,
        "entry": None
        if row.is_withheld
        else without_sensitive(published, opened.row.form, row.data),
        "answer": _answer_data(opened, form, row.answer) if shown else None,
    }


def _answer_data(opened: Opened, form: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    told = without_sensitive(opened.published, form, answer)
    return {name: value for name, value in told.items() if name != opened.row.withheld_by}


def count_words(count: int) -> str:
    """Return how many entries there are, in words."""
    return str(ngettext("%(num)d entry", "%(num)d entries", count))


def _shown_outside(ctx: Context, opened: Opened) -> Wanted | None:
    """Return which entries people outside may read now; None where there are none."""
    if opened.row.show == ALL:
        return Wanted()
    return Wanted(is_answered=True) if opened.shows_answers(ctx.now) else None


def facet_field(ctx: Context, opened: Opened, chosen: str) -> dict[str, Any] | None:
    """Return the filter by the collection's own field, for components/filters.html."""
    row = opened.row
    item = next((i for i in members(opened.schema.items) if i.path == (row.facet,)), None)
    if item is None:
        return None
    words = translator(ctx, opened.published)
    choices = [{"value": str(one.value), "label": words(one.label)} for one in item.choices]
    for option in entry_speech(ctx, opened).options(item) if item.choices_from else ():
        label = option.get("label", option.get("value")) if isinstance(option, dict) else option
        value = option.get("value") if isinstance(option, dict) else option
        choices.append({"value": str(value), "label": words(str(label))})
    return {
        "name": "facet",
        "label": item.label.fill(words, entry_speech(ctx, opened).filled),
        "value": chosen,
        "options": [{"value": "", "label": _("All")}, *choices],
    }
