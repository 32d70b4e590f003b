"""Applications that came on paper: entered by an official, counted from the day of their receipt.

The start event's property `paper` names the role that may enter them. The form is the same without
its signatures, which stand on the paper, and with a section on the paper itself before it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import NotAllowed, NotFound
from workflow_app.domain.permissions import has_role
from workflow_app.domain.text import N_
from workflow_app.form_builder import FormSchema, parse_form
from workflow_app.form_builder.schema import Item, Kind, members
from workflow_app.services.chain import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.domain.actors import Actor
    from workflow_app.engine import StartForm
    from workflow_app.services.host import Host
    from workflow_app.services.programs import Published

PAPER = "paper"
SIGNED = N_("Signed on paper, see the scan")
FILES = ".pdf,.docx,.xlsx,.jpg,.png"
FIELDS = [
    {
        "type": "datetime",
        "key": "received_on",
        "dateLabel": N_("Day on which the paper was received"),
        "description": N_("The term and the year of the number count from this day."),
        "validate": {"required": True},
        "properties": {
            "check": "=date(received_on) <= today()",
            "checkMessage": N_("The day of receipt cannot lie in the future"),
        },
    },
    {
        "type": "filepicker",
        "key": "scan",
        "label": N_("Scan of the paper"),
        "description": N_("All pages, the one with the signature too."),
        "multiple": True,
        "accept": FILES,
        "validate": {"required": True},
    },
    {
        "type": "textarea",
        "key": "address",
        "label": N_("Postal address for answers"),
        "description": N_("Needed where the paper names no e-mail address."),
        "validate": {"maxLength": 500},
    },
]
HEAD = {
    "type": "group",
    "path": PAPER,
    "label": N_("The paper"),
    "properties": {"section": PAPER},
    "components": FIELDS,
}
_PAGE = parse_form(json.dumps({"type": "default", "id": PAPER, "components": [HEAD]}))


def paper_start(published: Published, actor: Actor) -> StartForm:
    """Return the start that the actor may enter from paper. Raises NotFound, NotAllowed."""
    found = [s for s in published.program.starts.values() if s.form and s.properties.get(PAPER)]
    if not found:
        raise NotFound
    if not any(has_role(actor, found[0].properties[PAPER], g.path) for g in actor.grants):
        raise NotAllowed
    return found[0]


@lru_cache(maxsize=256)
def paper_schema(schema: FormSchema) -> FormSchema:
    """Return a form as it is entered from paper."""
    kept = tuple(_unsigned(schema.items))
    return FormSchema(schema.id, (*_PAGE.items, *kept), schema.sensitive)


@lru_cache(maxsize=256)
def _with_paper(schema: FormSchema) -> FormSchema:
    return FormSchema(schema.id, (*_PAGE.items, *schema.items), schema.sensitive)


def as_answered(schema: FormSchema, answers: Mapping[str, Any]) -> FormSchema:
    """Return a form as its answers are read: with the section on the paper where they came so."""
    paper = answers.get(PAPER)
    came_so = isinstance(paper, dict) and "received_on" in paper
    return _with_paper(schema) if came_so else schema


def _unsigned(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        if item.kind is Kind.SIGN:
            continue
        if not item.is_flat_group:
            yield item
        elif inner := tuple(_unsigned(item.children)):
            whole = replace(item, children=inner)
            if any(members(inner)):
                yield whole


def signed_on_paper(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers with a word in the place of each signature that stands on the paper."""
    day = str(answers[PAPER]["received_on"])
    signed = {"name": SIGNED, "agreed": True, "at": f"{day}T00:00:00+00:00"}
    names = [item.name for item in members(schema.items) if item.kind is Kind.SIGN]
    return {**answers, **dict.fromkeys(names, signed)}


def received_at(answers: Mapping[str, Any], host: Host) -> datetime:
    """Return the moment from which terms count: the beginning of the day of receipt."""
    day = date.fromisoformat(str(answers[PAPER]["received_on"]))
    return datetime.combine(day, time(9), host.calendar.zone)


def paper_event(element: str, answers: Mapping[str, Any], now: datetime) -> Event:
    """Return what history says: received when, entered now by whoever acts."""
    return Event(PAPER, element, None, now, {"received_on": answers[PAPER]["received_on"]})
