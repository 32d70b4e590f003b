"""Why a reader has a task, and what comes next: in plain words, and as marks on diagrams."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from flask import url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.models.catalogue import Setting
from workflow_app.queries.case_file import titles
from workflow_app.services.whereabouts import Origin, came_from, comes_next
from workflow_app.web.presenting.cases import element_names, words_of
from workflow_app.web.presenting.settings import mark_and_meaning
from workflow_app.web.presenting.tasks import role_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.engine import Ahead, Ways
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.tasks import OpenedTask

#: So many ways are named, what people do before what is waited for; of more it says so.
NAMED = 3
RANKS = ("task", "wait", "time", "end", "rest")
FROM, NEXT = "came-from", "next"
_SETTING = re.compile(r'setting\(\s*"([^"]+)"')


def why_and_next(
    ctx: Context, opened: OpenedTask, holding: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Return what components/why.html shows of a task, and the marks of its way by process.

    `holding` is what `holding_facts` gives. Of a sealed task nobody's name is told.
    """
    loaded = opened.loaded
    [ways] = comes_next(loaded, [loaded.row])
    origin = None if opened.sealed else came_from(ctx, loaded)
    came = _origin(ctx, loaded, origin) if origin else None
    clauses = [came, _right(ctx, opened, holding), _until(loaded.row)]
    told = "; ".join(clause for clause in clauses if clause)
    shown = {
        "why": _("%(reasons)s.", reasons=told[:1].upper() + told[1:]),
        "term": _term(ctx, loaded),
        "next": _next(ctx, loaded, ways),
    }
    return shown, _marks([ways], origin)


def marks_of_task(ctx: Context, loaded: Loaded) -> dict[str, dict[str, str]]:
    """Return the marks of a task's way alone; `loaded` as `case_store.load_by_work_item` gives."""
    return _marks(comes_next(loaded, [loaded.row]), came_from(ctx, loaded))


def marks_ahead(loaded: Loaded, items: Iterable[Any]) -> dict[str, dict[str, str]]:
    """Return the marks of what follows from a case's open tasks, by process and element."""
    return _marks(comes_next(loaded, items), None)


def _marks(several: Iterable[Ways], origin: Origin | None) -> dict[str, dict[str, str]]:
    steps = [one for ways in several for way in ways for one in way if one.kind != "rest"]
    marked = [(place, NEXT) for one in steps for place in (*one.inside, one.element)]
    marked += [(origin.element, FROM)] if origin else []
    found: dict[str, dict[str, str]] = {}
    for place, mark in marked:
        process, _slash, node = place.rpartition("/")
        found.setdefault(process, {})[node] = mark
    return found


def _origin(ctx: Context, loaded: Loaded, origin: Origin) -> str:
    """Return what a task came from; of answers that may still be blind nobody's name is told."""
    words, info = words_of(ctx, loaded), loaded.published.task_info(origin.element)
    step = words(element_names(loaded.published).get(origin.element, "")) or _("an event")
    named = {"step": step, "time": _day(origin.at)}
    if origin.kind == "completed":
        blind = info is not None and info.properties.get("blind") == "true"
        known = {} if blind else titles(ctx.session, {origin.actor})
        if origin.actor in known:
            named["name"] = words(known[origin.actor])
            return str(_("%(name)s completed “%(step)s” on %(time)s", **named))
        return str(_("“%(step)s” was completed on %(time)s", **named))
    sentences = {
        "began": _("the case began on %(time)s with “%(step)s”", **named),
        "message": _("“%(step)s” came on %(time)s", **named),
        "timer": _("the time came on %(time)s: “%(step)s”", **named),
        "moved": _("the case was moved here on %(time)s", **named),
    }
    return str(sentences[origin.kind])


