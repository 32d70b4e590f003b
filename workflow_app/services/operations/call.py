"""What one drawn operation was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.engine.timers import Span, UnreadableTimer
from workflow_app.services.outgoing import Patience

if TYPE_CHECKING:
    from collections.abc import Mapping


UNCLEAR = N_("How often to try cannot be read: retries “%(tries)s”, retryBackoff “%(pause)s”.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Inputs from the diagram's mappings, constants from its headers, and the case's data."""

    inputs: Mapping[str, Any]
    headers: Mapping[str, str]
    data: Mapping[str, Any]

    def get(self, name: str) -> Any:
        """Return an input, else the header of that name, else None."""
        value = self.inputs.get(name)
        return self.headers.get(name) if value is None else value

    def need(self, name: str) -> Any:
        """Return an input or header. Raises OperationFailed when neither is there."""
        value = self.get(name)
        if value is None or value == "":
            raise OperationFailed(N_("The input “%(name)s” is missing."), name=name)
        return value

    @property
    def patience(self) -> Patience:
        """Return how often and how soon to try: `retries` of the task, header `retryBackoff`.

        Raises OperationFailed for what is no number or no ISO 8601 duration.
        """
        tries, pause = self.headers.get("retries"), self.headers.get("retryBackoff")
        try:
            return Patience(
                tries=int(tries.lstrip("= ")) if tries else None,
                pause=int(Span.parse(pause).exact.total_seconds()) if pause else None,
            )
        except (ValueError, UnreadableTimer) as wrong:
            told = {"tries": tries or "", "pause": pause or ""}
            raise OperationFailed(UNCLEAR, **told) from wrong
