"""Finds the sentences of `t("…")` in Typst templates, for translators and for a letter's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Found = tuple[int, str, str, list[str]]

# Order matters: a comment sign inside a sentence belongs to the sentence, and the one of an
# address (https://) begins no comment.
_PIECES = re.compile(
    r'(?<![\w.-])(?P<call>t\(\s*"(?P<text>(?:[^"\\]|\\.)*)")'
    r"|/\*.*?\*/"
    r"|(?<![:\w])//(?P<comment>[^\n]*)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


def extract_typst(
    fileobj: BinaryIO,
    keywords: Collection[str],  # noqa: ARG001 - Babel passes Python's names; Typst has only t
    comment_tags: Collection[str],
    options: Mapping[str, str],
) -> Iterator[Found]:
    """Yield (line, None-like function name, msgid, comments) for Babel.

    A `// Translators: …` line right above a call goes with it. `options["encoding"]` as Babel has
    it; utf-8 by default.
    """
    source = fileobj.read().decode(options.get("encoding", "utf-8"))
    note: tuple[int, str] = (-1, "")
    for piece in _PIECES.finditer(source):
        line = source.count("\n", 0, piece.start()) + 1
        if piece["comment"] is not None:
            note = (line, piece["comment"].strip())
        elif piece["call"] is not None:
            yield line, "", _unescaped(piece["text"]), _notes(note, line, comment_tags)


def msgids(source: str) -> Iterator[str]:
    """Yield the sentences of one template's text, in order, repetitions included."""
    for piece in _PIECES.finditer(source):
        if piece["call"] is not None:
            yield _unescaped(piece["text"])


def _notes(note: tuple[int, str], line: int, tags: Collection[str]) -> list[str]:
    above, text = note
    return [text] if above == line - 1 and text.startswith(tuple(tags)) and tags else []


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code, char = escape.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(char, char)
