"""Registers as open data: JSON, CSV, a feed of changes, a calendar, and what the fields mean."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from lxml import etree

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.adapters.ics import USUAL, Entry, feed
from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.queries import registers as queries
from workflow_app.services.host import home_path
from workflow_app.web.presenting.register_page import filter_fields
from workflow_app.web.presenting.registers import (
    ROWS,
    changes_of,
    public_fields,
    shower,
    worked_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.models.register import RegisterEntry
    from workflow_app.services.context import Context
    from workflow_app.web.presenting.register_page import Asked

NEWEST = 50
ATOM = "http://www.w3.org/2005/Atom"
#: A spreadsheet runs a cell that begins with one of these.
RUN = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"


def json_lines(ctx: Context, asked: Asked) -> Iterator[str]:
    """Give what is asked of a register as a JSON array, an entry a line."""
    names = _names(asked)
    between = "[\n"
    for entry in queries.stream_entries(ctx.session, asked.key, asked.wanted):
        told = {**{n: entry.data.get(n) for n in names}, **_beside(ctx, entry)}
        yield between + json.dumps(told, ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def entry_facts(ctx: Context, asked: Asked, key: str) -> dict[str, Any]:
    """Return the public fields of one entry as they stand now. Raises NotFound."""
    versions = queries.entry_versions(ctx.session, asked.key, key)
    if not versions:
        raise NotFound
    told = {name: versions[0].data.get(name) for name in _names(asked)}
    return {**told, **_beside(ctx, versions[0])}


def csv_lines(ctx: Context, asked: Asked) -> Iterator[str]:
    """Give what is asked of a register as CSV in UTF-8 with a mark, so that spreadsheets see it."""
    names = _names(asked)
    yield MARK + csv_line(names)
    for entry in queries.stream_entries(ctx.session, asked.key, asked.wanted):
        yield csv_line([entry.data.get(name) for name in names])


def csv_line(values: Iterable[Any]) -> str:
    """Return a line of CSV in which no cell is run as a formula."""
    out = io.StringIO()
    csv.writer(out).writerow([_cell(value) for value in values])
    return out.getvalue()


def atom_feed(ctx: Context, asked: Asked) -> bytes:
    """Return the newest public changes of a register as a feed (RFC 4287)."""
    words = Words(ctx.language).text
    page = _outside(ctx, url_for("public.register", key=asked.key))
    changes = queries.newest_changes(ctx.session, asked.key, NEWEST)
    before = queries.versions_before(ctx.session, changes)
    names: dict[Any, str] = {None: ATOM}
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=names)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", ctx.language)
    _put(root, "id", page)
    _put(root, "title", words(asked.definition["title"]))
    _put(root, "updated", (changes[0].at if changes else ctx.now).isoformat())
    _put(_put(root, "author"), "name", words(ctx.platform.settings.service_name))
    _put(root, "link", href=page)
    _put(root, "link", rel="self", href=_outside(ctx, _feed_address(ctx, asked.key)))
    for change in changes:
        older = before.get((change.key, change.version))
        text = _said(ctx, asked, change, older)
        if text:
            _put_change(ctx, root, change, text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def calendar_file(ctx: Context, asked: Asked) -> bytes:
    """Return the dates of a register as iCalendar; its file says which fields they are."""
    said, title = asked.definition["calendar"], asked.definition["title"]
    entries = queries.stream_entries(ctx.session, asked.key, asked.wanted)
    dates = (found for one in entries if (found := _date_of(ctx, said, one)) is not None)
    return feed(Words(ctx.language).text(title), islice(dates, MOST_DATES))


#: A calendar program reads the whole file each time.
MOST_DATES = 2_000


def dictionary(ctx: Context, asked: Asked) -> dict[str, Any]:
    """Return what the fields of a register are: names, types, labels, words, in one language."""
    definition, words = asked.definition, Words(ctx.language).text
    filters = {one["name"] for one in filter_fields(definition)}
    return {
        "register": asked.key,
        "language": ctx.language,
        "title": words(definition["title"]),
        "summary": words(definition.get("summary", "")),
        "key": definition["key"],
        "fields": [
            {
                **_meaning(one, words),
                "required": bool(one.get("required")),
                "filter": one["name"] in filters,
                "columns": [_meaning(column, words) for column in one.get("columns", [])],
            }
            for one in public_fields(definition)
        ],
    }


def _meaning(field: Mapping[str, Any], words: Any) -> dict[str, Any]:
    return {
        "name": field["name"],
        "type": field["type"],
        "label": words(field["label"]),
        "note": words(field.get("note", "")),
        "words": {code: words(word) for code, word in field.get("words", {}).items()},
    }


def _names(asked: Asked) -> list[str]:
    return [str(field["name"]) for field in public_fields(asked.definition)]


def _beside(ctx: Context, entry: RegisterEntry) -> dict[str, str]:
    """Return what stands beside the fields of an entry: its page, and when it last changed."""
    page = url_for("public.register_entry", key=entry.register, entry=entry.key)
    return {"_page": _outside(ctx, page), "_changed": entry.at.isoformat()}


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(RUN):
        return f"'{value}"
    return value


def _said(
    ctx: Context, asked: Asked, change: RegisterEntry, older: RegisterEntry | None
) -> str | None:
    """Return what a change was; None where only something that nobody outside sees changed."""
    fields = [f for f in public_fields(asked.definition) if f["type"] != ROWS]
    words, show = Words(ctx.language).text, shower(ctx)
    if older is not None:
        return "; ".join(changes_of(change, older, fields, show, words)) or None
    held = ((f, change.data.get(f["name"])) for f in fields)
    return "; ".join(f"{words(f['label'])}: {show(f, v)}" for f, v in held if v not in (None, ""))


def _put_change(ctx: Context, root: etree._Element, change: RegisterEntry, text: str) -> None:
    page = url_for("public.register_entry", key=change.register, entry=change.key)
    address = _outside(ctx, page)
    entry = _put(root, "entry")
    _put(entry, "id", f"{address}#version-{change.version}")
    told = {"key": change.key, "number": change.version}
    new = change.version == 1
    _put(entry, "title", change.key if new else _("%(key)s, version %(number)s", **told))
    _put(entry, "updated", change.at.isoformat())
    _put(entry, "link", href=address)
    _put(entry, "content", text)


def _put(parent: etree._Element, name: str, text: str | None = None, **said: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", said)
    element.text = _clean(text) if text else None
    return element


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= ord(" "))


def _feed_address(ctx: Context, key: str) -> str:
    return url_for("open_data.download", key=key, kind="atom", lang=ctx.language)


def _date_of(ctx: Context, said: Mapping[str, str], entry: RegisterEntry) -> Entry | None:
    """Return an entry as a date in a calendar; None for one that has none."""
    starts = _moment(ctx, entry.data.get(said["starts"]))
    if starts is None:
        return None
    ends = _moment(ctx, entry.data.get(said.get("ends", "")))
    page = url_for("public.register_entry", key=entry.register, entry=entry.key)
    title = said["title"]
    told = worked_out(ctx, title, entry.data) if title.startswith("=") else entry.data.get(title)
    lasts = ends - starts if ends is not None and ends > starts else USUAL
    return Entry(
        uid=f"{entry.register}-{entry.id}@{ctx.platform.settings.base_url.split('//', 1)[-1]}",
        title=Words(ctx.language).text(str(told or entry.key)),
        starts=starts,
        changed=entry.at,
        place=str(entry.data.get(said.get("place", "")) or "") or None,
        url=_outside(ctx, page),
        is_all_day="T" not in str(entry.data[said["starts"]]),
        lasts=lasts,
    )


def _moment(ctx: Context, value: Any) -> datetime | None:
    """Return a date or moment as an instant; a day begins at its midnight there."""
    if not isinstance(value, str) or not value:
        return None
    zone = calendar_at(home_path(ctx)).zone
    try:
        if "T" not in value:
            return datetime.combine(date.fromisoformat(value), time(), tzinfo=zone)
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _outside(ctx: Context, address: str) -> str:
    return ctx.platform.settings.base_url + address
