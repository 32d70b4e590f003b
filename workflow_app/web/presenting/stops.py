"""Steps of a draft that scenarios stop at, and what is offered for them, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.services.designing.scripts import answers_text
from workflow_app.services.designing.sources import published_of
from workflow_app.services.designing.taking_in import offers_of, stopped_of, stops_at
from workflow_app.services.forms import translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.taking_in import Offer, Stop

    Row = dict[str, Any]

SAMPLE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is typed on the page: whose answers, the answers as YAML, who does it, which files.

    None where nothing is typed yet.
    """

    source: str | None = None
    answers: str | None = None
    by: str | None = None
    files: frozenset[str] | None = None


def stopped_rows(ctx: Context, draft: DesignDraft) -> list[Row]:
    """Return the steps at which scenarios stop: [{name, text, url}]."""
    found = stopped_of(ctx, draft.id)
    if not found:
        return []
    named = _names(ctx, draft)
    return [
        {
            "name": named(task),
            "text": _sentence(named(task), len(_by_file(stops))),
            "url": url_for("studio_scenarios.stopped", draft_id=draft.id, task=task),
        }
        for task, stops in found.items()
    ]


def stopped_page(ctx: Context, draft: DesignDraft, task: str, asked: Asked) -> Row:
    """Return what a step's page shows. Raises NotFound, taking_in.RunAgain."""
    stops, offers = stops_at(ctx, draft.id, task), offers_of(ctx, draft.id, task)
    scenarios, name = _by_file(stops), _names(ctx, draft)(task)
    people = _people(stops)
    offer = _chosen(offers, asked.source)
    said = offer.answers if offer else stops[0].sample
    return {
        "task": task,
        "name": name,
        "text": _sentence(name, len(scenarios)),
        "sources": [*({"value": o.file, "label": o.title} for o in offers), _sample_option()],
        "source": offer.file if offer else SAMPLE,
        "answers": answers_text(said) if asked.answers is None else asked.answers,
        "people": people,
        "by": asked.by or (offer.by if offer and offer.by in people else next(iter(people), "")),
        "scenarios": [_scenario(one, asked) for one in scenarios],
    }


def _scenario(stop: Stop, asked: Asked) -> Row:
    shared = stop.path.rpartition("/")[2]
    return {
        "file": stop.file,
        "title": stop.title,
        "ticked": asked.files is None or stop.file in asked.files,
        "shared": shared if shared != stop.file else "",
        "has_place": bool(stop.path),
    }


def _sample_option() -> Row:
    return {"value": SAMPLE, "label": _("Sample answers")}


def _chosen(offers: list[Offer], source: str | None) -> Offer | None:
    if source is None:
        return next(iter(offers), None)
    return next((one for one in offers if one.file == source), None)


def _people(stops: Iterable[Stop]) -> dict[str, str]:
    return {name: title for one in stops for some in one.people for name, title in some.items()}


def _by_file(stops: Iterable[Stop]) -> list[Stop]:
    return list({one.file: one for one in stops}.values())


def _names(ctx: Context, draft: DesignDraft) -> Callable[[str], str]:
    published = published_of(ctx, draft.id)
    words: Callable[[str], str] = translator(ctx, published)
    names: Mapping[str, str] = published.element_names()
    return lambda task: words(names.get(f"{draft.key}/{task}", "")) or task


def _sentence(name: str, count: int) -> str:
    return str(
        ngettext(
            "%(num)s scenario stops at “%(name)s”.",
            "%(num)s scenarios stop at “%(name)s”.",
            count,
            name=name,
        )
    )
