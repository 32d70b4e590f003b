"""What somebody wants to see of a list of tasks, and in which order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_VALUE = 300


class Due(StrEnum):
    """When a task has to be done."""

    OVERDUE = "overdue"
    WEEK = "week"


class Standing(StrEnum):
    """Whether the case of a task can go on."""

    RUNNING = "running"
    STUCK = "stuck"


class Order(StrEnum):
    """In which order tasks stand; the habit is the most urgent first."""

    LATE = "late"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is limited to; an empty text limits nothing.

    `process` is a process key, `task` a task's name as drawn, `role` a role code, `place` a
    territory's code. The others are values of Due, Standing and Order.
    """

    process: str = ""
    task: str = ""
    role: str = ""
    place: str = ""
    due: str = ""
    state: str = ""
    sort: str = ""

    @property
    def limits(self) -> bool:
        """Tell whether anything is left out."""
        return any(value for name, value in self.chosen().items() if name != "sort")

    def chosen(self) -> dict[str, str]:
        """Return what was chosen, by name."""
        return {name: value for name, value in asdict(self).items() if value}


def read_filter(given: Mapping[str, str]) -> Filter:
    """Return the filter that an address or a saved one carries; what is unknown is left out."""
    known = {name: str(given.get(name) or "") for name in Filter.__dataclass_fields__}
    kinds = {"due": Due, "state": Standing, "sort": Order}
    return Filter(
        **{
            name: value
            for name, value in known.items()
            if len(value) <= LONGEST_VALUE and (name not in kinds or value in set(kinds[name]))
        }
    )
