"""Names known to a text, matched piece by piece, the longest first (DMN 1.5 §10.3.1.4)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from workflow_app.feel.reading.lexer import Token, name_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_NAME_PIECES = 40
Pieces = tuple[str, ...]


class Vocabulary:
    """Names that their first word alone does not tell: of several words, or with signs in them.

    A name may be added more than once, by one scope within another, and is known until it has been
    removed as often.
    """

    __slots__ = ("_lengths", "starts")

    def __init__(self, names: Iterable[str] = ()) -> None:
        #: What is spelled by the pieces that begin with one.
        self.starts: dict[str, dict[Pieces, list[str]]] = {}
        # How long the names that begin with a piece are, the longest first.
        self._lengths: dict[str, list[int]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> Pieces:
        """Make a name known and give its pieces; () for a word, which needs no announcing."""
        pieces = name_pieces(name)
        if not pieces or pieces == (name,) or len(pieces) > MAX_NAME_PIECES:
            return ()
        self.starts.setdefault(pieces[0], {}).setdefault(pieces, []).append(name)
        lengths = self._lengths.setdefault(pieces[0], [])
        if len(pieces) not in lengths:
            lengths.append(len(pieces))
            lengths.sort(reverse=True)
        return pieces

    def remove(self, pieces: Pieces) -> None:
        """Forget the last name that was added with these pieces."""
        spellings = self.starts[pieces[0]]
        spellings[pieces].pop()
        if not spellings[pieces]:
            del spellings[pieces]

    def longest(self, tokens: Sequence[Token], index: int) -> Pieces:
        """Give the pieces of the longest name that the tokens spell from a place on, or ()."""
        first = tokens[index].text
        spellings = self.starts.get(first)
        if spellings:
            for length in self._lengths[first]:
                pieces = tuple(token.text for token in tokens[index : index + length])
                if pieces in spellings:
                    return pieces
        return ()

    def spelling(self, pieces: Pieces) -> str | None:
        """Give a name as it was announced, however it is spaced in the text."""
        spellings = self.starts.get(pieces[0], {}).get(pieces) if pieces else None
        return spellings[-1] if spellings else None


@lru_cache(maxsize=512)
def announced(names: frozenset[str]) -> Vocabulary:
    """Give the vocabulary of names that a host announces; shared, and so never added to."""
    return Vocabulary(names)
