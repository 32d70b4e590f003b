"""Hit policies, aggregators, defaults and cells of decision tables as DMN 1.5 §8 has them."""

from decimal import Decimal

import pytest

from tests.unit.dmn.test_tables import HEAD, decide, table
from workflow_app.dmn import DmnError, load_decisions

ROWS = [("> 1", "10"), ("> 5", "30"), ("> 2", "20")]


def ordered(words):
    return f"<outputValues><text>{words}</text></outputValues>"


def default(words):
    return f"<defaultOutputEntry><text>{words}</text></defaultOutputEntry>"


def single(xml):
    """The table of a model, as it was read."""
    return next(node.table for node in load_decisions(xml).graph.decisions())


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("F", 10), ("P", 30), ("R", [10, 30, 20]), ("O", [30, 20, 10]), ("C", [10, 30, 20]),
        ("C+", 60), ("C&lt;", 10), ("C&gt;", 30), ("C#", 3), ("RULE_ORDER", [10, 30, 20]),
    ],
)  # fmt: skip
def test_a_policy_may_be_written_as_its_letters(letters, expected):
    xml = table(ROWS, letters, values={"grade": ordered("30, 20, 10")})
    assert decide(xml, score=9).value == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("U", None), ("A", None), ("P", None), ("F", None), ("R", []), ("O", []), ("C", []),
        ("C+", None), ("C&lt;", None), ("C&gt;", None), ("C#", 0),
    ],
)  # fmt: skip
def test_no_hit_gives_nothing_or_an_empty_list(policy, expected):
    assert decide(table(ROWS, policy), score=0).value == expected
    assert decide(table(ROWS, policy)).value == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("U", 7), ("A", 7), ("P", 7), ("F", 7), ("R", [7]), ("O", [7]), ("C", [7]), ("C+", 7),
        ("C#", 7),
    ],
)  # fmt: skip
def test_no_hit_gives_the_default(policy, expected):
    values = {"grade": ordered("30, 20, 10, 7") + default("7")}
    result = decide(table(ROWS, policy, values=values), score=0)
    assert (result.value, result.rules) == (expected, ())


def test_a_default_is_no_row_of_a_table_that_matches():
    assert decide(table(ROWS, "F", values={"grade": default("7")}), score=2).value == 10


def test_defaults_of_several_outputs_may_be_missing_and_may_read_inputs():
    xml = table(
        [("> 9", "1", "2")], outputs=("grade", "months"), values={"months": default("score * 2")}
    )
    assert decide(xml, score=3).value == {"grade": None, "months": 6}


def test_priority_is_decided_by_the_first_output_that_differs():
    values = {"grade": ordered('"high", "low"'), "fee": ordered("1, 2, 3")}
    rows = [("-", '"low"', "1"), ("-", '"high"', "3"), ("-", '"high"', "2")]
    for policy, expected in [
        ("PRIORITY", {"grade": "high", "fee": 2}),
        ("OUTPUT ORDER", [
            {"grade": "high", "fee": 2}, {"grade": "high", "fee": 3}, {"grade": "low", "fee": 1},
        ]),
    ]:  # fmt: skip
        xml = table(rows, policy, outputs=("grade", "fee"), values=values)
        assert decide(xml, score=1).value == expected


def test_an_output_without_values_takes_no_part_in_the_order():
    rows = [("-", "9", '"b"'), ("-", "1", '"a"'), ("-", "0", '"a"')]
    xml = table(rows, "P", outputs=("fee", "kind"), values={"kind": ordered('"a", "b"')})
    assert decide(xml, score=1).value == {"fee": 1, "kind": "a"}


