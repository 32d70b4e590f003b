"""Amounts that a form computes: in decimal, to the cent, shown with two decimals."""

import pytest

from workflow_app.form_builder.numbers import to_the_cent

MONEY = {"properties": {"kind": "money"}}
TOTAL = {"type": "expression", "key": "total", "label": "Total", "expression": "=units * cost"}
BUDGET = {
    "type": "dynamiclist", "path": "budget", "label": "Budget", "defaultRepetitions": 1,
    "components": [
        {"type": "number", "key": "units", "label": "Units"},
        {"type": "number", "key": "cost", "label": "Cost", **MONEY},
        TOTAL | MONEY,
    ],
}  # fmt: skip
SUM = {"type": "expression", "key": "sum", "label": "Sum", "expression": "=sum(budget.total)"}
ASKED = {
    "type": "number", "key": "asked", "label": "Asked",
    "properties": {"kind": "money", "check": "=asked = sum", "checkMessage": "Not the sum"},
}  # fmt: skip
FORM = [BUDGET, SUM | MONEY, ASKED]


@pytest.mark.parametrize(
    ("value", "money"),
    [(1.005, 1.01), (2.675, 2.68), (0.825, 0.83), (-1.005, -1.01), (3, 3), (0.1 + 0.2, 0.3),
     (4.994, 4.99), (None, None), (True, True), ("5", "5"), (1e40, 1e40)],
)  # fmt: skip
def test_half_a_cent_goes_up_as_in_decimal(value, money):
    assert to_the_cent(value) == money


def test_each_line_is_rounded_and_the_sum_is_that_of_the_lines(answers):
    posted = {"budget-0-units": "0.5", "budget-0-cost": "2.01"}
    posted |= {"budget-1-units": "12.5", "budget-1-cost": "333.33", "asked": "4167.64"}
    given = answers(FORM, posted)
    assert [row["total"] for row in given["budget"]] == [1.01, 4166.63]
    assert (given["sum"], given["asked"]) == (4167.64, 4167.64)


def test_a_cent_too_much_is_refused_and_nothing_posted_counts_as_computed(messages):
    posted = {"budget-0-units": "3", "budget-0-cost": "0.10", "budget-0-total": "9", "sum": "9"}
    assert messages(FORM, {**posted, "asked": "0.31"}) == {"f-asked": "Not the sum"}
    assert messages(FORM, {**posted, "asked": "0.30"}) == {}


def test_a_line_that_is_not_complete_has_no_amount(fill_in):
    form = fill_in(FORM, {"budget-0-units": "3"})
    assert form.validate()
    assert form.answers()["budget"] == [{"units": 3, "cost": None, "total": None}]


def test_the_page_shows_two_decimals_and_tells_the_script(fill_in):
    form = fill_in(FORM, {"budget-0-units": "30000", "budget-0-cost": "0.5"})
    total = form.fields[0].rows.rows[0].fields[2]
    assert (total.text, total.value, total.money) == ("15,000.00", "15000", True)
