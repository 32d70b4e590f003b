"""The editors of forms and of decision tables, in a browser: edited, saved, seen and tried."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from workflow_app.services.designing.drafts import open_draft, read_file

FORM = "forms/hear_party/weigh_statement.form"
TABLE = "processes/hear_party/hearing_needed.dmn"


@pytest.fixture
def draft(served):
    """Return the id of a draft of a published process."""
    with served.acting("designer") as ctx:
        return open_draft(ctx, "hear_party").id


@pytest.fixture
def designer(person):
    designer = person()
    designer.become("designer")
    return designer


def stored(served, draft, path):
    """Return a file of the draft as it is stored now."""
    with served.acting("designer") as ctx:
        return read_file(ctx, draft, path)


def saved(page):
    expect(page.locator("[data-saved]")).to_contain_text("Saved", timeout=20_000)


def without_layout(part):
    """Return a form without the rows that the editor puts its questions into."""
    if isinstance(part, list):
        return [without_layout(one) for one in part]
    if isinstance(part, dict):
        return {name: without_layout(one) for name, one in part.items() if name != "layout"}
    return part


def test_a_question_is_added_seen_given_a_rule_and_saved(served, draft, designer):
    before = stored(served, draft, FORM)
    designer.open(f"/studio/drafts/{draft}/forms/weigh_statement")
    page = designer.page
    page.locator("[data-ready]").wait_for()
    page.locator(".fjs-palette-field[data-field-type=number]").press("Enter")
    look = page.locator("[data-look]")
    expect(look.get_by_label("Number (optional)")).to_be_visible()
    rules = page.locator("[data-rules]")
    rules.get_by_label("Must be answered if (FEEL)").fill("=true")
    rules.get_by_label("What kind of answer it is").select_option("money")
    expect(look.get_by_label("Number", exact=True)).to_be_visible()
    saved(page)
    look.get_by_role("button", name="Check these answers").click()
    expect(look.locator(".app-look__answers, .govuk-error-summary")).to_be_visible()
    after = stored(served, draft, FORM)
    was, now = (json.loads(file.body) for file in (before, after))
    added = now["components"].pop()
    assert added["properties"] == {"requiredIf": "=true", "kind": "money"}
    # Nothing else is touched, unknown names and their order among it.
    assert json.dumps(without_layout(now)) == json.dumps(without_layout(was))
    rules.get_by_role("button", name="Remove").click()
    expect(look.get_by_label("Number", exact=True)).to_have_count(0)


def in_other_words(route):
    """Give the page with another word for one that the editor asks for."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('"When": "When"', '"When": "If"'))


def test_the_editor_of_tables_says_the_words_of_the_page(draft, designer):
    address = f"/studio/drafts/{draft}/tables/hearing_needed"
    designer.page.route(f"**{address}", in_other_words)
    designer.open(address)
    designer.page.locator("[data-ready]").wait_for()
    expect(designer.page.locator("[data-editor] .input-cell").first).to_contain_text("If")


def test_a_row_is_changed_marked_tried_and_kept_as_a_test(served, draft, designer):
    before = stored(served, draft, TABLE)
    designer.open(f"/studio/drafts/{draft}/tables/hearing_needed")
    page = designer.page
    page.locator("[data-ready]").wait_for()
    first = page.locator("[data-editor] td.output-cell").first
    first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("42")
    page.locator("#found-title").click()
    saved(page)
    after = stored(served, draft, TABLE)
    assert after.revision > before.revision
    assert "<text>42</text>" in after.body
    bench = page.locator("[data-bench]")
    bench.get_by_role("button", name="Decide").click()
    expect(bench.locator(".app-decided")).to_be_visible()
    marked = page.evaluate(
        "[...document.adoptedStyleSheets].flatMap((s) => [...s.cssRules]).length"
    )
    assert marked > 0
    bench.get_by_label("What this case shows").fill("nothing is known")
    bench.get_by_role("button", name="Keep as a test").click()
    expect(bench.locator(".app-bench__kept")).to_contain_text("scenarios/")
