"""Scenario files as tables: nothing of a file is lost, and faults are told at their line."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from workflow_app.services.designing import scripts
from workflow_app.services.scenarios.script import Scenario

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
SCENARIOS = sorted(PROCESSES.glob("*/scenarios/[a-z]*.yaml"))
ONE = """title: One
clock: "2027-03-01T09:00:00+04:00"
start: {element: begin, as: public, answers: {subject: A}}
steps:
  - {task: first, as: registrar, answers: {amount: 3}, expect: {open: [second]}, case: own}
  - include: others
  - advance: P4D
expect: {end: done}
"""


def said(text):
    """Return what a file says, as it is read, with its inclusions left out."""
    found = msgspec.yaml.decode(text)
    for part in ("before", "steps"):
        if part in found:
            found[part] = [s for s in found[part] if "include" not in s and "if" not in s]
    return msgspec.convert(found, Scenario)


@pytest.mark.parametrize("path", SCENARIOS[::6], ids=lambda path: path.stem)
def test_a_file_says_the_same_after_it_was_a_table(path):
    text = path.read_text(encoding="utf-8")
    scripts.check(path.name, text)
    if scripts.is_sheet(text):
        assert said(scripts.text_of(scripts.sheet_of(text))) == said(text)


def test_a_table_keeps_what_it_does_not_show():
    sheet = scripts.sheet_of(ONE)
    assert [row.kind for row in sheet.steps] == ["task", "other", "advance"]
    assert sheet.steps[0].rest == "{case: own}"
    assert "include: others" in scripts.text_of(sheet)


def test_rows_are_added_moved_and_removed():
    sheet = scripts.sheet_of(ONE)
    assert [r.name for r in scripts.changed(sheet, "add:1").steps] == ["first", "", "", "P4D"]
    assert [r.name for r in scripts.changed(sheet, "up:2").steps] == ["first", "P4D", ""]
    assert [r.name for r in scripts.changed(sheet, "down:0").steps] == ["", "first", "P4D"]
    assert [r.name for r in scripts.changed(sheet, "remove:0").steps] == ["", "P4D"]
    assert scripts.changed(sheet, "remove:99") == sheet


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("title: One", "title: [", 3, ""),
        ("as: registrar", "as: 3", 5, "steps.0.as"),
        ("advance: P4D", "advanced: P4D", 7, "steps.2"),
        ("end: done", "ending: done", 8, "expect"),
    ],
)
def test_a_fault_is_told_with_its_line(old, new, line, part):
    with pytest.raises(scripts.Unreadable) as told:
        scripts.check("one.yaml", ONE.replace(old, new))
    assert (told.value.line, told.value.part) == (line, part)


def test_a_fault_in_a_field_of_a_table_names_the_field():
    broken = scripts.StepRow("task", "first", "registrar", answers="{amount: [")
    with pytest.raises(scripts.Unreadable) as told:
        scripts.text_of(scripts.Sheet(title="One", steps=(broken,)))
    assert told.value.part == "0.answers"


def test_a_text_that_is_no_mapping_is_refused():
    for text in ("- one\n", "only words", "a: &a [*a]"):
        with pytest.raises(scripts.Unreadable):
            scripts.check("one.yaml", text)
