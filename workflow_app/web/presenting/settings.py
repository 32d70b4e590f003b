"""Settings in words: what each is, its value with its unit, and where it comes from."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.queries.settings import all_settings
from workflow_app.services.host import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Row

    from workflow_app.models.catalogue import Setting
    from workflow_app.services.context import Context

_NOTE = re.compile(r"\[(?P<mark>[^\]]*)\]\s*(?P<what>.*)", re.DOTALL)


def groups(ctx: Context, found: Iterable[Row[Any]], search: str) -> list[dict[str, Any]]:
    """Return the settings that hold the words searched for, by group: [{title, rows}].

    Groups stand in the order of the reader's alphabet, what belongs to none at the end.
    """
    by_title: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(ctx, found, search):
        by_title.setdefault(row["group"], []).append(row)
    named = sorted((title for title in by_title if title), key=str.casefold)
    titles = [*named, *([""] if "" in by_title else [])]
    return [{"title": title or _("Other"), "rows": by_title[title]} for title in titles]


def readable(ctx: Context) -> list[dict[str, str]]:
    """Return what a formula writes to read each setting, by key: [{name, info, detail}].

    `info` is what the setting is, `detail` its value, or its values where they differ by territory.
    """
    by_key: dict[str, list[dict[str, Any]]] = {}
    for row in all_settings(ctx.session):
        shown = _row(ctx, row.Setting, row.place)
        by_key.setdefault(shown["key"], []).append(shown)
    return [
        {
            "name": f'setting("{key}")',
            "info": rows[0]["what"],
            "detail": "; ".join(_detail(row, placed=len(rows) > 1) for row in rows),
        }
        for key, rows in by_key.items()
    ]


def _detail(row: Mapping[str, Any], *, placed: bool) -> str:
    value = row["value"] or ", ".join(row["lines"])
    return f"{row['place']}: {value}" if placed else value


def _rows(ctx: Context, found: Iterable[Row[Any]], search: str) -> list[dict[str, Any]]:
    wanted = search.casefold().split()
    shown = [_row(ctx, row.Setting, row.place) for row in found]
    return [one for one in shown if all(word in one["text"].casefold() for word in wanted)]


def _row(ctx: Context, setting: Setting, place: str | None) -> dict[str, Any]:
    words = Words(ctx.language)
    mark, what = mark_and_meaning(setting.source_note)
    everywhere = setting.territory_code == EVERYWHERE
    shown = {
        "key": setting.key,
        "what": words.text(what) or setting.key,
        "group": words.text(setting.value.get("group") or ""),
        "place": _("Everywhere") if everywhere else words.text(place or setting.territory_code),
        **_value(setting.value["value"], setting.unit, words),
        "source": mark_words(mark),
        "is_law": mark.startswith("P"),
    }
    told = [
        shown["key"],
        shown["what"],
        shown["group"],
        shown["place"],
        shown["value"] or "",
        *shown["lines"],
    ]
    return {**shown, "text": " ".join([*told, *shown["lines"]])}


def mark_and_meaning(note: str) -> tuple[str, str]:
    """Return a setting's mark of where it comes from, and what it is, as a msgid."""
    found = _NOTE.fullmatch(note)
    return (found["mark"], found["what"]) if found else ("", note)


def mark_words(mark: str) -> str:
    """Return where a setting comes from, in plain words."""
    if mark == "A":
        return str(_("Assumption of this product, not law"))
    if mark == "K":
        return str(_("General knowledge, not checked"))
    number = mark.removeprefix("P").strip()
    if mark.startswith("P") and number:
        return str(_("Published source %(number)s", number=number))
    return str(_("Not said"))


def _value(value: Any, unit: str | None, words: Words) -> dict[str, Any]:
    """Return {value, lines}: one line of words, or several where the value is a list."""
    if isinstance(value, list):
        return {"value": None, "lines": [_member(one, words) for one in value]}
    if isinstance(value, dict) and isinstance(value.get("criteria"), list):
        return {"value": None, "lines": [_member(one, words) for one in value["criteria"]]}
    return {"value": _said(value, unit, words), "lines": []}


def _member(one: Any, words: Words) -> str:
    if not isinstance(one, dict):
        return _said(one, None, words)
    name = words.text(str(one.get("name") or one.get("label") or one.get("code") or ""))
    weight = one.get("weight")
    return f"{name} ({format_decimal(weight)})" if weight is not None else name


def _said(value: Any, unit: str | None, words: Words) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, int | float):
        return _counted(value, unit, words)
    if isinstance(value, dict) and {"numerator", "denominator"} <= set(value):
        return f"{value['numerator']}/{value['denominator']}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words.text(text)


def _counted(value: float, unit: str | None, words: Words) -> str:
    number = format_decimal(value)
    many = int(value)
    counted = {
        "working days": ngettext("%(num)d working day", "%(num)d working days", many),
        "calendar days": ngettext("%(num)d calendar day", "%(num)d calendar days", many),
        "days": ngettext("%(num)d day", "%(num)d days", many),
        "months": ngettext("%(num)d month", "%(num)d months", many),
        "years": ngettext("%(num)d year", "%(num)d years", many),
        "minutes": ngettext("%(num)d minute", "%(num)d minutes", many),
        "times": ngettext("%(num)d time", "%(num)d times", many),
        "points": ngettext("%(num)d point", "%(num)d points", many),
        "people": ngettext("%(num)d person", "%(num)d people", many),
        "reviews": ngettext("%(num)d review", "%(num)d reviews", many),
        "complaints": ngettext("%(num)d complaint", "%(num)d complaints", many),
        "organisations": ngettext("%(num)d organisation", "%(num)d organisations", many),
        "share": _("%(num)s per cent", num=format_decimal(value * 100)),
        "per cent": _("%(num)s per cent", num=number),
        "o'clock": _("%(num)s o'clock", num=number),
    }
    if unit is None:
        return str(number)
    return str(counted.get(unit, f"{number} {words.text(unit)}"))
