"""A process with more than one diagram: each is drawn, told in words, linked to and explained."""

from __future__ import annotations

import json

import pytest

from tests.web.test_studio_drafts import Studio, begin

OTHER = "processes/publish_decision/second_look.bpmn"
BODY = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:d">
  <process id="second_look" name="A second look" isExecutable="true">
    <startEvent id="looked_begin" name="Begin"/>
    <scriptTask id="look_again" name="Look again">
      <extensionElements>
        <zeebe:script expression="=1" resultVariable="looked_at"/>
      </extensionElements>
    </scriptTask>
    <endEvent id="looked_end" name="Done"/>
    <sequenceFlow id="f1" sourceRef="looked_begin" targetRef="look_again"/>
    <sequenceFlow id="f2" sourceRef="look_again" targetRef="looked_end"/>
  </process>
</definitions>
"""


@pytest.fixture
def draft(sign_in):
    browser = sign_in("designer")
    draft = Studio(browser, begin(browser))
    assert draft.save(BODY, 0, OTHER).status_code == 200
    return draft


def given(page):
    return json.loads(page.one("[data-diagram-given]").string)


def test_each_diagram_of_a_draft_opens_in_the_editor(draft):
    top = f"/studio/drafts/{draft.id}"
    page = draft.browser.get(f"{top}/diagram")
    assert given(page)["path"].endswith("/publish_decision.bpmn")
    assert page.all('.app-diagrams [aria-current="page"]') not in ([], ["A second look"])
    links = {a.get_text(strip=True): a["href"] for a in page.soup.select(".app-diagrams a")}
    page = draft.browser.get(links["A second look"])
    told = given(page)
    assert (told["path"], told["body"], told["revision"]) == (OTHER, BODY, 1)
    assert page.all('.app-diagrams [aria-current="page"]') == ["A second look"]
    asked = f"{told['names']}&element=looked_end"
    assert "looked_at" in {one["name"] for one in draft.browser.client.get(asked).json["names"]}
    assert draft.browser.get(f"{top}/diagram?path=processes/other/other.bpmn", status=404)
    files = draft.browser.get(top).soup.select(f'a[href*="diagram?path={OTHER}"]')
    assert files


def test_settings_are_offered_to_formulas(draft):
    top = f"/studio/drafts/{draft.id}"
    offered = draft.browser.client.get(f"{top}/diagram/palette").json["functions"]
    found = {one["name"]: one for one in offered}['setting("completeness.cure_days")']
    assert found["info"]
    assert found["detail"][0].isdigit()
    for address in ("diagram", "outline"):
        assert found["name"] in draft.browser.get(f"{top}/{address}").text


def test_each_diagram_of_a_draft_is_told_in_words(draft):
    page = draft.browser.get(f"/studio/drafts/{draft.id}/outline")
    link = next(a for a in page.soup.select(".app-diagrams a") if "second" in a.get_text())
    page = draft.browser.get(link["href"] + "&step=look_again")
    there = page.one('a[href$="#look_again"][href*="/diagram?"]')["href"]
    assert given(draft.browser.get(there.partition("#")[0]))["path"] == OTHER
