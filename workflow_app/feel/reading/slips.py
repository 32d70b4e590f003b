"""Recognises what designers write by habit of other languages, and says what FEEL writes instead.

A text that is no FEEL has failed somewhere; here the failure gets a sentence of its own, the place
where the slip was made, and a hint, the word or sign that was probably meant.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from workflow_app.feel.errors import FeelError, FeelSyntaxError
from workflow_app.feel.reading.lexer import Token, tokenize
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NO_SEMICOLON = N_("FEEL has no “;”: an expression is one value and sets nothing.")
NO_DOLLAR = N_("A name stands in FEEL without “%(piece)s” before it.")
NO_DOUBLE = N_("FEEL writes “%(hint)s” where other languages write “%(piece)s”.")
NO_CHOICE_MARK = N_("FEEL writes “if … then … else …” where other languages write “?” and “:”.")
NO_SINGLE_QUOTES = N_('A text stands between double quotes: "…".')
NO_DECIMAL_COMMA = N_("The decimal mark is a point: “%(hint)s”, not “%(piece)s”.")
NO_REMAINDER = N_("FEEL writes “modulo(a, b)” for the remainder of a division.")
NO_EXCLAMATION = N_("FEEL writes “not(…)” where other languages write “!”.")
ELSE_MISSING = N_("“if … then …” needs an “else” too; write “else null” if nothing is to follow.")
IF_IS_NO_FUNCTION = N_("“if” is no function: write “if … then … else …”.")
MISSPELT = N_("“%(wanted)s” was expected; “%(piece)s” stands there.")
NEVER_CLOSED = N_(
    "The “%(opening)s” of line %(opening_line)s, column %(opening_column)s is never closed."
)
CLOSED_OTHERWISE = N_(
    "The “%(opening)s” of line %(opening_line)s, column %(opening_column)s"
    " is closed by “%(piece)s”."
)
CLOSES_NOTHING = N_("The “%(piece)s” closes nothing that was opened before.")

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = frozenset(_CLOSING.values())
# Quotation marks of books, curly or angular, and the grave accent.
_CURLY = frozenset("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2039\u203a\u0060")
_JOINED = {"&&": "and", "||": "or", "&": "and", "|": "or", "^": "**"}
# The second half of a doubled sign, as the parser meets it behind the first.
DOUBLED = {"==": "=", "=>": ">=", "=<": "<=", "<>": "!=", "><": "!=", "!==": "!=", "===": "="}
_WORDS = ("then", "else", "return", "satisfies", "in", "and", "of")
_CLOSE = 0.6


class _Slip(NamedTuple):
    why: str
    start: int
    end: int
    hint: str | None = None
    details: dict[str, object] | None = None


class _Failure:
    """A failed text with its tokens, as far as it could be cut into some."""

    def __init__(self, error: FeelSyntaxError) -> None:
        self.error = error
        self.text = error.text
        self.position = error.position
        self.wanted = str(error.details.get("wanted", ""))
        self.tokens = _tokens(error.text)
        self.index = next(
            (place for place, token in enumerate(self.tokens) if token.start >= self.position),
            max(len(self.tokens) - 1, 0),
        )

    def near(self, distance: int = 0) -> str:
        """Give the text of the token that failed, or of one before or after it."""
        place = self.index + distance
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def piece(self, length: int) -> str:
        return self.text[self.position : self.position + length]


def _tokens(text: str) -> Sequence[Token]:
    try:
        return tokenize(text)
    except FeelError:
        return ()


def advised(error: FeelSyntaxError) -> FeelSyntaxError:
    """Give the error a sentence of its own and a hint when it is a slip that is known."""
    failure = _Failure(error)
    slip = next((found for look in _LOOKS if (found := look(failure)) is not None), None)
    if slip is None:
        return error
    piece = error.text[slip.start : slip.end][:40]
    details = {"piece": piece, **({"hint": slip.hint} if slip.hint else {}), **(slip.details or {})}
    better = FeelSyntaxError(slip.why, error.text, (slip.start, slip.end), **details)
    better.hint = slip.hint
    return better


def _curly_quotes(failure: _Failure) -> _Slip | None:
    place = failure.position
    if failure.piece(1) == '"' and not failure.tokens:
        place = next(
            (at for at in range(place, len(failure.text)) if failure.text[at] in "“”„"), -1
        )
    if place < 0 or failure.text[place : place + 1] not in _CURLY:
        return None
    return _Slip(NO_SINGLE_QUOTES, place, place + 1, '"')


def _single_quotes(failure: _Failure) -> _Slip | None:
    if failure.piece(1) != "'":
        return None
    return _Slip(NO_SINGLE_QUOTES, failure.position, failure.position + 1, '"')


def _joined_signs(failure: _Failure) -> _Slip | None:
    for sign, word in _JOINED.items():
        if failure.piece(len(sign)) == sign:
            return _Slip(NO_DOUBLE, failure.position, failure.position + len(sign), word)
    return None


def _doubled(failure: _Failure) -> _Slip | None:
    """``==`` and its like: two signs that touch, of which the parser refused the second."""
    start, end = failure.position, failure.position + 1
    while start and failure.text[start - 1] in "=<>!":
        start -= 1
    while end < len(failure.text) and failure.text[end] in "=<>!":
        end += 1
    meant = DOUBLED.get(failure.text[start:end])
    return None if meant is None else _Slip(NO_DOUBLE, start, end, meant)


def _exclamation(failure: _Failure) -> _Slip | None:
    if failure.piece(1) != "!":
        return None
    return _Slip(NO_EXCLAMATION, failure.position, failure.position + 1, "not")


def _sign(sign: str, why: str, hint: str | None = None) -> Callable[[_Failure], _Slip | None]:
    def look(failure: _Failure) -> _Slip | None:
        if failure.piece(1) != sign:
            return None
        return _Slip(why, failure.position, failure.position + 1, hint)

    return look


def _decimal_comma(failure: _Failure) -> _Slip | None:
    before, after = failure.near(-1), failure.near(1)
    if failure.near() != "," or not (before.isdigit() and after.isdigit()):
        return None
    first, last = failure.tokens[failure.index - 1], failure.tokens[failure.index + 1]
    if last.start - first.end != 1:
        return None
    return _Slip(NO_DECIMAL_COMMA, first.start, last.end, f"{before}.{after}")


def _if_called(failure: _Failure) -> _Slip | None:
    """``if(a, b, c)``, as spreadsheets have it."""
    opening = _open_brackets(failure.tokens[: failure.index])
    if failure.near() != "," or not opening or opening[-1].text != "(":
        return None
    place = failure.tokens.index(opening[-1]) - 1
    if place < 0 or failure.tokens[place].text != "if":
        return None
    word = failure.tokens[place]
    return _Slip(IF_IS_NO_FUNCTION, word.start, word.end, "if … then … else …")


def _misspelt(failure: _Failure) -> _Slip | None:
    """Find a word close to the wanted one, at the place or within the name that swallowed it."""
    if failure.wanted not in _WORDS:
        return None
    first = failure.index
    while first and failure.tokens[first - 1].kind == "name":
        first -= 1
    for token in failure.tokens[first : failure.index + 1]:
        if get_close_matches(token.text.lower(), [failure.wanted], 1, _CLOSE):
            details: dict[str, object] = {"wanted": failure.wanted}
            return _Slip(MISSPELT, token.start, token.end, failure.wanted, details)
    return None


def _else_missing(failure: _Failure) -> _Slip | None:
    if failure.wanted != "else":
        return None
    return _Slip(ELSE_MISSING, failure.error.position, _end(failure), "else")


def _then_missing(failure: _Failure) -> _Slip | None:
    if failure.wanted != "then":
        return None
    return _Slip(IF_IS_NO_FUNCTION, failure.error.position, _end(failure), "then")


def _end(failure: _Failure) -> int:
    return failure.error.position + len(failure.error.piece)


def _open_brackets(tokens: Sequence[Token]) -> list[Token]:
    """Give the brackets that are open behind these tokens, the innermost last."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "op" and token.text in _CLOSING:
            opened.append(token)
        elif token.kind == "op" and token.text in _CLOSERS and opened:
            opened.pop()
    return opened


