"""Cells and values of decision tables in words."""

from __future__ import annotations

import pytest

from workflow_app.dmn.drawn import Column, DrawnTable, Row
from workflow_app.form_builder.display import Reader
from workflow_app.form_builder.text import Words
from workflow_app.web.presenting.decision_words import Teller

STATUSES = {"granted": "Granted", "refused": "Refused", "open": "Still open"}


@pytest.fixture
def teller(app):
    with app.test_request_context("/"):
        yield Teller(Reader(Words(str), "en"), STATUSES)


@pytest.mark.parametrize(
    ("feel", "said"),
    [
        (">= 1", "1 or more"),
        ("> 12500.5", "more than 12,500.5"),
        ("<= 5", "5 or less"),
        ("<-1", "less than -1"),
        ("< max_rounds", "less than max_rounds"),
        ('>= setting("grid.docs").pass_mark', "the setting “grid.docs.pass_mark” or more"),
        ('setting("a.months")', "the setting “a.months”"),
        ("[1..5]", "from 1 to 5"),
        ("[1..5)", "from 1 to less than 5"),
        ("(1..5]", "more than 1, up to 5"),
        ("]1..5[", "more than 1 and less than 5"),
        ('"a"', "a"),
        ('"a", "b","c"', "a, b, or c"),
        ("1, 2", "1 or 2"),
        ("true", "Yes"),
        ("false", "No"),
        ("null", "nothing"),
        ('not("a", "b")', "not a or b"),
        ('list contains(?, "other_kind")', "includes other kind"),
        ('"He said \\"no\\""', 'He said "no"'),
        ('"granted"', "Granted"),
    ],
)
def test_comparisons_are_said_in_words(teller, feel, said):
    assert teller.cell(feel) == (said, False)


@pytest.mark.parametrize(
    "feel",
    ["count(?) > 1", "12 + 12", "[a..b]", 'date("2026-01-01")', '"a" + "b"', "< today() - 1", "?"],
)
def test_what_is_more_than_a_comparison_stays_as_written(teller, feel):
    assert teller.cell(feel) == (feel, True)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"),
        ([], "nothing"),
        (["a", "b"], "a and b"),
        ({"a": 1, "b": None}, "a: 1; b: nothing"),
        (True, "Yes"),
        ("2026-11-22", "22 November 2026"),
        ("day_centre", "day centre"),
        ({"…": "text", "size": 900, "start": "Once"}, "Once…"),
        ({"…": "list", "size": 900}, "a list of 900 entries"),
        ({"…": "context", "size": 9}, "9 values together"),
        ({"…": "other"}, "a value that is not kept"),
    ],
)
def test_values_are_said_in_words(teller, value, said):
    assert teller.value(value) == said


def drawn(*outputs):
    rows = tuple(Row(str(n), n, (), cells, ()) for n, cells in enumerate(outputs, 1))
    names = tuple(Column(f"O{n}", f"o{n}") for n, _cell in enumerate(outputs[0]))
    return DrawnTable("t", "", "", "FIRST", (), names, rows)


def test_codes_are_statuses_only_in_a_column_that_gives_nothing_else(teller):
    table = drawn(('"granted"', '"open"', "1"), ('"refused"', '"shut"', "2"))
    over = teller.over([table])
    assert [over.value(code) for code in ("granted", "refused", "open", "shut")] == [
        *("Granted", "Refused", "open", "shut"),
    ]


def test_a_code_is_shown_in_the_language_of_the_reader(app):
    said = {"other kind": "այլ տեսակ"}
    with app.test_request_context("/"):
        teller = Teller(Reader(Words(lambda msgid: said.get(msgid, msgid)), "hy"), {})
        assert teller.value("other_kind") == "այլ տեսակ"
        assert teller.cell('"other_kind", "not_known"') == ("այլ տեսակ կամ not known", False)


def test_several_outputs_stand_under_their_labels_and_one_alone(teller):
    columns = (Column("Band", "band"), Column("Months", "months"))
    assert teller.outcome({"band": "a", "months": 3}, columns) == [("Band", "a"), ("Months", "3")]
    assert teller.outcome({"band": "a"}, columns[:1]) == [("", "band: a")]
    assert teller.outcome(7, columns[:1]) == [("", "7")]
