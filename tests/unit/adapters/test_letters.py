"""Every letter under processes/ is compiled with the sample data of letters/samples.json."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from tests.support.pdf_text import text_of
from workflow_app.adapters.pdf import Letter, render_letter
from workflow_app.adapters.typst_words import msgids
from workflow_app.config import ROOT

PROCESSES = ROOT / "processes"
FONTS = ROOT / "workflow_app/static/dist/fonts/ttf"
BASE = (PROCESSES / "letters/base.typ").read_text("utf-8")
LETTERS = sorted(
    f"{path.parent.parent.name}/{path.stem}" for path in PROCESSES.glob("*/letters/*.typ")
)
LANGUAGES = ["en", "hy", "ka", "uk", "ru"]

needs_fonts = pytest.mark.skipif(
    not any(FONTS.glob("*.ttf")), reason="no fonts yet: the front end was not built (make setup)"
)


@cache
def samples() -> dict[str, Any]:
    path = Path(__file__).parent / "letters/samples.json"
    return json.loads(path.read_text("utf-8"))


def template_of(name: str) -> str:
    process, letter = name.split("/")
    return (PROCESSES / process / "letters" / f"{letter}.typ").read_text("utf-8")


def sample_of(name: str) -> dict[str, Any]:
    return {**samples()["common"], **samples()["letters"][name]}


def make_letter(name: str, language: str = "en", **changes) -> Letter:
    values = {
        "template": template_of(name),
        "base": BASE,
        "data": sample_of(name),
        "language": language,
        "names": samples()["names"],
        "service": {"name": "Community services", "accent": "#14555a"},
        "issued_at": datetime(2026, 12, 21, 9, 20, tzinfo=UTC),
        "zone": ZoneInfo("Asia/Yerevan"),
        "qr": "https://services.example/check/CERT-AM-2026-0001",
    }
    return Letter(**{**values, **changes})


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_every_letter_has_a_sample_and_every_sample_a_letter():
    assert sorted(samples()["letters"]) == LETTERS


@needs_fonts
@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_compiles_in_every_language(name, language):
    pdf = render_letter(make_letter(name, language), FONTS)
    assert pdf.startswith(b"%PDF-")
    assert claims_to_be_for_every_reader(pdf)
    assert pages(pdf) in {1, 2}


@needs_fonts
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_without_optional_inputs_still_compiles(name):
    bare = {"case": samples()["common"]["case"], "signature": None}
    assert render_letter(make_letter(name, data=bare, qr=None), FONTS).startswith(b"%PDF-")


@needs_fonts
@pytest.mark.parametrize(("conditions", "expected"), [(0, 1), (3, 1), (9, 2)])
def test_a_certificate_is_one_page_and_many_conditions_follow_on_another(conditions, expected):
    name = next(letter for letter in LETTERS if letter.endswith("certificate"))
    data = sample_of(name)
    data["applicant_name"] = "Charitable foundation for the support of older people “Long Name”"
    data["address_of_service"] = "Syunik region, Goris community, village of Verishen, " * 2
    data["conditions"] = data["conditions"][:1] * conditions
    assert pages(render_letter(make_letter(name, "hy", data=data), FONTS)) == expected


@needs_fonts
@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1234567.5"), ("hy", "1234567,5"), ("ka", "1234567,5"), ("uk", "1234567,5")],
)
def test_an_amount_stands_in_threes_and_a_year_does_not(language, said):
    template = (
        STRICT.replace("fonts", "*", 1)
        + '#(1234567.5, -12345, 2028, none, "n/a").map(number).join("|")'
    )
    letter = make_letter(LETTERS[0], language, template=template)
    grouped = said.replace("1234567", "1\u202f234\u202f567")
    told = "".join(text_of(render_letter(letter, FONTS)).split("\n"))
    assert told == f"{grouped}|\u221212\u202f345|2028|–|n/a"


@needs_fonts
def test_a_long_comment_without_spaces_breaks_where_the_column_ends():
    name = next(letter for letter in LETTERS if letter.endswith("consultation_report"))
    comment = {"no": 1, "section": "lines", "text": "ж" * 3000, "verdict": "noted", "reason": "x"}
    short = {**sample_of(name), "comments": [{**comment, "text": "ж"}]}
    whole = {**short, "comments": [comment]}
    assert pages(render_letter(make_letter(name, data=short), FONTS)) == 1
    pdf = render_letter(make_letter(name, data=whole), FONTS)
    assert pages(pdf) > 2, "in one line it would need no further page"


@needs_fonts
def test_an_override_turns_nothing_round_in_a_letter():
    template = STRICT + '#json("data.json").data.name said'
    letter = make_letter(LETTERS[0], template=template, data={"name": "Help \u202eabc\u2066"})
    assert "Help abc said" in text_of(render_letter(letter, FONTS))


ALPHABETS = {
    "hy": "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև ՝՞՛՜։֊֏",  # noqa: RUF001
    "ka": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ „“ ₾",
    "uk": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’ ₴",  # noqa: RUF001
    "ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя № «»",
}
STRICT = '#import "base.typ": fonts\n#set document(title: "x")\n#set text(font: fonts)\n'


@needs_fonts
@pytest.mark.parametrize("language", ALPHABETS)
def test_the_shipped_fonts_have_every_letter_of_every_language(language):
    letter = make_letter(LETTERS[0], template=STRICT + ALPHABETS[language])
    assert claims_to_be_for_every_reader(render_letter(letter, FONTS))


@needs_fonts
@pytest.mark.parametrize("typed", ["Ani 😀", "漢字", "a\x00b", "a\ufeffb", "a\ud800b"])
def test_a_character_without_a_glyph_does_not_stop_a_letter(typed):
    data = {"name": typed}
    template = STRICT + '#json("data.json").data.name'
    pdf = render_letter(make_letter(LETTERS[0], template=template, data=data), FONTS)
    assert b"/MarkInfo" in pdf
    assert not claims_to_be_for_every_reader(pdf) or typed == "a\ud800b"


def claims_to_be_for_every_reader(pdf: bytes) -> bool:
    return b"pdfuaid:part" in pdf


@pytest.mark.parametrize("name", ["letters/base", *LETTERS])
def test_a_letters_sentences_can_be_translated(name):
    text = BASE if name == "letters/base" else template_of(name)
    found = list(msgids(text))
    assert found
    for sentence in found:
        filled = sentence % dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), "x")
        assert "%" not in filled


ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
# Read when a diagram gives them; a letter is whole without.
OPTIONAL = {"applicant_name", "signed_by", "signed_at", "minutes_text", "signature"}


def inputs_drawn_for(name: str) -> list[set[str]]:
    """What each service task that renders the letter hands over."""
    process, letter = name.split("/")
    diagram = etree.parse(PROCESSES / process / f"{process}.bpmn")
    return [
        {put.get("target") for put in task.iter(f"{ZEEBE}input")}
        for task in diagram.iter("{*}serviceTask")
        if ("letter", letter)
        in {(head.get("key"), head.get("value")) for head in task.iter(f"{ZEEBE}header")}
    ]


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_only_what_its_diagram_gives(name):
    read = set(re.findall(r"""given\("(\w+)"|(?<![-\w])data\.(\w+)""", template_of(name)))
    names = {first or second for first, second in read} - OPTIONAL - {"at"}
    drawn = inputs_drawn_for(name)
    assert drawn
    for inputs in drawn:
        assert names <= inputs


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_says_nothing_past_the_translators(name):
    """Words in square brackets would be text that no catalogue knows."""
    source = re.sub(r'"(?:[^"\\]|\\.)*"|//[^\n]*', "", template_of(name))
    loose = re.findall(r"(?m)^\s*(?:==? )?([A-Z][a-z]+ [a-z]+ .*)$", source)
    assert loose == []
