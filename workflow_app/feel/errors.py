"""The three errors that FEEL raises; everything else a FEEL text does wrong yields null.

Each has ``why``, a msgid with named placeholders, ``details`` that fill it, and ``reason``, the
English sentence that both make, so that whoever shows it can say it in the reader's language.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Bound(StrEnum):
    """What a text and its evaluation may use up."""

    STEPS = "steps"
    NESTING = "nesting"
    ITEMS = "items"
    CHARACTERS = "characters"
    DIGITS = "digits"
    VALUES = "values"
    TIME = "time"


class FeelError(ValueError):
    """A FEEL text cannot be compiled or evaluated.

    Its one argument is the English sentence, since SpiffWorkflow loses any other (engine.md §4).
    """

    def __init__(self, why: str, /, **details: object) -> None:
        self.why = why
        self.details = details
        self.reason = why % details if details else why
        super().__init__(self.reason)

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Give the msgid of the whole sentence and what fills it; a reason may stand inside."""
        return self.why, self.details


class FeelSyntaxError(FeelError):
    """A FEEL text is not an expression of DMN 1.5 §10; says where.

    ``line`` and ``column`` count from one, ``position`` counts characters from nought; ``piece``
    is what stands there, empty at the end of the text. ``hint`` is the word that was probably
    meant, if there is one.
    """

    place = N_("%(reason)s (line %(line)s, column %(column)s)")

    def __init__(self, why: str, text: str, span: tuple[int, int], /, **details: object) -> None:
        super().__init__(why, **details)
        self.text = text
        self.position, end = span
        self.piece = text[self.position : end]
        self.line = text.count("\n", 0, self.position) + 1
        self.column = self.position - text.rfind("\n", 0, self.position)
        self.hint: str | None = None
        told = {"reason": self.reason, "line": self.line, "column": self.column}
        self.args = (self.place % told,)

    @override
    def told(self) -> tuple[str, Mapping[str, object]]:
        """Give the sentence with its place."""
        inner = FeelError(self.why, **self.details)
        return self.place, {"reason": inner, "line": self.line, "column": self.column}


class FeelBudgetExceeded(FeelError):
    """A text or its evaluation passed one of its bounds; ``bound`` says which."""

    def __init__(self, bound: Bound, why: str, /, **details: object) -> None:
        self.bound = bound
        super().__init__(why, **details)
