"""A start form filled in section by section: what was typed, where it stands, what it becomes.

Each section has a draft of its own, so that two people may write in two sections at once. A draft
says which fields it covers; a field is taken from the newest draft that covers it, whichever
section it stands in by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select
from werkzeug.datastructures import MultiDict

from workflow_app.domain.errors import NotFound
from workflow_app.form_builder import FormPart, Section, TaskForm, sections_of, unsigned
from workflow_app.form_builder.posted import tidy
from workflow_app.form_builder.sections import belongs, field_names
from workflow_app.models.base import table_of
from workflow_app.models.case import Draft
from workflow_app.services.drafts import SHOWN, save_draft, token_of, typed
from workflow_app.services.opening import fresh_start_form, start_form
from workflow_app.services.starting import start_case

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row

    from workflow_app.services.context import Context, Posted
    from workflow_app.services.drafts import SavedDraft
    from workflow_app.services.opening import Opening
    from workflow_app.services.starting import StartedCase

JOURNEY, SECTIONS = "journey", "sections"
COVERS, DONE = "_covers", "_done"
_drafts = table_of(Draft)


class State(StrEnum):
    """How far a section is."""

    CLOSED = "closed"
    NEW = "new"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """A section and how far it is; `closed_by` are the sections that have to be done before."""

    section: Section
    state: State
    saved_at: datetime | None
    closed_by: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """One stored draft: the section it was typed in, the fields it covers, the entries."""

    section: str
    covers: frozenset[str]
    entries: dict[str, list[str]]
    saved_at: datetime
    mark: str
    is_done: bool


def goes_by_sections(opening: Opening) -> bool:
    """Tell whether a start form is filled in section by section."""
    return opening.start.properties.get(JOURNEY) == SECTIONS


@dataclass(frozen=True)
class Journey:
    """One start form on its way."""

    ctx: Context
    opening: Opening

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """Return all sections, the one with the signature too."""
        return sections_of(self.opening.schema)

    def section(self, key: str) -> Section:
        """Return a section by key. Raises NotFound."""
        for section in self.sections:
            if section.key == key and not section.signs:
                return section
        raise NotFound

    @property
    def signing(self) -> tuple[Section, ...]:
        """Return the sections that are filled in when the form is sent."""
        return tuple(section for section in self.sections if section.signs)

    @cached_property
    def kept(self) -> tuple[_Kept, ...]:
        """Return what was typed, oldest first."""
        query = select(_drafts).where(self._own()).order_by(_drafts.c.saved_at, _drafts.c.subject)
        return tuple(self._kept(row) for row in self.ctx.connection.execute(query))

    def _own(self) -> ColumnElement[bool]:
        subject, owner = self.opening.subject, self.opening.owner
        parts = _drafts.c.subject.startswith(f"{subject}#", autoescape=True)
        return (_drafts.c.owner == owner) & or_(_drafts.c.subject == subject, parts)

    def _kept(self, row: Row[Any]) -> _Kept:
        entries = {name: list(texts) for name, texts in row.raw.items() if name[:1] != "_"}
        covers = row.raw.get(COVERS)
        if covers is None:
            covers = [name.split("-", 1)[0] for name in entries]
        section = str(row.subject).partition("#")[2]
        done = bool(row.raw.get(DONE))
        return _Kept(section, frozenset(covers), entries, row.saved_at, row.mark, done)

    def draft_of(self, section: Section) -> _Kept | None:
        """Return the draft that was typed on a section's page."""
        return next((kept for kept in self.kept if kept.section == section.key), None)

    def entries(self) -> Posted:
        """Return all that was typed, and what the form opens with where nothing was."""
        whole: Posted = MultiDict()
        sources = {name: kept for kept in self.kept for name in kept.covers}
        names = frozenset(field_names(self.opening.schema))
        for name in names & sources.keys():
            _copy(sources[name].entries, {name}, whole)
        missing = names - sources.keys()
        if missing:
            fresh = fresh_start_form(self.ctx, self.opening)
            _copy(fresh.raw(), missing, whole)
        return whole

    def with_page(self, sections: tuple[Section, ...], posted: Posted) -> Posted:
        """Return all that was typed, with what the pages of these sections sent in its place."""
        names = frozenset(name for section in sections for name in section.names)
        whole = self.entries()
        for name in [name for name in whole if belongs(name, names)]:
            del whole[name]
        for section in sections:
            for name, value in tidy(section.items, posted).items(multi=True):
                whole.add(name, value)
        return whole

    def form(self, posted: Posted | None = None) -> TaskForm:
        """Return the whole form over what was typed, or over what is given."""
        whole = self.entries() if posted is None else posted
        return start_form(self.ctx, self.opening, whole)

    def save(
        self, section: Section, form: TaskForm, posted: Posted, *, done: bool = False
    ) -> SavedDraft:
        """Keep what a section's page sent, as the bound form has it. Raises DraftChanged."""
        raw: Posted = MultiDict()
        _copy(form.raw(), section.names, raw)
        return self.keep(section, raw, posted, done=done)

    def keep(
        self, section: Section, entries: Posted, page: Posted, *, done: bool = False
    ) -> SavedDraft:
        """Keep entries of a section; `page` says which draft it showed. Raises DraftChanged."""
        raw = typed(unsigned(section.items, entries))
        raw |= {COVERS: sorted(section.names), DONE: ["1"] if done else []}
        owner, subject = self.opening.owner, self.subject_of(section)
        return save_draft(self.ctx, owner, subject, raw, token_of(page))

    def save_all(self, form: TaskForm, posted: Posted) -> None:
        """Keep what a page sent for sections that are not its own, done where nothing is wrong."""
        for section in self.touched(posted):
            if not section.signs:
                fine = not FormPart(form, section.items).errors
                self.save(section, form, MultiDict(), done=fine)

    def standings(self, form: TaskForm) -> list[Standing]:
        """Return the sections that are to be filled in, each with its state; validates the form."""
        form.validate()
        shown = [s for s in self.sections if not s.signs and not FormPart(form, s.items).is_hidden]
        states = {section.key: self._state(section, form) for section in shown}
        return [self._standing(section, shown, states) for section in shown]

    def _state(self, section: Section, form: TaskForm) -> State:
        kept = self.draft_of(section)
        if kept is None:
            covered = frozenset(name for one in self.kept for name in one.covers)
            return State.BEGUN if covered & section.names else State.NEW
        fine = kept.is_done and not FormPart(form, section.items).errors
        return State.DONE if fine else State.BEGUN

    def _standing(
        self, section: Section, shown: list[Section], states: dict[str, State]
    ) -> Standing:
        before = [other for other in shown if other.key in section.after]
        closing = tuple(other for other in before if states[other.key] is not State.DONE)
        kept = self.draft_of(section)
        state = states[section.key]
        if closing and state is State.NEW:
            state = State.CLOSED
        return Standing(section, state, kept.saved_at if kept else None, closing)

    def part(self, form: TaskForm, section: Section, page: Posted | None = None) -> FormPart:
        """Return a section's page; `page` is what was posted to it, else its draft is shown."""
        if page is None:
            kept = self.draft_of(section)
            page = MultiDict([(SHOWN, kept.mark)] if kept else [])
        return FormPart(form, section.items, page)

    def subject_of(self, section: Section) -> str:
        """Return the name under which a section's draft lies."""
        return f"{self.opening.subject}#{section.key}"

    def touched(self, posted: Posted) -> tuple[Section, ...]:
        """Return the sections with fields among what was posted, and those with a signature."""
        return tuple(
            section
            for section in self.sections
            if section.signs or any(belongs(name, section.names) for name in posted)
        )

    def send(self, form: TaskForm, *, once: str | None) -> StartedCase:
        """Start the case from the validated form, and forget the drafts."""
        started = start_case(self.ctx, self.opening, form.answers(), once=once)
        self.forget()
        return started

    def forget(self) -> None:
        """Drop all drafts of the form."""
        self.ctx.connection.execute(delete(_drafts).where(self._own()))


def _copy(source: dict[str, list[str]], names: frozenset[str] | set[str], target: Posted) -> None:
    for name, values in source.items():
        if belongs(name, names):
            for value in values:
                target.add(name, value)
