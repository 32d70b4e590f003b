"""The text of a PDF of ours as it is drawn, by each font's own table of letters.

Reads what Typst writes (fonts with two bytes a glyph and a ToUnicode table, deflated streams).
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_LETTERS = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Return all text of a PDF; a glyph without a letter becomes U+FFFD."""
    parts = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {name: _letters(parts, int(number)) for name, number in _FONT.findall(pdf)}
    return "".join(_drawn(stream, fonts) for stream in _streams(pdf) if b" Tf" in stream)


def _streams(data: bytes) -> Iterator[bytes]:
    for held in _STREAM.findall(data):
        try:
            yield zlib.decompress(held)
        except zlib.error:
            yield held


def _letters(parts: Mapping[int, bytes], number: int) -> dict[int, str]:
    """Return glyph → letters of a font."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", parts[number])
    streams = _streams(parts[int(table[1])]) if table else ()
    pairs = (pair for stream in streams for pair in _LETTERS.findall(stream))
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs
    }


def _drawn(stream: bytes, fonts: Mapping[bytes, Mapping[int, str]]) -> str:
    letters: Mapping[int, str] = {}
    found = []
    for font, held in _SHOWN.findall(stream):
        if font:
            letters = fonts.get(font, {})
            found.append("\n")
            continue
        data = _ESCAPE.sub(_unescaped, held)
        glyphs = (int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
        found.append("".join(letters.get(glyph, "\ufffd") for glyph in glyphs))
    return "".join(found)


def _unescaped(match: re.Match[bytes]) -> bytes:
    said = match[1]
    return bytes([int(said, 8)]) if said.isdigit() else _NAMED.get(said, said)
