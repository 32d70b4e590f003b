"""Which names any expression of a version reads: only answers to these enter engine data."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from workflow_app.engine.expressions import formula
from workflow_app.engine.texts import texts_in
from workflow_app.feel import FeelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.library import Library

PLACEHOLDER = re.compile(r"\{+=?\s*([^{}]+?)\s*\}+")
FORM_FORMULAS = frozenset({"check", "requiredIf", "rowLabel", "hide", "valuesExpression"})


def names_read(library: Library) -> frozenset[str]:
    """Return the root names read by diagrams, tables, forms, settings and mails (design.md §4)."""
    parts = (_in_diagrams(library), _in_tables(library), _in_files(library))
    settings = (_names_in_values(held) for held in library.settings.values())
    return frozenset().union(*parts, *settings)


def _in_diagrams(library: Library) -> set[str]:
    graphs = [graph for diagram in library.diagrams for graph in diagram.callable]
    texts = [text for graph in graphs for text in texts_in(graph)]
    return {name for text in texts for name in _try(text.text, whole=text.compile is formula)}


def _in_tables(library: Library) -> set[str]:
    decisions = [one for model in library.tables.values() for one in model.decisions.values()]
    return {name for decision in decisions for name in decision.names}


def _in_files(library: Library) -> set[str]:
    found: set[str] = set()
    for path, text in library.source.files.items():
        if path.endswith(".form"):
            found |= names_in_form(text)
        elif path.endswith("/mails.toml"):
            found |= names_in_mails(text)
    for diagram in library.diagrams:
        for text in diagram.forms.values():
            found |= names_in_form(text)
    return found


def _try(text: str, *, whole: bool) -> frozenset[str]:
    """Names of a text that is FEEL, or only after “=”; what does not parse is lint's business."""
    if not whole and not text.lstrip().startswith("="):
        return frozenset()
    try:
        return formula(text).names
    except FeelError:
        return frozenset()


def _names_in_values(held: Any) -> set[str]:
    return {name for text in _strings(held) for name in _try(text, whole=False)}


def _strings(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for item in held.values():
            yield from _strings(item)
    elif isinstance(held, list):
        for item in held:
            yield from _strings(item)


def names_in_mails(text: str) -> set[str]:
    """Return the names between braces in a mails file."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return set()
    found: set[str] = set()
    for sentence in _strings(held):
        for match in PLACEHOLDER.finditer(sentence):
            found |= _try(match[1], whole=True)
    return found


def names_in_form(text: str) -> set[str]:
    """Return what a form's formulas read, where its lists come from and what it only shows."""
    found: set[str] = set()
    for component in components(text):
        found |= _names_in_values(component)
        for key, formula_text in _formulas(component):
            found |= _try(formula_text, whole=key in FORM_FORMULAS)
        if isinstance(component.get("valuesKey"), str):
            found.add(component["valuesKey"].partition(".")[0])
        if component.get("readonly") is True or component.get("disabled") is True:
            found |= {str(component.get(part, "")).partition(".")[0] for part in ("key", "path")}
        if component.get("type") in {"text", "html"}:
            shown = PLACEHOLDER.finditer(str(component.get("text") or component.get("content")))
            found = found.union(*(_try(match[1], whole=True) for match in shown))
    return found - {""}


def _formulas(component: dict[str, Any]) -> Iterator[tuple[str, str]]:
    conditional = component.get("conditional") or {}
    for held in (component.get("properties") or {}, conditional, component):
        for key, item in held.items():
            if key in FORM_FORMULAS and isinstance(item, str) and item.strip():
                yield key, item


def components(text: str) -> list[dict[str, Any]]:
    """Return every component of a form-js schema, nested ones included; none if unreadable."""
    try:
        form = json.loads(text)
    except json.JSONDecodeError:
        return []
    found: list[dict[str, Any]] = []
    todo = [form] if isinstance(form, dict) else []
    while todo:
        inside = todo.pop().get("components")
        parts = [part for part in inside if isinstance(part, dict)] if inside else []
        found += parts
        todo += parts
    return found


def keys_in_form(text: str) -> set[str]:
    """Return the root names a form can write."""
    parts = [component.get("path") or component.get("key") for component in components(text)]
    return {part.partition(".")[0] for part in parts if isinstance(part, str) and part}
