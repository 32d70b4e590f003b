"""What is told of a table is true, whatever the table; and what is plain to see is told."""

import time
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.dmn.cells import BOOLEANS, FAMILIES, NUMBERS, TEXTS, VALUES, cell
from tests.unit.dmn.test_tables import HEAD, escaped, table
from workflow_app.dmn import load_decisions
from workflow_app.dmn.analysis import MOST, analyse
from workflow_app.dmn.columns import columns_of
from workflow_app.feel import compile_expression
from workflow_app.feel.convert import take_in
from workflow_app.feel.runtime import Runtime

TYPES = {"number": NUMBERS, "string": TEXTS, "boolean": BOOLEANS}
INSIDE = [take_in(value) for value in VALUES]


def read(xml):
    return next(node.table for node in load_decisions(xml).graph.decisions())


def typed(xml, **types):
    """Give the columns of a table their types, and allowed values after a blank."""
    for name, said in types.items():
        kind, _, allowed = said.partition(" ")
        values = f"<inputValues><text>{escaped(allowed)}</text></inputValues>" if allowed else ""
        plain = f"<inputExpression><text>{name}</text></inputExpression>"
        full = f'<inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>{values}'
        xml = xml.replace(plain.encode(), full.encode())
    return xml


def told(xml, *codes):
    """What the analysis says, as code, rows and example."""
    return [
        (each.code, each.rows, *([dict(each.example)] if each.example else []))
        for each in analyse(read(xml))
        if not codes or each.code in codes
    ]


def rows_for(made, values, limit):
    """The rows that match, tried one by one."""
    scope = {"limit": limit}
    return [
        rule.row
        for rule in made.rules
        if all(test.run(Runtime({}), scope, values[place]) is True for place, test in rule.tests)
    ]


def inputs_of(made, example, anything):
    """The values of an example, with some value or other where any will do."""
    return [
        anything if text == "-" else compile_expression(text).run(Runtime({}), {})
        for text in (example[column.label] for column in made.inputs)
    ]


def cells_of(made):
    return [[tests.text for _place, tests in rule.tests] for rule in made.rules]


def coerced(made, values):
    return [
        made.types.coerce(value, column.type_name, Runtime({}))
        for value, column in zip(values, made.inputs, strict=True)
    ]


@st.composite
def models(draw):
    """A table of up to three columns, some of them typed, and any policy that is analysed."""
    width = draw(st.integers(1, 3))
    names = ["a", "b", "c"][:width]
    kinds = [draw(st.sampled_from([*TYPES, None])) for _name in names]
    columns = [
        cell(TYPES[kind] if kind else draw(st.sampled_from(FAMILIES)), opaque=draw(OPAQUES))
        for kind in kinds
    ]
    output = st.sampled_from(["1", "1.0", '"x"', "2", "limit"])
    rows = draw(st.lists(st.tuples(*columns, output), min_size=1, max_size=6))
    policy = draw(st.sampled_from(["UNIQUE", "ANY", "FIRST", "PRIORITY"]))
    xml = table(rows, policy, inputs=names)
    return read(typed(xml, **{name: kind for name, kind in zip(names, kinds, strict=True) if kind}))


ORDERED = {"grade": "<outputValues><text>1, 2</text></outputValues>"}
OPAQUES = st.sampled_from([[], [], ["limit", "? = limit"]])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models(), st.sampled_from(INSIDE), st.sampled_from(INSIDE))
def test_whatever_is_told_is_true(made, anything, limit):
    for finding in analyse(made):
        if finding.code == "gap":
            values = inputs_of(made, finding.example, anything)
            assert rows_for(made, values, limit) == [], (cells_of(made), values)
        elif finding.code in {"overlap", "contradiction"}:
            values = inputs_of(made, finding.example, anything)
            assert set(finding.rows) <= set(rows_for(made, values, limit)), cells_of(made)
        elif finding.code == "unreached":
            for chosen in product(INSIDE[::3], repeat=len(made.inputs)):
                values = coerced(made, chosen)
                matching = rows_for(made, values, limit)
                taken = matching[:1] if made.hit_policy == "FIRST" else matching
                assert finding.rows[0] not in taken, (cells_of(made), values)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models())
def test_a_table_without_a_gap_answers_every_class_of_values(made):
    found = analyse(made)
    columns = columns_of(made)
    if any(each.code in {"gap", "unfinished"} for each in found) or any(
        not column.usual or each.may != each.does for column in columns for each in column.classes
    ):
        return
    for classes in product(*(column.usual for column in columns)):
        assert rows_for(made, [each.example for each in classes], None) != []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models())
