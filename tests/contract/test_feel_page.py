"""docs/feel.md lists the functions, bounds and differences that there are."""

from __future__ import annotations

from tools import feel_page
from workflow_app.feel import bounds


def test_the_tables_of_the_page_are_up_to_date():
    held = feel_page.PAGE.read_text(encoding="utf-8")
    assert feel_page.renewed(held) == held, "out of date: make feel-page"


def test_every_table_has_its_place_on_the_page():
    held = feel_page.PAGE.read_text(encoding="utf-8")
    for name in feel_page.SECTIONS:
        assert f"<!-- begin {name} -->" in held
        assert f"<!-- end {name} -->" in held


def test_the_table_of_bounds_says_what_is_set():
    told = [
        line.split("|")[2].strip()
        for line in (bounds.__doc__ or "").splitlines()
        if line[:1] == "|"
    ]
    numbers = sorted(float(cell.removesuffix(" s").replace(",", "")) for cell in told[2:])
    limits = [value for name, value in vars(bounds).items() if name.startswith("MAX_")]
    assert numbers == sorted(map(float, limits))
