"""Decision tables: hit policies, aggregators, defaults, allowed values, faults."""

import pytest

from workflow_app.dmn import DmnError, load_decisions

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cells(kind, texts):
    return "".join(f"<{kind}><text>{escaped(text)}</text></{kind}>" for text in texts)


def table(rules, policy="UNIQUE", inputs=("score",), outputs=("grade",), extra="", values=None):
    """Write a model of one table; each rule is its cells, tests first."""
    width = len(inputs)
    columns = "".join(
        f"<input><inputExpression><text>{text}</text></inputExpression></input>" for text in inputs
    )
    results = "".join(
        f'<output name="{name}">{(values or {}).get(name, "")}</output>' for name in outputs
    )
    rows = "".join(
        f'<rule id="r{row}">{cells("inputEntry", rule[:width])}'
        f"{cells('outputEntry', rule[width:])}</rule>"
        for row, rule in enumerate(rules, 1)
    )
    body = f'<decisionTable id="t" hitPolicy="{policy}" {extra}>{columns}{results}{rows}'
    return (
        f'{HEAD}<decision id="d" name="D">{body}</decisionTable></decision></definitions>'.encode()
    )


def decide(xml, **scope):
    return load_decisions(xml).evaluate("d", scope)


GRADES = [("< 55", '"refused"'), ("[55..70)", '"conditional"'), (">= 70", '"accredited"')]


@pytest.mark.parametrize(
    ("score", "grade", "rule"),
    [(10, "refused", "r1"), (55, "conditional", "r2"), (69.9, "conditional", "r2"),
     (70, "accredited", "r3")],
)  # fmt: skip
def test_a_unique_table_takes_the_one_rule_that_matches(score, grade, rule):
    result = decide(table(GRADES), score=score)
    assert (result.value, result.rules) == (grade, (rule,))


def test_no_rule_matches_nothing():
    result = decide(table(GRADES), score=None)
    assert (result.value, result.rules) == (None, ())


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (("< (5", "1"), "Row 2, column “score”: The “\\(” of line 1, column 3 is never closed"),
        (("5", "“a”"), "Row 2, column “grade”: A text stands between double quotes"),
        (("5", "-"), "Row 2, column “grade”: A dash is no value"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_its_row_and_column(rule, message):
    with pytest.raises(DmnError, match=message):
        load_decisions(table([("1", "1"), rule]))


def test_a_unique_table_names_the_rows_that_clash():
    with pytest.raises(DmnError, match="rows 1, 3") as caught:
        decide(table([("< 5", "1"), ("> 9", "2"), ("-", "3")]), score=1)
    assert caught.value.element == "t"


def test_first_takes_the_uppermost():
    assert decide(table([("< 5", "1"), ("-", "2")], "FIRST"), score=1).value == 1
    assert decide(table([("< 5", "1"), ("-", "2")], "FIRST"), score=9).value == 2


def test_any_checks_that_rules_agree():
    assert decide(table([("< 5", "1"), ("-", "1")], "ANY"), score=1).value == 1
    with pytest.raises(DmnError, match="rows 1, 2"):
        decide(table([("< 5", "1"), ("-", "2")], "ANY"), score=1)


ORDER = {"grade": '<outputValues><text>"high", "low"</text></outputValues>'}


def test_priority_and_output_order_follow_the_output_values():
    rules = [("-", '"low"'), ("> 5", '"high"'), ("> 7", '"low"')]
    assert decide(table(rules, "PRIORITY", values=ORDER), score=8).value == "high"
    result = decide(table(rules, "OUTPUT ORDER", values=ORDER), score=8)
    assert result.value == ["high", "low", "low"]
    assert result.rules == ("r2", "r1", "r3")


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_collecting_keeps_the_order_of_rules(policy):
    rules = [("> 1", '"a"'), ("> 5", '"b"'), ("> 2", '"c"')]
    assert decide(table(rules, policy), score=3).value == ["a", "c"]
    assert decide(table(rules, policy), score=0).value == []


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)]
)
def test_aggregators(aggregation, expected):
    rules = [("-", "10"), ("-", "30"), ("-", "20"), ("> 100", "1000")]
    xml = table(rules, "COLLECT", extra=f'aggregation="{aggregation}"')
    assert decide(xml, score=1).value == expected


def test_several_outputs_make_a_context():
    xml = table([("> 1", '"ok"', "months * 2")], outputs=("grade", "validity"))
    assert decide(xml, score=5, months=30).value == {"grade": "ok", "validity": 60}


def test_a_default_is_given_when_no_rule_matches():
    values = {"grade": '<defaultOutputEntry><text>"none"</text></defaultOutputEntry>'}
    assert decide(table([("> 9", '"x"')], values=values), score=1).value == "none"


def test_an_output_outside_its_values_is_refused():
    with pytest.raises(DmnError, match="Row 1"):
        decide(table([("-", '"other"')], "PRIORITY", values=ORDER), score=1)


def test_an_input_outside_its_values_is_refused():
    xml = table(GRADES).replace(
        b"</inputExpression>", b"</inputExpression><inputValues><text>[0..100]</text></inputValues>"
    )
    assert decide(xml, score=60).value == "conditional"
    with pytest.raises(DmnError, match="score"):
        decide(xml, score=101)


def test_what_a_decision_says_of_itself():
    xml = table([("> limit", "bonus")], inputs=("case.score",))
    decision = load_decisions(xml).decisions["d"]
    assert decision.name == "D"
    assert decision.inputs == ("case.score",)
    assert decision.outputs == ("grade",)
    assert decision.hit_policy == "UNIQUE"
    assert decision.names == {"case", "limit", "bonus"}
    assert decision.members == set()


def test_members_of_filtered_items_are_told_apart():
    xml = table([("-", "count(scores[mark > limit])"), ("< limit", "1")], "FIRST")
    decision = load_decisions(xml).decisions["d"]
    assert decision.names == {"score", "scores", "mark", "limit"}
    assert decision.members == {"mark"}


def test_a_bad_cell_tells_its_line_and_the_id_above_it():
    xml = table([("> 5", "1"), ("> > (", "2")]).replace(b"<rule", b"\n<rule")
    with pytest.raises(DmnError) as caught:
        load_decisions(xml)
    assert (caught.value.element, caught.value.line) == ("r2", 3)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (table([("> 5", "1", "2")]), "every column"),
        (table(GRADES, "SOMETIMES"), "hitPolicy"),
        (table(GRADES, "COLLECT", extra='aggregation="MEAN"'), "aggregation"),
        (b"<definitions/>", "not a decision model"),
        (b"<definitions", "well-formed"),
        (b"", "well-formed"),
        (b" " * 5_000_001, "longer"),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + table(GRADES),
            "DOCTYPE",
        ),
    ],
    ids=["width", "policy", "aggregation", "root", "broken", "empty", "long", "doctype"],
)
def test_what_is_no_table_is_refused(xml, message):
    with pytest.raises(DmnError, match=message):
        load_decisions(xml)


def test_an_unknown_decision_is_refused():
    with pytest.raises(DmnError, match="nope"):
        load_decisions(table(GRADES)).evaluate("nope", {})


def test_a_date_column_reads_the_text_that_case_data_holds():
    xml = table([('< date("2026-12-01")', '"early"'), ("-", '"late"')], "FIRST", ("due",))
    typed = xml.replace(b"<inputExpression>", b'<inputExpression typeRef="date">')
    assert decide(typed, due="2026-11-21").value == "early"
    assert decide(typed, due="2026-12-21").value == "late"
    assert decide(typed, due="soon").value == "late"
