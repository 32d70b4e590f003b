"""Entries of registers as what people apply to: the action on their page, the choice of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.services.entries import (
    ENTRY,
    Entry,
    closed_text,
    entry_for,
    needs_entry,
    open_entries,
)
from workflow_app.services.forms import translator
from workflow_app.services.opening import PUBLIC, stands_alone
from workflow_app.services.taking import NO_NEW_CASES, takes_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import StartForm
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """What a service is opened over: one entry, none, or still to be chosen among `choices`.

    `closed` is the sentence that says why nothing can be sent now, in the reader's language.
    """

    key: str | None
    title: str
    url: str
    start_url: str
    closed: str | None = None
    choices: tuple[Mapping[str, str], ...] | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the form can be opened from here."""
        return self.closed is None and self.choices is None


def over(ctx: Context, published: Published, key: str | None) -> Over:
    """Return what a service's page opens its form over. Raises NotFound for an unknown entry."""
    plain = url_for("start.by_account", key=published.key)
    if not takes_cases(ctx, published):
        return Over(key=None, title="", url="", start_url=plain, closed=_(NO_NEW_CASES))
    start = _start_over(published)
    if start is None:
        return Over(key=None, title="", url="", start_url=plain)
    if key is None and needs_entry(start):
        choices = tuple(_choice(published, one) for one in open_entries(ctx, start))
        return Over(key=None, title="", url="", start_url="", choices=choices)
    entry = entry_for(ctx, start, key)
    if entry is None:
        return Over(key=None, title="", url="", start_url=plain)
    closed = closed_text(ctx, start, entry)
    return Over(
        key=key,
        title=entry.title,
        url=url_for("public.register_entry", key=entry.register, entry=entry.key),
        start_url=url_for("start.by_entry", key=published.key, entry=entry.key),
        closed=translator(ctx, published)(closed) if closed else None,
    )


def action(ctx: Context, said: Mapping[str, Any], entry: Entry) -> dict[str, str | None]:
    """Return what anybody may do about an entry: {label, url, closed}, over it where it can be."""
    process = str(said["process"])
    published = ctx.platform.programs.latest(ctx.session, process)
    words = translator(ctx, published)
    start = _start_over(published)
    over_it = start is not None and start.properties[ENTRY] == entry.register
    closed = closed_text(ctx, start, entry) if start is not None and over_it else None
    closed = closed if takes_cases(ctx, published) else NO_NEW_CASES
    return {
        "label": words(str(said["label"])),
        "url": url_for("public.service", key=process, entry=entry.key if over_it else None),
        "closed": words(closed) if closed else None,
    }


def _start_over(published: Published) -> StartForm | None:
    """Return the public start event that opens over an entry."""
    for start in published.program.starts.values():
        public = start.form and start.by in (None, PUBLIC) and stands_alone(start)
        if public and ENTRY in start.properties:
            return start
    return None


def _choice(published: Published, entry: Entry) -> Mapping[str, str]:
    address = url_for("public.service", key=published.key, entry=entry.key)
    return {"title": entry.title, "number": entry.key, "url": address}
