"""The studio's forms without a script: what a reviewer will see, sample data, names, warnings."""

from __future__ import annotations

import json

import pytest

from tests.support.installation import ROOT
from workflow_app.engine.names import components
from workflow_app.services.designing.drafts import open_draft, read_file, write_file
from workflow_app.services.designing.form_looks import without_component

PATH = "forms/hear_party/weigh_statement.form"
LOOK = "[data-look-form]"
NEW = 'form[action$="/forms"]'


@pytest.fixture
def draft(office):
    """Return the id of a draft of a published process."""
    with office.acting("designer") as ctx:
        return open_draft(ctx, "hear_party").id


def store(office, draft, components, path=PATH):
    """Store a form of these components in a draft."""
    form = {"type": "default", "id": "weigh_statement", "components": components}
    with office.acting("designer") as ctx:
        revision = read_file(ctx, draft, path).revision
        write_file(ctx, draft, path, json.dumps(form), revision=revision)


def text_field(key, **more):
    return {"type": "textfield", "id": f"field_{key}", "key": key, "label": key, **more}


def look(browser, draft, fields=None, button=None):
    """Return the page of the form, or what comes of changing some fields and pressing a button."""
    page = browser.get(f"/studio/drafts/{draft}/forms/weigh_statement")
    return page if button is None else page.send(fields, form=LOOK, button=(button, "1"))


def act(browser, draft, name, action, fields=None, status=200):
    """Send the form of the page whose address ends so."""
    page = browser.get(f"/studio/drafts/{draft}/forms/{name}")
    return page.send(fields, form=f'form[action$="/{action}"]', status=status)


def test_the_list_says_which_steps_show_a_form(designer, draft):
    page = designer.get(f"/studio/drafts/{draft}/forms")
    row = next(row for row in page.all("tbody tr") if row.startswith("weigh_statement"))
    assert "Weigh the statement" in row


def test_what_a_reviewer_sees_follows_conditions_over_the_sample(office, designer, draft):
    hidden = text_field("why", conditional={"hide": "=level > 3"})
    total = {"type": "expression", "id": "t", "key": "twice", "expression": "=level * 2"}
    total["properties"] = {"label": "Twice the level"}
    store(office, draft, [text_field("a"), hidden, total])
    page = look(designer, draft, {"_sample": json.dumps({"level": 5})}, "_fresh")
    assert "10" in page.one("#f-twice").text
    assert page.one('[data-field="why"]').has_attr("data-hidden")
    page = look(designer, draft, {"_sample": json.dumps({"level": 1})}, "_fresh")
    assert not page.one('[data-field="why"]').has_attr("data-hidden")


def test_answers_are_checked_as_on_a_task_and_told_as_the_case_gets_them(office, designer, draft):
    store(office, draft, [text_field("a", validate={"required": True})])
    page = look(designer, draft, {"a": ""}, "_try")
    assert page.problems == ["Enter “a”"]
    page = look(designer, draft, {"a": "yes"}, "_try")
    assert json.loads(page.one(".app-look__answers pre").text) == {"a": "yes"}


def test_sample_data_that_are_no_json_are_told_and_kept(designer, draft):
    page = look(designer, draft, {"_sample": "{not json"}, "_fresh")
    assert "cannot be read" in page.one("#look-sample-error").text
    assert page.one("#look-sample").text == "{not json"


def test_one_unfinished_question_does_not_hide_the_others(office, designer, draft):
    unfinished = {"type": "select", "id": "choose", "key": "choose", "label": "Choose"}
    failing = text_field("b", conditional={"hide": "=nonsense("})
    foreign = {"type": "iframe", "id": "frame", "label": "Frame"}
    store(office, draft, [unfinished, failing, foreign, text_field("a")])
    page = look(designer, draft)
    assert page.one('[data-field="a"]')
    faults = " ".join(page.all(".app-look__faults li"))
    assert all(name in faults for name in ("choose", "field_b", "frame"))


def test_warnings_name_unread_answers_and_unknown_names(office, designer, draft):
    strange = text_field("a", conditional={"hide": "=nobody_fills_this_in = true"})
    store(office, draft, [strange, text_field("nobody_reads_this")])
    told = " ".join(look(designer, draft).all(".app-look__form .app-findings__text"))
    assert "nobody_fills_this_in" in told
    assert "nobody_reads_this" in told


def test_a_new_name_reaches_the_diagram(office, designer, draft):
    page = act(designer, draft, "weigh_statement", "rename", {"name": "weigh_it"})
    assert "Weigh the statement" in page.text
    with office.acting("designer") as ctx:
        diagram = read_file(ctx, draft, "processes/hear_party/hear_party.bpmn").body
        assert read_file(ctx, draft, "forms/hear_party/weigh_it.form").revision == 1
    assert 'formId="weigh_it"' in diagram
    assert 'formId="weigh_statement"' not in diagram


@pytest.mark.parametrize("name", ["", "Two words", "../evil", "party_statement"])
def test_a_name_that_cannot_be_is_refused_beside_its_field(designer, draft, name):
    page = designer.get(f"/studio/drafts/{draft}/forms").send({"name": name}, form=NEW, status=422)
    assert page.one("#new-name-error")
    assert page.one("#new-name")["value"] == name


def test_a_form_in_use_stays_and_a_new_one_goes(designer, draft):
    refused = act(designer, draft, "weigh_statement", "delete", status=422)
    assert "Weigh the statement" in refused.one(".govuk-error-summary").text
    designer.get(f"/studio/drafts/{draft}/forms").send({"name": "extra"}, form=NEW)
    act(designer, draft, "extra", "copy", {"name": "extra_2"})
    page = act(designer, draft, "extra", "delete")
    names = [row.split()[0] for row in page.all("tbody tr")]
    assert "extra" not in names
    assert "extra_2" in names


def test_a_text_over_a_newer_one_is_not_saved_and_not_lost(office, designer, draft):
    page = look(designer, draft)
    store(office, draft, [text_field("theirs")])
    mine = '{"components": []}'
    page = page.send({"text": mine}, form='form[action$="/text"]', status=422)
    assert page.one("#form-text").text.strip() == mine
    with office.acting("designer") as ctx:
        assert "theirs" in read_file(ctx, draft, PATH).body


def test_every_form_of_ours_can_be_opened_in_the_editor():
    twice = []
    for path in sorted((ROOT / "forms").rglob("*.form")):
        ids = [part.get("id") for part in components(path.read_text(encoding="utf-8"))]
        twice += [f"{path.name}: {one}" for one in set(ids) if ids.count(one) > 1]
    assert twice == []


def test_leaving_a_component_out_keeps_all_else():
    group = {"type": "group", "components": [text_field("a"), text_field("b")]}
    shorter = without_component(json.dumps({"x": 1, "components": [group]}), "field_a")
    assert json.loads(shorter)["components"][0]["components"] == [text_field("b")]
    assert without_component('{"components": []}', "field_a") is None
