"""Expressions are read with the types of what forms write; what may be anything is never blamed."""

from __future__ import annotations

import json

import pytest

from workflow_app.engine import Source, StepFailed, lint

FIELDS = [
    {"type": "number", "key": "score"},
    {"type": "textfield", "key": "name"},
    {"type": "datetime", "key": "since", "subtype": "date"},
    {"type": "checkbox", "key": "agreed"},
    {"type": "radio", "key": "outcome", "values": [{"value": "yes"}, {"value": "no"}]},
    {"type": "select", "key": "chosen", "valuesKey": "people"},
    {"type": "textfield", "key": "fee", "properties": {"kind": "money"}},
    {"type": "dynamiclist", "path": "rows", "components": [{"type": "number", "key": "n"}]},
    {"type": "group", "components": [{"type": "number", "key": "inner"}]},
    {"type": "group", "path": "person", "components": [{"type": "textfield", "key": "first"}]},
    {"type": "taglist", "key": "tags", "values": [{"value": "a"}]},
]
KNOWN = {"unreadable-expression", "not-a-condition", "never-written"}
OURS = {"type-clash", "unknown-function", "unknown-member", "always-nothing"} | KNOWN


def drawn(bpmn, condition, script=""):
    task = ""
    if script:
        task = bpmn.extended("scriptTask", "x", f'<zeebe:script expression="{script}" '
                             'resultVariable="made"/>')  # fmt: skip
    flows = f"s>A A>G G>B[{condition}] G>e! B>e"
    text = bpmn.process("p", "start:s user:A xor:G user:B end:e", flows, task)
    return bpmn.files(text) | {"forms/p/a.form": json.dumps({"components": FIELDS})}


def told(bpmn, condition, script=""):
    found = lint(Source("p", drawn(bpmn, condition, script)))
    return [one for one in found if one.code in OURS and one.element in {"f3", "x"}]


@pytest.mark.parametrize(
    ("condition", "code", "column", "hint"),
    [
        ('=score = "5"', "type-clash", 2, None),
        ("=name > 5", "type-clash", 2, None),
        ("=since > today()", "type-clash", 2, None),
        ("=outcome = true", "type-clash", 2, None),
        ("=inner = name", "type-clash", 2, None),
        ('=tags = "a"', "type-clash", 2, None),
        ("=cont(rows) > 1", "unknown-function", 2, "count"),
        ("=working days() > today()", "unknown-function", 2, None),
        ("=date(since).weekdays = 1", "unknown-member", 2, "weekday"),
        ('=date("2026-02-30") > date(since)', "always-nothing", 2, None),
        ("=score", "not-a-condition", 2, None),
        ('="yes"', "not-a-condition", None, None),
        ("=score == 5", "unreadable-expression", 8, "="),
        ("=scoer > 5", "never-written", None, "score"),
    ],
)
def test_what_an_expression_cannot_mean_is_found_once(bpmn, condition, code, column, hint):
    (finding,) = told(bpmn, condition)
    assert (finding.code, finding.column, finding.hint) == (code, column, hint)
    assert "%(" not in finding.text()


@pytest.mark.parametrize(
    "condition",
    [
        "=score > 5 and agreed",
        "=agreed",
        "=date(since) > today()",
        '=outcome = "yes"',
        "=chosen = 5",
        "=fee > 5",
        "=some row in rows satisfies row.n > 3",
        '=person.first = "Ann"',
        "=person.whatever = 5",
        '="a" in tags',
        "=case.number > 5",
    ],
)
def test_what_may_be_right_is_not_blamed(bpmn, condition):
    assert told(bpmn, condition) == []


def test_what_a_script_writes_too_may_be_anything(bpmn):
    assert told(bpmn, '=score = "5"', "{score: 1}") == []


def test_scripts_are_read_as_well(bpmn):
    (finding,) = told(bpmn, "=agreed", "=name * 2")
    assert (finding.code, finding.element) == ("type-clash", "x")
    assert "string" in finding.text()


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("=scoer > 5", "There is no “scoer” here. Did you mean “score”?"),
        ("=score > name", "Values of type number and string cannot be compared."),
        ("=empty > 5", "“empty” is null"),
    ],
)
def test_a_condition_that_came_out_null_says_why(bpmn, play, condition, reason):
    text = bpmn.process("p", "start:s xor:G user:B end:e", f"s>G G>B[{condition}] G>e! B>e")
    with pytest.raises(StepFailed, match="gave None, not true or false") as failed:
        play(text).start({"score": 4, "name": "Ann", "empty": None})
    assert reason in failed.value.reason


def test_a_collection_that_came_out_null_says_why(bpmn, play):
    loop = bpmn.many('inputCollection="=people.all" inputElement="one"')
    task = f'<bpmn:userTask id="M">{loop}</bpmn:userTask>'
    text = bpmn.process("p", "start:s end:e", "s>M M>e", task)
    with pytest.raises(StepFailed, match="no list") as failed:
        play(text).start({"people": {"al": []}})
    assert "Did you mean “al”?" in failed.value.reason


DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">
<decision id="d" name="d"><decisionTable id="t" hitPolicy="FIRST">
<input label="Score">
<inputExpression typeRef="{type}"><text>{reads}</text></inputExpression></input>
<output name="band" typeRef="string"/>
<rule id="r1"><inputEntry><text>&gt; 5</text></inputEntry>
<outputEntry><text>"high"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>{cell}</text></inputEntry>
<outputEntry><text>{gives}</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def in_table(bpmn, reads="score", cell="-", gives='"low"', type="number"):  # noqa: A002
    table = DMN.format(reads=reads, cell=cell, gives=gives, type=type)
    files = drawn(bpmn, "=agreed") | {"processes/p/d.dmn": table}
    found = lint(Source("p", files))
    return [one for one in found if one.code in {*OURS, "unfit-cell"} and one.element != "f3"]


@pytest.mark.parametrize(
    ("cells", "code", "element", "column"),
    [
        ({"cell": '"high"'}, "unfit-cell", "r2", 1),
        ({"cell": "contains(?, 3)"}, "unfit-cell", "r2", 10),
        ({"cell": "cont(?) = 3", "type": "Any"}, "unfit-cell", "r2", 1),
        ({"gives": "5"}, "unfit-cell", "r2", 1),
        ({"gives": "score + name"}, "unfit-cell", "r2", 1),
        ({"reads": "score + name"}, "type-clash", "d", 1),
        ({"reads": "name"}, "type-clash", "d", 1),
        ({"reads": "name", "type": "Any"}, "unfit-cell", "r1", 1),
    ],
)
def test_cells_are_held_against_the_types_of_their_columns(bpmn, cells, code, element, column):
    finding = in_table(bpmn, **cells)[0]
    assert (finding.code, finding.element, finding.column) == (code, element, column)
    assert finding.params.get("row", 2) == (int(element[1:]) if code == "unfit-cell" else 2)
    assert "%(" not in finding.text()


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"cell": "[1..5], &gt; limit"},
        {"cell": "not(3)", "reads": "chosen", "type": "Any"},
        {"cell": "? in rows.n"},
        {"cell": '"a"', "reads": "name", "type": "tBand"},
        {"gives": "name"},
        {"gives": "null"},
    ],
)
def test_cells_that_may_be_right_are_not_blamed(bpmn, cells):
    assert [one for one in in_table(bpmn, **cells) if one.element == "r2"] == []
