"""The error of decision models."""

from __future__ import annotations

from workflow_app.feel.words import N_


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

    def at(self, element: str) -> DmnError:
        """Give the same error for an element, unless it knows its own."""
        place = self.element or element
        return DmnError(self.why, element=place, line=self.line, **self.details)
