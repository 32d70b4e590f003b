"""Reads the type language of FEEL (DMN 1.5 §10.3.1.2, rules 54 to 61)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.nodes import TypeName

if TYPE_CHECKING:
    from workflow_app.feel.reading.cursor import Cursor


GENERICS = frozenset(["list", "range", "context", "function"])


def parse_type(cursor: Cursor) -> TypeName:
    """Read a type such as ``list<number>`` or ``function<date>->date``."""
    cursor.deeper()
    name = _type_word(cursor)
    generic = name in GENERICS and cursor.at("<")
    found = _generic(cursor, name) if generic else TypeName(name)
    cursor.shallower()
    return found


def _type_word(cursor: Cursor) -> str:
    words = _dotted_part(cursor)
    while cursor.accept("."):
        words += "." + _dotted_part(cursor)
    return words


def _dotted_part(cursor: Cursor) -> str:
    for known in (
        ("date", "and", "time"),
        ("days", "and", "time", "duration"),
        ("years", "and", "months", "duration"),
    ):
        if tuple(cursor.ahead(step).text for step in range(len(known))) == known:
            cursor.index += len(known)
            return " ".join(known)
    return cursor.name()


def _generic(cursor: Cursor, name: str) -> TypeName:
    if name == "context":
        return _context_type(cursor)
    if name == "function":
        return _function_type(cursor)
    cursor.expect("<")
    parameter = parse_type(cursor)
    cursor.close_angle()
    return TypeName(name, (parameter,))


def _function_type(cursor: Cursor) -> TypeName:
    cursor.expect("<")
    parameters = []
    if not cursor.at(">"):
        parameters.append(parse_type(cursor))
        while cursor.accept(","):
            parameters.append(parse_type(cursor))
    cursor.close_angle()
    cursor.expect("->")
    parameters.append(parse_type(cursor))
    return TypeName("function", tuple(parameters))


def _context_type(cursor: Cursor) -> TypeName:
    cursor.expect("<")
    members = [_member_type(cursor)]
    while cursor.accept(","):
        members.append(_member_type(cursor))
    cursor.close_angle()
    return TypeName("context", (), tuple(members))


def _member_type(cursor: Cursor) -> tuple[str, TypeName]:
    key = cursor.name_before(":") or cursor.name()
    cursor.expect(":")
    return key, parse_type(cursor)
