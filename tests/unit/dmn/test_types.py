"""Item definitions and conversions to them (DMN 1.5 §7.3.3, §7.3.4 and §10.3.2.9.4)."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.support.decisions import (
    allowed,
    component,
    decision,
    given,
    item,
    knowledge,
    model,
    needs,
    service,
    standard,
    strict,
    text,
)
from workflow_app.dmn import DmnError, load_decisions
from workflow_app.feel import FeelError, YearsMonths

MANY = 'isCollection="true"'
TYPES = (
    item("tScore", "number", allowed("[0..100]")),
    item("tHigh", "tScore", allowed("> 50")),
    item("tGrade", "string", allowed('"a", "b"')),
    item("tGrades", "tGrade", more=MANY),
    item("tLetters", "string", allowed('"a","b"'), MANY),
    item("tPair", "tLetters", allowed("count(?) = 2", "typeConstraint")),
    item("tShort", "string", allowed("string length(?) < 4", "typeConstraint")),
    item("tPerson", inner=component("name", "string") + component("born", "date")),
    item("tStaff", "tPerson", more=MANY),
    item("tTeam", inner=(
        component("lead", "tPerson")
        + component("marks", "number", allowed("< 10"), MANY)
        + component("seat", inner=component("row", "number") + component("letter", "string"))
        + component("rooms", inner=component("no", "number"), more=MANY)
    )),
    item("tTree", inner=component("value", "number") + component("kids", "tTree", more=MANY)),
    item("tAnything"),
    item("tAlso any", "Any"),
    item("tFeel", "feel:number"),
    item("tGrid", "tRow", more=MANY),
    item("tRow", "number", more=MANY),
    item("tNumbers", "list&lt;number&gt;"),
    item("tPeriod", "range&lt;date&gt;"),
    item("tFunction", inner='<functionItem outputTypeRef="number"><parameters name="x" typeRef='
         '"number"/></functionItem>'),
)  # fmt: skip
ANNA = {"name": "Anna", "born": dt.date(2000, 1, 2)}
TEAM = {"lead": ANNA, "marks": [1, 2], "seat": {"row": 1, "letter": "a"}, "rooms": [{"no": 1}]}
SAME = object()


def passed(type_name, value):
    """What becomes of an input of a type, and of a decision's result of that type."""
    parts = (
        *TYPES,
        given("typed", type_name),
        given("x"),
        decision("input", text("typed"), needs("typed", kind="Input")),
        decision("result", text("x"), needs("x", kind="Input"), type_name),
        decision("inner", text("x", type_name), needs("x", kind="Input")),
        knowledge("k", {"p": type_name}, text("p")),
        decision("called", text("k(x)"), needs("x", kind="Input") + needs("k", kind="Knowledge")),
        service("s", ("input",), inputs=("typed",)),
        decision("asked", text("s(x)"), needs("x", kind="Input") + needs("s", kind="Knowledge")),
    )
    loaded = load_decisions(model(*parts), lenient=True)
    data = {"typed": value, "x": value}
    return [
        loaded.evaluate(name, data).value
        for name in ("input", "result", "inner", "called", "asked")
    ]


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("number", 5, SAME),
        ("number", "5", None),
        ("feel:number", 5, SAME),
        ("tFeel", "5", None),
        ("tScore", 100, SAME),
        ("tScore", 101, None),
        ("tScore", "1", None),
        ("tHigh", 51, SAME),
        ("tHigh", 50, None),
        ("tHigh", 101, None),
        ("tGrade", "a", SAME),
        ("tGrade", "c", None),
        ("tGrade", None, None),
        ("tGrade", ["a"], "a"),
        ("tGrade", ["c"], None),
        ("tGrade", ["a", "b"], None),
        ("tGrades", ["a", "b", "a"], SAME),
        ("tGrades", ["a", "c"], None),
        ("tGrades", ["a", None], SAME),
        ("tGrades", "a", ["a"]),
        ("tGrades", "c", None),
        ("tGrades", [], SAME),
        ("tLetters", ["a", "b"], SAME),
        ("tLetters", ["c"], None),
        ("tPair", ["a", "b"], SAME),
        ("tPair", ["a"], None),
        ("tPair", ["a", "c"], None),
        ("tShort", "abc", SAME),
        ("tShort", "abcd", None),
        ("tPerson", ANNA, SAME),
        ("tPerson", {**ANNA, "more": 1}, SAME),
        ("tPerson", {"name": "Anna"}, None),
        ("tPerson", {"name": "Anna", "born": None}, SAME),
        ("tPerson", {"name": "Anna", "born": "2000-01-02"}, None),
        ("tPerson", [ANNA], ANNA),
        ("tStaff", [ANNA, ANNA], SAME),
        ("tStaff", ANNA, [ANNA]),
        ("tStaff", [ANNA, 1], None),
        ("tTeam", TEAM, SAME),
        ("tTeam", {**TEAM, "marks": [1, 10]}, None),
        ("tTeam", {**TEAM, "marks": None}, SAME),
        ("tTeam", {**TEAM, "seat": {"row": 1, "letter": 1}}, None),
        ("tTeam", {**TEAM, "rooms": [{"no": "1"}]}, None),
        ("tTeam", {**TEAM, "lead": {}}, None),
        ("tTree", {"value": 1, "kids": [{"value": 2, "kids": []}]}, SAME),
        ("tTree", {"value": 1, "kids": [{"value": "2", "kids": []}]}, None),
        ("tAnything", {"a": [1]}, SAME),
        ("tAlso any", "x", SAME),
        ("Any", [1], SAME),
        ("tGrid", [[1], [2, 3]], SAME),
        ("tGrid", [["1"]], None),
        ("list", 1, [1]),
        ("tNumbers", [1, 2], SAME),
        ("tNumbers", 1, [1]),
        ("tNumbers", ["1"], None),
        ("context", {"a": 1}, SAME),
        ("context", 1, None),
        ("dateTime", dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC), SAME),
        ("date and time", dt.date(2026, 1, 2), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
        ("date", dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC), None),
        ("time", dt.time(1, 2), SAME),
        ("dayTimeDuration", dt.timedelta(days=1), SAME),
        ("days and time duration", dt.timedelta(days=1), SAME),
        ("yearMonthDuration", YearsMonths(14), SAME),
        ("years and months duration", dt.timedelta(days=1), None),
        ("boolean", True, SAME),
        ("boolean", 1, None),
        ("string", "", SAME),
    ],
)  # fmt: skip
def test_values_conform_to_their_type_are_converted_or_are_null(type_name, value, expected):
    wanted = value if expected is SAME else expected
    assert passed(type_name, value) == [wanted] * 5