def _brackets(failure: _Failure) -> _Slip | None:
    at_the_end = failure.near() == ""
    closes = failure.near() in _CLOSERS
    if not failure.tokens or not (at_the_end or closes):
        return None
    opened = _open_brackets(failure.tokens[: failure.index])
    start, end = failure.position, failure.position + len(failure.near())
    if not opened:
        return _Slip(CLOSES_NOTHING, start, end) if closes else None
    last = opened[-1]
    wanted = _CLOSING[last.text]
    if failure.near() == wanted or failure.wanted not in _CLOSERS | {""}:
        return None
    details: dict[str, object] = {
        "opening": last.text,
        "opening_line": failure.text.count("\n", 0, last.start) + 1,
        "opening_column": last.start - failure.text.rfind("\n", 0, last.start),
    }
    return _Slip(NEVER_CLOSED if at_the_end else CLOSED_OTHERWISE, start, end, wanted, details)


_LOOKS: tuple[Callable[[_Failure], _Slip | None], ...] = (
    _curly_quotes,
    _single_quotes,
    _doubled,
    _joined_signs,
    _exclamation,
    _sign(";", NO_SEMICOLON),
    _sign("$", NO_DOLLAR),
    _sign("#", NO_DOLLAR),
    _sign("%", NO_REMAINDER, "modulo"),
    _sign("?", NO_CHOICE_MARK, "if … then … else …"),
    _decimal_comma,
    _if_called,
    _misspelt,
    _else_missing,
    _brackets,
    _then_missing,
)
