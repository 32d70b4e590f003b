"""The words that a diagram shows, by the id of what they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.engine.documents import child, read_xml, tag_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Labels:
    """Names and notes of everything drawn; `lanes` holds role codes, which people do not read."""

    names: Mapping[str, str]
    lanes: Mapping[str, str]


def drawn_labels(xml: str) -> Labels:
    """Return the words on a diagram: pools, steps, flows, data and notes. Raises UnreadableXml."""
    names: dict[str, str] = {}
    lanes: dict[str, str] = {}
    for element in read_xml(xml).iter():
        tag, key = tag_of(element), element.get("id")
        note = text_of(child(element, "text")) if tag == "textAnnotation" else ""
        text = note or element.get("name", "")
        if tag and key and text:
            (lanes if tag == "lane" else names)[key] = text
    return Labels(names, lanes)
