"""The error of decision models."""

from __future__ import annotations


class DmnError(ValueError):
    """A decision model cannot be read or a decision cannot be made; the argument is a sentence.

    ``element`` is the id of the element at fault and ``line`` its line in the file, if known.
    """

    def __init__(self, message: str, element: str | None = None, line: int | None = None) -> None:
        self.element = element
        self.line = line
        self.reason = message
        super().__init__(message if line is None else f"{message} (line {line})")
