"""Simulations as pages show them: the form, and what was found in tables, words and a diagram."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from workflow_app.services.designing.simulated_asking import is_known, roles_of
from workflow_app.services.designing.simulated_network import TURN, places_of
from workflow_app.services.forms import translator
from workflow_app.web.presenting.cases import outline_rows
from workflow_app.web.presenting.reasons import told
from workflow_app.web.presenting.tasks import role_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.simulated_asking import Fault
    from workflow_app.services.designing.simulating import Ground, Simulated

    Row = dict[str, Any]

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
#: A queue shorter than this, in seconds, is none worth marking.
_SHORT = 1_800.0


def form_page(
    ctx: Context, ground: Ground, values: Mapping[str, str], faults: Mapping[str, Fault]
) -> Row:
    """Return the form with what was typed and what is wrong with it."""
    words = translator(ctx, ground.draft)
    errors = {name: told(*fault) for name, fault in faults.items()}
    return {
        "values": values,
        "errors": errors,
        "trouble": list(errors.items()),
        "roles": [{"code": role, "title": role_title(ctx, role)} for role in roles_of(ground)],
        "steps": [
            {
                "field": f"work:{one.name}",
                "name": words(one.step.name) or one.step.id,
                "role": role_title(ctx, ground.role(one)),
                "new": not is_known(ground, one.name),
            }
            for one in ground.steps
        ],
        "waits": [
            {"field": f"wait:{one.name}", "name": words(one.step.name) or one.step.id}
            for one in ground.new_waits
        ],
        "logged": len(ground.cases),
    }


def found_page(ctx: Context, draft: DesignDraft, ground: Ground, seen: Simulated) -> Row:
    """Return what a simulation found: {lead, stale, totals, staff, steps, diagrams, assumed}."""
    found = dict(seen.found or {})
    return {
        "lead": _lead(found),
        "stale": seen.revision != draft.revision,
        "totals": list(_totals(found)),
        "staff": list(_staff(ctx, found)),
        "steps": list(_steps(ctx, ground, found)),
        "diagrams": [_diagram(ctx, draft, ground, found)],
        "assumed": [*_assumed(seen, found), *_choices(ctx, ground)],
    }


def marks_of(found: Mapping[str, Any], process: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the state of each step of a diagram, and what its badge says: the time spent there.

    “waiting” is where a queue forms, “done” where cases were.
    """
    marks, labels = {}, {}
    for name, node in found["draft"]["nodes"].items():
        owner, _slash, element = name.removesuffix(TURN).rpartition("/")
        if owner == process and node["spent"][0] >= 1:
            marks[element] = "waiting" if node["queue"][0] > _SHORT else "done"
            labels[element] = time_words(node["spent"][0])
    return marks, labels


def time_words(seconds: float) -> str:
    """Return a time in minutes, hours or days, whichever is short to say."""
    if seconds < 2 * _HOUR:
        return str(_("%(number)s min", number=_number(seconds / _MINUTE)))
    if seconds < 2 * _DAY:
        return str(_("%(number)s h", number=_number(seconds / _HOUR)))
    return str(_("%(number)s days", number=_number(seconds / _DAY)))


def _number(value: float) -> str:
    digits = 2 if value < 1 else 1 if value < 100 else 0
    return str(format_decimal(round(value, digits)))


def _percent(value: float) -> str:
    return str(_("%(percent)s %%", percent=_number(value * 100)))


def _between(
    estimate: Sequence[float] | None, words: Callable[[float], str] = time_words
) -> Row | None:
    """Return an estimate in words: {mean, range}; None for none."""
    if estimate is None:
        return None
    mean, low, high = (max(0.0, one) for one in estimate)
    same = words(low) == words(high)
    spread = "" if same else str(_("%(low)s to %(high)s", low=words(low), high=words(high)))
    return {"mean": words(mean), "range": spread}


def _lead(found: Mapping[str, Any]) -> str:
    draft = time_words(found["draft"]["median"][0])
    if found["today"] is None:
        return str(_("Half of the cases would be done within %(draft)s.", draft=draft))
    today = time_words(found["today"]["median"][0])
    text = _(
        "Half of the cases are done within %(today)s today, and within %(draft)s with the draft."
    )
    return str(text) % {"today": today, "draft": draft}


def _totals(found: Mapping[str, Any]) -> Iterator[Row]:
    today, history = found["today"] or {}, found["history"]
    logged = {"mean": time_words(history["median"]), "range": ""} if history["cases"] else None
    for key, label, known in (
        ("median", _("Half of the cases are done within"), logged),
        ("slow", _("Nine of ten cases are done within"), None),
    ):
        yield {
            "label": label,
            "logged": known,
            "today": _between(today.get(key)),
            "draft": _between(found["draft"][key]),
        }
    stuck = {"mean": _number(found["draft"]["stuck"]), "range": ""}
    old = {"mean": _number(today["stuck"]), "range": ""} if today else None
    if found["draft"]["stuck"] or (today and today["stuck"]):
        label = _("Cases that came to no end, in all runs")
        yield {"label": label, "logged": None, "today": old, "draft": stuck}


