"""docs/feel.md lists the functions, bounds and differences that there are."""

from __future__ import annotations

from tools import feel_page


def test_the_tables_of_the_page_are_up_to_date():
    held = feel_page.PAGE.read_text(encoding="utf-8")
    assert feel_page.renewed(held) == held, "out of date: make feel-page"


def test_every_table_has_its_place_on_the_page():
    held = feel_page.PAGE.read_text(encoding="utf-8")
    for name in feel_page.SECTIONS:
        assert f"<!-- begin {name} -->" in held
        assert f"<!-- end {name} -->" in held
