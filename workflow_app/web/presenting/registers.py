"""Registers and certificates for the public: only public columns, values in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import url_for
from flask_babel import format_datetime
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
    from workflow_app.services.context import Context

Definition = Mapping[str, Any]
# The type of a field whose value is a list of rows.
ROWS = "rows"
# The type of a field that names a page of this site, and what such an address looks like.
PAGE = "page"
OWN_PAGE = re.compile(r"/[A-Za-z0-9][\w./-]*", re.ASCII)
#: From here on digits are grouped, so that a year stays a year.
GROUPED = 10_000
#: A large number with a fraction is money, in whole cents.
CENTS = "#,##0.00"
MOMENTS = ("date", "moment")


def card(ctx: Context, register: queries.RegisterFacts) -> dict[str, Any]:
    """Return a register as the list of registers shows it."""
    words = Words(ctx.language).text
    return {
        "title": words(register.definition["title"]),
        "summary": words(register.definition.get("summary", "")) or None,
        "url": url_for("public.register", key=register.key),
        "count": register.count,
    }


def entry(ctx: Context, key: str, number: str) -> dict[str, Any]:
    """Return one public entry with the history of its versions. Raises NotFound."""
    register = public_register(ctx, key)
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
        "json_url": url_for("open_data.entry", key=key, entry=number),
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
                "text": "; ".join(changes_of(v, older, plain, show, words)),
                "state": "done",
            }
            for v, older in zip(versions, [*versions[1:], None], strict=True)
        ],
    }


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
        if value in (None, "", [], {}):
            return "–"
        if isinstance(value, list):
            return ", ".join(show(field, one) for one in value)
        if isinstance(value, dict):
            return ", ".join(f"{show(field, name)}: {one}" for name, one in value.items())
        said = field.get("words", {}).get(str(value))
        return words(said) if said else _plain(ctx, field["type"], value)

    return show


def _plain(ctx: Context, kind: str, value: Any) -> str:
    """Return a single value in the reader's language, by the type of its field."""
    words = Words(ctx.language).text
    if kind == "territory":
        place = ctx.session.get(Territory, str(value))
        return words(place.name) if place else str(value)
    if kind in MOMENTS:
        return _moment(str(value), kind, ctx.language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        grouped = abs(value) >= GROUPED
        pattern = CENTS if grouped and value != int(value) else None
        return str(format_decimal(value, pattern, ctx.language, group_separator=grouped))
    return words(value) if isinstance(value, str) else str(value)


def public_register(ctx: Context, key: str) -> RegisterDefinition:
    """Return a register that anybody may read. Raises NotFound."""
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
    return worked_out(ctx, rule, data) is True


def worked_out(ctx: Context, rule: str, data: Mapping[str, Any]) -> object:
    """Return what FEEL gives over an entry. Raises FeelError."""
    functions = Host(ctx, home_path(ctx)).functions
    return compile_expression(rule).evaluate(data, functions)


def changes_of(
    new: RegisterEntry,
    old: RegisterEntry | None,
    fields: list[Mapping[str, Any]],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> list[str]:
    """Return what changed from one version of an entry to the next, a line a field."""
    if old is None:
        return []
    return [
        f"{words(f['label'])}: {show(f, before)} → {show(f, after)}"
        for f in fields
        if (before := old.data.get(f["name"])) != (after := new.data.get(f["name"]))
    ]


def _moment(text: str, kind: str, language: str) -> str:
    try:
        if kind == "moment":
            return str(format_datetime(datetime.fromisoformat(text), "d MMMM y, HH:mm"))
        day = datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text
    return str(format_date(day, "d MMMM y", locale=language))


def _facts(
    fields: list[Mapping[str, Any]],
    data: Mapping[str, Any],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Return the fields as rows of facts; one that holds rows is a table.

    Rows that begin with a day are a history: the newest comes first.
    """
    return [
        _table(f, data.get(f["name"]) or [], show, words)
        if f["type"] == ROWS
        else _fact(f, data.get(f["name"]), show, words)
        for f in fields
    ]


def _fact(
    field: Mapping[str, Any],
    value: Any,
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> dict[str, Any]:
    label = words(field["label"])
    if field["type"] == PAGE and OWN_PAGE.fullmatch(str(value)):
        return {"label": label, "kind": "page", "value": value}
    return {"label": label, "kind": "text", "value": show(field, value)}


def _table(
    field: Mapping[str, Any],
    held: list[Mapping[str, Any]],
    show: Callable[[Mapping[str, Any], Any], str],
    words: Callable[[str], str],
) -> dict[str, Any]:
    columns = field["columns"]
    in_order = held[::-1] if columns[0]["type"] in MOMENTS else held
    rows = [[show(c, row.get(c["name"])) for c in columns] for row in in_order]
    value = {"columns": [words(c["label"]) for c in columns], "rows": rows, "headed": False}
    return {"label": words(field["label"]), "kind": "table", "value": value}
