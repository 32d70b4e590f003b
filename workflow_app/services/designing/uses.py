"""Which steps of diagrams use which forms and decisions, and how a form's new name gets there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from workflow_app.engine.documents import ZEEBE, UnreadableXml, read_xml, tag_of
from workflow_app.engine.library import FORM_HEADERS
from workflow_app.engine.lint.reading import SHOWN_BY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

_TAG = re.compile(r"<(?:[\w.-]+:)?(?:formDefinition|property|header)\b[^>]*>")
_ATTRIBUTE = re.compile(r"""\b(\w+)(\s*=\s*)(["'])(.*?)\3""")


@dataclass(frozen=True, slots=True)
class Use:
    """A step that uses something: its diagram's process, its id, its name, and the diagram."""

    process: str
    element: str
    name: str
    path: str


def uses_of_forms(files: Mapping[str, str]) -> dict[str, list[Use]]:
    """Return the steps that show each form, by `<process key>/<form>`."""
    found: dict[str, list[Use]] = {}
    for path, element in _diagram_elements(files):
        for form in _forms_named(element):
            place = form if "/" in form else f"{path.split('/')[1]}/{form}"
            found.setdefault(place, []).append(_use(path, element))
    return found


def uses_of_decisions(files: Mapping[str, str]) -> dict[str, list[Use]]:
    """Return the steps that ask for each decision, by its id."""
    found: dict[str, list[Use]] = {}
    for path, element in _diagram_elements(files):
        if element.tag == f"{{{ZEEBE}}}calledDecision" and element.get("decisionId"):
            found.setdefault(element.get("decisionId", ""), []).append(_use(path, element))
    return found


def with_form_renamed(text: str, folder: str, old: str, new: str) -> str:
    """Return a diagram's text in which one form, `<process key>/<form>`, has another name.

    `folder` is the process that the diagram belongs to. Nothing else in the text is touched.
    """
    return _TAG.sub(partial(_tag_renamed, folder=folder, old=old, new=new), text)


def _tag_renamed(tag: re.Match[str], folder: str, old: str, new: str) -> str:
    said = {name: value for name, _, _, value in _ATTRIBUTE.findall(tag[0])}
    named = "formId" in said or said.get("name") in SHOWN_BY or said.get("key") in FORM_HEADERS
    return _ATTRIBUTE.sub(partial(_value_renamed, folder, old, new), tag[0]) if named else tag[0]


def _value_renamed(folder: str, old: str, new: str, found: re.Match[str]) -> str:
    name, equals, quote, value = found.groups()
    place = value if "/" in value else f"{folder}/{value}"
    if name not in {"formId", "value"} or place != old:
        return found[0]
    written = new if "/" in value else new.partition("/")[2]
    return f"{name}{equals}{quote}{written}{quote}"


def _diagram_elements(files: Mapping[str, str]) -> Iterator[tuple[str, etree._Element]]:
    """Yield every element of every diagram that can be read, with the diagram's path."""
    for path, text in files.items():
        if path.endswith(".bpmn") and path.startswith("processes/"):
            try:
                root = read_xml(text)
            except UnreadableXml:
                continue
            yield from ((path, element) for element in root.iter(f"{{{ZEEBE}}}*"))


def _forms_named(element: etree._Element) -> Iterator[str]:
    """Yield the form that an extension element names, if it names one."""
    is_property = element.tag == f"{{{ZEEBE}}}property" and element.get("name") in SHOWN_BY
    is_header = element.tag == f"{{{ZEEBE}}}header" and element.get("key") in FORM_HEADERS
    if element.tag == f"{{{ZEEBE}}}formDefinition" and element.get("formId"):
        yield element.get("formId", "")
    elif (is_property or is_header) and element.get("value"):
        yield element.get("value", "")


def _use(path: str, element: etree._Element) -> Use:
    above = (one for one in element.iterancestors() if tag_of(one) and one.get("id"))
    holder = next(above, element)
    name = " ".join((holder.get("name") or "").split())
    return Use(path.split("/")[1], holder.get("id", ""), name, path)