def _right(ctx: Context, opened: OpenedTask, holding: Mapping[str, Any]) -> str:
    """Return by what right the reader, somebody else or nobody yet has the task."""
    row, role = opened.row, role_title(ctx, opened.row.role) if opened.row.role else None
    if opened.holds:
        info = opened.loaded.published.task_info(row.element)
        named = info is not None and info.assignee is not None and row.claimed_at == row.opened_at
        return _own_right(row, None if named else role, holding, sealed=opened.sealed is not None)
    if row.assignee is not None:
        whom = holding["could_for"] if opened.may_work else None
        return str(
            _("you may do it in place of %(name)s", name=whom)
            if whom
            else _("somebody else holds it")
        )
    if role is None:
        return str(_("it is offered to people by name"))
    taking = _("you may take it as: %(role)s", role=role)
    return str(taking if opened.may_claim else _("it is offered to: %(role)s", role=role))


def _own_right(row: Any, role: str | None, holding: Mapping[str, Any], *, sealed: bool) -> str:
    handed, whom = holding["handed"], holding["in_place_of"]
    if whom and not sealed:
        return str(_("you do it in place of %(name)s", name=whom))
    if handed and handed["by"] and not sealed:
        time = _day(handed["at"])
        return str(_("%(name)s handed it over to you on %(time)s", name=handed["by"], time=time))
    if role is None or row.claimed_at is None:
        return str(_("the process gave it to you by name"))
    return str(_("you took it on %(time)s as: %(role)s", time=_day(row.claimed_at), role=role))


def _until(row: Any) -> str | None:
    if row.due_at is None:
        return None
    return str(_("it has to be done by %(time)s", time=_day(row.due_at)))


def _term(ctx: Context, loaded: Loaded) -> dict[str, str] | None:
    """Return the setting by which a task is due: {text, url}."""
    process, _slash, node = loaded.row.element.rpartition("/")
    manifest = loaded.published.manifests.get(process)
    found = _SETTING.search(manifest.terms.get(node, "") if manifest else "")
    if found is None or loaded.row.due_at is None:
        return None
    query = select(Setting.source_note).where(Setting.key == found[1]).limit(1)
    meaning = mark_and_meaning(ctx.session.scalar(query) or "")[1]
    text = words_of(ctx, loaded)(meaning) or found[1]
    return {"text": text, "url": url_for("help.settings") + f"#{found[1]}"}


def _next(ctx: Context, loaded: Loaded, ways: Ways) -> str | None:
    steps = [one for way in ways for one in way]
    told = list(dict.fromkeys(_way(ctx, loaded, way) for way in _by_rank(loaded, ways)))
    if not told:
        return None
    if len(told) > NAMED:
        told = [*told[:NAMED], str(_("another way"))]
    listed = format_list(told, style="or", locale=get_locale())
    if all(one.together for one in steps):
        return str(_("Next, once what runs beside it is done too: %(steps)s.", steps=listed))
    return str(_("Next: %(steps)s.", steps=listed))


def _by_rank(loaded: Loaded, ways: Ways) -> list[tuple[Ahead, ...]]:
    """Return ways with those to somebody's work first; of two alike the shorter one tells both.

    What may come between (a border, an event sub-process) is no way on; `ahead` leaves it out.
    """
    alone = [way for way in ways if not any({*other} < {*way} for other in ways)]
    here = loaded.row.element
    return sorted(
        alone,
        key=lambda way: min((RANKS.index(one.kind), one.element == here) for one in way),
    )


def _way(ctx: Context, loaded: Loaded, way: tuple[Ahead, ...]) -> str:
    told = list(dict.fromkeys(_step(ctx, loaded, one) for one in way))
    return format_list(told, locale=get_locale())


def _step(ctx: Context, loaded: Loaded, one: Ahead) -> str:
    name = words_of(ctx, loaded)(one.name)
    if one.kind == "task":
        if one.element == loaded.row.element:
            return str(_("this task again"))
        role = role_title(ctx, one.lane) if one.lane else None
        return str(_("“%(step)s” (%(role)s)", step=name, role=role) if role else f"“{name}”")
    sentences = {
        "wait": _("we wait for “%(step)s”", step=name),
        "time": _("we wait for the time “%(step)s”", step=name),
        "end": _("the case ends"),
        "rest": _("this way is over and the case goes on elsewhere"),
    }
    return str(sentences[one.kind])


def _day(at: Any) -> str:
    return str(format_date(at, "d MMMM y"))