def _staff(ctx: Context, found: Mapping[str, Any]) -> Iterator[Row]:
    today = (found["today"] or {}).get("roles", {})
    for role, now in found["draft"]["roles"].items():
        old = today.get(role)
        yield {
            "name": role_title(ctx, role),
            "people_today": old["people"] if old else None,
            "people": now["people"],
            "use_today": _between(old["use"], _percent) if old else None,
            "use": _between(now["use"], _percent),
            "over": now["use"][0] > 0.95,
        }


def _steps(ctx: Context, ground: Ground, found: Mapping[str, Any]) -> Iterator[Row]:
    """Yield every step at which cases spend time, in the order of the diagrams."""
    words = translator(ctx, ground.draft)
    today, draft = (found["today"] or {}).get("nodes", {}), found["draft"]["nodes"]
    for name, place in _places(ground).items():
        old, new = (_of(nodes, name) for nodes in (today, draft))
        if not any(node is not None and node["spent"][0] >= 1 for node in (old, new)):
            continue
        yield {
            "name": words(place.step.name) or place.step.id,
            "role": role_title(ctx, ground.role(place)) if ground.role(place) else "",
            "state": "new" if old is None else "gone" if new is None else "",
            "cells": [
                _cell(_("Visits a case"), "visits", old, new, _number),
                _cell(_("Lies, or the office is closed"), "lain", old, new),
                _cell(_("Waits in the queue"), "queue", old, new),
                _cell(_("Waiting at once"), "length", old, new, _number),
                _cell(_("Work"), "work", old, new),
            ],
        }


def _cell(
    label: str,
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    words: Callable[[float], str] = time_words,
) -> Row:
    today, draft = (_between(one[key], words) if one else None for one in (old, new))
    return {"label": label, "today": today, "draft": draft, "same": today == draft}


def _of(nodes: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    return nodes.get(name) or nodes.get(f"{name}{TURN}")


def _places(ground: Ground) -> dict[str, Any]:
    """Return the steps of the draft and those that it does without, by name."""
    found = {one.name: one for one in places_of(ground.draft.program)}
    if ground.today is not None:
        for one in places_of(ground.today.program):
            found.setdefault(one.name, one)
    return found


def _diagram(ctx: Context, draft: DesignDraft, ground: Ground, found: Mapping[str, Any]) -> Row:
    words, process = translator(ctx, ground.draft), ground.draft.program.main
    marks, _labels = marks_of(found, process)
    return {
        "title": words(ground.draft.manifest.title),
        "source": url_for("studio_simulate.diagram", draft_id=draft.id, process=draft.key),
        "outline": outline_rows(ground.draft.outline_of(process), marks, words),
        "open": True,
    }


def _assumed(seen: Simulated, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the numbers rest on, sentence by sentence."""
    history = found["history"]
    if history["cases"]:
        yield ngettext(
            "It rests on %(num)s finished case, from %(since)s to %(until)s.",
            "It rests on %(num)s finished cases, from %(since)s to %(until)s.",
            history["cases"],
            since=_day(history["from"]),
            until=_day(history["to"]),
        )
        yield _("Each case repeats a finished one: its ways, its waits for others, its dates.")
        yield _(
            "Work is counted from when somebody took a step, at the earliest from the morning of"
            " the day on which it was finished. What it lay before that stays as it was: more"
            " people only shorten the queue."
        )
    else:
        yield _("No case of this process has finished yet. All times are those that you state.")
    yield _(
        "People of a role take the steps as they come, on working days, and do nothing else. Today"
        " a working day has 9 hours, with the draft %(hours)s.",
        hours=_number(seen.asked.hours),
    )
    if seen.asked.rate is None:
        yield _("Cases begin as they did, in the same weeks, again and again.")
    yield _(
        "%(cases)s cases in %(runs)s runs were worked out in %(seconds)s seconds. Behind each"
        " number stands where it lies with 95 %% certainty.",
        cases=seen.asked.cases,
        runs=found["runs"],
        seconds=_number(found["took"]),
    )


def _choices(ctx: Context, ground: Ground) -> Iterator[str]:
    """Yield at which choices nobody knows what is chosen."""
    words = translator(ctx, ground.draft)
    names = [words(one.step.name) or one.step.id for one in ground.new_choices]
    if names:
        text = _("No finished case was at these choices, so each way is as likely as the others:")
        yield f"{text} {', '.join(names)}"


def _day(second: float) -> str:
    return str(format_date(datetime.fromtimestamp(second, UTC), "d MMMM y"))