def test_a_type_may_be_asked_for_without_what_it_allows():
    parts = (*TYPES, decision("d", text('[200 instance of tScore, "a" instance of tScore, '
             "[1] instance of tRow, null instance of tGrade]")))  # fmt: skip
    assert standard(model(*parts), "d") == [True, False, True, False]


def test_a_cell_may_ask_for_a_type():
    table = (
        '<decisionTable hitPolicy="FIRST"><input><inputExpression><text>x</text>'
        "</inputExpression></input><output/>"
        "<rule><inputEntry><text>? instance of tPerson</text></inputEntry>"
        '<outputEntry><text>"person"</text></outputEntry></rule>'
        "<rule><inputEntry><text>-</text></inputEntry>"
        '<outputEntry><text>"other"</text></outputEntry></rule></decisionTable>'
    )
    parts = (*TYPES, given("x"), decision("d", table, needs("x", kind="Input")))
    for decide in (standard, strict):
        assert decide(model(*parts), "d", x=ANNA) == "person"
        assert decide(model(*parts), "d", x=1) == "other"


def test_function_types_convert_what_a_function_gives():
    functions = (
        *TYPES,
        knowledge("typed", {"x": ""}, text("if x = 1 then [x] else x"), type_name="tFunction"),
        knowledge("untyped", {"x": ""}, text("[x]")),
        decision("d", text('[typed(1), typed(2), typed("a"), untyped(1)]'),
                 needs("typed", "untyped", kind="Knowledge")),
        decision("f", text("function(a) a + 1"), type_name="tFunction"),
        decision("g", text("function(a, b) a + b"), type_name="tFunction"),
        decision("e", text("[f(1), g]"), needs("f", "g")),
    )  # fmt: skip
    assert standard(model(*functions), "d") == [1, 2, None, [1]]
    assert standard(model(*functions), "e") == [2, None]


def test_a_service_converts_its_result():
    parts = (
        *TYPES,
        decision("out", text("[7]")),
        service("s", ("out",), type_name="number"),
        service("t", ("out",), type_name="tGrade"),
        decision("d", text("[s(), t()]"), needs("s", "t", kind="Knowledge")),
    )
    assert standard(model(*parts), "d") == [7, None]


