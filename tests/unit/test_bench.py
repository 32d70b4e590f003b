"""The table and the chart of what was measured, and what is measured of tables."""

from __future__ import annotations

import pytest
from lxml import etree

from bench.chart import LABEL, SCALE, write_chart
from bench.measure import Figure, line, read, write
from bench.tables import ASKED, ours, questions, rows, theirs

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = {
    "steps_vs_one": Figure(value=0.5, unit="ratio", bar=1.0),
    "size_<of>_a_case": Figure(value=4000, unit="bytes", bar=2000),
    "throughput": Figure(value=200, unit="per second", bar=100, better="higher"),
    "watched": Figure(value=7, unit="ms"),
}


@pytest.fixture
def drawn(tmp_path):
    write_chart(tmp_path / "chart.svg", FIGURES)
    return etree.parse(tmp_path / "chart.svg").getroot()


def bars(root):
    return [r for r in root.iter(f"{SVG}rect") if r.get("x") == str(LABEL)]


def test_a_bar_is_as_long_as_the_share_of_what_is_allowed(drawn):
    assert [round(int(bar.get("width")) / SCALE, 2) for bar in bars(drawn)] == [0.5, 1.25, 0.5]


def test_a_missed_bar_says_so_in_words_and_colour(drawn):
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert [word for word in words if word.endswith("– missed")] == [
        "4,000 of 2,000 bytes – missed"
    ]
    met, missed, _ = (bar.get("fill") for bar in bars(drawn))
    assert met != missed


def test_names_are_written_as_they_are(drawn):
    words = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert "size_<of>_a_case" in words
    assert "watched" not in words


def test_figures_come_back_as_they_were_written(tmp_path):
    assert read(tmp_path / "none.json") == {}
    write(tmp_path / "results.json", FIGURES)
    assert read(tmp_path / "results.json") == FIGURES


@pytest.mark.parametrize(("name", "missed"), [("size_<of>_a_case", True), ("throughput", False)])
def test_a_line_tells_whether_its_bar_is_missed(name, missed):
    assert ("MISSED" in line(name, FIGURES[name])) is missed


def test_both_engines_give_the_same_for_the_table_they_are_measured_with():
    assert ours(20)() == theirs(20)()


@pytest.mark.parametrize("count", [20, 2000])
def test_a_measured_table_has_its_rows_and_answers_every_question(count):
    assert len(rows(count)) == count
    assert len(questions(rows(count))) == ASKED
    assert None not in ours(count)()
