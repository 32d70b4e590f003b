"""What one drawn operation was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import OperationFailed

if TYPE_CHECKING:
    from collections.abc import Mapping


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
            raise OperationFailed(reason=f"the input “{name}” is missing")
        return value
