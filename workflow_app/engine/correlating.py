"""Correlation as plain BPMN draws it, read as one key expression (BPMN 2.0.2 §8.4.2).

A `correlationKey` of the collaboration lists properties. Each says where it stands in a message
(`messagePath`), and the `correlationSubscription` of a process where in its data (`dataPath`).
Who sends works the key out of what the message carries, who waits out of the case's data; a key of
several properties becomes one text. A `zeebe:subscription` on the message goes before all this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import BPMN, child, children, tag_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml import etree

CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def drawn_key(
    node: etree._Element, message: str | None, beside: Mapping[str, etree._Element]
) -> str | None:
    """Return the key expression of a node that waits for or sends a message, by the message's id.

    `beside` has the elements next to the processes by id. None where no key is drawn for it.
    """
    if not message:
        return None
    paths = dict(_retrievals(message, beside.values()))
    catches = tag_of(node) in CATCHES
    for key, own in _subscribed(node) if catches else _keys(beside.values()):
        properties = _properties(key, beside.values())
        texts = [(own if catches else paths).get(each, "") for each in properties]
        if texts and all(texts) and paths.keys() >= set(properties):
            return _together(texts)
    return None


def _retrievals(message: str, beside: Iterable[etree._Element]) -> Iterator[tuple[str, str]]:
    """Yield (property id, where it stands in the message)."""
    for part in beside:
        if tag_of(part) == "correlationProperty":
            for found in children(part, "correlationPropertyRetrievalExpression"):
                if _local(found.get("messageRef")) == _local(message):
                    yield part.get("id", ""), text_of(child(found, "messagePath"))


def _subscribed(node: etree._Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (key id, property id → where it stands in the data) of the node's process."""
    process = next(node.iterancestors(f"{{{BPMN}}}process"), None)
    for found in children(process, "correlationSubscription") if process is not None else ():
        bindings = children(found, "correlationPropertyBinding")
        yield (
            _local(found.get("correlationKeyRef")),
            {
                _local(one.get("correlationPropertyRef")): text_of(child(one, "dataPath"))
                for one in bindings
            },
        )


def _keys(beside: Iterable[etree._Element]) -> Iterator[tuple[str, dict[str, str]]]:
    for key in _key_elements(beside):
        yield key.get("id", ""), {}


def _key_elements(beside: Iterable[etree._Element]) -> Iterator[etree._Element]:
    for part in beside:
        if tag_of(part) in {"collaboration", "globalConversation", "choreography"}:
            yield from children(part, "correlationKey")


def _properties(key: str, beside: Iterable[etree._Element]) -> list[str]:
    """Return the properties that a key consists of."""
    for element in _key_elements(beside):
        if element.get("id") == key:
            references = children(element, "correlationPropertyRef")
            return [_local(text_of(reference)) for reference in references]
    return []


def _together(texts: list[str]) -> str:
    plain = [text.strip().removeprefix("=").strip() for text in texts]
    if len(plain) == 1:
        return f"={plain[0]}"
    return f'=string join([{", ".join(f"string({text})" for text in plain)}], "|")'


def _local(reference: str | None) -> str:
    """Return a reference without its prefix."""
    return (reference or "").rsplit(":", 1)[-1]
