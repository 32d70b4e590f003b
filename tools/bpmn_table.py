"""Write docs/bpmn.md, the table of every BPMN element, from the marks of the tests that prove it.

python -m tools.bpmn_table           write the table
python -m tools.bpmn_table --check   fail if it is out of date, or an element is not proved
"""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.bpmn_elements import (
    ELEMENTS,
    EVENTS,
    OUTCOMES,
    POSITIONS,
    SECTIONS,
    TRIGGERS,
    event,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "bpmn.md"
MARK = "mark.bpmn"
INTRODUCTION = """\
# What becomes of each BPMN element

Every element of BPMN 2.0.2 is one of three things here. What **runs** does what the standard says.
What is **drawn only** may stand in a diagram, is shown and kept, and changes nothing about how a
case goes. What is **refused** keeps a version from being published: the check names the element,
its line and a way out.

This page is written by `make bpmn-table` from the tests that prove it, so nothing here is a
promise. {counts}
"""
COLUMNS = {
    "start event": "start",
    "start of an event sub-process, interrupting": "event sub-process, interrupting",
    "start of an event sub-process, not interrupting": "event sub-process, beside",
    "catch event": "catch",
    "boundary event, interrupting": "border, interrupting",
    "boundary event, not interrupting": "border, beside",
    "throw event": "throw",
    "end event": "end",
}


@dataclass
class Proofs:
    """A pytest plugin: element → outcome → the tests that prove it."""

    found: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read the marks of every test."""
        for item in items:
            for mark in item.iter_markers("bpmn"):
                element, outcome = mark.args
                test = item.nodeid.partition("[")[0]
                tests = self.found.setdefault(element, {}).setdefault(outcome, [])
                if test not in tests:
                    tests.append(test)

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each element without proof, without a name, or with two outcomes."""
        for element in ELEMENTS:
            if element not in self.found:
                yield f"no test proves: {element}"
        for element, outcomes in self.found.items():
            if element not in ELEMENTS:
                yield f"no element is called: {element} ({_first(outcomes)})"
            for strange in outcomes.keys() - set(OUTCOMES):
                yield f"no outcome is called: {strange} ({_first(outcomes)})"
            if len(outcomes) > 1:
                yield f"tests disagree about: {element} ({', '.join(sorted(outcomes))})"

    def outcome(self, element: str) -> str:
        """Return what becomes of an element, or “?”."""
        return next(iter(self.found.get(element, {})), "?")

    def tests(self, element: str) -> list[str]:
        """Return the tests that prove it, the most telling first."""
        found = next(iter(self.found.get(element, {}).values()), [])
        return sorted(found, key=lambda test: (not test.startswith("tests/engine/test_"), test))


def _first(outcomes: dict[str, list[str]]) -> str:
    return next(iter(outcomes.values()))[0]


def collect() -> Proofs:
    """Collect the tests of every file that bears a mark, without running one."""
    proofs = Proofs()
    marked = [
        str(path)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if MARK in path.read_text(encoding="utf-8")
    ]
    quiet = ["--collect-only", "-qq", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*quiet, "--rootdir", str(ROOT), *marked], plugins=[proofs])
    return proofs


def page(proofs: Proofs) -> str:
    """Return the whole page."""
    parts = [INTRODUCTION.format(counts=_counts(proofs)), *_events(proofs)]
    for title, names in SECTIONS.items():
        parts += [f"## {title}\n", _table(proofs, names)]
    parts += ["## Events one by one\n", _table(proofs, EVENTS)]
    return "\n".join(parts)


def _counts(proofs: Proofs) -> str:
    said = [proofs.outcome(element) for element in ELEMENTS]
    runs, drawn, refused = (said.count(outcome) for outcome in OUTCOMES)
    return f"Of {len(said)} elements {runs} run, {drawn} are drawn only, {refused} are refused."


def _events(proofs: Proofs) -> Iterator[str]:
    yield "## Events\n"
    yield "Rows say what an event is about, columns where it stands; “–” is no BPMN.\n"
    rows = [["trigger", *(COLUMNS[place] for place in POSITIONS)]]
    for trigger, places in TRIGGERS.items():
        cells = [_cell(proofs, trigger, place, allowed=place in places) for place in POSITIONS]
        rows.append([trigger, *cells])
    yield _grid(rows)


def _cell(proofs: Proofs, trigger: str, place: str, *, allowed: bool) -> str:
    return proofs.outcome(event(trigger, place)) if allowed else "–"


def _table(proofs: Proofs, names: Iterable[str]) -> str:
    rows = [["element", "outcome", "proved by"]]
    for name in names:
        tests = proofs.tests(name)
        rows.append([name, proofs.outcome(name), f"`{tests[0]}`" if tests else "nothing"])
    return _grid(rows)


def _grid(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main(arguments: Sequence[str]) -> int:
    """Write or check the page; return the exit code."""
    proofs = collect()
    text = page(proofs)
    faults = list(proofs.faults())
    if "--check" in arguments:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            faults.append("docs/bpmn.md is out of date: run make bpmn-table")
    else:
        PAGE.write_text(text, encoding="utf-8")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
