"""The three errors that FEEL raises; everything else a FEEL text does wrong yields null."""

from __future__ import annotations


class FeelError(ValueError):
    """A FEEL text cannot be compiled or evaluated; the one argument is a sentence for people.

    It is a ValueError with a single text argument, since SpiffWorkflow loses any other
    argument (engine.md §4).
    """


class FeelSyntaxError(FeelError):
    """A FEEL text is not an expression of DMN 1.5 §10; says where, counted from one."""

    def __init__(self, message: str, text: str, position: int) -> None:
        self.text = text
        self.line = text.count("\n", 0, position) + 1
        self.column = position - text.rfind("\n", 0, position)
        self.reason = message
        super().__init__(f"{message} (line {self.line}, column {self.column})")


class FeelBudgetExceeded(FeelError):
    """An evaluation passed one of its bounds: steps, nesting, or size of a list or text."""