def test_rows_that_clash_are_found(made):
    columns = columns_of(made)
    if made.hit_policy != "UNIQUE" or any(
        each.may != each.does for column in columns for each in column.classes
    ):
        return
    clash = any(
        len(rows_for(made, [each.example for each in classes], None)) > 1
        for classes in product(*(column.usual or column.classes[:1] for column in columns))
    )
    assert clash == any(each.code in {"overlap", "contradiction"} for each in analyse(made))


# What is plain to see


def test_a_gap_between_intervals():
    xml = table([("< 55", "1"), ("(55..70)", "2"), (">= 70", "3")])
    assert told(xml) == [("gap", (), {"score": "55"})]


def test_a_complete_table_has_no_finding():
    assert told(table([("< 55", "1"), ("[55..70)", "2"), (">= 70", "3")])) == []
    assert told(typed(table([("true", "1"), ("false", "2")]), score="boolean")) == []
    assert told(typed(table([('"a"', "1"), ('"b"', "2")]), score='string "a", "b"')) == []


def test_a_value_that_no_cell_names():
    assert told(table([('"a"', "1"), ('"b"', "2")])) == [("gap", (), {"score": '"other"'})]


def test_gaps_name_the_columns_that_matter_and_the_largest_first():
    rows = [("true", "< 5", "1"), ("true", "> 5", "2")]
    xml = typed(table(rows, inputs=("a", "b")), a="boolean", b="number")
    assert told(xml) == [("gap", (), {"a": "false", "b": "-"}), ("gap", (), {"a": "-", "b": "5"})]


def test_allowed_values_bound_a_column():
    rows = [("< 50", "1"), ("[50..100)", "2"), ("> 100", "3")]
    assert told(typed(table(rows), score="number [0..100]")) == [
        ("unreached", (3,)),
        ("gap", (), {"score": "100"}),
    ]


def test_the_allowed_values_of_a_defined_type_bound_a_column():
    kinds = (
        '<itemDefinition name="tKind"><typeRef>string</typeRef>'
        '<allowedValues><text>"day", "home"</text></allowedValues></itemDefinition>'
    )
    xml = typed(table([('"day"', "1"), ('"hme"', "2")]), score="tKind")
    xml = xml.replace(HEAD.encode(), (HEAD + kinds).encode())
    assert told(xml) == [("unreached", (2,)), ("gap", (), {"score": '"home"'})]


def test_rows_that_overlap():
    rows = [("< 5", "-", "1"), ("> 9", "-", "1"), ("[3..9]", "true", "1"), ("4", "false", "2")]
    assert told(table(rows, inputs=("a", "b")), "overlap", "contradiction") == [
        ("overlap", (1, 3), {"a": "3", "b": "true"}),
        ("contradiction", (1, 4), {"a": "4", "b": "false"}),
    ]


def test_rows_of_any_may_overlap_but_must_agree():
    rows = [("< 5", "1"), ("< 9", "1.0"), ("> 3", "limit"), ("-", '"x"')]
    assert told(table(rows, "ANY"), "overlap", "contradiction") == [
        ("contradiction", (1, 4), {"score": "2"}),
        ("contradiction", (2, 4), {"score": "2"}),
    ]


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY", "COLLECT", "RULE ORDER"])
def test_elsewhere_rows_may_overlap(policy):
    assert told(table([("< 5", "1"), ("-", "2")], policy, values=ORDERED)) == []


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_an_order_is_missed_where_no_column_has_one(policy):
    rows = [("< 5", "1"), ("-", "2")]
    assert told(table(rows, policy)) == [("no_order", ())]
    assert told(table(rows, policy, values=ORDERED)) == []


def test_rows_that_are_never_reached():
    rows = [("< 10", "1"), ("[3..5]", "2"), ("[5..3]", "3"), ('< "a"', "4"), ("-", "5"), ("1", "6")]
    xml = typed(table(rows, "FIRST"), score="number")
    assert told(xml) == [
        ("unreached", (2, 1)),
        ("unreached", (3,)),
        ("unreached", (4,)),
        ("unreached", (6, 1)),
    ]


def test_a_row_that_several_rows_cover_together():
    rows = [("< 10", "1"), (">= 10", "2"), ("[5..15]", "3"), ("-", "4")]
    found = analyse(read(table(rows, "FIRST")))
    assert [(each.code, each.rows) for each in found] == [("unreached", (3,))]
    assert "rows above" in found[0].why % found[0].details


@pytest.mark.parametrize("policy", ["FIRST", "ANY", "PRIORITY"])
def test_a_catch_all_is_missed(policy):
    complete = [("< 5", "1"), (">= 5", "2")]
    assert told(table(complete, policy, values=ORDERED)) == [("no_catch_all", ())]
    assert told(table([*complete, ("-", "1")], policy), "no_catch_all") == []
    default = {"grade": "<defaultOutputEntry><text>0</text></defaultOutputEntry>"}
    assert told(table(complete, policy, values=default), "no_catch_all") == []


