"""One form being filled in: bound, settled, validated, drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workflow_app.form_builder.answers import level_answers, level_raw
from workflow_app.form_builder.browser import BrowserHelp, browser_help
from workflow_app.form_builder.build import build_form
from workflow_app.form_builder.containers import LevelForm, bind_level
from workflow_app.form_builder.context import FormContext
from workflow_app.form_builder.draw import draw_level
from workflow_app.form_builder.posted import tidy
from workflow_app.form_builder.problems import level_problems
from workflow_app.form_builder.settle import settle
from workflow_app.form_builder.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from werkzeug.datastructures import FileStorage

    from workflow_app.form_builder.answers import Raw
    from workflow_app.form_builder.context import StoredFile
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.posted import Posted
    from workflow_app.form_builder.problems import Problem
    from workflow_app.form_builder.schema import FormSchema
    from workflow_app.form_builder.view import View


@dataclass(eq=False)
class TaskForm:
    """A form of `schema` for one person and one moment.

    `values` fill it in before anything is posted (case data); `scope` is the case data that FEEL
    reads; `posted` holds form fields and files together, or a draft's `raw()`. `now` is aware and
    in the zone in which times are typed. `store_upload` keeps a file and gives its JSON form, or
    raises UploadRefused; it runs as soon as files are posted, so that they outlive an error.
    `find_upload` gives the JSON form of an earlier upload when this person may use it: without it
    only files of `values` and of this very request are accepted. FormRuleError when a rule fails.
    """

    schema: FormSchema
    values: Mapping[str, Json] = field(kw_only=True)
    scope: Mapping[str, object] = field(kw_only=True)
    functions: Mapping[str, Callable[..., object]] = field(kw_only=True)
    posted: Posted | None = field(kw_only=True)
    translate: Callable[[str], str] = field(kw_only=True)
    locale: str = field(kw_only=True)
    now: datetime = field(kw_only=True)
    store_upload: Callable[[FileStorage], StoredFile] | None = field(kw_only=True, default=None)
    find_upload: Callable[[int], StoredFile | None] | None = field(kw_only=True, default=None)
    actor_name: str | None = field(kw_only=True, default=None)
    form: LevelForm = field(init=False)
    context: FormContext = field(init=False)

    def __post_init__(self) -> None:
        """Bind and settle the form."""
        self.context = self._context()
        posted = None if self.posted is None else tidy(self.schema.items, self.posted)
        where = {"prefix": "", "meta": {"context": self.context}}
        self.form = bind_level(build_form(self.schema), posted, dict(self.values), where)
        settle(self.form, self.context)

    def _context(self) -> FormContext:
        return FormContext(
            words=Words(self.translate),
            scope=self.scope,
            functions=self.functions,
            now=self.now,
            locale=self.locale,
            store_upload=self.store_upload,
            find_upload=self.find_upload,
            actor_name=self.actor_name,
        )

    def over(self, posted: Posted | None) -> TaskForm:
        """Give the same form over other entries."""
        return replace(self, posted=posted)

    def validate(self) -> bool:
        """Apply every rule; `errors` tells what is wrong."""
        return bool(self.form.validate())

    @property
    def errors(self) -> list[Problem]:
        """(html id, message) in page order, for the error summary."""
        return list(level_problems(self.form))

    @property
    def fields(self) -> tuple[View, ...]:
        """Give what the templates draw, in the order of the form file."""
        return draw_level(self.form, self.schema.items, self.context)

    @property
    def browser(self) -> BrowserHelp:
        """Give what the page's script needs: data for its conditions, and its words."""
        return browser_help(self.schema, self.context)

    def answers(self) -> dict[str, Json]:
        """Give the answers as JSON: declared, visible, writable fields and computed values.

        Meaningful after `validate()` said yes. A visible field left empty is null.
        """
        return level_answers(self.form)

    def raw(self) -> Raw:
        """Give what stands in the inputs, by name, for the draft, without signatures."""
        return level_raw(self.form)
