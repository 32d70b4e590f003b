"""Finds what people read in diagrams, tables, forms and settings: extraction methods for Babel.

Babel calls each with (file, keywords, comment tags, options) and takes (line, function name,
msgid, comments); translations/babel.cfg names them by module and function.
"""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, BinaryIO

from lxml import etree

from workflow_app.dmn.drawn import said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Found = tuple[int, str, str, list[str]]

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

OUTCOME = "What a decision table tests or gives; a reader of the case is shown it."

#: Their names are codes: lanes carry role codes, the others are matched by name.
_CODED = frozenset({"lane", "error", "escalation", "signal", "definitions", "collaboration"})
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
_SHOWN_CODE = re.compile(r"[a-z]+|[a-z0-9]+(_[a-z0-9]+)+")
_FORM_FEEL = re.compile(r"\{\{[^{}]*\}\}")
_FEEL_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SENTENCE = re.compile(r"[A-Z][a-z]{2,}|[A-Za-z]{2,} [A-Za-z]{2,}")
_FORM_TEXTS = (
    *("label", "description", "text", "content", "title", "alt", "dateLabel", "timeLabel"),
    *("values.*.label", "columns.*.label", "appearance.*Adorner"),
    *("properties.label", "properties.checkMessage", "validate.patternErrorMessage"),
)


def extract_bpmn(
    fileobj: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001 - Babel's signature
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield names, documentation, notes, titles of letters and sentences in the diagram's FEEL."""
    for element in _elements(fileobj):
        tag = str(element.tag)
        if tag.startswith(BPMN):
            yield from _bpmn_words(element, tag.removeprefix(BPMN))
        elif tag.startswith(ZEEBE):
            yield from _zeebe_words(element, tag.removeprefix(ZEEBE))


def extract_dmn(
    fileobj: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield decision names, questions, labels, annotations (no marks), results that are words."""
    for element in _elements(fileobj):
        tag = etree.QName(element).localname
        if tag == "decision":
            yield from _text(element.get("name"))
        elif tag in ("input", "output"):
            yield from _text(element.get("label"))
        elif tag in ("question", "allowedAnswers"):
            yield from _text(element.text)
        elif tag in ("description", "annotationEntry"):
            yield from _text(said("".join(map(str, element.itertext()))))
        elif tag in ("inputEntry", "outputEntry"):
            yield from _cell_words("".join(map(str, element.itertext())), tag)


def extract_form(
    fileobj: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Found]:
    """Yield labels, help, choices, texts and messages of a form-js file, sentences in its FEEL."""
    for component in _components(json.loads(fileobj.read())):
        for path, text in _leaves(component, ""):
            if _has_words(text) and _fits(path, _FORM_TEXTS):
                yield 0, "", text, []
            for feel in [text] if text.startswith("=") else _FORM_FEEL.findall(text):
                yield from _feel_words(feel)


def extract_toml(
    fileobj: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, str],
) -> Iterator[Found]:
    """Yield the texts at `options["paths"]`, patterns such as `fields.*.label`, but no `=FEEL`.

    `options["comment"]` goes with each of them to the translator.
    """
    patterns = options["paths"].split()
    comments = [options["comment"]] if "comment" in options else []
    for path, text in _leaves(tomllib.loads(fileobj.read().decode()), ""):
        if text.strip() and not text.startswith("=") and _fits(path, patterns):
            yield 0, "", text, comments


#: Constants of an operation that people read.
_SPOKEN = ("title", "reason")


def _elements(fileobj: BinaryIO) -> Iterator[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.parse(fileobj, parser).getroot().iter(etree.Element)


def _bpmn_words(element: etree._Element, tag: str) -> Iterator[Found]:
    if tag in ("documentation", "text"):
        yield from _text(element.text)
    elif tag not in _CODED:
        yield from _text(element.get("name"))


def _zeebe_words(element: etree._Element, tag: str) -> Iterator[Found]:
    if tag == "header" and element.get("key") in _SPOKEN:
        yield from _text(element.get("value"))
    elif tag in ("input", "output"):
        yield from _feel_words(element.get("source", ""))
    elif tag == "script":
        yield from _feel_words(element.get("expression", ""))


def _text(text: str | None) -> Iterator[Found]:
    stripped = (text or "").strip()
    if stripped and not stripped.startswith("=") and not _CODE.fullmatch(stripped):
        yield 0, "", stripped, []


def _feel_words(feel: str) -> Iterator[Found]:
    """Yield the string literals that are written for people: a word with a capital, or several."""
    for literal in _FEEL_TEXT.findall(feel):
        if _SENTENCE.search(literal) and "\\" not in literal:
            yield 0, "", literal, []


def _cell_words(feel: str, tag: str) -> Iterator[Found]:
    """Yield the sentences that a cell gives, and the codes in it, as readers of a case see them.

    They are shown without underscores (web/presenting/decision_words.py).
    """
    if tag == "outputEntry":
        yield from _feel_words(feel)
    for literal in _FEEL_TEXT.findall(feel):
        if _SHOWN_CODE.fullmatch(literal):
            yield 0, "", literal.replace("_", " "), [OUTCOME]


def _components(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for component in form.get("components", ()):
        yield {name: held for name, held in component.items() if name != "components"}
        yield from _components(component)


def _has_words(text: str) -> bool:
    """Tell whether a form's text holds more than expressions, which nobody can translate."""
    return not text.startswith("=") and bool(_FORM_FEEL.sub("", text).strip())


def _leaves(held: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(held, str):
        yield path, held
    elif isinstance(held, dict):
        for key, inner in held.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(held, list):
        for number, inner in enumerate(held):
            yield from _leaves(inner, f"{path}.{number}")


def _fits(path: str, patterns: Collection[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
