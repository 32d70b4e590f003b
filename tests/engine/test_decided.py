"""What history keeps of a decision, and how it is read again."""

import json

import pytest

from workflow_app.dmn import load_decisions
from workflow_app.engine.decided import (
    MAX_ROWS,
    MAX_TABLES,
    RowTaken,
    TableTaken,
    decision_event,
    is_left_out,
    kept,
    tables_of,
)

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'


def table(policy, outputs, *rules, table_id="t", reads="n"):
    """Write a table of one input; each rule is its test and its outputs."""
    head = "".join(f'<output name="{name}"/>' for name in outputs)
    rows = "".join(
        f'<rule id="r{row}"><inputEntry><text>{rule[0]}</text></inputEntry>'
        + "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in rule[1:])
        + "</rule>"
        for row, rule in enumerate(rules, 1)
    )
    column = f'<input label="N"><inputExpression><text>{reads}</text></inputExpression></input>'
    return (
        f'<decisionTable id="{table_id}" hitPolicy="{policy}">{column}{head}{rows}</decisionTable>'
    )


def decided(logic, more="", **scope):
    xml = f'{HEAD}{more}<decision id="d" name="The band">{logic}</decision></definitions>'
    model = load_decisions(xml.encode())
    event = decision_event(model, "d", model.evaluate("d", scope))
    return json.loads(json.dumps(event))


def test_one_row_is_told_once():
    event = decided(table("FIRST", ["a", "b"], ("&lt; 5", "1", '"x"'), ("-", "2", "null")), n=7)
    assert event == {
        "decision": "d",
        "rules": ["r2"],
        "result": {"a": 2, "b": None},
        "tables": [
            {"id": "d", "name": "The band", "table": "t", "inputs": [["N", 7]], "rows": [2]}
        ],
    }
    row = RowTaken("r2", 2, {"a": 2, "b": None})
    assert tables_of(event) == (
        TableTaken("d", "The band", "t", (("N", 7),), (row,), {"a": 2, "b": None}),
    )


@pytest.mark.parametrize(
    ("policy", "outputs", "gave", "value"),
    [
        ("COLLECT", [["a", "b"]], ["a", "b"], [["a", "b"]]),
        ("UNIQUE", [["a", "b"]], ["a", "b"], ["a", "b"]),
    ],
)
def test_a_list_that_one_row_gives_is_told_from_a_list_of_rows(policy, outputs, gave, value):
    event = decided(table(policy, ["a"], ("-", '["a", "b"]')), n=1)
    assert event["tables"][0].get("outputs", outputs) == outputs
    (told,) = tables_of(event)
    assert (told.rows[0].gave, told.value) == (gave, value)


def test_several_rows_and_an_aggregation_are_told_with_what_each_gave():
    rules = (("&gt; 1", "10"), ("&gt; 5", "20"), ("-", "30"))
    event = decided(table("COLLECT", ["a"], *rules), n=2)
    assert "outputs" not in event["tables"][0]
    assert [row.gave for row in tables_of(event)[0].rows] == [10, 30]
    summed = table("COLLECT", ["a"], *rules)
    summed = summed.replace('hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="SUM"')
    event = decided(summed, n=2)
    (told,) = tables_of(event)
    assert ([row.gave for row in told.rows], told.value) == ([10, 30], 40)


def test_no_row_is_told_with_the_default():
    event = decided(table("UNIQUE", ["a"], ("&gt; 5", "1")), n=2)
    (told,) = tables_of(event)
    assert (told.inputs, told.rows, told.value) == ((("N", 2),), (), None)


REQUIRED = (
    '<informationRequirement id="q"><requiredDecision href="#first"/></informationRequirement>'
)


def test_the_tables_of_required_decisions_come_first():
    first = table("UNIQUE", ["first"], ("-", "n * 2"), table_id="t1")
    # Ids are there once in a model.
    first = first.replace('id="r1"', 'id="q1"')
    more = f'<decision id="first" name="first">{first}</decision>'
    event = decided(REQUIRED + table("UNIQUE", ["a"], ("6", '"six"'), reads="first"), more, n=3)
    assert [told["id"] for told in event["tables"]] == ["first", "d"]
    first, own = tables_of(event)
    assert first == TableTaken(
        "first", "first", "t1", (("N", 3),), (RowTaken("q1", 1, 6),), 6
    )  # fmt: skip
    assert (own.inputs, own.rows) == ((("N", 6),), (RowTaken("r1", 1, "six"),))


def test_a_decision_without_a_table_of_its_own_tells_those_it_asked():
    first = table("UNIQUE", ["first"], ("-", "n * 2"), table_id="t1")
    more = f'<decision id="first" name="first">{first}</decision>'
    event = decided(f"{REQUIRED}<literalExpression><text>first + 1</text></literalExpression>",
                    more, n=3)  # fmt: skip
    assert (event["rules"], event["result"]) == ([], 7)
    assert tables_of(event) == (
        TableTaken("first", "first", "t1", (("N", 3),), (RowTaken("r1", 1, 6),), 6),
    )


def test_what_is_kept_is_bounded_whatever_a_decision_reads():
    rules = [("-", str(row)) for row in range(MAX_ROWS + 5)]
    event = decided(table("COLLECT", ["a"], *rules), n=["x" * 50] * 1000)
    (told,) = tables_of(event)
    assert (len(told.rows), told.more) == (MAX_ROWS, 5)
    assert is_left_out(told.inputs[0][1])
    assert [row.gave for row in told.rows] == list(range(MAX_ROWS))
    assert len(json.dumps(event)) < 2500


def test_of_many_tables_the_last_are_kept():
    more = (
        '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic><formalParameter name="n"/>'
        f"{table('UNIQUE', ['a'], ('-', 'n'), table_id='t1')}"
        "</encapsulatedLogic></businessKnowledgeModel>"
    )
    requires = (
        '<knowledgeRequirement id="q"><requiredKnowledge href="#k"/></knowledgeRequirement>'
        "<literalExpression><text>for i in 1..20 return k(i)</text></literalExpression>"
    )
    event = decided(requires, more)
    assert event["more_tables"] is True
    assert [told.inputs for told in tables_of(event)] == [
        (("N", i),) for i in range(21 - MAX_TABLES, 21)
    ]


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        ("x" * 900, {"…": "text", "size": 900, "start": "x" * 200}),
        ([1] * 900, {"…": "list", "size": 900}),
        ({str(i): i for i in range(900)}, {"…": "context", "size": 900}),
    ],
)
def test_a_large_value_leaves_a_mark(value, mark):
    assert kept(value) == mark


def test_events_from_before_are_told_as_far_as_they_go():
    old = {"decision": "band", "rules": ["high"], "result": "x"}
    row = RowTaken("high", None, "x")
    assert tables_of(old) == (TableTaken("band", "band", "", (), (row,), "x"),)
