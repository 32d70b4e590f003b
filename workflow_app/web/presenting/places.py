"""What registers, boards and collections know of a place, for everybody."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.domain.maps import Point, drawing_of
from workflow_app.domain.text import N_
from workflow_app.models.people import Territory
from workflow_app.queries import places as queries
from workflow_app.queries import registers
from workflow_app.services.boards import known_boards, rows_of
from workflow_app.services.marking import place_field
from workflow_app.web.presenting.boards import state_of
from workflow_app.web.presenting.registers import listed_fields, shower

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.models.catalogue import RegisterDefinition
    from workflow_app.services.context import Context

#: So many entries of a register stand on a place's page; the register has all of them.
SHOWN = 10
COLUMNS = 8
COLLECTED = "/collect/{number}/{key}"
LEVELS = {
    "national": N_("Country"),
    "region": N_("Region"),
    "community": N_("Community"),
    "district": N_("District"),
    "settlement": N_("Settlement"),
}


def all_places(ctx: Context) -> dict[str, Any]:
    """Return every place with what registers know of it, and a map of each that holds several."""
    places = queries.all_places(ctx.session)
    counts = _counts(ctx)
    below: dict[str | None, list[Territory]] = defaultdict(list)
    for place in places:
        below[place.parent_code].append(place)
    return {
        "countries": [
            {
                **named(ctx, country),
                "parts": [_part(ctx, one, below[one.code], counts) for one in below[country.code]],
            }
            for country in below[None]
        ]
    }


def place_page(ctx: Context, code: str) -> dict[str, Any]:
    """Return what is known of one place. Raises NotFound."""
    place = ctx.session.get(Territory, code)
    if place is None:
        raise NotFound
    codes = queries.codes_below(ctx.session, code)
    inside, counts = queries.places_in(ctx.session, code), _counts(ctx)
    return {
        "place": {**named(ctx, place), "level": _(LEVELS.get(place.level, place.level))},
        "above": [named(ctx, one) for one in queries.places_above(ctx.session, place)],
        "map": map_of(ctx, inside),
        "inside": [{**named(ctx, one), "known": _known(one, counts)} for one in inside],
        "boards": _boards(ctx, place),
        "collections": _collections(ctx, codes),
        "registers": [
            found for one in _registers(ctx) if (found := _section(ctx, one, code, codes))
        ],
    }


def named(ctx: Context, place: Territory) -> dict[str, Any]:
    """Return a place's code, name in the reader's language and address."""
    return {
        "code": place.code,
        "name": Words(ctx.language).text(place.name),
        "url": url_for("places.place", code=place.code),
    }


def map_of(ctx: Context, places: Sequence[Territory]) -> dict[str, Any] | None:
    """Return the drawing of places that lie somewhere known; None for fewer than two."""
    words = Words(ctx.language).text
    points = [
        Point(key=p.code, label=words(p.name), latitude=p.latitude, longitude=p.longitude)
        for p in places
        if p.latitude is not None and p.longitude is not None
    ]
    if len(points) < 2:
        return None
    drawing = drawing_of(points)
    links = {one.key: url_for("places.place", code=one.key) for one in points}
    return {"drawing": drawing, "links": links}


def place_facts(ctx: Context, code: str) -> dict[str, Any]:
    """Return a place for programs: its facts, and where the rest is found."""
    page = place_page(ctx, code)
    place = ctx.session.get_one(Territory, code)
    return {
        "code": code,
        "name": page["place"]["name"],
        "language": ctx.language,
        "level": place.level,
        "parent": place.parent_code,
        "flags": place.flags,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "inside": [one["code"] for one in page["inside"]],
        "stages": [
            {"process": board["key"], "title": one["title"], "state": one["word"]}
            for board in page["boards"]
            for one in board["stages"]
        ],
        "open": page["collections"],
        "registers": [
            {"register": one["key"], "title": one["title"], "entries": one["json_url"]}
            for one in page["registers"]
        ],
    }


def tree(ctx: Context) -> list[dict[str, Any]]:
    """Return every place for programs, each after the one that it lies in."""
    words = Words(ctx.language).text
    return [
        {
            "code": one.code,
            "name": words(one.name),
            "level": one.level,
            "parent": one.parent_code,
            "flags": one.flags,
            "latitude": one.latitude,
            "longitude": one.longitude,
        }
        for one in queries.all_places(ctx.session)
    ]


def _part(
    ctx: Context, place: Territory, inside: Sequence[Territory], counts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        **named(ctx, place),
        "known": _known(place, counts),
        "map": map_of(ctx, inside),
        "inside": [{**named(ctx, one), "known": _known(one, counts)} for one in inside],
    }


def _registers(ctx: Context) -> list[RegisterDefinition]:
    """Return the public registers whose entries are about a place."""
    found = registers.public_definitions(ctx.session)
    return [one for one in found if place_field(one.definition)]


def _counts(ctx: Context) -> dict[str, Any]:
    """Return the titles of registers by key, and how many entries each has by path of a place."""
    known = _registers(ctx)
    paths = {one.code: one.path for one in queries.all_places(ctx.session)}
    counted = registers.count_by_place(ctx.session, [one.key for one in known])
    words = Words(ctx.language).text
    return {
        "titles": {one.key: words(one.definition["title"]) for one in known},
        "paths": [
            (register, paths[code], count)
            for (register, code), count in counted.items()
            if code in paths
        ],
    }


def _known(place: Territory, counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return by register how many entries are about a place or lie in it."""
    sums: dict[str, int] = defaultdict(int)
    for register, path, count in counts["paths"]:
        if path == place.path or path.startswith(place.path + "/"):
            sums[register] += count
    return [
        {
            "title": title,
            "count": sums[key],
            "url": url_for("public.register", key=key, place=place.code),
        }
        for key, title in counts["titles"].items()
        if sums[key]
    ]


