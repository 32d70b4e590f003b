"""A register's list for the public: what it is limited to, its rows, figures and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.adapters.words import Words
from workflow_app.models.people import Territory
from workflow_app.queries import registers as queries
from workflow_app.queries.places import codes_below
from workflow_app.queries.registers import Wanted
from workflow_app.services.marking import place_field
from workflow_app.web.presenting.registers import (
    card,
    listed_fields,
    public_register,
    shower,
    worked_out,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.models.register import RegisterEntry
    from workflow_app.queries.pages import Page
    from workflow_app.services.context import Context

SEARCH, PLACE = "q", "place"
#: Names in an address that mean something else than a field.
TAKEN = frozenset({SEARCH, PLACE, "page", "lang", "embed", "print"})
FORMATS = ("json", "csv", "atom", "ics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a register is asked for: `chosen` as it stands in the address, and what it means.

    It holds no row of the session: a file is still written when the transaction is over.
    """

    key: str
    definition: Mapping[str, Any]
    chosen: Mapping[str, str]
    wanted: Wanted


def read_asked(ctx: Context, key: str, args: Mapping[str, str]) -> Asked:
    """Return what an address asks of a register. Raises NotFound unless it is public."""
    register = public_register(ctx, key)
    names = [SEARCH, *([PLACE] if place_field(register.definition) else [])]
    names += [str(one["name"]) for one in filter_fields(register.definition)]
    chosen = {name: args[name].strip() for name in names if args.get(name, "").strip()}
    values = {name: value for name, value in chosen.items() if name not in TAKEN}
    place = chosen.get(PLACE)
    places = tuple(codes_below(ctx.session, place)) if place else None
    wanted = Wanted(search=chosen.get(SEARCH, ""), places=places, values=values)
    return Asked(key=key, definition=register.definition, chosen=chosen, wanted=wanted)


def filter_fields(definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the listed fields whose values are words to choose from."""
    found = listed_fields(definition)
    return [one for one in found if one.get("words") and one["name"] not in TAKEN]


def page(
    ctx: Context, asked: Asked, found: Page[RegisterEntry], kept: Mapping[str, str]
) -> dict[str, Any]:
    """Return one page of a register; `kept` is what addresses of its neighbours take along."""
    definition, key = asked.definition, asked.key
    fields, show = listed_fields(definition), shower(ctx)
    facts = queries.register_facts(ctx.session, public_register(ctx, key))
    words = Words(ctx.language).text
    here = {**asked.chosen, **kept}
    return {
        "register": {**card(ctx, facts), "updated_at": facts.updated_at},
        "columns": [words(f["label"]) for f in fields],
        "figures": [_figure(ctx, key, one) for one in definition.get("figures", [])],
        "rows": [
            {
                "url": url_for("public.register_entry", key=key, entry=entry.key),
                "cells": [show(f, entry.data.get(f["name"])) for f in fields],
            }
            for entry in found.rows
        ],
        "search": _search(ctx, asked, kept),
        "formats": list(_formats(asked)),
        "feed": url_for("open_data.download", key=key, kind="atom", lang=ctx.language),
        "dictionary_url": url_for("open_data.dictionary", key=key),
        "print_url": _address(key, {**asked.chosen, "print": ""}),
        "full_url": _outside(ctx, _address(key, asked.chosen)),
        "embed_url": _outside(
            ctx, _address(key, {**asked.chosen, "embed": "", "lang": ctx.language})
        ),
        "previous_url": _neighbour(key, found.previous, here),
        "next_url": _neighbour(key, found.next, here),
    }


def _formats(asked: Asked) -> Iterator[dict[str, str]]:
    """Yield the files in which what is shown can be taken away."""
    key = asked.key
    for kind in FORMATS:
        if kind != "ics" or "calendar" in asked.definition:
            chosen: dict[str, Any] = dict(asked.chosen)
            address = url_for("open_data.download", key=key, kind=kind, **chosen)
            yield {"label": _labels()[kind], "url": address}


def _labels() -> dict[str, str]:
    return {
        "json": "JSON",
        "csv": "CSV",
        "atom": _("Feed of changes (Atom)"),
        "ics": _("Calendar (iCalendar)"),
    }


def _outside(ctx: Context, address: str) -> str:
    return ctx.platform.settings.base_url + address


def _neighbour(key: str, cursor: str | None, here: Mapping[str, str]) -> str | None:
    return _address(key, {**here, "page": cursor}) if cursor else None


def _address(key: str, args: Mapping[str, Any]) -> str:
    return url_for("public.register", key=key, **args)


def _figure(ctx: Context, key: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a number of the register with its goal: all entries, or those with a value.

    No index counts the values of a field: they are counted once for each state of the register.
    """
    wanted = (figure["field"], figure["equals"]) if "field" in figure else None
    number = ctx.platform.remembered.get(
        ("figure", key, queries.newest_id(ctx.session, key), wanted),
        ctx.now,
        lambda: queries.count_entries(ctx.session, key, wanted),
    )
    goal = worked_out(ctx, figure["goal"], {}) if "goal" in figure else None
    return {
        "label": Words(ctx.language).text(figure["label"]),
        "number": number,
        "goal": None if goal is None else str(goal),
    }


def _search(ctx: Context, asked: Asked, kept: Mapping[str, str]) -> dict[str, Any]:
    definition, words = asked.definition, Words(ctx.language).text
    address = url_for("public.register", key=asked.key)
    box = {"name": SEARCH, "label": _("Search"), "value": asked.wanted.search, "options": None}
    fields: list[dict[str, Any]] = [box]
    if place_field(definition):
        fields.append(_choice(PLACE, _("Place"), asked.chosen, _places(ctx)))
    for one in filter_fields(definition):
        options = {str(value): words(word) for value, word in one["words"].items()}
        fields.append(_choice(one["name"], words(one["label"]), asked.chosen, options))
    clear = _address(asked.key, kept) if asked.chosen else None
    return {"action": address, "clear_url": clear, "keep": dict(kept), "fields": fields}


def _choice(
    name: str, label: str, chosen: Mapping[str, str], options: Mapping[str, str]
) -> dict[str, Any]:
    rows = [{"value": value, "label": word} for value, word in options.items()]
    every = {"value": "", "label": _("All")}
    return {"name": name, "label": label, "value": chosen.get(name, ""), "options": [every, *rows]}


def _places(ctx: Context) -> dict[str, str]:
    words = Words(ctx.language).text
    found = ctx.session.execute(select(Territory.code, Territory.name).order_by(Territory.path))
    return {row.code: words(row.name) for row in found}
