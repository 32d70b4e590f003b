"""The inbox's head: what its filter offers, saved filters, what became of several tasks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.domain.filters import Due, Filter, Order, Standing, read_filter
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.people import Organisation, Territory
from workflow_app.queries.filtered import Wanted, choices
from workflow_app.queries.inbox import Tab
from workflow_app.services.forms import translator
from workflow_app.services.saved_filters import saved_filters, units_of
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.tasks import role_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Row

    from workflow_app.services.context import Context
    from workflow_app.services.holding import Outcome

Option = dict[str, str]


def wanted_of(ctx: Context, asked: Filter) -> Wanted:
    """Return a filter with what it means now."""
    query = select(Territory.path).where(Territory.code == asked.place)
    path = ctx.session.scalar(query) if asked.place else None
    return Wanted(filter=asked, path=path, now=ctx.now)


def search_of(ctx: Context, tab: Tab, asked: Filter) -> dict[str, Any]:
    """Return the filter as components/filters.html draws it, offering what the list holds."""
    found = choices(ctx.session, ctx.actor, tab)
    offered = {
        "process": _processes(ctx, {one.version_id for one in found}, asked.process),
        "task": _tasks(ctx, {(one.task, one.version_id) for one in found}, asked.task),
        "role": _roles(ctx, {one.role for one in found if one.role}, asked.role),
        "place": _places(ctx, {one.place for one in found}, asked.place),
    }
    if tab is not Tab.DONE:
        offered |= _fixed()
    labels = {
        "process": _("Process"),
        "task": _("Task"),
        "role": _("Role"),
        "place": _("Place"),
        "due": _("Due"),
        "state": _("Status"),
        "sort": _("Order"),
    }
    plain = {"sort": _("Most urgent first")}
    chosen = asked.chosen()
    return {
        "action": url_for("desk.inbox"),
        "keep": {"tab": tab.value},
        "clear_url": url_for("desk.inbox", tab=tab.value) if chosen else None,
        "fields": [
            {
                "name": name,
                "label": labels[name],
                "value": chosen.get(name, ""),
                "options": [{"value": "", "label": plain.get(name, _("All"))}, *options],
            }
            for name, options in offered.items()
        ],
    }


def saved_navigation(
    ctx: Context, rows: Sequence[Row[Any]], current: int | None
) -> list[dict[str, Any]]:
    """Return the menu of saved filters, own and shared, as layouts/desk.html draws it."""
    mine = [row for row in rows if row.owner == ctx.actor.username]
    shared = [row for row in rows if row.owner != ctx.actor.username]
    sections = ((_("Saved filters"), mine), (_("Shared with my unit"), shared))
    return [
        {
            "title": title,
            "items": [
                {"label": row.name, "url": saved_url(row), "current": row.id == current}
                for row in found
            ],
        }
        for title, found in sections
        if found
    ]


def saved_url(row: Any) -> str:
    """Return the address of a saved filter's list."""
    tab = str(row.query.get("tab", Tab.GROUPS))
    chosen = read_filter(row.query).chosen()
    return url_for("desk.inbox", **{"tab": tab, **chosen, "saved": row.id})


def current_saved(ctx: Context, wanted: str | None) -> tuple[Sequence[Row[Any]], Row[Any] | None]:
    """Return the saved filters that the reader may use, and the one that the address names."""
    rows = saved_filters(ctx)
    return rows, next((row for row in rows if str(row.id) == wanted), None)


def unit_options(ctx: Context) -> list[Option]:
    """Return with whom a filter may be shared."""
    words = Words(ctx.language)
    found = []
    for unit in units_of(ctx.actor):
        place = ctx.session.scalar(select(Territory.name).where(Territory.path == unit.grant.path))
        body = ctx.session.scalar(
            select(Organisation.name).where(Organisation.code == unit.grant.organisation)
        )
        parts = [role_title(ctx, unit.grant.role), words.text(place or unit.grant.path)]
        found.append({"value": unit.key, "label": ", ".join([*parts, *([body] if body else [])])})
    return found


def outcome_rows(
    ctx: Context, outcomes: Iterable[Outcome], *, released: bool = False
) -> dict[str, Any]:
    """Return what became of several tasks: how many were done, and a sentence for each other."""
    outcomes = list(outcomes)
    done = sum(one.why is None for one in outcomes)
    told = (
        ngettext("%(num)d task is back with its group.", "%(num)d tasks are back.", done)
        if released
        else ngettext("You took %(num)d task.", "You took %(num)d tasks.", done)
    )
    return {
        "done": told if outcomes else _("Tick the tasks first."),
        "good": bool(done),
        "others": [_refused(ctx, one) for one in outcomes if one.why is not None],
    }


def _refused(ctx: Context, one: Outcome) -> str:
    reason = said(one.why) if one.why else ""
    if isinstance(one.why, NotFound):
        return reason
    published = ctx.platform.programs.get(ctx.session, one.version_id)
    name = translator(ctx, published)(one.name)
    return f"{name}, {one.number}: {reason}"


def _processes(ctx: Context, versions: Iterable[int], chosen: str) -> list[Option]:
    found = {}
    for version in versions:
        published = ctx.platform.programs.get(ctx.session, version)
        found[published.key] = translator(ctx, published)(published.manifest.title)
    if chosen and chosen not in found:
        query = select(ProcessVersion.id).where(ProcessVersion.key == chosen)
        known = ctx.session.scalar(query.order_by(ProcessVersion.id.desc()).limit(1))
        return _processes(ctx, {*versions, known}, "") if known else _sorted(found)
    return _sorted(found)


def _tasks(ctx: Context, tasks: Iterable[tuple[str, int]], chosen: str) -> list[Option]:
    found = {chosen: Words(ctx.language).text(chosen)} if chosen else {}
    for name, version in tasks:
        published = ctx.platform.programs.get(ctx.session, version)
        found[name] = translator(ctx, published)(name)
    return _sorted(found)


def _roles(ctx: Context, roles: set[str], chosen: str) -> list[Option]:
    wanted = roles | ({chosen} if chosen else set())
    return _sorted({role: role_title(ctx, role) for role in wanted})


def _places(ctx: Context, codes: set[str], chosen: str) -> list[Option]:
    """Return the places of tasks and those above them, as their tree has them."""
    words = Words(ctx.language)
    wanted = codes | ({chosen} if chosen else set())
    paths = list(ctx.session.scalars(select(Territory.path).where(Territory.code.in_(wanted))))
    above = {path[:end] for path in paths for end in _ends(path)}
    query = select(Territory.code, Territory.name).where(Territory.path.in_(above))
    rows = ctx.session.execute(query.order_by(Territory.path))
    return [{"value": row.code, "label": words.text(row.name)} for row in rows]


def _ends(path: str) -> list[int]:
    return [place for place, letter in enumerate(path) if letter == "/"] + [len(path)]


def _fixed() -> dict[str, list[Option]]:
    choice: Mapping[str, Mapping[str, str]] = {
        "due": {Due.OVERDUE: _("Overdue"), Due.WEEK: _("In the next seven days")},
        "state": {Standing.RUNNING: _("Case goes on"), Standing.STUCK: _("Case is stuck")},
        "sort": {Order.LATE: _("Least urgent first"), Order.NEW: _("Newest first")},
    }
    return {
        name: [{"value": value, "label": label} for value, label in options.items()]
        for name, options in choice.items()
    }


def _sorted(found: Mapping[str, str]) -> list[Option]:
    return [
        {"value": value, "label": label}
        for value, label in sorted(found.items(), key=lambda one: one[1].casefold())
    ]
