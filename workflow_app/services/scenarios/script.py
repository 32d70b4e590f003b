"""Reading scenario files: `processes/<key>/scenarios/<name>.yaml`.

A leading underscore is answers to borrow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of a case after a step or at the end; what is left out is not looked at."""

    end: str | msgspec.UnsetType | None = msgspec.UNSET
    status: str | None = None
    outcome: str | None = None
    open: list[str] | None = None
    waiting: list[str] = []
    path: list[str] = []
    avoid: list[str] = []
    decisions: list[dict[str, Any]] = []
    documents: list[str] = []
    mails: list[str] = []
    register: dict[str, dict[str, Any]] = {}
    data: dict[str, Any] = {}
    stopped_days: int | None = None


class Beginning(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"by": "as"}):
    """How the case starts: a form's answers, or data for a start without a form."""

    element: str | None = None
    by: str = "public"
    answers_from: str | None = None
    answers: dict[str, Any] = {}
    data: dict[str, Any] | None = None


class Move(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"by": "as", "process": "in"}
):
    """One step: complete a task, send a message, or move the clock."""

    task: str | None = None
    message: str | None = None
    advance: str | None = None
    advance_to: str | None = None
    by: str = ""
    process: str | None = None
    answers: dict[str, Any] = {}
    refused: list[str] = []
    expect: Expectation | None = None


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case, played from its start to where it should be."""

    title: str
    clock: str
    start: Beginning
    summary: str = ""
    register: dict[str, list[dict[str, Any]]] = {}
    language: str = "en"
    steps: list[Move] = []
    expect: Expectation = Expectation()


class ScenarioUnreadable(Invalid):
    """A scenario file is no scenario (params: file, reason)."""

    message = N_("%(file)s: %(reason)s")


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioUnreadable."""
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Scenario)
    except msgspec.DecodeError as exc:
        raise ScenarioUnreadable(file=path.name, reason=str(exc)) from exc


def borrowed_answers(path: Path, beginning: Beginning) -> dict[str, Any]:
    """Return the start form's answers: borrowed ones, then the scenario's own; null removes."""
    found: dict[str, Any] = {}
    if beginning.answers_from:
        source = path.with_name(f"{beginning.answers_from}.yaml")
        found = msgspec.yaml.decode(source.read_bytes(), type=dict[str, Any])
    return merged(found, beginning.answers)


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Lay answers over borrowed ones, group by group; null removes."""
    found = dict(below)
    for name, value in above.items():
        inner = found.get(name)
        nested = isinstance(inner, dict) and isinstance(value, dict)
        found[name] = merged(dict(inner or {}), value) if nested else value
    return {name: value for name, value in found.items() if value is not None}


def scenario_files(folder: Path, keys: frozenset[str]) -> Iterator[tuple[str, Path]]:
    """Yield (process key, path) of every scenario below a processes folder."""
    for path in sorted(folder.glob("*/scenarios/*.yaml")):
        key = path.parent.parent.name
        if not path.name.startswith("_") and (not keys or key in keys):
            yield key, path
