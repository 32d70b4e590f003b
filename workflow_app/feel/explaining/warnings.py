"""Why an evaluation gave null: one warning for each null that came from an error (DMN 1.5 §10).

The standard has errors yield null, and leaves it to tools to tell of them. Each warning has a
``code`` that stays, ``why``, a msgid, with the ``details`` that fill it, and the piece of the text
that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cause(StrEnum):
    """What kind of error made a null."""

    UNKNOWN_NAME = "unknown-name"
    NO_MEMBER = "no-member"
    NO_FUNCTION = "no-function"
    WRONG_NUMBER = "wrong-number-of-arguments"
    UNKNOWN_PARAMETER = "unknown-parameter"
    WRONG_ARGUMENT = "wrong-argument"
    NULL_OPERAND = "null-operand"
    TYPE_CLASH = "type-clash"
    NO_ORDER = "no-order"
    DIVISION_BY_ZERO = "division-by-zero"
    OUT_OF_RANGE = "out-of-range"
    NO_TRUTH_VALUE = "no-truth-value"
    NO_ITEM = "no-item"
    NO_LIST = "no-list"
    UNREADABLE = "unreadable"
    BAD_PATTERN = "bad-pattern"
    NO_RANGE = "no-range"
    SAME_KEY = "same-key"
    NOT_COMPUTED = "not-computed"
    # Found by reading alone.
    SYNTAX = "syntax"
    TOO_LARGE = "too-large"
    UNKNOWN_TYPE = "unknown-type"
    WRONG_RESULT = "wrong-result"


CLASHES = frozenset([Cause.TYPE_CLASH, Cause.WRONG_ARGUMENT, Cause.NO_LIST])

UNKNOWN_NAME = N_("There is no “%(name)s” here.")
UNKNOWN_NAME_HINT = N_("There is no “%(name)s” here. Did you mean “%(hint)s”?")
NO_MEMBER = N_("“%(base)s” has no “%(name)s”.")
NO_MEMBER_HINT = N_("“%(base)s” has no “%(name)s”. Did you mean “%(hint)s”?")
NO_PROPERTY = N_("A value of type %(type)s has no “%(name)s”.")
NO_FUNCTION = N_("There is no function “%(name)s”.")
NO_FUNCTION_HINT = N_("There is no function “%(name)s”. Did you mean “%(hint)s”?")
NOT_A_FUNCTION = N_("“%(name)s” is of type %(type)s and cannot be called.")
WRONG_NUMBER = N_("“%(name)s” is called as %(usage)s, not with %(count)s arguments.")
UNKNOWN_PARAMETER = N_("“%(name)s” has no parameter “%(parameter)s”; it is called as %(usage)s.")
WRONG_ARGUMENT = N_("“%(parameter)s” of “%(name)s” wants %(wanted)s, and got %(got)s.")
WRONG_TYPED = N_("“%(parameter)s” of “%(name)s” got %(got)s, which is not of its type.")
NULL_OPERAND = N_("“%(operand)s” is null, so nothing can be computed with it.")
TYPE_CLASH = N_("“%(operator)s” does not work between %(left)s and %(right)s.")
NOT_COMPARABLE = N_("Values of type %(left)s and %(right)s cannot be compared.")
NO_ORDER = N_("Values of type %(left)s have no order.")
DIVISION_BY_ZERO = N_("“%(operand)s” is 0, and nothing can be divided by it.")
OUT_OF_RANGE = N_("The result is larger than a number, date or duration can be.")
NEGATED = N_("A value of type %(left)s has no negative.")
NO_TRUTH_VALUE = N_("“%(operand)s” is of type %(type)s, not true or false.")
NULL_CONDITION = N_("“%(operand)s” is null, not true or false.")
NO_ITEM = N_("The list has %(count)s items; there is no item %(index)s.")
NEVER_AN_ITEM = N_("The items of a list are counted from 1, so there is never an item %(index)s.")
UNKNOWN_TYPE = N_("There is no type “%(name)s”.")
WRONG_RESULT = N_("The expression gives %(got)s, where %(wanted)s is wanted.")
NO_LIST = N_("“%(operand)s” is of type %(type)s, which no loop goes through.")
NULL_LIST = N_("“%(operand)s” is null, which no loop goes through.")
NO_RANGE = N_("These two ends make no range.")
SAME_KEY = N_("The context has the key “%(name)s” twice.")
NO_SUCH_TEXT = N_("The text “%(value)s” is no %(wanted)s.")
NO_SUCH_PARTS = N_("These parts make no %(wanted)s.")
BAD_PATTERN = N_("“%(value)s” is no regular expression, or its flags are none.")
NO_RESULT = N_("“%(name)s” has no value for %(value)s.")
EMPTY_LIST = N_("“%(name)s” has no value for an empty list.")
MIXED_LIST = N_("“%(name)s” wants a list of values of one type, and got %(got)s.")
NO_POSITION = N_("“%(name)s” was given a position or length that lies outside.")
NOT_COMPUTED = N_("“%(name)s” could not be computed from what it was given.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of a text stands; line and column count from one, position from nought."""

    line: int
    column: int
    position: int
    piece: str


def place_of(text: str, at: int, until: int) -> Place:
    """Give the place of the characters from ``at`` to ``until``."""
    return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), at, text[at:until])


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """One error that an evaluation met and that gave null."""

    code: Cause
    why: str
    line: int
    column: int
    position: int
    piece: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The English sentence."""
        return self.why % self.details

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Give the msgid of the sentence and what fills it."""
        return self.why, self.details

    @override
    def __str__(self) -> str:
        """Give the English sentence."""
        return self.reason


@dataclass(frozen=True, slots=True)
class Explained:
    """What an evaluation gave, and the errors that it met on the way."""

    value: object
    warnings: tuple[FeelWarning, ...]
