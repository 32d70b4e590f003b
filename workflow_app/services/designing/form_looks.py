"""A form as its reviewer will see it, over sample data, and what is to be said of it.

A form is looked at while it is being made: a component that cannot be drawn is left out and told,
so that one half-finished question does not hide the others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import DomainError, Invalid
from workflow_app.domain.text import N_
from workflow_app.engine import Source, names_around
from workflow_app.form_builder import (
    FormError,
    FormRuleError,
    TaskForm,
    apply_row_action,
    form_names,
    parse_form,
)
from workflow_app.form_builder.errors import WHOLE_FORM
from workflow_app.form_builder.names import expressions_of
from workflow_app.form_builder.schema import ComponentType, members, walk
from workflow_app.services.designing.drafts import draft_of, read_file
from workflow_app.services.designing.samples import sample_of
from workflow_app.services.designing.sources import source_of
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.feel import FeelType
    from workflow_app.form_builder import FormSchema
    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context, Posted

#: So many components are left out before the whole form is given up.
MOST_LEFT_OUT = 25
MAX_SAMPLE = 200_000
MAX_DEPTH = 50


class BadSample(Invalid):
    """Sample data are no JSON object (params: reason)."""

    message = N_("The sample data cannot be read: %(reason)s")
    no_object = N_('The sample data must be one object in braces, such as {"name": "Ani"}.')
    too_long = N_("The sample data are longer than %(limit)s characters.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A form as far as it can be read, and for each component left out the reason."""

    schema: FormSchema | None
    faults: tuple[FormError | FormRuleError, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What is worth knowing of a form that can be drawn.

    `unread` are fields that nothing in the process reads, `unknown` names that the form's own
    expressions read and nothing writes, each with the components that do; `undrawn` are components
    that our pages leave out.
    """

    unread: tuple[str, ...] = ()
    unknown: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    undrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What the designer tries: an unsaved text, sample data as JSON, answers typed into the form.

    `checked` asks whether the answers would be taken.
    """

    text: str | None = None
    sample: str | None = None
    posted: Posted | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True)
class FormLook:
    """A form drawn over sample data; `answers` are what the case would get of answers taken."""

    text: str
    form: TaskForm | None
    faults: tuple[FormError | FormRuleError, ...]
    notes: Notes
    sample: str
    sample_fault: BadSample | None = None
    answers: Mapping[str, Any] | None = None


def form_path(key: str, name: str) -> str:
    """Return where a form of a process stands."""
    return f"forms/{key}/{name}.form"


def look_at_form(ctx: Context, draft_id: int, name: str, trial: Trial) -> FormLook:
    """Return a form of a draft as it would be drawn. Raises NotFound."""
    draft = draft_of(ctx, draft_id)
    path = form_path(draft.key, name)
    stored = read_file(ctx, draft_id, path).body
    text = stored if trial.text is None else trial.text
    reading = read_leniently(text)
    if reading.schema is None:
        return FormLook(text, None, reading.faults, Notes(), trial.sample or "")
    read, types = _around(source_of(ctx, draft_id), path)
    return _Looking(ctx, draft, text, reading, types).look(trial, notes_of(text, read, types))


def read_leniently(text: str) -> Reading:
    """Read a form; a component that cannot be is left out, with the reason."""
    faults: list[FormError | FormRuleError] = []
    while len(faults) <= MOST_LEFT_OUT:
        try:
            return Reading(parse_form(text), tuple(faults))
        except FormError as error:
            faults.append(error)
            shorter = without_component(text, error.component)
            if shorter is None:
                break
            text = shorter
    return Reading(None, tuple(faults))


def without_component(text: str, component: str) -> str | None:
    """Return a form's text without one component; None where it has none of that name."""
    if component == WHOLE_FORM:
        return None
    try:
        form = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return json.dumps(form) if _taken_out(form, component, 0) else None


def _taken_out(holder: Any, component: str, depth: int) -> bool:
    """Take the first component of a name out of a form or group, in place."""
    parts = holder.get("components") if isinstance(holder, dict) else None
    if not isinstance(parts, list) or depth > MAX_DEPTH:
        return False
    for place, part in enumerate(parts):
        if isinstance(part, dict) and component in _names_of(part):
            del parts[place]
            return True
    return any(_taken_out(part, component, depth + 1) for part in parts)


def _names_of(part: Mapping[str, Any]) -> Iterator[Any]:
    found = [part.get(name) for name in ("id", "key", "path")]
    yield next((name for name in found if name), part.get("type"))
    yield from (name for name in found if name)


