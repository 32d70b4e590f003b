"""Cuts a FEEL text into tokens (DMN 1.5 §10.3.1.2, rules 27 to 38 and 62 to 66)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from workflow_app.feel.bounds import MAX_SOURCE, MAX_TOKENS
from workflow_app.feel.errors import Bound, FeelBudgetExceeded, FeelSyntaxError
from workflow_app.feel.words import N_

TOO_LONG = N_("The expression is longer than %(limit)s characters.")
TOO_MANY = N_("The expression has more than %(limit)s words and signs.")
UNCLOSED = N_("A text has no closing quotation mark.")
ENDLESS = N_("A comment has no end.")
STRAY = N_("The character “%(piece)s” cannot stand here.")

_SPACE = r"\s\u180E\u200B\uFEFF"
_START = (
    r"A-Z_a-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D"
    r"\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF"
    r"\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"?0-9\u00B7\u0300-\u036F\u203F-\u2040"
_TOKEN = re.compile(
    rf"""
    (?:[{_SPACE}]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+
    (?: (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<string>"(?:[^"\\]|\\.)*+")
      | (?P<at>@[{_SPACE}]*"(?:[^"\\]|\\.)*+")
      | (?P<name>[{_START}][{_PART}]*)
      | (?P<op>(?!/\*)(?:\.\.|\*\*|<=|>=|!=|->|[-+*/<>=(){{}}\[\],:.?'\u2019;%&!|^~$€#]))
      | (?P<end>\Z)
      | (?P<stray>.)
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A piece of a FEEL text: kind is number, string, at, name, op or end."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Cut a text into tokens, the last of kind ``end``.

    Raises FeelSyntaxError at the first character that begins no token, and
    FeelBudgetExceeded for a text longer than 50,000 characters or of more than 10,000 tokens.
    """
    if len(text) > MAX_SOURCE:
        raise FeelBudgetExceeded(Bound.CHARACTERS, TOO_LONG, limit=MAX_SOURCE)
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, group = match.lastgroup or "", match.lastindex or 0
        piece = match[group]
        start, end = match.span(group)
        if kind == "stray":
            raise _stray(text, start)
        if kind == "name" and not piece.isascii():
            # In composed letters, however it was typed or copied.
            piece = unicodedata.normalize("NFC", piece)
        tokens.append(_token(Token, (kind, piece, start, end)))
        if len(tokens) > MAX_TOKENS + 1:
            raise FeelBudgetExceeded(Bound.ITEMS, TOO_MANY, limit=MAX_TOKENS)
    return tokens


# Makes a token as the class itself would, in a third of the time.
_token = tuple.__new__


def _stray(text: str, position: int) -> FeelSyntaxError:
    piece = text[position]
    why = {'"': UNCLOSED, "/": ENDLESS}.get(piece, STRAY)
    return FeelSyntaxError(why, text, (position, position + 1), piece=piece)


@lru_cache(maxsize=4096)
def name_pieces(name: str) -> tuple[str, ...]:
    """Give the token texts of a name, so that spacing does not matter; () if it cannot be one.

    >>> name_pieces("working days")
    ('working', 'days')
    """
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()


def unescape(quoted: str) -> str:
    """Give the text that a quoted FEEL string stands for (DMN 1.5 §10.3.1.2, rules 35 and 64)."""
    body = quoted[1:-1]
    if "\\" not in body:
        return body
    return _SURROGATES.sub(_join_pair, _ESCAPE.sub(_one_escape, body))


def _one_escape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match.group()
    return _PLAIN_ESCAPES.get(match.group(3), match.group())


def _join_pair(match: re.Match[str]) -> str:
    """Make one character of two halves; a half alone is none, and no text can be kept with it."""
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
