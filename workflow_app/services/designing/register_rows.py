"""The fields of a register as rows: changed, moved and removed in its text, the rest untouched."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.designing.drafts import write_file
from workflow_app.services.designing.registers import NO_LABEL, NO_TYPE, TYPES, written
from workflow_app.services.designing.undoing import file_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

    Row = dict[str, Any]

AS_TEXT = N_("This field cannot be changed here. Change it in the text of the file.")
IS_KEY = N_("“%(name)s” is the key of the register, so it stays.")
GONE = N_("The register has no such field any more.")
MOVES = {"up": -1, "down": 1}
_HEADER = re.compile(r"^\[\[?([\w.-]+)\]\]?\s*(?:#.*)?$", re.MULTILINE)


def rows_in(body: str) -> list[Row]:
    """Return the fields that a register's text defines; none where it cannot be read."""
    try:
        rows = tomllib.loads(body).get("fields", [])
    except tomllib.TOMLDecodeError:
        return []
    plain = isinstance(rows, list) and all(isinstance(one, dict) for one in rows)
    return rows if plain and all({"name", "label", "type"} <= one.keys() for one in rows) else []


def change_row(
    ctx: Context, draft_id: int, path: str, said: Mapping[str, str], *, revision: int
) -> int:
    """Do to the field `field` what `do` says: save, up, down or remove; return the new revision.

    To save, `said` has `label` and `type`, and `required` and `public` where they hold. Raises
    NotFound, LostRace, NotOpen, HeldBySomebody, Invalid for what cannot be.
    """
    file = file_at(ctx, draft_id, path, revision)
    rows = rows_in(file.body)
    names = [str(one["name"]) for one in rows]
    if said.get("field") not in names:
        raise Invalid(GONE)
    at = names.index(said["field"])
    text = _done(file.body, rows, at, said)
    if text == file.body:
        return revision
    return write_file(ctx, draft_id, path, text, revision=revision)


def _done(body: str, rows: list[Row], at: int, said: Mapping[str, str]) -> str:
    """Return the text after a command. Raises Invalid, also where the text says it otherwise."""
    parts, places = _parts(body)
    if len(places) != len(rows):
        raise Invalid(AS_TEXT)
    wanted = [dict(one) for one in rows]
    do = said.get("do", "save")
    if do in MOVES:
        to = max(0, min(len(rows) - 1, at + MOVES[do]))
        _swap(parts, places[at], places[to])
        wanted[at], wanted[to] = wanted[to], wanted[at]
    elif do == "remove":
        _refuse_key(body, wanted.pop(at))
        del parts[places[at]]
    else:
        changes = _changes(rows[at], said)
        wanted[at] |= changes
        parts[places[at]] = _rewritten(parts[places[at]], changes)
    text = "".join(parts)
    if rows_in(text) != wanted:
        raise Invalid(AS_TEXT)
    return text


def _changes(row: Row, said: Mapping[str, str]) -> Row:
    """Return what is other than before. Raises Invalid for no label and no such type."""
    label = " ".join(said.get("label", "").split())
    if not label:
        raise Invalid(NO_LABEL)
    if said.get("type") not in {*TYPES, row["type"]}:
        raise Invalid(NO_TYPE)
    asked: Row = {"label": label, "type": said["type"]}
    asked |= {name: name in said for name in ("required", "public")}
    return {name: value for name, value in asked.items() if row.get(name, False) != value}


def _refuse_key(body: str, row: Row) -> None:
    if tomllib.loads(body).get("key") == row["name"]:
        raise Invalid(IS_KEY, name=row["name"])


def _parts(body: str) -> tuple[list[str], list[int]]:
    """Return a text cut before its headers, and which parts are fields with what is below them.

    Remarks right above a header belong to it.
    """
    parts, places, below = [""], [], False
    starts = [found.start() for found in _HEADER.finditer(body)]
    for start, end in zip([0, *starts], [*starts, len(body)], strict=True):
        piece = body[start:end]
        found = _HEADER.match(piece)
        name = found[1] if found else ""
        if name == "fields":
            places.append(len(parts))
        below = name == "fields" or (below and name.startswith("fields."))
        if below and name != "fields":
            parts[-1] += piece
        else:
            parts.append(piece)
    return _with_remarks(parts), places


def _with_remarks(parts: list[str]) -> list[str]:
    """Return the parts with the remarks at the end of each at the beginning of the next one."""
    moved, kept = "", []
    for number, part in enumerate(parts):
        cut = _remarks_at(part) if number < len(parts) - 1 else len(part)
        kept.append(moved + part[:cut])
        moved = part[cut:]
    return kept


def _remarks_at(part: str) -> int:
    """Return where the remarks begin that end a part, behind its last empty line."""
    lines = part.splitlines(keepends=True)
    at = len(lines)
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return len("".join(lines[:at]))


def _swap(parts: list[str], first: int, second: int) -> None:
    """Let two parts change places; the empty lines between parts stay where they are."""
    bare = [parts[place].rstrip("\n") for place in (first, second)]
    ends = [parts[place][len(text) :] for place, text in zip((first, second), bare, strict=True)]
    parts[first], parts[second] = bare[1] + (ends[0] or "\n"), bare[0] + (ends[1] or "\n")


def _rewritten(part: str, changes: Row) -> str:
    """Return a field's text in which some of its lines say something else."""
    for name, value in changes.items():
        line = f"{name} = {written(value)}"
        found = re.search(rf"^{name}\s*=.*$", part, re.MULTILINE)
        if found:
            part = f"{part[: found.start()]}{line}{part[found.end() :]}"
        else:
            head, _, rest = part.partition("]]")
            part = f"{head}]]\n{line}{rest}"
    return part
