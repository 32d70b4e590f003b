"""What a designer typed for a simulation: read, with a reason for each field that cannot be."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.services.designing.simulated_runs import DAYS, HOURS, MINUTES, Asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.designing.simulating import Ground

CASES = 1_000
FEWEST, MOST = 100, 10_000
MOST_PEOPLE, MOST_RATE = 1_000, 10_000
MOST_MINUTES, MOST_DAYS = 60_000, 3_650
OUT_OF_RANGE = N_("Enter a number from %(low)s to %(high)s.")
NO_PEOPLE = N_("Enter at least 1 person, or nothing for people outside the office.")
NO_RATE = N_("No case has finished yet. Enter how many cases begin a week.")

Fault = tuple[str, dict[str, Any]]


def usual(ground: Ground) -> dict[str, str]:
    """Return what the fields hold before anybody typed, by their names."""
    found = {"cases": str(CASES), "rate": "", "hours": f"{HOURS:g}", "varied": "1"}
    for role in roles_of(ground):
        people = ground.people.get(role, 0)
        found |= dict.fromkeys((f"today:{role}", f"staff:{role}"), str(people or ""))
    for place in ground.steps:
        if not is_known(ground, place.name):
            found[f"work:{place.name}"] = f"{MINUTES:g}"
    found |= {f"wait:{place.name}": f"{DAYS:g}" for place in ground.new_waits}
    return found


def typed(asked: Asked) -> dict[str, str]:
    """Return the fields as they were when this was asked."""
    return {
        "cases": str(asked.cases),
        "rate": "" if asked.rate is None else f"{asked.rate:g}",
        "hours": f"{asked.hours:g}",
        "varied": "1" if asked.varied else "",
        **{f"today:{role}": str(number) for role, number in asked.staff_today.items()},
        **{f"staff:{role}": str(number) for role, number in asked.staff.items()},
        **{f"work:{name}": f"{number:g}" for name, number in asked.work.items()},
        **{f"wait:{name}": f"{number:g}" for name, number in asked.wait.items()},
    }


def roles_of(ground: Ground) -> list[str]:
    """Return who does the steps of the draft, in the order of its steps."""
    return list(dict.fromkeys(role for one in ground.steps if (role := ground.role(one))))


def is_known(ground: Ground, name: str) -> bool:
    """Tell whether finished cases were at a step."""
    return bool(ground.known.get(name))


def read_asked(values: Mapping[str, str], ground: Ground) -> tuple[Asked | None, dict[str, Fault]]:
    """Return what was asked; None with the faults by field where something cannot be."""
    reading = _Reading(values)
    rate = reading.number("rate", 0.01, MOST_RATE)
    if rate is None and not ground.cases and "rate" not in reading.faults:
        reading.faults["rate"] = (NO_RATE, {})
    roles = roles_of(ground)
    works = [place.name for place in ground.steps]
    waits = [place.name for place in ground.new_waits]
    asked = Asked(
        cases=int(reading.needed("cases", FEWEST, MOST)),
        rate=rate,
        hours=reading.needed("hours", 1, 24),
        staff=reading.people("staff", roles),
        staff_today=reading.people("today", roles),
        work=reading.several("work", works, MOST_MINUTES),
        wait=reading.several("wait", waits, MOST_DAYS),
        varied=bool(values.get("varied")),
    )
    return (None if reading.faults else asked), reading.faults


class _Reading:
    """Fields being read; what cannot be is kept by field."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.faults: dict[str, Fault] = {}

    def number(self, field: str, low: float, high: float) -> float | None:
        """Return a number; None for nothing, and for what is none or out of range."""
        text = self.values.get(field, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if isfinite(found) and low <= found <= high:
            return found
        self.faults[field] = (OUT_OF_RANGE, {"low": f"{low:g}", "high": f"{high:g}"})
        return None

    def needed(self, field: str, low: float, high: float) -> float:
        """Return a number that must be there, else the lowest."""
        found = self.number(field, low, high)
        if found is None:
            self.faults[field] = (OUT_OF_RANGE, {"low": f"{low:g}", "high": f"{high:g}"})
        return low if found is None else found

    def people(self, kind: str, roles: list[str]) -> dict[str, int]:
        """Return how many people of each role there are; nobody of the office is left out."""
        found = {}
        for role in roles:
            number = self.number(f"{kind}:{role}", 1, MOST_PEOPLE)
            if number is not None:
                found[role] = int(number)
            elif self._is_too_few(f"{kind}:{role}"):
                self.faults[f"{kind}:{role}"] = (NO_PEOPLE, {})
        return found

    def several(self, kind: str, names: list[str], high: float) -> dict[str, float]:
        """Return the stated numbers of steps by name; what is empty is left out."""
        numbers = {name: self.number(f"{kind}:{name}", 0, high) for name in names}
        return {name: number for name, number in numbers.items() if number is not None}

    def _is_too_few(self, field: str) -> bool:
        text = self.values.get(field, "").strip().replace(",", ".")
        try:
            return bool(text) and float(text) < 1
        except ValueError:
            return False