# -- data of cases ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("date", "2026-11-22", dt.date(2026, 11, 22)),
        ("feel:date", "2026-11-22", dt.date(2026, 11, 22)),
        ("dayTimeDuration", "P1D", dt.timedelta(days=1)),
        ("date", "tomorrow", None),
        ("date", "P1D", None),
        ("tPerson", {"name": "Anna", "born": "2000-01-02"}, ANNA),
        ("tStaff", [{"name": "Anna", "born": "2000-01-02"}], [ANNA]),
        ("tStaff", {"name": "Anna", "born": "2000-01-02"}, None),
        ("tTeam", {**TEAM, "lead": {"name": "Anna", "born": "2000-01-02"}}, TEAM),
        ("tPerson", {"name": "2000-01-02", "born": "2000-01-02"}, {**ANNA, "name": "2000-01-02"}),
        ("string", "2026-11-22", "2026-11-22"),
        ("Any", "2026-11-22", "2026-11-22"),
    ],
)
def test_case_data_writes_dates_and_durations_as_texts(type_name, value, expected):
    parts = (*TYPES, given("x", type_name), decision("d", text("x"), needs("x", kind="Input")))
    assert strict(model(*parts), "d", x=value) == expected


# -- what designers get wrong -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([item("tA", "gone")], "There is no type “gone”"),
        ([item("tA", "list&lt;gone&gt;")], "There is no type “list<gone>”"),
        ([item("tA", inner=component("a", inner=component("b", "gone")))], "no type “gone”"),
        ([item("tA", "tA")], "The type “tA” is defined by itself"),
        ([item("tA", "tB"), item("tB", "tA")], "The type “tA” is defined by itself"),
        ([item("tA", "number"), item("tA", "string")], "two types of the name “tA”"),
        ([item("", "number")], "A type has no name"),
        ([item("tA", "number", more='typeLanguage="urn:xsd"')], "in FEEL only"),
        ([item("tA", "number", allowed("1 +"))], "line 2"),
        ([item("tA", inner=component("a", "number", allowed("1 +")))], "line 2"),
        ([item("tA", "number", allowed("1", "typeConstraint").replace("1", "[1.."))], "line 2"),
        ([item("tA", inner='<functionItem outputTypeRef="gone"/>')], "no type “gone”"),
        ([item("tA", inner='<functionItem><parameters typeRef="gone" name="a"/></functionItem>')],
         "no type “gone”"),
        ([given("x", "gone")], "no type “gone”"),
        ([decision("d", text("1"), type_name="gone")], "no type “gone”"),
        ([decision("d", text("1", "gone"))], "no type “gone”"),
        ([knowledge("k", {"x": "gone"}, text("1"))], "no type “gone”"),
        ([decision("d", text("function(x: gone) x"))], "no type “gone”"),
        ([decision("d", text("1 instance of list<gone>"))], "no type “gone”"),
    ],
)  # fmt: skip
def test_wrong_types_are_told_with_their_line(parts, message):
    with pytest.raises(DmnError, match=message) as caught:
        load_decisions(model(*parts))
    assert caught.value.line in {2, 3}
    loaded = load_decisions(model(*parts, decision("ok", text("1"))), lenient=True)
    assert loaded.evaluate("ok", {}).value == 1


@pytest.mark.parametrize("base", ["tA", "tB", "tC"])
def test_a_type_defined_by_itself_takes_anything_in_a_lenient_model(base):
    parts = (
        item("tA", "tB"), item("tB", "tA"), item("tC", "tA", more=MANY),
        given("x", base), decision("d", text("x"), needs("x", kind="Input")),
    )  # fmt: skip
    assert standard(model(*parts), "d", x=[1]) == [1]


def test_an_unknown_type_takes_anything_in_a_lenient_model():
    parts = (given("x", "gone"), decision("d", text("x"), needs("x", kind="Input")))
    assert standard(model(*parts), "d", x={"a": 1}) == {"a": 1}


def test_what_a_type_allows_is_charged_to_the_decision():
    slow = allowed("count(for a in 1..2000, b in 1..2000 return a) > 0")
    parts = (item("tSlow", "number", slow), given("x", "tSlow"),
             decision("d", text("x"), needs("x", kind="Input")))  # fmt: skip
    with pytest.raises(DmnError) as caught:
        strict(model(*parts), "d", x=1)
    assert isinstance(caught.value.__cause__, FeelError)
    assert caught.value.element == "d"


def test_numbers_come_in_exactly():
    assert passed("number", 0.1)[0] == Decimal("0.1")
