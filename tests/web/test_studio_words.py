"""The words of a draft: five languages side by side, PO files, the diagram in each language."""

from __future__ import annotations

import io

import pytest
from babel.messages.pofile import read_po

from tests.web.test_studio_drafts import begin
from workflow_app.adapters.words import Words
from workflow_app.services.designing import words
from workflow_app.services.designing.words import row_id

NAME = "Sign the decision"


@pytest.fixture
def draft(designer):
    return f"/studio/drafts/{begin(designer)}"


@pytest.fixture
def signing(designer, draft):
    """Return the page that shows one text, and the name that its fields bear."""
    page = designer.get(f"{draft}/words?word={NAME}")
    msgid = page.all(".app-words__source")[0]
    return page, row_id(msgid)


def test_every_text_stands_beside_its_translations(designer, draft, signing):
    page, _row = signing
    fields = {area["lang"]: area.get_text().strip() for area in page.soup.select("textarea")[:4]}
    assert set(fields) == {"hy", "ka", "uk", "ru"}
    assert all(fields.values())
    assert "Diagram" in page.all(".app-words__places")[0]
    everything = designer.get(f"{draft}/words")
    assert len(everything.all(".app-words__source")) == 20
    assert everything.soup.select_one('a[rel="next"]')


def test_own_words_are_kept_and_the_diagram_says_them(designer, draft, signing):
    page, row = signing
    saved = page.send({f"text-uk-{row}": "Підписати по-нашому"}, form="form[novalidate]")
    assert "1 text is saved." in saved.text
    assert "Words were translated: Українська, 1" in designer.get(draft).all(".moj-timeline__title")
    again = designer.get(f"{draft}/words?state=own&language=uk")
    assert again.all(".app-words__source") == signing[0].all(".app-words__source")[:1]
    drawn = designer.client.get(f"{draft}/words/diagram/uk.json").json
    assert "Підписати по-нашому" in drawn["names"].values()
    assert (
        "Підписати по-нашому"
        not in designer.client.get(f"{draft}/words/diagram/ru.json").json["names"].values()
    )
    assert len(designer.get(f"{draft}/words/diagram").soup.select("[data-diagram]")) == 5


def test_the_lanes_of_a_diagram_speak_the_language_it_is_shown_in(designer):
    accreditation = f"/studio/drafts/{begin(designer, 'accreditation')}"
    shown = designer.client.get(f"{accreditation}/words/diagram/uk.json?lang=hy")
    names = shown.json["names"]
    assert names["lane_registrar"] == Words("uk").text("Registrar")


def test_an_emptied_text_goes_back_to_the_catalogue(designer, draft, signing):
    page, row = signing
    before = page.soup.select_one(f"#text-uk-{row}").get_text().strip()
    page.send({f"text-uk-{row}": "Інше"}, form="form[novalidate]")
    there = designer.get(f"{draft}/words?word={NAME}")
    there.send({f"text-uk-{row}": ""}, form="form[novalidate]")
    now = designer.get(f"{draft}/words?word={NAME}")
    assert now.soup.select_one(f"#text-uk-{row}").get_text().strip() == before


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(designer, draft):
    page = designer.get(f"{draft}/words?word=%25%28")
    row = str(page.soup.select("textarea")[0]["id"]).rsplit("-", 1)[-1]
    typed = {f"text-hy-{row}": "կորած", f"text-ru-{row}": "Своими словами"}
    refused = page.send(typed, form="form[novalidate]", status=422)
    assert "What stands after % must be the same as in English." in refused.text
    assert refused.soup.select_one(f"#text-ru-{row}").get_text().strip() == typed[f"text-ru-{row}"]
    assert refused.soup.select_one(f"#text-hy-{row}").get_text().strip() == typed[f"text-hy-{row}"]


def test_a_text_that_changed_meanwhile_is_not_overwritten(designer, draft, signing):
    page, row = signing
    page.send({f"text-uk-{row}": "Перше"}, form="form[novalidate]")
    late = page.send({f"text-uk-{row}": "Друге"}, form="form[novalidate]", status=422)
    assert "Somebody has changed this in the meantime to “Перше”." in late.text
    assert late.soup.select_one(f"#text-uk-{row}").get_text().strip() == "Друге"


def test_a_po_file_goes_out_and_comes_back(designer, draft):
    raw = designer.client.get(f"{draft}/words/ka.po").data
    catalogue = read_po(io.BytesIO(raw), locale="ka")
    catalogue[NAME].string = "ჩვენებურად"
    catalogue.add("Nobody says this", "არავინ")
    broken = next(m for m in catalogue if "%(" in str(m.id))
    broken.string = "დაკარგული"
    out = io.BytesIO()
    from babel.messages.pofile import write_po  # noqa: PLC0415

    write_po(out, catalogue)
    page = bring(designer, draft, out.getvalue())
    assert "1 text was taken." in page
    assert "1 text is not in this draft." in page
    assert "What stands after % must be the same as in English." in page
    assert "ჩვენებურად" in designer.get(f"{draft}/words?word={NAME}").text


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b"{} this is JSON", "This is no PO file"),
        (b"x" * 100_001, "The file is larger than 0.1 MB."),
    ],
)
def test_another_file_is_refused_with_a_sentence(designer, draft, monkeypatch, body, told):
    monkeypatch.setattr(words, "MOST_BYTES", 100_000)
    assert told in bring(designer, draft, body, status=422)


def bring(browser, draft, body, status=200):
    page = browser.get(f"{draft}/words")
    token = page.soup.select_one('input[name="csrf_token"]')["value"]
    sent = {"csrf_token": token, "language": "ka", "file": (io.BytesIO(body), "words.po")}
    answer = browser.client.post(f"{draft}/words/import", data=sent)
    assert answer.status_code == status
    return answer.text
