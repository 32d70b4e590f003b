"""Rows of a table judged as entries of a register: what they become, or what is wrong with each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.domain.unseen import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

UNKNOWN = N_("No field of the register is called so.")
TWICE = N_("This column is there twice.")
MISSING_COLUMN = N_("This column is missing.")
TOO_MANY_CELLS = N_("The line has more cells than the first line has names.")
REQUIRED = N_("This must not be empty.")
TOO_LONG = N_("This is longer than %(most)s characters.")
UNSEEN = N_("This has characters that nobody sees. Type it again.")
NO_NUMBER = N_("This is not a number.")
NO_WHOLE_NUMBER = N_("This is not a whole number.")
NO_DATE = N_("This is not a date such as 2026-11-22 or 22.11.2026.")
NO_MOMENT = N_("This is not a date with a time such as 2026-11-22 18:00.")
NO_PLACE = N_("No territory has this code or name.")
NO_WORD = N_("Only these are possible here: %(words)s.")
NO_ROWS = N_("This is not a list of rows in JSON.")
SAME_KEY = N_("Line %(line)s has the same key.")
LONGEST_KEY = 300
LONGEST = 10_000
MOST_DIGITS = 18
#: Our own downloads put a quote before what a spreadsheet would run as a formula.
QUOTED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, a msgid with what fills it, and where; no column means the whole line."""

    line: int
    column: str
    value: str
    text: str
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """Entries by key, in the order of the table, and all faults; with faults nothing is meant."""

    entries: Mapping[str, dict[str, Any]]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a register asks: its fields, its key, the names its fields may go by, its places.

    `names` and `places` are compared without regard to case.
    """

    fields: Sequence[Mapping[str, Any]]
    key: str
    names: Mapping[str, str]
    places: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]


class Unfit(ValueError):
    """A cell does not fit its field; `text` is a msgid filled from `told`."""

    def __init__(self, text: str, **told: object) -> None:
        super().__init__(text)
        self.text = text
        self.told = told


def judge(lines: Iterable[tuple[int, Sequence[str]]], shape: Shape) -> Judged:
    """Return what the lines of a table are, the first of which names its columns."""
    rest = iter(lines)
    number, head = next(rest, (1, ()))
    columns, faults = _columns(number, head, shape)
    if faults:
        return Judged({}, tuple(faults))
    entries: dict[str, dict[str, Any]] = {}
    at: dict[str, int] = {}
    for line, cells in rest:
        entry, wrong = _entry(line, cells, columns, shape)
        key = str(entry.get(shape.key) or "")
        if key and key in at:
            wrong.append(Fault(line, shape.key, key, SAME_KEY, {"line": at[key]}))
        at.setdefault(key, line)
        faults += wrong
        entries[key] = entry
    return Judged({} if faults else entries, tuple(faults))


def _columns(line: int, head: Sequence[str], shape: Shape) -> tuple[list[str], list[Fault]]:
    """Return the field of each column, and what is wrong with the first line."""
    columns = [shape.names.get(cell.strip().casefold(), "") for cell in head]
    faults = [
        Fault(line, cell, cell, UNKNOWN)
        for cell, name in zip(head, columns, strict=True)
        if not name
    ]
    faults += [
        Fault(line, name, name, TWICE)
        for place, name in enumerate(columns)
        if name and name in columns[:place]
    ]
    needed = [shape.key, *(str(f["name"]) for f in shape.fields if f.get("required"))]
    faults += [
        Fault(line, name, "", MISSING_COLUMN)
        for name in dict.fromkeys(needed)
        if name not in columns
    ]
    return columns, faults


def _entry(
    line: int, cells: Sequence[str], columns: Sequence[str], shape: Shape
) -> tuple[dict[str, Any], list[Fault]]:
    faults = []
    if any(cell.strip() for cell in cells[len(columns) :]):
        faults.append(Fault(line, "", "", TOO_MANY_CELLS))
    held = dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))
    entry: dict[str, Any] = {}
    for one in shape.fields:
        name = str(one["name"])
        if name not in held:
            continue
        text = _unquoted(held.get(name, "").strip())
        try:
            entry[name] = _value(one, text, shape)
        except Unfit as wrong:
            faults.append(Fault(line, name, text[:80], wrong.text, wrong.told))
    return entry, faults


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith(QUOTED) else text


def _value(said: Mapping[str, Any], text: str, shape: Shape) -> Any:
    """Return the value of a cell by the type of its field. Raises Unfit."""
    name, is_key = str(said["name"]), said["name"] == shape.key
    if not text:
        if said.get("required") or is_key:
            raise Unfit(REQUIRED)
        return None
    most = LONGEST_KEY if is_key else LONGEST
    if len(text) > most:
        raise Unfit(TOO_LONG, most=most)
    if visible(text) != text:
        raise Unfit(UNSEEN)
    if name in shape.words:
        return _word(shape.words[name], said["words"], text)
    reader = _READERS.get(str(said["type"]))
    return reader(text, shape) if reader else text


def _word(known: Mapping[str, str], words: Mapping[str, str], text: str) -> Any:
    code = known.get(text.casefold())
    if code is None:
        raise Unfit(NO_WORD, words=", ".join(words))
    return {"True": True, "False": False}.get(code, code)


def _number(text: str, _shape: Shape) -> int | float:
    spaced = "".join(text.split()).replace("\u2212", "-")
    plain = spaced.replace(",", ".") if "." not in spaced else spaced
    try:
        found = Decimal(plain)
    except InvalidOperation as wrong:
        raise Unfit(NO_NUMBER) from wrong
    # A few letters may mean a number of a thousand million digits.
    if not found.is_finite() or abs(found.adjusted()) > MOST_DIGITS:
        raise Unfit(NO_NUMBER)
    return int(found) if found == found.to_integral_value() else float(found)


def _whole(text: str, shape: Shape) -> int:
    found = _number(text, shape)
    if not isinstance(found, int):
        raise Unfit(NO_WHOLE_NUMBER)
    return found


def _day(text: str, _shape: Shape) -> str:
    return _read_day(text.removesuffix("T00:00")).isoformat()


def _read_day(text: str) -> date:
    for shape in DAYS:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Unfit(NO_DATE)


def _moment(text: str, _shape: Shape) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError as wrong:
        raise Unfit(NO_MOMENT) from wrong


def _place(text: str, shape: Shape) -> str:
    found = shape.places.get(text.casefold())
    if found is None:
        raise Unfit(NO_PLACE)
    return found


def _rows(text: str, _shape: Shape) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise Unfit(NO_ROWS) from wrong
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unfit(NO_ROWS)
    return found


_READERS: Mapping[str, Callable[[str, Shape], Any]] = {
    "int": _whole,
    "number": _number,
    "money": _number,
    "date": _day,
    "moment": _moment,
    "territory": _place,
    "rows": _rows,
}


def spelt(words: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield each spelling, without regard to case, with the code that it means."""
    for code, spellings in words.items():
        yield from ((spelling.casefold(), code) for spelling in (code, *spellings) if spelling)