@pytest.mark.parametrize(("values", "expected"), [("", "high"), (ordered('"low", "high"'), "low")])
def test_the_values_of_an_outputs_type_are_in_an_order_too(values, expected):
    allowed = '<allowedValues><text>"high", "low"</text></allowedValues>'
    grade = f'<itemDefinition name="tGrade"><typeRef>string</typeRef>{allowed}</itemDefinition>'
    xml = table([("-", '"low"'), ("-", '"high"')], "PRIORITY", values={"grade": values})
    typed = xml.replace(b'name="grade"', b'name="grade" typeRef="tGrade"')
    assert decide(typed.replace(b"<decision ", grade.encode() + b"<decision "), x=1).value == (
        expected
    )


@pytest.mark.parametrize(
    ("outputs", "message"),
    [(("a", "a"), "two output columns have the name “a”"), (("a", ""), "has no name")],
)
def test_outputs_have_names_that_differ(outputs, message):
    with pytest.raises(DmnError, match=f"(?i){message}"):
        decide(table([("-", "1", "2")], outputs=outputs), score=1)
    assert decide(table([("-", "1")], outputs=("",)), score=1).value == 1


def test_only_one_output_can_be_aggregated():
    rows = [("-", "1", "2")]
    with pytest.raises(DmnError, match="one output column"):
        decide(table(rows, "C+", outputs=("a", "b")), score=1)
    assert decide(table(rows, "C", outputs=("a", "b")), score=1).value == [{"a": 1, "b": 2}]


def test_an_aggregation_belongs_to_collect_alone():
    xml = table(ROWS, "RULE ORDER", extra='aggregation="SUM"')
    assert decide(xml, score=9).value == [10, 30, 20]


def test_unique_and_any_name_all_rows_that_clash():
    rows = [("> 1", "1"), ("> 100", "2"), ("> 2", "2"), ("> 3", "1")]
    for policy in ("UNIQUE", "ANY"):
        with pytest.raises(DmnError, match="rows 1, 3, 4"):
            decide(table(rows, policy), score=9)


def test_any_compares_every_output():
    rows = [("-", "1", '"a"'), ("-", "1.0", '"a"'), ("> 5", "1", '"b"')]
    xml = table(rows, "ANY", outputs=("fee", "kind"))
    assert decide(xml, score=1).value == {"fee": 1, "kind": "a"}
    with pytest.raises(DmnError, match="agree"):
        decide(xml, score=9)


@pytest.mark.parametrize(
    ("cell", "passing", "failing"),
    [
        ("-", [1, None, "a", [1]], []),
        ("", [1, None], []),
        ("1, 3, [5..7)", [1, 3, 5, 6.9], [2, 7, None]),
        ("not(1, 3)", [2, None], [1, 3]),
        ('not("a")', ["b", None], ["a", 1]),
        ("null", [None], [0, False, ""]),
        ("not(null)", [0, False, ""], [None]),
        ("? > limit and ? < limit * 3", [3, 5], [2, 6, None]),
        ("limit, 9", [2, 9], [3]),
        ("[limit..limit + 2]", [2, 4], [5]),
        ("count(?) > 1", [[1, 2]], [[1], None]),
        ("]1..3[", [2], [1, 3]),
        ("< 3", [2], [3, None, "a"]),
    ],
)
def test_what_a_cell_lets_pass(cell, passing, failing):
    xml = table([(cell, '"yes"')], "FIRST")
    assert [value for value in passing if decide(xml, score=value, limit=2).value != "yes"] == []
    assert [value for value in failing if decide(xml, score=value, limit=2).value is not None] == []


def test_outputs_may_compute_and_an_empty_one_gives_null():
    values = {"months": ordered("12, 60")}
    xml = table([("-", "score * 2", "")], outputs=("double", "months"), values=values)
    assert decide(xml, score=4).value == {"double": 8, "months": None}


def test_a_computed_null_is_no_allowed_output():
    with pytest.raises(DmnError, match="Row 1"):
        decide(table([("-", "missing")], values={"grade": ordered("12")}), score=1)


