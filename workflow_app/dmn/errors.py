"""The error of decision models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of an error within FEEL: its own sentence says it all.
BECAUSE = N_("%(reason)s")


class DmnError(ValueError):
    """A decision model cannot be read or a decision cannot be made.

    ``why`` is a msgid, ``details`` fill it, ``reason`` is the English sentence of both; a detail
    may itself be an error. ``element`` is the id of the element at fault and ``line`` its line in
    the file, if known.
    """

    place = N_("%(reason)s (line %(line)s)")

    def __init__(
        self,
        why: str,
        /,
        *,
        element: str | None = None,
        line: int | None = None,
        **details: object,
    ) -> None:
        self.why = why
        self.details = details
        self.element = element
        self.line = line
        self.reason = why % details if details else why
        told = {"reason": self.reason, "line": line}
        super().__init__(self.reason if line is None else self.place % told)

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Give the msgid of the whole sentence, with its line, and what fills it."""
        if self.line is None:
            return self.why, self.details
        inner = DmnError(self.why, element=self.element, line=None, **self.details)
        return self.place, {"reason": inner, "line": self.line}

    def at(self, element: str, line: int | None = None) -> DmnError:
        """Give the same error for an element and its line, unless it knows its own."""
        if self.element is not None and self.line is not None:
            return self
        known = line if self.line is None else self.line
        return DmnError(self.why, element=self.element or element, line=known, **self.details)
