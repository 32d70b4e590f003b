"""What a draft changes, told in sentences and drawn on both diagrams."""

from __future__ import annotations

import pytest

from tests.web.test_studio_drafts import DIAGRAM, Studio, begin


@pytest.fixture
def draft(sign_in):
    browser = sign_in("designer")
    return Studio(browser, begin(browser))


def test_a_fresh_draft_changes_nothing(draft):
    page = draft.browser.get(f"/studio/drafts/{draft.id}/changes")
    assert "The draft is the same as version 1." in page.text


def test_changes_are_sentences_and_signs_on_both_diagrams(draft):
    body = draft.read()["body"].replace('name="Sign the decision"', 'name="Sign it"')
    assert draft.save(body, 1).status_code == 200
    page = draft.browser.get(f"/studio/drafts/{draft.id}/changes")
    assert "Task for a person “Sign it”" in page.text
    assert page.all("del") == ["Sign the decision"]
    assert page.all("ins") == ["Sign it"]
    sources = [figure["data-diagram"] for figure in page.soup.select("[data-diagram]")]
    drawn = [draft.browser.client.get(source).json for source in sources]
    assert [one["labels"] for one in drawn] == [{"sign_decision": "Changed"}] * 2
    assert "Sign the decision" in drawn[0]["xml"]
    assert "Sign it" in drawn[1]["xml"]


def test_a_diagram_that_cannot_be_read_still_has_its_lines(draft):
    body = draft.read()["body"].replace("</bpmn:definitions>", "")
    assert draft.save(body, 1).status_code == 200
    page = draft.browser.get(f"/studio/drafts/{draft.id}/changes")
    assert "-</bpmn:definitions>" in page.soup.select_one("pre").get_text()
    side = f"/studio/drafts/{draft.id}/changes/new/{DIAGRAM}.json"
    assert draft.browser.client.get(side).status_code == 404


def test_words_and_new_files_are_told(draft):
    form = '{"type": "default", "schemaVersion": 16, "components": []}'
    path = "forms/publish_decision/extra.form"
    assert draft.save(form, 0, path).status_code == 200
    page = draft.browser.get(f"/studio/drafts/{draft.id}/changes")
    assert "Form “extra” New" in " ".join(page.text.split())
