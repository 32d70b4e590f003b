"""Tables that people upload: the lines of a CSV file or of a workbook's first sheet, as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from lxml import etree

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WORKBOOK = "xl/workbook.xml"
#: No text holds them; a wrong encoding does.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SEPARATORS = (",", ";", "\t")
WIDEST = 200
#: Number formats that the standard knows as dates (ECMA-376 part 1, 18.8.30).
DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
#: Day 0 of a workbook's dates: it counts 29 February 1900, which never was.
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell's date has no zone
LETTERS = 26


class TableUnreadable(Invalid):
    """The file holds no table that can be read."""

    message = N_("The file cannot be read as a table.")


NOT_UTF8 = N_("The file is not in UTF-8. Save it as “CSV UTF-8”, or as an Excel workbook (xlsx).")
NO_SHEET = N_("The workbook has no sheet that can be read.")
TOO_WIDE = N_("Line %(line)s has more than %(most)s columns.")
BROKEN = N_("Line %(line)s cannot be read: %(reason)s.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number as a person counts it, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


def read_table(data: bytes) -> Iterator[Line]:
    """Give the lines of a table that are not empty. Raises TableUnreadable, also while reading."""
    lines = _sheet(data) if data.startswith(b"PK\x03\x04") else _csv(_decoded(data))
    for line in lines:
        if len(line.cells) > WIDEST:
            raise TableUnreadable(TOO_WIDE, line=line.number, most=WIDEST)
        if any(cell.strip() for cell in line.cells):
            yield line


def _decoded(data: bytes) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise TableUnreadable(NOT_UTF8) from wrong
    if CONTROL.search(text):
        raise TableUnreadable(NOT_UTF8)
    return text


def _csv(text: str) -> Iterator[Line]:
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for cells in reader:
            # A cell may hold line breaks; people count where it begins.
            yield Line(number + 1, tuple(cells))
            number = reader.line_num
    except csv.Error as wrong:
        raise TableUnreadable(BROKEN, line=number + 1, reason=wrong) from wrong


def _sheet(data: bytes) -> Iterator[Line]:
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            shared, dates = _shared(packed), _date_styles(packed)
            with packed.open(_first_sheet(packed)) as sheet:
                for _event, row in etree.iterparse(
                    sheet, tag=f"{MAIN}row", resolve_entities=False, no_network=True
                ):
                    yield _row(row, shared, dates)
                    row.clear()
    except (BadZipFile, KeyError, etree.XMLSyntaxError, ValueError, IndexError) as wrong:
        raise TableUnreadable(NO_SHEET) from wrong


def _first_sheet(packed: ZipFile) -> str:
    """Return the part that holds the first sheet of a workbook."""
    sheets = _parsed(packed, WORKBOOK).iter(f"{MAIN}sheet")
    link = next((sheet.get(f"{LINKS}id") for sheet in sheets), None)
    for one in _parsed(packed, "xl/_rels/workbook.xml.rels"):
        if one.get("Id") == link:
            target = str(one.get("Target"))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(link)


def _shared(packed: ZipFile) -> list[str]:
    """Return the texts that cells name by number."""
    if "xl/sharedStrings.xml" not in packed.namelist():
        return []
    return [_text(one) for one in _parsed(packed, "xl/sharedStrings.xml").iter(f"{MAIN}si")]


def _date_styles(packed: ZipFile) -> set[int]:
    """Return the numbers of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in packed.namelist():
        return set()
    root = _parsed(packed, "xl/styles.xml")
    own = {
        int(one.get("numFmtId") or 0)
        for one in root.iter(f"{MAIN}numFmt")
        if set((one.get("formatCode") or "").lower()) & set("yd")
    }
    styles = root.find(f"{MAIN}cellXfs")
    formats = [int(one.get("numFmtId") or 0) for one in styles] if styles is not None else []
    return {number for number, one in enumerate(formats) if one in own or one in DATES}


def _parsed(packed: ZipFile, part: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(packed.read(part), parser)


def _row(row: etree._Element, shared: list[str], dates: set[int]) -> Line:
    cells: list[str] = []
    for cell in row.iter(f"{MAIN}c"):
        place = _column(cell.get("r") or "", len(cells))
        if place >= WIDEST:
            raise TableUnreadable(TOO_WIDE, line=row.get("r"), most=WIDEST)
        cells += [""] * (place + 1 - len(cells))
        cells[place] = _value(cell, shared, dates)
    return Line(int(row.get("r") or 0), tuple(cells))


def _column(name: str, usual: int) -> int:
    """Return the place of a cell such as C7, from 0; `usual` where it has no name."""
    letters = [letter for letter in name if letter.isascii() and letter.isalpha()]
    place = 0
    for letter in letters:
        place = place * LETTERS + ord(letter.upper()) - ord("A") + 1
    return place - 1 if letters else usual


def _value(cell: etree._Element, shared: list[str], dates: set[int]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    held = cell.findtext(f"{MAIN}v") or ""
    if kind == "s":
        return shared[int(held)]
    if kind == "n" and held and int(cell.get("s") or 0) in dates:
        return _date(float(held))
    return held


def _date(days: float) -> str:
    moment = EPOCH + timedelta(days=days)
    whole = days == int(days)
    return moment.date().isoformat() if whole else moment.isoformat(timespec="minutes")


def _text(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{MAIN}t"))
