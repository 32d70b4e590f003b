"""What the linter says of decision tables: the file, the row, an example, the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dmn.test_tables import table
from workflow_app.dmn import load_decisions
from workflow_app.dmn.analysis import analyse
from workflow_app.engine import RULES, Source, lint

OURS = sorted((Path(__file__).parents[2] / "processes").glob("**/*.dmn"))

CASES = {
    # rows of a table over “score”, its hit policy, what is found, where, and the sentence
    "table-gap": (
        [("< 55", "1"), ("> 55", "2")], "UNIQUE", "d",
        "The table “D” has no row for score: 55.",
    ),
    "table-overlap": (
        [("<= 55", "1"), (">= 55", "1")], "UNIQUE", "r2",
        "Rows 1, 2 of the table “D” both match for score: 55.",
    ),
    "table-contradiction": (
        [("<= 55", "1"), (">= 55", "2")], "ANY", "r2",
        "Rows 1, 2 of the table “D” do not agree for score: 55.",
    ),
    "table-dead-row": (
        [("[9..1]", "1"), ("-", "2")], "FIRST", "r1",
        "Row 1 of the table “D” never matches: “[9..1]” fits no “score”.",
    ),
    "table-masked-row": (
        [("-", "1"), ("1", "2")], "FIRST", "r2",
        "Row 2 of the table “D” is never reached: row 1 takes all before it.",
    ),
    "table-covered-row": (
        [("< 10", "1"), (">= 10", "2"), ("[5..15]", "3"), ("-", "4")], "FIRST", "r3",
        "Row 3 of the table “D” is never reached: the rows above take all before it.",
    ),
    "table-without-catch-all": (
        [("< 5", "1"), (">= 5", "2")], "FIRST", "d",
        "The table “D” has no row for whatever the others leave.",
    ),
    "table-rows-alike": (
        [("1", "1"), ("2", "1")], "UNIQUE", "r2",
        "Rows 1, 2 of the table “D” differ in “score” only.",
    ),
    "table-too-large": (
        [("-", "1")] * 30, "UNIQUE", "d",
        "The table “D” is so large that not all of it was checked.",
    ),
}  # fmt: skip


def found(bpmn, xml):
    files = bpmn.files(bpmn.process("p", "start:s user:A end:e", "s>A A>e"))
    findings = lint(Source("p", files | {"processes/p/t.dmn": xml.decode()}))
    return [one for one in findings if one.file.endswith(".dmn")]


@pytest.mark.parametrize("code", CASES)
def test_what_is_wrong_with_a_table_is_told_with_its_place(bpmn, code):
    rows, policy, element, sentence = CASES[code]
    one = next(one for one in found(bpmn, table(rows, policy)) if one.code == code)
    assert (one.element, one.severity) == (element, RULES[code].severity)
    assert one.line
    assert one.message % one.params == sentence


def test_a_table_without_fault_is_passed_over(bpmn):
    assert found(bpmn, table([("< 5", "1"), ("-", "2")], "FIRST")) == []


def test_a_table_within_another_expression_is_checked_too(bpmn):
    within = table([("[9..1]", "1"), ("-", "2")], "FIRST").replace(
        b"<decisionTable", b"<context><contextEntry><decisionTable"
    )
    within = within.replace(b"</decisionTable>", b"</decisionTable></contextEntry></context>")
    assert [(one.code, one.element) for one in found(bpmn, within)] == [("table-dead-row", "r1")]


def test_our_own_tables_have_no_finding():
    assert OURS
    for path in OURS:
        for _node, each in load_decisions(path.read_bytes()).graph.tables():
            assert analyse(each) == (), path.name
