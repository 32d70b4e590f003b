"""What the page's script gets: the case data that its conditions read, and its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from workflow_app.form_builder import text
from workflow_app.form_builder.names import browser_expressions
from workflow_app.form_builder.paths import get_path, set_path

if TYPE_CHECKING:
    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.schema import FormSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserHelp:
    """`scope` and `words` are JSON texts for data attributes; `title` heads the error summary."""

    scope: str
    words: str
    title: str
    dynamic: bool


_PARTS = r"((?:\s*\.\s*[^\W\d]\w*)*)"


def browser_help(schema: FormSchema, context: FormContext) -> BrowserHelp:
    """Give the page's script only what the form's conditions name: a page holds no more data."""
    expressions = list(browser_expressions(schema))
    scope: dict[str, Json] = {}
    for expression in expressions:
        for name in expression.names & context.scope.keys():
            _expose(name, expression.text, context, scope)
    return BrowserHelp(
        scope=msgspec.json.encode(scope).decode(),
        words=msgspec.json.encode(_sentences(context)).decode(),
        title=context.words(text.PROBLEM),
        dynamic=bool(expressions),
    )


def _expose(name: str, rule: str, context: FormContext, scope: dict[str, Json]) -> None:
    """Copy the paths under `name` that the rule mentions; all of it where it stands alone."""
    for found in re.finditer(rf"(?<![\w.]){re.escape(name)}{_PARTS}", rule):
        path = (name, *(part.strip() for part in found.group(1).split(".")[1:]))
        value = context.scope.get(name)
        if not isinstance(value, dict):
            path = (name,)
        elif len(path) == 1:
            scope.setdefault(name, {})
            continue
        set_path(scope, path, get_path(dict(context.scope), path))


def _sentences(context: FormContext) -> dict[str, str]:
    words = context.words
    hole = {key: f"{{{key}}}" for key in ("time", "number", "name")}
    return {
        "saved": words(text.SAVED_AT, **hole),
        "saving": words(text.SAVING),
        "notSaved": words(text.NOT_SAVED),
        "refused": words(text.SAVE_REFUSED),
        "added": words(text.ROW_ADDED, **hole),
        "removed": words(text.ROW_REMOVED, **hole),
        "namedRow": words(text.NAMED_ROW, **hole),
        "unsaved": words(text.UNSAVED),
        "submitting": words(text.SUBMITTING),
        "yes": words(text.YES),
        "no": words(text.NO),
    }