def test_a_list_of_hits_may_be_empty():
    assert told(table([("< 5", "1")], "COLLECT")) == []


@pytest.mark.parametrize(
    "rows",
    [[("< limit", "1"), (">= limit", "2")], [("< 5", "1"), ("? >= 5", "2")]],
    ids=["name", "placeholder"],
)
def test_of_opaque_cells_no_gap_is_claimed_but_a_default_is_missed(rows):
    assert told(table(rows)) == [("no_catch_all", ())]


def test_columns_that_hang_together_raise_no_alarm():
    rows = [("< 50", "-", "1"), ("-", ">= 100", "2")]
    assert told(table(rows, inputs=("score", "score * 2"))) == [("no_catch_all", ())]


def test_null_is_a_value_where_a_cell_names_it():
    assert told(table([("null", "1"), ("not(null)", "2")])) == []
    found = told(table([("null", "1"), ("< 5", "2")]))
    assert found == [("gap", (), {"score": "5"})]


def test_a_clock_of_no_zone_may_pass_where_one_with_a_zone_does():
    cells = ['< @"2026-10-25T02:30:00Z"', '@"2026-01-31T10:00:00"', '@"2026-05-01T10:00:00Z"']
    xml = table([(cell, str(row)) for row, cell in enumerate(cells)], "FIRST", inputs=["t"])
    made = read(typed(xml, t="date and time"))
    for finding in analyse(made):
        if finding.code == "gap":
            assert rows_for(made, inputs_of(made, finding.example, None), None) == []
    assert ("unreached", (2,)) not in told(xml, "unreached")
    assert ("unreached", (3, 1)) in [each[:2] for each in told(xml, "unreached")]


def test_a_column_that_allows_nothing_is_no_fault_of_the_rows():
    xml = table([("1", "-", "1"), ("-", "2", "2"), ("-", "-", "3")], "FIRST", inputs=["a", "b"])
    assert told(typed(xml, a='number "x"'), "unreached", "gap") == []


def test_outputs_that_their_column_refuses():
    values = {"grade": '<outputValues><text>"a", "b"</text></outputValues>'}
    rows = [("1", '"a"'), ("2", '"c"'), ("3", ""), ("4", "limit"), ("5", '"b" + "c"')]
    xml = table(rows, "FIRST", inputs=["n"], values=values)
    found = [each for each in analyse(read(xml)) if each.code == "refused"]
    assert [(each.rows, each.details["value"]) for each in found] == [((2,), '"c"'), ((5,), '"bc"')]


def test_rows_that_could_be_one():
    rows = [('"a"', "true", "1"), ('"b"', "true", "1"), ('"c"', "true", "2")]
    assert told(table(rows, inputs=("kind", "old")), "mergeable") == [("mergeable", (1, 2))]
    annotated = table(rows, inputs=("kind", "old")).replace(
        b'<rule id="r1">', b'<rule id="r1"><description>why</description>'
    )
    assert told(annotated, "mergeable") == []


def test_what_is_too_much_is_said():
    rows = [("-", "1")] * (MOST * 2)
    found = told(table(rows))
    assert len(found) == MOST + 1
    assert found[-1] == ("unfinished", ())


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE"])
def test_a_large_table_is_analysed_within_seconds(policy):
    names = [f"c{place}" for place in range(8)]
    rows = [
        (
            f"[{n}..{n + 3})", f'"{n % 7}"', "true" if n % 2 else "false", f"< {n * 2}",
            f"> {n % 50}", f'not("{n % 11}")', "-", f"{n % 5}, {n % 3}", str(n),
        )
        for n in range(2000)
    ]  # fmt: skip
    made = read(table(rows, policy, inputs=names))
    before = time.process_time()
    assert analyse(made)
    assert time.process_time() - before < 4


@pytest.mark.parametrize(
    ("rows", "example"),
    [
        (['< @"P1D"', '> @"P1D"'], '@"P1D"'),
        (['<= @"P1D"'], '@"P2D"'),
        (['<= @"10:00:00"'], '@"11:00:00"'),
        (['<= @"23:59:00"'], '@"23:59:01"'),
        (['>= @"2026-02-01"'], '@"2026-01-31"'),
        (['<= @"2026-02-01T10:00:00Z"'], '@"2026-02-02T10:00:00Z"'),
        (['<= @"P1Y"'], '@"P1Y1M"'),
        (["< 1", "> 1.5"], "1"),
        (["<= 1", ">= 1.5"], "1.25"),
        (["<= 1", ">= 3"], "2"),
        (['< "m"'], '"other"'),
        (['>= "m"'], '"a"'),
    ],
)
def test_examples_are_values_that_people_would_write(rows, example):
    xml = table([(row, "1") for row in rows])
    assert told(xml, "gap") == [("gap", (), {"score": example})]
