"""Registers and certificates for the public: only public columns, values in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from flask import Response, url_for
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.feel import compile_expression
from workflow_app.models.case import Document
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.people import Territory
from workflow_app.queries import registers as queries
from workflow_app.services.entries import Entry
from workflow_app.services.host import Host, home_path
from workflow_app.web.presenting.cases import size_words
from workflow_app.web.presenting.entries import action

if TYPE_CHECKING:
    from workflow_app.models.register import PublishedPage, RegisterEntry
    from workflow_app.queries.pages import Page
    from workflow_app.services.context import Context

Definition = Mapping[str, Any]
# The type of a field whose value is a list of rows.
ROWS = "rows"


def card(ctx: Context, register: queries.RegisterFacts) -> dict[str, Any]:
    """Return a register as the list of registers shows it."""
    words = Words(ctx.language).text
    return {
        "title": words(register.definition["title"]),
        "summary": words(register.definition.get("summary", "")) or None,
        "url": url_for("public.register", key=register.key),
        "count": register.count,
    }


def page(ctx: Context, key: str, found: Page[RegisterEntry], *, search: str) -> dict[str, Any]:
    """Return one page of a register. Raises NotFound unless it is public."""
    register = _public(ctx, key)
    fields = listed_fields(register.definition)
    facts = queries.register_facts(ctx.session, register)
    show = shower(ctx)
    return {
        "register": {**card(ctx, facts), "updated_at": facts.updated_at},
        "columns": [Words(ctx.language).text(f["label"]) for f in fields],
        "figures": [_figure(ctx, key, one) for one in register.definition.get("figures", [])],
        "rows": [
            {
                "url": url_for("public.register_entry", key=key, entry=entry.key),
                "cells": [show(f, entry.data.get(f["name"])) for f in fields],
            }
            for entry in found.rows
        ],
        "search": _search(key, search),
        "downloads": [
            {"label": kind.upper(), "url": url_for("public.register_download", key=key, kind=kind)}
            for kind in ("csv", "json")
        ],
        "previous_url": _page_url(key, found.previous, search),
        "next_url": _page_url(key, found.next, search),
    }


def entry(ctx: Context, key: str, number: str) -> dict[str, Any]:
    """Return one public entry with the history of its versions. Raises NotFound."""
    register = _public(ctx, key)
    versions = queries.entry_versions(ctx.session, key, number)
    if not versions:
        raise NotFound
    fields, show = public_fields(register.definition), shower(ctx)
    words = Words(ctx.language).text
    plain, current = [f for f in fields if f["type"] != ROWS], versions[0].data
    return {
        "register": {
            "title": words(register.definition["title"]),
            "url": url_for("public.register", key=key),
        },
        "number": number,
        "warning": words(_why_not(ctx, register.definition, current)) or None,
        "rows": _facts(fields, current, show, words),
        "actions": [
            action(ctx, one, Entry(key, number, current))
            for one in register.definition.get("actions", [])
        ],
        "versions": [
            {
                "title": _("Version %(number)s", number=v.version),
                "at": v.at,
                "by": None,
                "text": "; ".join(_changes(v, older, plain, show, words)),
                "state": "done",
            }
            for v, older in zip(versions, [*versions[1:], None], strict=True)
        ],
    }


def download(ctx: Context, key: str, kind: str) -> Response:
    """Return every current entry's public columns as CSV or JSON. Raises NotFound."""
    register = _public(ctx, key)
    names = [f["name"] for f in public_fields(register.definition)]
    rows = [[e.data.get(n) for n in names] for e in queries.all_entries(ctx.session, key)]
    headers = {"Content-Disposition": f'attachment; filename="{key}.{kind}"'}
    if kind == "json":
        body = json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False)
        return Response(body, mimetype="application/json", headers=headers)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def verdict(ctx: Context, number: str) -> dict[str, Any]:
    """Say whether a certificate with this number is in force, with its public facts."""
    found = queries.find_checkable(ctx.session, number.upper())
    if found is None:
        return {
            "verdict": "unknown",
            "word": _("Not found"),
            "text": _("No certificate has this number. Check it and try again."),
            "rows": [],
            "checked_at": ctx.now,
        }
    register, current = found
    good = _in_force(ctx, register.definition, current.data)
    words, show = Words(ctx.language).text, shower(ctx)
    return {
        "verdict": "good" if good else "bad",
        "word": _("In force") if good else _("Not in force"),
        "text": None if good else words(_why_not(ctx, register.definition, current.data)),
        "rows": _facts(public_fields(register.definition), current.data, show, words),
        "checked_at": ctx.now,
    }


