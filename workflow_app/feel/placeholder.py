"""Finds out whether an expression reads ``?``, the tested value of a unary test."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from workflow_app.feel.nodes import In, Name


def mentions_tested(node: object) -> bool:
    """Tell whether ``?`` is read, outside of the right side of an inner ``in``."""
    if isinstance(node, Name):
        return node.name == "?"
    if isinstance(node, In):
        return mentions_tested(node.value)
    if isinstance(node, tuple):
        return any(mentions_tested(part) for part in node)
    if is_dataclass(node):
        return any(mentions_tested(getattr(node, part.name)) for part in fields(node))
    return False
