"""Letters of a draft: tried with sample data in every language; an error names its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.test_studio_drafts import begin
from workflow_app.adapters.pdf import TypstPrinter
from workflow_app.factory import FONTS
from workflow_app.services.designing.letters import sample_of


@pytest.fixture
def designer(app, sign_in):
    platform = app.extensions["platform"]
    app.extensions["platform"] = replace(platform, printer=TypstPrinter(FONTS))
    return sign_in("designer")


@pytest.fixture
def letter(designer):
    draft = f"/studio/drafts/{begin(designer)}/letters"
    page = designer.get(draft)
    return page.soup.select_one(f'a[href^="{draft}/"]')["href"]


def send(browser, letter, where="", status=200, **changed):
    page = browser.get(letter)
    form = page.soup.select_one(f'form[action$="{letter}"]')
    fields = {
        one["name"]: one.get("value", one.get_text()) for one in form.select("input,textarea")
    }
    answer = browser.client.post(f"{letter}{where}", data={**fields, "language": "en", **changed})
    assert answer.status_code == status
    return answer


@pytest.mark.parametrize("language", ["en", "hy", "ka"])
def test_a_letter_is_printed_from_sample_data_that_is_there_already(designer, letter, language):
    answer = send(designer, letter, "/preview", language=language)
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_error_names_its_line_and_the_text_is_kept(designer, letter):
    text = (
        '#import "base.typ": *\n#show: letter.with(title: t("Example"))\n\nNo #given("a").b here\n'
    )
    shown = send(designer, letter, "/preview", 422, template=text).text
    assert "Line 4: cannot access fields on type string" in shown
    saved = send(designer, letter, template=text).text
    assert "The letter is saved." in saved
    assert "Line 4: cannot access fields on type string" in saved
    stored = designer.get(letter).soup.select_one("#template").get_text()
    assert stored.strip() == text.strip()


def test_a_letter_that_never_ends_is_stopped(designer, letter):
    text = "#let f(x) = if x > 0 { f(x + 1) } else { 0 }\n#let n = 1\n#while n > 0 { n = n + 1 }\n"
    shown = send(designer, letter, "/preview", 422, template=text).text
    assert "The letter cannot be printed" in shown


@pytest.mark.parametrize(
    ("sample", "told"),
    [("{", "The sample data is no JSON, line 1"), ("[1]", "must be a JSON object")],
)
def test_wrong_sample_data_is_told(designer, letter, sample, told):
    assert told in send(designer, letter, "/preview", 422, sample=sample).text


def test_a_newer_text_is_never_overwritten(designer, letter):
    send(designer, letter, template='#t("One")\n')
    late = send(designer, letter, revision="1", template='#t("Two")\n', status=409).text
    assert "#t(&#34;Two&#34;)" in late
    assert "#t(&#34;One&#34;)" in late


def test_sample_data_fits_how_values_are_read():
    text = """#day(given("sent_on")) #number(given("amount")) #for row in given("rows") [#row.a]
    #if given("late") == true [x] #all-of(given("people")) #given("name") #data.place"""
    found = sample_of(text)
    assert found == {
        "sent_on": "2026-11-22",
        "amount": 1200,
        "rows": [],
        "late": True,
        "people": [],
        "name": "Name",
        "place": "Place",
    }
