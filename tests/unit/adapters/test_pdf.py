from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from workflow_app.adapters.letter_data import letter_data, letter_words, spelt_dates
from workflow_app.adapters.pdf import FakePrinter, Letter, LetterFailed, Limits, render_letter
from workflow_app.adapters.words import Words

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
YEREVAN = ZoneInfo("Asia/Yerevan")
TITLE = '#set document(title: "Letter")\n'


def make_letter(template: str, **changes) -> Letter:
    values = {"template": template, "data": {}, "language": "en", "issued_at": NOON}
    return Letter(**{**values, **changes})


def printed(template: str, fonts: Path, **changes) -> bytes:
    return render_letter(make_letter(template, **changes), fonts)


@pytest.fixture
def no_fonts(tmp_path) -> Path:
    """A folder whose only font is none: these letters draw, they do not write."""
    (tmp_path / "empty.ttf").touch()
    return tmp_path


def test_a_letter_becomes_a_tagged_pdf_for_every_reader(no_fonts):
    pdf = printed(TITLE + "#rect()", no_fonts)
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid:part" in pdf
    assert b"/MarkInfo" in pdf


def test_the_same_letter_gives_the_same_bytes(no_fonts):
    first = printed(TITLE + "#rect()", no_fonts)
    assert printed(TITLE + "#rect()", no_fonts) == first


def test_a_letter_sees_its_data_base_and_code(no_fonts):
    template = TITLE + (
        '#import "base.typ": width\n#let box = json("data.json")\n'
        '#assert.eq(box.data.case.number, "Գործ 1")\n#assert.eq(width, 3)\n'
        '#assert.eq(box.qr, "https://services.example/c/1")\n#image("qr.svg", alt: "code")'
    )
    letter = make_letter(
        template,
        data={"case": {"number": "Գործ 1"}},
        base="#let width = 3",
        qr="https://services.example/c/1",
    )
    assert render_letter(letter, no_fonts).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ('#read("/etc/passwd")', "file not found"),
        ('#read("../../../../../../etc/passwd")', "escape the project root"),
        ('#json("/proc/self/environ")', "file not found"),
        ('#import "@preview/cetz:0.3.4": *', "package"),
        ('#import "@local/anything:1.0.0": *', "package"),
        ("#while true {}", "condition is always true"),
        ("#let f(n) = f(n + 1) + 1\n#f(0)", "call depth exceeded"),
        ("#range(100000000)", "memory"),
        ('#for i in range(1000000) { "x" * 100000 + str(i) }', "memory"),
        ("#for i in range(1000000) [#pagebreak() x]", "memory"),
        ("= No title", "document title"),
        ("#undeclared", "unknown variable"),
    ],
)
def test_what_a_template_must_not_do_ends_quickly_with_a_reason(attack, reason, no_fonts):
    began = time.monotonic()
    with pytest.raises(LetterFailed) as failed:
        printed(attack, no_fonts)
    assert reason in failed.value.reason
    assert str(no_fonts.parent) not in failed.value.reason
    assert time.monotonic() - began < 8


NEVER_DONE = "#for i in range(100000) { for j in range(100000) { let x = i * j } }"


def test_endless_work_ends_with_its_processor_time(no_fonts):
    with pytest.raises(LetterFailed, match="processor time"):
        render_letter(make_letter(NEVER_DONE), no_fonts, Limits(cpu_seconds=1))


def test_endless_work_ends_with_the_clock(no_fonts):
    with pytest.raises(LetterFailed, match=r"0\.5 seconds"):
        render_letter(make_letter(NEVER_DONE), no_fonts, Limits(wall_seconds=0.5))


def test_a_pdf_over_the_limit_is_refused(no_fonts):
    with pytest.raises(LetterFailed, match="over the limit"):
        render_letter(make_letter(TITLE + "#rect()"), no_fonts, Limits(output_bytes=100))


def test_a_folder_without_fonts_is_refused_for_it_would_print_blank_pages(tmp_path):
    with pytest.raises(LetterFailed, match="no fonts"):
        printed(TITLE + "text", tmp_path)


def test_a_font_that_is_not_there_is_refused_for_its_text_would_vanish(no_fonts):
    with pytest.raises(LetterFailed, match="unknown font family"):
        printed(TITLE + '#set text(font: "Nowhere Sans")\ntext', no_fonts)


def test_the_child_sees_nothing_of_our_environment(no_fonts, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("TYPST_ROOT", "/")
    with pytest.raises(LetterFailed, match="file not found"):
        printed('#read("/etc/passwd")', no_fonts)


def test_dates_of_the_data_are_spelt_in_the_letters_language():
    data = {"a": "2026-11-21", "b": [{"c": "2026-11-21T10:30:00+00:00"}], "d": "2026", "e": 1}
    assert spelt_dates(data, "en", YEREVAN) == {
        "2026-11-21": "21\u00a0November\u00a02026",
        "2026-11-21T10:30:00+00:00": "21\u00a0November\u00a02026, 14:30",
    }
    assert "листопада" in spelt_dates(data, "uk", YEREVAN)["2026-11-21"]
    assert "նոյեմբերի" in spelt_dates(data, "hy", YEREVAN)["2026-11-21"]


@pytest.mark.parametrize("text", ["2026-13-40", "20261121T10", "not a date", "2026-11-21 extra"])
def test_what_only_looks_like_a_date_stays(text):
    assert spelt_dates({"a": text}, "en", YEREVAN) == {}


def test_today_is_the_local_day():
    late = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)
    content = letter_data(make_letter("", issued_at=late, zone=YEREVAN, language="hy"))
    assert content["today"] == "2026-11-22"
    assert content["decimal"] == ","


def test_words_cover_sentences_and_labels_of_the_data(tmp_path):
    words = Words("hy", {"Capacity": "Տեղերի թիվ", "Day centre": "Ցերեկային կենտրոն"}, tmp_path)
    found = letter_words(iter(["Capacity", "Unknown"]), {"form": ["Day centre", "x"]}, words)
    assert found == {"Capacity": "Տեղերի թիվ", "Day centre": "Ցերեկային կենտրոն"}


def test_the_twin_keeps_letters_and_makes_something_like_a_pdf():
    printer = FakePrinter()
    pdf = printer.render(make_letter("x", data={"number": "Գործ"}))
    assert pdf.startswith(b"%PDF-")
    assert "Գործ".encode() in pdf
    assert [letter.template for letter in printer.printed] == ["x"]
