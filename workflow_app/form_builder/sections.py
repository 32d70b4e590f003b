"""The sections of a form that is filled in page by page: its groups on the top level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflow_app.form_builder.browser import BrowserHelp, browser_help
from workflow_app.form_builder.containers import GroupField
from workflow_app.form_builder.draw import draw_level
from workflow_app.form_builder.posted import Posted
from workflow_app.form_builder.problems import level_problems
from workflow_app.form_builder.schema import ComponentType, FormSchema, Item, Kind, members, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.problems import Problem
    from workflow_app.form_builder.task_form import TaskForm
    from workflow_app.form_builder.view import View


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Section:
    """A page of a form: `group` heads it, `items` stand on it.

    `after` are the keys of the sections that have to be completed before; `signs` tells that it
    holds a signature, which is given last, when the form is sent.
    """

    key: str
    group: Item
    items: tuple[Item, ...]
    after: tuple[str, ...] = ()
    signs: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the fields on the page."""
        return frozenset(item.name for item in members(self.items))


@dataclass(frozen=True, slots=True)
class FormPart:
    """Some items of a form being filled in, drawn and judged by themselves like a whole form."""

    form: TaskForm
    items: tuple[Item, ...]
    posted: Posted | None = None

    @property
    def schema(self) -> FormSchema:
        """Give the part as a form of its own."""
        return FormSchema(self.form.schema.id, self.items)

    @property
    def translate(self) -> Callable[[str], str]:
        """Give the reader's language."""
        return self.form.translate

    @property
    def locale(self) -> str:
        """Give the code of the reader's language."""
        return self.form.locale

    @property
    def now(self) -> datetime:
        """Give the moment in which the form is filled in."""
        return self.form.now

    def over(self, posted: Posted) -> FormPart:
        """Give the same part over other entries of its own."""
        names = {item.name for item in members(self.items)}
        whole = Posted([(n, v) for n, v in _raw(self.form) if belongs(n, names) is None])
        for name, value in posted.items(multi=True):
            whole.add(name, value)
        return FormPart(self.form.over(whole), self.items, posted)

    def answers(self) -> dict[str, Json]:
        """Give the answers of the part; see `TaskForm.answers`."""
        whole, answers = self.form.answers(), {}
        for item in members(self.items):
            first = item.path[0]
            if first in whole:
                answers[first] = whole[first]
        return answers

    @property
    def fields(self) -> tuple[View, ...]:
        """Give what the templates draw; a group that stands alone is not framed once more."""
        if len(self.items) == 1 and self.items[0].is_nested_group:
            field = self.form.form.field_of(self.items[0])
            if isinstance(field, GroupField):
                return draw_level(field.form, self.items[0].children, self.form.context)
        return draw_level(self.form.form, self.items, self.form.context)

    @property
    def errors(self) -> list[Problem]:
        """(html id, message) in page order."""
        return list(level_problems(self.form.form, frozenset(members(self.items))))

    @property
    def browser(self) -> BrowserHelp:
        """Give what the page's script needs: what its rules read of other pages too."""
        context = replace(self.form.context, scope=self.form.form.scope)
        return browser_help(self.schema, context)

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it is to be filled in as things stand."""
        found = [self.form.form.field_of(item) for item in members(self.items)]
        asked = [field for field in found if field.item.type is not ComponentType.EXPRESSION]
        return bool(asked) and all(field.hidden for field in asked)


def sections_of(schema: FormSchema) -> tuple[Section, ...]:
    """Give the sections of a form in order; what stands outside groups goes with the one before."""
    loose: list[Item] = []
    found: list[tuple[Item, list[Item]]] = []
    for item in schema.items:
        if item.type is ComponentType.GROUP:
            found.append((item, [*loose, *_inside(item)]))
            loose = []
        elif found:
            found[-1][1].append(item)
        else:
            loose.append(item)
    return tuple(_section(group, tuple(items)) for group, items in found)


def _inside(group: Item) -> tuple[Item, ...]:
    return group.children if group.is_flat_group else (group,)


def _section(group: Item, items: tuple[Item, ...]) -> Section:
    said = group.source.properties
    return Section(
        key=str(said.get("section") or group.name or group.source.id).replace(".", "_"),
        group=group,
        items=items,
        after=tuple(str(said.get("after", "")).split()),
        signs=any(item.kind is Kind.SIGN for item in walk(items)),
    )


def belongs(name: str, fields: Iterable[str]) -> str | None:
    """Return which of these fields a posted name is an entry of."""
    first = name.split("-", 1)[0]
    return first if first in fields else None


def _raw(form: TaskForm) -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, texts in form.raw().items() for text in texts)


def field_names(schema: FormSchema) -> Iterator[str]:
    """Yield the names under which the fields of the top level are posted."""
    yield from (item.name for item in members(schema.items))