def notes_of(text: str, read: frozenset[str], types: Mapping[str, FeelType]) -> Notes:
    """Return what to say of a form; `read` and `types` are of all that stands around it."""
    schema = read_leniently(text).schema
    if schema is None:
        return Notes()
    own = {name for item in walk(schema.items) for e in expressions_of(item) for name in e.names}
    fields = [item.path[0] for item in members(schema.items)]
    return Notes(
        unread=tuple(dict.fromkeys(name for name in fields if name not in read | own)),
        unknown={name: _readers(schema, name) for name in sorted(form_names(schema) - {*types})},
        undrawn=tuple(i.where for i in walk(schema.items) if i.type is ComponentType.BUTTON),
    )


def _readers(schema: FormSchema, name: str) -> tuple[str, ...]:
    """Return the components whose expressions read a name, or that show it."""
    found = (
        item.where
        for item in walk(schema.items)
        if item.path[:1] == (name,)
        or any(name in each.names for each in expressions_of(item))
        or (item.rows.label is not None and name in item.rows.label.names)
    )
    return tuple(dict.fromkeys(found))


def _around(source: Source, path: str) -> tuple[frozenset[str], Mapping[str, FeelType]]:
    """Return the names that everything but one file reads, and the types of those it writes."""
    files = tuple((name, text) for name, text in source.files.items() if name != path)
    return _names_around(source.key, files)


@lru_cache(maxsize=8)
def _names_around(
    key: str, files: tuple[tuple[str, str], ...]
) -> tuple[frozenset[str], Mapping[str, FeelType]]:
    return names_around(Source(key=key, files=dict(files)))


@dataclass(slots=True)
class _Looking:
    """One look: a form is drawn again without whatever component's rule fails."""

    ctx: Context
    draft: DesignDraft
    text: str
    reading: Reading
    types: Mapping[str, FeelType]

    def look(self, trial: Trial, notes: Notes) -> FormLook:
        """Draw the form over the sample data that were given, or made up for it."""
        host = Host(self.ctx, home_path(self.ctx))
        sample, fault = self._sample(trial, host)
        form, faults = self._drawn(sample, host, trial.posted)
        checked = trial.checked and form is not None
        answers = form.answers() if checked and form is not None and form.validate() else None
        shown = trial.sample if fault is not None else json_text(sample)
        return FormLook(self.text, form, faults, notes, shown or "", fault, answers)

    def _sample(self, trial: Trial, host: Host) -> tuple[dict[str, Any], BadSample | None]:
        if trial.sample and trial.sample.strip():
            try:
                return read_sample(trial.sample), None
            except BadSample as fault:
                return {}, fault
        schema = self.reading.schema
        if schema is None:
            return {}, None
        return sample_of(schema, self.types, functions_of(host), host.now()), None

    def _drawn(
        self, sample: Mapping[str, Any], host: Host, posted: Posted | None
    ) -> tuple[TaskForm | None, tuple[FormError | FormRuleError, ...]]:
        faults, text, schema = [*self.reading.faults], self.text, self.reading.schema
        while schema is not None and len(faults) <= MOST_LEFT_OUT:
            try:
                return self._bound(schema, sample, host, posted), tuple(faults)
            except FormRuleError as fault:
                faults.append(fault)
                shorter = without_component(text, fault.component)
                text, schema = (shorter or ""), None
                if shorter is not None:
                    schema = read_leniently(text).schema
        return None, tuple(faults)

    def _bound(
        self, schema: FormSchema, sample: Mapping[str, Any], host: Host, posted: Posted | None
    ) -> TaskForm:
        """Bind a form and draw it once. Raises FormRuleError."""
        words = Words(self.ctx.language, self.draft.words.get(self.ctx.language, {}))
        if posted is not None:
            posted = apply_row_action(schema, posted) or posted
        form = TaskForm(
            schema,
            values=sample,
            scope=sample,
            functions=functions_of(host),
            posted=posted,
            translate=words.text,
            locale=self.ctx.language,
            now=host.now(),
            actor_name=self.ctx.actor.title,
        )
        _ = form.fields, form.browser
        return form


def functions_of(host: Host) -> Mapping[str, Callable[..., object]]:
    """Return what FEEL may call; a look-up that the sample cannot answer gives no choices."""

    def lookup(source: str | None, *key: object) -> object:
        try:
            return host.find(source, *key)
        except DomainError:
            return None if key else []

    return {**host.functions, "lookup": lookup}


def read_sample(text: str) -> dict[str, Any]:
    """Read sample data. Raises BadSample."""
    if len(text) > MAX_SAMPLE:
        raise BadSample(BadSample.too_long, limit=MAX_SAMPLE)
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadSample(reason=str(error)) from error
    if not isinstance(found, dict):
        raise BadSample(BadSample.no_object)
    return found


def json_text(data: object) -> str:
    """Write data as a person edits it."""
    return json.dumps(data, ensure_ascii=False, indent=2)