def _section(
    ctx: Context, register: RegisterDefinition, code: str, codes: Sequence[str]
) -> dict[str, Any] | None:
    """Return the newest entries of a register about a place; None where there are none."""
    wanted = registers.Wanted(places=tuple(codes))
    found = registers.entries_page(ctx.session, register.key, None, wanted, SHOWN)
    if not found.rows:
        return None
    alone = place_field(register.definition) if len(codes) == 1 else None
    listed = [f for f in listed_fields(register.definition) if f["name"] != alone]
    fields, show = listed[:COLUMNS], shower(ctx)
    words = Words(ctx.language).text
    return {
        "key": register.key,
        "title": words(register.definition["title"]),
        "columns": [words(f["label"]) for f in fields],
        "rows": [
            {
                "url": url_for("public.register_entry", key=register.key, entry=entry.key),
                "cells": [show(f, entry.data.get(f["name"])) for f in fields],
            }
            for entry in found.rows
        ],
        "all_url": url_for("public.register", key=register.key, place=code),
        "json_url": url_for("open_data.download", key=register.key, kind="json", place=code),
    }


def _boards(ctx: Context, place: Territory) -> list[dict[str, Any]]:
    """Return where the place stands on the boards that anybody may see, without people."""
    words = Words(ctx.language).text
    shown = []
    for key, manifest in known_boards(ctx).items():
        if manifest.board and manifest.board.public and manifest.board.flag in place.flags:
            published = ctx.platform.programs.latest(ctx.session, key)
            (row,) = rows_of(ctx, published, [place])
            stages = [{"title": words(c.stage.title), **state_of(c.cell)} for c in row.cells]
            shown.append({"key": key, "title": words(manifest.title), "stages": stages})
    return shown


def _collections(ctx: Context, codes: Sequence[str]) -> list[dict[str, Any]]:
    words = Words(ctx.language).text
    return [
        {
            "title": words(row.title),
            "case": row.number,
            "url": COLLECTED.format(number=row.number, key=row.key),
            "closes": row.closes_at,
        }
        for row in queries.open_collections(ctx.session, codes, ctx.now)
    ]
