"""Walks along the tokens of a FEEL text and reads names, with spaces and operators in them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from workflow_app.feel.bounds import MAX_NESTING
from workflow_app.feel.errors import Bound, FeelBudgetExceeded, FeelSyntaxError
from workflow_app.feel.reading.lexer import Token, tokenize
from workflow_app.feel.reading.vocabulary import MAX_NAME_PIECES, Vocabulary, announced
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

TOO_DEEP = N_("The expression is nested more than %(limit)s levels deep.")
MISSING = N_("“%(wanted)s” was expected before “%(piece)s”.")
NO_EXPRESSION = N_("An expression was expected before “%(piece)s”.")
NO_NAME = N_("A name was expected before “%(piece)s”.")
TOO_MUCH = N_("The expression is complete before “%(piece)s”.")
AT_THE_END = {
    MISSING: N_("“%(wanted)s” is missing at the end."),
    NO_EXPRESSION: N_("An expression is missing at the end."),
    NO_NAME: N_("A name is missing at the end."),
}
# A name is never continued by these, for they join or end expressions.
BREAKS = frozenset(
    ["and", "or", "between", "in", "instance", "then", "else", "return", "satisfies", "external"]
)
_NAME_SYMBOLS = frozenset(["-", "+", "*", "**", "/", ".", "'", "\u2019"])


class Cursor:
    """A position in the tokens of one text, and the names known there.

    A known name is matched piece by piece, the longest one first (DMN 1.5 §10.3.1.4); words that
    follow each other make one name even when nobody announced it, since two operands never do.
    A name that the text itself introduces is known within its scope, and afterwards still as a
    member: behind a point, and within the brackets of a filter.
    """

    def __init__(self, text: str, names: Iterable[str], functions: Iterable[str] = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self._depth = 0
        self._filters = 0
        self._announced = announced(frozenset(names))
        self._functions = announced(frozenset(functions))
        self._local = Vocabulary()
        self._learned: list[tuple[str, ...]] = []
        self._members = Vocabulary()

    def learn(self, name: str) -> None:
        """Make a name known from here on, until what was learned is forgotten."""
        pieces = self._local.add(name)
        if pieces:
            self._learned.append(pieces)
            if self._members.spelling(pieces) is None:
                self._members.add(name)

    @property
    def learned(self) -> int:
        """How many names are known from the text itself, to be given to ``forget``."""
        return len(self._learned)

    def forget(self, learned: int) -> None:
        """Leave a scope: forget the names but those that were known when it began."""
        while len(self._learned) > learned:
            self._local.remove(self._learned.pop())

    def filtering(self, change: int) -> None:
        """Enter (1) or leave (-1) the brackets of a filter, where members of items are names."""
        self._filters += change

    @property
    def token(self) -> Token:
        """The token that is next."""
        return self.tokens[self.index]

    @property
    def passed(self) -> int:
        """Where the last token that was passed over ends, in characters from nought."""
        return self.tokens[self.index - 1].end if self.index else 0

    def ahead(self, distance: int = 1) -> Token:
        """Give a later token, or the last one when the text ends before."""
        return self.tokens[min(self.index + distance, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Pass over the next token and give it."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Tell whether the next token is one of these operators or words."""
        # What is quoted has its quotation marks, so it is never taken for an operator or word.
        return self.tokens[self.index].text in texts

    def accept(self, text: str) -> bool:
        """Pass over the next token if it is this operator or word."""
        if self.tokens[self.index].text != text:
            return False
        self.index += 1
        return True

    def expect(self, text: str) -> Token:
        """Pass over this operator or word; raises FeelSyntaxError if something else is next."""
        token = self.tokens[self.index]
        if token.text != text:
            raise self.error(MISSING, wanted=text)
        self.index += 1
        return token

    def close_angle(self) -> None:
        """Pass over ``>`` at the end of a type, though a sign that goes on may begin with it."""
        token = self.token
        if token.text == ">=":
            self.tokens[self.index] = Token("op", "=", token.start + 1, token.end)
        else:
            self.expect(">")

    def touches(self, *texts: str) -> bool:
        """Tell whether one of these stands right before the next token, without a space."""
        before = self.tokens[self.index - 1]
        return self.index > 0 and before.end == self.token.start and before.text in texts

    def finish(self) -> None:
        """Raise FeelSyntaxError unless the text ends here."""
        if self.token.kind != "end":
            raise self.error(TOO_MUCH)

    def error(self, why: str, /, **details: object) -> FeelSyntaxError:
        """Make the error for the next token; its text fills the placeholder “piece”."""
        token = self.token
        if token.kind == "end":
            why = AT_THE_END.get(why, why)
        span = token.start, token.end
        return FeelSyntaxError(why, self.text, span, piece=token.text[:40], **details)

    def unexpected(self) -> FeelSyntaxError:
        """Make the error for a place where an expression should begin."""
        return self.error(NO_EXPRESSION)

    def deeper(self) -> None:
        """Enter a nested expression; raises FeelBudgetExceeded past 80 levels."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise FeelBudgetExceeded(Bound.NESTING, TOO_DEEP, limit=MAX_NESTING)

    def shallower(self) -> None:
        """Leave a nested expression."""
        self._depth -= 1

    def name(self, *, member: bool = False) -> str:
        """Read the longest name that begins here; raises FeelSyntaxError if none does.

        As a member of something it may be any that the text has introduced, but no function's.
        """
        if self.token.kind != "name":
            raise self.error(NO_NAME)
        known, spelling = self._longest_known(member=member)
        words = self._word_count()
        if len(known) < words or spelling is None:
            return self._join(words)
        # However it is spaced here, it is the name as it was announced.
        self.index += len(known)
        return spelling

    def known_name_length(self) -> int:
        """Count the tokens of the longest known name that begins here; 0 for none."""
        return len(self._longest_known(member=False)[0])

    def _longest_known(self, *, member: bool) -> tuple[tuple[str, ...], str | None]:
        vocabularies = [self._local, self._announced]
        if member or self._filters:
            vocabularies.append(self._members)
        if not member:
            vocabularies.append(self._functions)
        best: tuple[tuple[str, ...], str | None] = ((), None)
        first = self.tokens[self.index].text
        for vocabulary in vocabularies:
            if first in vocabulary.starts:
                pieces = vocabulary.longest(self.tokens, self.index)
                if len(pieces) > len(best[0]):
                    best = pieces, vocabulary.spelling(pieces)
        return best

    def _word_count(self) -> int:
        count = 1
        # The last token of all, which continues no name, ends this before the list ends.
        while count < MAX_NAME_PIECES and _continues_name(self.tokens[self.index + count]):
            count += 1
        return count

    def name_before(self, *ends: str) -> str | None:
        """Read everything up to one of these operators as a name, or nothing if it is none."""
        if self.token.kind != "name":
            return None
        count = 1
        while count < MAX_NAME_PIECES and self.ahead(count).text not in ends:
            if not _may_be_in_name(self.ahead(count)):
                return None
            count += 1
        if count == MAX_NAME_PIECES:
            return None
        return self._join(count)

    def _join(self, count: int) -> str:
        taken = self.tokens[self.index : self.index + count]
        self.index += count
        if count == 1:
            return taken[0].text
        return _spell(taken)


def _continues_name(token: Token) -> bool:
    if token.kind == "number":
        return token.text.isdigit()
    return token.kind == "name" and token.text not in BREAKS


def _may_be_in_name(token: Token) -> bool:
    return token.kind == "name" or token.text in _NAME_SYMBOLS or token.text.isdigit()


def _spell(taken: list[Token]) -> str:
    """Write the pieces as in the text, with each run of white space made one space."""
    pieces = [taken[0].text]
    for before, token in pairwise(taken):
        if token.start > before.end:
            pieces.append(" ")
        pieces.append(token.text)
    return "".join(pieces)
