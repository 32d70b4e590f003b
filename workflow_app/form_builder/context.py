"""What the fields of one form being filled in share: data, words, clock, uploads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from workflow_app.feel import Expression, FeelError, to_json
from workflow_app.form_builder.display import Reader, show_plain
from workflow_app.form_builder.errors import FormRuleError
from workflow_app.form_builder.paths import Json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from werkzeug.datastructures import FileStorage

    from workflow_app.form_builder.template_text import TextTemplate
    from workflow_app.form_builder.text import Words

StoredFile = dict[str, Json]


@dataclass(slots=True, kw_only=True)
class FormContext:
    """Shared by every field of one bound form through its WTForms `meta`."""

    words: Words
    scope: Mapping[str, object]
    functions: Mapping[str, Callable[..., object]]
    now: datetime
    locale: str
    store_upload: Callable[[FileStorage], StoredFile] | None = None
    find_upload: Callable[[int], StoredFile | None] | None = None
    actor_name: str | None = None
    own_files: dict[int, StoredFile] = field(default_factory=dict)
    host_functions: dict[str, Callable[..., object]] = field(init=False)
    _options: dict[bytes, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add our clock where the host gave none."""
        clock = {"now": lambda: self.now, "today": self.now.date}
        self.host_functions = {**clock, **self.functions}

    def evaluate(self, expression: Expression, scope: Mapping[str, object], where: str) -> Json:
        """Give the expression's value as JSON; FormRuleError names the component `where`."""
        try:
            return to_json(expression.evaluate(scope, self.host_functions))
        except FeelError as exc:
            raise FormRuleError(where, expression.text, exc) from exc

    @property
    def reader(self) -> Reader:
        """Give whom values are shown to."""
        return Reader(self.words, self.locale, self.now.tzinfo)

    def fill(
        self,
        said: TextTemplate,
        scope: Mapping[str, object],
        where: str,
        quote: Callable[[str], str] = str,
    ) -> str:
        """Fill in a text of the form file in the reader's language.

        `quote` is applied to what expressions give: it is data, not the designer's markup.
        """

        def text_of(found: Expression) -> str:
            return quote(show_plain(self.evaluate(found, scope, where), self.reader))

        return said.fill(self.words, text_of)

    def options(
        self, expression: Expression, scope: Mapping[str, object], where: str
    ) -> list[Json]:
        """Give a list of options; asked once for the same expression over the same data."""
        read = {name: scope.get(name) for name in sorted(expression.names)}
        key = msgspec.json.encode([expression.text, read], enc_hook=str)
        if key not in self._options:
            found = self.evaluate(expression, scope, where)
            self._options[key] = found if isinstance(found, list) else []
        return self._options[key]

    def known_file(self, document: int) -> StoredFile | None:
        """Give a stored file that this person may refer to, else None."""
        if document in self.own_files:
            return self.own_files[document]
        return self.find_upload(document) if self.find_upload else None
