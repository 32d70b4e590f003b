"""The page of settings: every value with its unit and its source, law kept apart."""

from __future__ import annotations

import tomllib

import pytest

from tests.support.installation import ROOT
from workflow_app.web.presenting.settings import mark_words


@pytest.fixture
def page(visitor):
    return visitor.get("/").click("Terms and where they come from")


def entry(page, key):
    return next(
        row for row in page.soup.select("dl .govuk-summary-list__row") if row["id"] == key
    ).get_text(" ", strip=True)


def test_everybody_finds_every_setting_with_unit_and_source(page):
    with (ROOT / "processes" / "settings.toml").open("rb") as file:
        known = {one["key"] for one in tomllib.load(file)["setting"]}
    assert {row["id"] for row in page.soup.select("dl .govuk-summary-list__row")} == known
    told = entry(page, "service.email_days")
    assert "1 working day" in told
    assert "Everywhere" in told
    assert "Assumption of this product, not law" in told


def test_settings_stand_under_words_and_numbers_have_a_unit(page):
    titles = page.all("main h2")
    assert {"Accreditation", "Appeals", "Site visits", "Terms, notices and reminders"} <= {*titles}
    assert "Other" not in titles
    assert titles == sorted(titles, key=str.casefold)
    assert "2 people" in entry(page, "visit.min_team")
    assert "50 per cent" in entry(page, "accreditation.visit_weight")


def test_every_part_of_a_key_has_words():
    with (ROOT / "processes" / "settings.toml").open("rb") as file:
        held = tomllib.load(file)
    assert {one["key"].partition(".")[0] for one in held["setting"]} == set(held["groups"])


def test_only_a_published_source_is_told_as_one(page):
    told = entry(page, "accreditation.term_days")
    assert "30 calendar days" in told
    assert "Published source 6" in told


def test_lists_are_folded_and_named(page):
    assert "Charter of the organisation" in entry(page, "checklist.accreditation_premises")


def test_a_search_finds_words_and_says_when_there_is_nothing(page):
    found = page.send({"q": "E-MAIL counts"}, form='form[role="search"]')
    assert [row["id"] for row in found.soup.select("dl .govuk-summary-list__row")] == [
        "service.email_days"
    ]
    assert "No setting fits" in page.send({"q": "zzz"}, form='form[role="search"]').text


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("A", "Assumption of this product, not law"),
        ("K", "General knowledge, not checked"),
        ("P 6", "Published source 6"),
        ("", "Not said"),
        ("P", "Not said"),
    ],
)
def test_marks_are_told_in_plain_words(app, mark, said):
    with app.test_request_context():
        assert mark_words(mark) == said