def test_a_missing_input_is_told_apart_from_a_wrong_one():
    xml = table([("-", "1")]).replace(
        b"</inputExpression>", b"</inputExpression><inputValues><text>[0..9]</text></inputValues>"
    )
    with pytest.raises(DmnError, match="has no value"):
        decide(xml)
    with pytest.raises(DmnError, match="does not allow"):
        decide(xml, score=10)


def test_outputs_become_the_type_of_their_column():
    xml = table([("-", '"2026-12-01"')]).replace(b'name="grade"', b'name="grade" typeRef="date"')
    assert decide(xml, score=1).value.isoformat() == "2026-12-01"


def test_annotations_and_descriptions_are_kept_by_row():
    xml = table([("> 5", "1"), ("-", "2")], "FIRST").replace(
        b'<rule id="r1">',
        b'<annotation name="Source"/><annotation name="Note"/>'
        b'<rule id="r1"><description>Good ones</description>',
    )
    xml = xml.replace(
        b"</rule>",
        b"<annotationEntry><text>Art. 5</text></annotationEntry>"
        b"<annotationEntry><text/></annotationEntry></rule>",
        1,
    )
    first, second = single(xml).rules
    assert first.annotations == (("Source", "Art. 5"), ("Note", ""))
    assert first.description == "Good ones"
    assert (second.annotations, second.description) == ((), "")
    assert (first.row, second.row) == (1, 2)


@pytest.mark.parametrize("drawn", ["Rule-as-Row", "Rule-as-Column", "CrossTable"])
def test_how_a_table_is_drawn_changes_nothing(drawn):
    xml = table(ROWS, "F", extra=f'preferredOrientation="{drawn}"')
    assert decide(xml, score=9).value == 10


def boxed(logic):
    return f'{HEAD}<decision id="d" name="D">{logic}</decision></definitions>'.encode()


INNER = (
    '<decisionTable hitPolicy="FIRST"><input><inputExpression><text>doubled</text>'
    '</inputExpression></input><output name="o"/><rule><inputEntry><text>&gt; 9</text></inputEntry>'
    '<outputEntry><text>"much"</text></outputEntry></rule><rule><inputEntry><text/></inputEntry>'
    '<outputEntry><text>"little"</text></outputEntry></rule></decisionTable>'
)


@pytest.mark.parametrize(("score", "expected"), [(5, "much"), (4, "little")])
def test_a_table_within_a_context_sees_the_entries_before_it(score, expected):
    xml = boxed(
        '<context><contextEntry><variable name="doubled"/><literalExpression><text>score * 2</text>'
        f"</literalExpression></contextEntry><contextEntry>{INNER}</contextEntry></context>"
    )
    assert decide(xml, score=score).value == expected


def test_a_table_within_business_knowledge_reads_its_parameters():
    knowledge = (
        '<businessKnowledgeModel id="b" name="judge"><encapsulatedLogic>'
        f'<formalParameter name="doubled"/>{INNER}</encapsulatedLogic></businessKnowledgeModel>'
    )
    decision = (
        '<decision id="d" name="D"><knowledgeRequirement><requiredKnowledge href="#b"/>'
        "</knowledgeRequirement><literalExpression><text>judge(score)</text></literalExpression>"
        "</decision>"
    )
    xml = f"{HEAD}{knowledge}{decision}</definitions>".encode()
    assert decide(xml, score=10).value == "much"
    assert decide(xml, score=9).value == "little"


def test_a_long_table_decides_as_a_short_one_does():
    rows = [(f"[{n}..{n + 1})", "-", f"{n}") for n in range(300)]
    xml = table([*rows, ("null", "-", "-1"), ("-", "? = limit", "-2")], "C", ("score", "other"))
    assert decide(xml, score=7.5, other=1, limit=2).value == [7]
    assert decide(xml, score=300, other=2, limit=2).value == [Decimal(-2)]
    assert decide(xml, other=2, limit=2).value == [-1, -2]
    assert decide(xml, score=[7], other=1, limit=2).value == []