def published(ctx: Context, found: PublishedPage) -> dict[str, Any]:
    """Return a published decision with its public documents."""
    documents = [ctx.session.get(Document, int(one)) for one in found.documents]
    return {
        "title": found.title,
        "text": found.text,
        "language_of_text": found.language,
        "at": found.at,
        "documents": [
            {
                "name": d.name,
                "title": Words(ctx.language).text(d.title),
                "url": url_for("files.document", document_id=d.id),
                "kind": "PDF",
                "size": size_words(d.size),
                "at": None,
                "by": None,
            }
            for d in documents
            if d is not None and d.is_public and d.store_key
        ],
    }


def _figure(ctx: Context, key: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a number of the register with its goal: all entries, or those with a value."""
    wanted = (figure["field"], figure["equals"]) if "field" in figure else None
    goal = _worked_out(ctx, figure["goal"], {}) if "goal" in figure else None
    return {
        "label": Words(ctx.language).text(figure["label"]),
        "number": queries.count_entries(ctx.session, key, wanted),
        "goal": None if goal is None else str(goal),
    }


def listed_fields(definition: Definition) -> list[Mapping[str, Any]]:
    """Return the public fields that the list shows; an entry's own page shows them all."""
    return [f for f in public_fields(definition) if f.get("listed", True)]


def public_fields(definition: Definition) -> list[Mapping[str, Any]]:
    """Return the fields that anybody may see, in order."""
    return [f for f in definition["fields"] if f.get("public")]


def shower(ctx: Context) -> Callable[[Mapping[str, Any], Any], str]:
    """Return a function from field and value to the value in words."""
    words = Words(ctx.language).text

    def show(field: Mapping[str, Any], value: Any) -> str:
        if value in (None, "", []):
            return "–"
        if str(value) in field.get("words", {}):
            return words(field["words"][str(value)])
        if field["type"] == "territory":
            place = ctx.session.get(Territory, str(value))
            return words(place.name) if place else str(value)
        if field["type"] == "date":
            return _date(str(value), ctx.language)
        return words(value) if isinstance(value, str) else str(value)

    return show


def _public(ctx: Context, key: str) -> RegisterDefinition:
    register = ctx.session.get(RegisterDefinition, key)
    if register is None or not register.definition.get("public"):
        raise NotFound
    return register


def _in_force(ctx: Context, definition: Definition, data: Mapping[str, Any]) -> bool:
    rule = definition.get("in_force")
    return not rule or _holds(ctx, rule, data)


def _why_not(ctx: Context, definition: Definition, data: Mapping[str, Any]) -> str:
    """Return the register's sentence that says why an entry is not in force; empty if none fits."""
    reasons = definition.get("not_in_force", [])
    return next((str(r["text"]) for r in reasons if _holds(ctx, r["when"], data)), "")


def _holds(ctx: Context, rule: str, data: Mapping[str, Any]) -> bool:
    return _worked_out(ctx, rule, data) is True


def _worked_out(ctx: Context, rule: str, data: Mapping[str, Any]) -> object:
    functions = Host(ctx, home_path(ctx)).functions
    return compile_expression(rule).evaluate(data, functions)


def _changes(
    new: RegisterEntry,
    old: RegisterEntry | None,
    fields: list[Mapping[str, Any]],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> list[str]:
    if old is None:
        return []
    return [
        f"{words(f['label'])}: {show(f, before)} → {show(f, after)}"
        for f in fields
        if (before := old.data.get(f["name"])) != (after := new.data.get(f["name"]))
    ]


def _date(text: str, language: str) -> str:
    try:
        day = datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text
    return format_date(day, "d MMMM y", locale=language)


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    # A spreadsheet runs a cell that begins like a formula.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value


def _facts(
    fields: list[Mapping[str, Any]],
    data: Mapping[str, Any],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Return the fields as rows of facts; one that holds rows is a table, the newest row first."""
    return [
        _table(f, data.get(f["name"]) or [], show, words)
        if f["type"] == ROWS
        else {"label": words(f["label"]), "kind": "text", "value": show(f, data.get(f["name"]))}
        for f in fields
    ]


def _table(
    field: Mapping[str, Any],
    held: list[Mapping[str, Any]],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> dict[str, Any]:
    columns = field["columns"]
    rows = [[show(c, row.get(c["name"])) for c in columns] for row in reversed(held)]
    value = {"columns": [words(c["label"]) for c in columns], "rows": rows, "headed": False}
    return {"label": words(field["label"]), "kind": "table", "value": value}


def _search(key: str, value: str) -> dict[str, Any]:
    address = url_for("public.register", key=key)
    return {
        "action": address,
        "clear_url": address if value else None,
        "keep": {},
        "fields": [{"name": "q", "label": _("Search"), "value": value, "options": None}],
    }


def _page_url(key: str, cursor: str | None, search: str) -> str | None:
    if cursor is None:
        return None
    return url_for("public.register", key=key, page=cursor, q=search or None)
