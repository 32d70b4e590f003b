"""What the linter says of decision tables: the file, the row, an example, the way out."""

from __future__ import annotations

import json
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
    "table-without-order": (
        [("< 5", "1"), ("-", "2")], "PRIORITY", "d",
        "The table “D” does not say which of its results comes first.",
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


FIELDS = [
    {"type": "number", "key": "score"},
    {"type": "checkbox", "key": "agreed"},
    {"type": "select", "key": "outcome", "values": [{"value": "approved"}, {"value": "refused"}]},
    {"type": "select", "key": "person", "valuesKey": "people"},
]
KINDS = {"score": "number", "agreed": "boolean", "outcome": "string", "person": "string"}


def beside_a_form(bpmn, rows, column="score", kind=None, outputs=""):
    """What is told of a FIRST table over one field of a form, but for gaps and catch-alls."""
    xml = table(rows, "FIRST", inputs=(column,), values={"grade": outputs}).decode()
    typed = f'<inputExpression typeRef="{kind or KINDS[column]}">'
    drawn = bpmn.process("p", "start:s user:A end:e", "s>A A>e")
    files = bpmn.files(drawn) | {"forms/p/a.form": json.dumps({"components": FIELDS})}
    files["processes/p/t.dmn"] = xml.replace("<inputExpression>", typed)
    told = [one for one in lint(Source("p", files)) if one.file.endswith(".dmn")]
    return [one for one in told if one.code not in {"table-gap", "table-without-catch-all"}]


@pytest.mark.parametrize(
    ("column", "rows", "code", "sentence"),
    [
        ("score", [('> "5"', "1"), ("-", "2")], "unfit-cell", "Values of type number and string"),
        ("score", [("> 1 and < 5", "1"), ("-", "2")], "unfit-cell", "“> 1” is of type range"),
        ("score", [("> scoer", "1"), ("-", "2")], "unfit-cell", "Did you mean “score”?"),
        ("score", [("1", "if scoer > 1 then 1 else 2"), ("-", "2")], "unfit-cell", "“score”?"),
        ("score", [("1", "good"), ("-", '"good"')], "unfit-cell", 'Did you mean “"good"”?'),
        ("agreed", [("yes", "1"), ("-", "2")], "unfit-cell", "Did you mean “true”?"),
        ("agreed", [('"true"', "1"), ("-", "2")], "unfit-cell", "boolean and string"),
        ("outcome", [('"aproved"', "1"), ("-", "2")], "unknown-choice", "only approved, refused"),
        ("outcome", [('not("aproved")', "1"), ("-", "2")], "unknown-choice", "“aproved”"),
        ("outcome", [("approved", "1"), ('"approved"', "2")], "unfit-cell", '“"approved"”'),
    ],
)
def test_a_fault_in_a_cell_is_told_once(bpmn, column, rows, code, sentence):
    (one,) = beside_a_form(bpmn, rows, column)
    assert (one.code, one.element) == (code, "r1")
    assert sentence in one.text()


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("outcome", '"approved"'), ("outcome", 'not("refused", null)'), ("outcome", 'null, ""'),
        ("outcome", "given"), ("person", '"Ann"'), ("score", "> from_elsewhere"),
        ("score", "> min_score"), ("score", "> score2"), ("outcome", '> "a"'),
    ],
)  # fmt: skip
def test_what_others_may_give_is_not_blamed(bpmn, column, cell):
    assert beside_a_form(bpmn, [(cell, "1"), ("-", "2")], column) == []


def test_a_result_that_its_column_refuses_is_told(bpmn):
    allowed = '<outputValues><text>"a", "b"</text></outputValues>'
    (one,) = beside_a_form(bpmn, [("1", '"a"'), ("2", '"c"')], outputs=allowed)
    assert (one.code, one.element, one.severity) == ("table-refused-output", "r2", "error")
    assert 'gives “grade” "c"' in one.text()


def test_a_table_that_cannot_be_read_is_not_said_to_be_missing(bpmn):
    extended = bpmn.extended(
        "businessRuleTask", "R", '<zeebe:calledDecision decisionId="d" resultVariable="x"/>'
    )
    drawn = bpmn.process("p", "start:s user:A end:e", "s>A A>R R>e", extended)
    files = bpmn.files(drawn) | {"processes/p/t.dmn": table([("< (", "1")]).decode()}
    codes = [one.code for one in lint(Source("p", files))]
    assert "unreadable" in codes
    assert "unknown-decision" not in codes
    del files["processes/p/t.dmn"]
    assert "unknown-decision" in [one.code for one in lint(Source("p", files))]


def test_our_own_tables_have_no_finding():
    assert OURS
    for path in OURS:
        for _node, each in load_decisions(path.read_bytes()).graph.tables():
            assert analyse(each) == (), path.name
