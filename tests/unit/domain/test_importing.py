"""Rows of a table as entries: what they become, and which line and column is wrong."""

import pytest

from workflow_app.domain.importing import Shape, judge, spelt

FIELDS = [
    {"name": "code", "type": "text", "required": True},
    {"name": "name", "type": "text", "required": True},
    {"name": "people", "type": "int"},
    {"name": "amount", "type": "money"},
    {"name": "on", "type": "date"},
    {"name": "at", "type": "moment"},
    {"name": "place", "type": "territory"},
    {"name": "kind", "type": "text", "words": {"a": "First", "b": "Second"}},
    {"name": "open", "type": "text", "words": {"True": "Yes", "False": "No"}},
    {"name": "lines", "type": "rows"},
]
SHAPE = Shape(
    fields=FIELDS,
    key="code",
    names=dict(spelt({f["name"]: [f"Label of {f['name']}"] for f in FIELDS})),
    places=dict(spelt({"AM-SU": ["Syunik", "Սյունիք"]})),
    words={
        "kind": dict(spelt({"a": ["First", "Erste"], "b": ["Second"]})),
        "open": dict(spelt({"True": ["Yes"], "False": ["No"]})),
    },
)


def judged(*rows):
    return judge(enumerate(rows, 1), SHAPE)


def faults(*rows):
    return [(one.line, one.column) for one in judged(*rows).faults]


def value(column, text):
    """Return what one cell becomes."""
    found = judged(["code", "name", column], ["1", "One", text])
    assert found.faults == ()
    return found.entries["1"][column]


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("people", "1 200", 1200),
        ("people", "12.0", 12),
        ("amount", "12,5", 12.5),
        ("amount", "\u22123.25", -3.25),
        ("on", "22.11.2026", "2026-11-22"),
        ("on", "2026-11-22", "2026-11-22"),
        ("on", "22/11/2026", "2026-11-22"),
        ("at", "2026-11-22T18:00", "2026-11-22T18:00:00"),
        ("place", "սյունիք", "AM-SU"),
        ("place", "am-su", "AM-SU"),
        ("kind", "erste", "a"),
        ("open", "yes", True),
        ("open", "False", False),
        ("lines", '[{"no": 1}]', [{"no": 1}]),
        ("people", " ", None),
        ("name", "'=SUM(A1)", "=SUM(A1)"),
        ("name", "'quoted'", "'quoted'"),
    ],
)
def test_a_cell_becomes_what_its_field_holds(column, text, expected):
    if column == "name":
        found = judged(["code", "name"], ["1", text])
        assert found.entries["1"]["name"] == expected
    else:
        assert value(column, text) == expected


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("people", "sixty"),
        ("people", "1.5"),
        ("amount", "NaN"),
        ("amount", "1e999999999"),
        ("on", "31.02.2026"),
        ("at", "yesterday"),
        ("place", "Nowhere"),
        ("kind", "third"),
        ("lines", "{}"),
        ("lines", "[" * 100_000),
        ("kind", "x" * 10_001),
    ],
)
def test_a_cell_that_does_not_fit_is_named_by_line_and_column(column, text):
    found = judged(["code", "name", column], ["1", "One", ""], ["2", "Two", text])
    assert [(one.line, one.column) for one in found.faults] == [(3, column)]
    assert found.entries == {}, "one wrong row holds all of them back"


def test_the_first_line_names_fields_or_their_labels():
    found = judged(["CODE", " label of name "], ["1", "One"])
    assert found.entries == {"1": {"code": "1", "name": "One"}}


def test_unknown_missing_and_doubled_columns_are_all_named():
    assert faults(["code", "colour", "code"]) == [(1, "colour"), (1, "code"), (1, "name")]


def test_empty_required_cells_doubled_keys_and_long_lines_are_named():
    assert faults(
        ["code", "name"],
        ["1", ""],
        ["", "Two"],
        ["3", "Three"],
        ["3", "Again"],
        ["4", "Four", "too many"],
        ["x" * 301, "Long"],
    ) == [(2, "name"), (3, "code"), (5, "code"), (6, ""), (7, "code")]


def test_a_short_line_lacks_its_last_cells():
    assert judged(["code", "name", "people"], ["1", "One"]).entries["1"]["people"] is None


def test_a_column_that_is_not_there_is_not_touched():
    assert "people" not in judged(["code", "name"], ["1", "One"]).entries["1"]


def test_a_table_without_lines_names_what_is_missing():
    assert faults() == [(1, "code"), (1, "name")]


@pytest.mark.parametrize("name", ["Help \u202eNGO", "Help \x07NGO"])
def test_a_name_with_characters_that_nobody_sees_is_a_fault(name):
    assert faults(["code", "name"], ["1", name]) == [(2, "name")]
