"""A form in words, without a script: questions added, changed, moved, removed and taken back."""

from __future__ import annotations

import json

import pytest

from tests.support.drafting import DraftFile

NAME = "weigh_statement"
PATH = f"forms/hear_party/{NAME}.form"


class Draft(DraftFile):
    """A form of a draft, looked at through its page in words."""

    def __init__(self, office, browser):
        super().__init__(office, browser, "hear_party", PATH)
        self.address = f"/studio/drafts/{self.id}/forms/{NAME}/questions"

    def page(self, at=""):
        return self.browser.get(f"{self.address}?at={at}" if at else self.address)

    def begun(self, sort, at=""):
        """Return the page on which a question of a sort is asked for."""
        form = "form#do-add" if at else "form#do-add-last"
        return self.page(at).send({"sort": sort}, form=form)

    def parts(self):
        return json.loads(self.body())["components"]

    def keys(self):
        return [part.get("key") or part.get("path") or part["type"] for part in self.parts()]

    def number(self, key):
        return str(self.keys().index(key) + 1)


@pytest.fixture
def draft(office, designer):
    return Draft(office, designer)


def test_a_question_is_added_where_it_belongs_and_drawn(draft):
    before = draft.parts()
    page = draft.begun("one", draft.number("hearing_effect"))
    fields = {
        "label": "Who was heard?",
        "values": "party = The party itself\nAn advocate",
        "required": "yes",
        "hide": 'hearing_effect = "no_change"',
    }
    page = page.send(fields, form="form#do-begun")
    assert "“Who was heard?” was added." in page.one("#undo-here").text
    after = draft.parts()
    place = next(number for number, one in enumerate(after) if one.get("key") == "who_was_heard")
    added = after.pop(place)
    assert after == before
    assert after[place - 1]["key"] == "hearing_effect"
    assert added["values"] == [
        {"label": "The party itself", "value": "party"},
        {"label": "An advocate", "value": "an_advocate"},
    ]
    assert added["validate"] == {"required": True}
    assert added["conditional"] == {"hide": '=hearing_effect = "no_change"'}
    look = draft.browser.get(f"/studio/drafts/{draft.id}/forms/{NAME}")
    assert "The party itself" in look.one('[data-field="who_was_heard"]').text


def test_what_cannot_be_taken_is_told_at_its_field_and_kept(draft):
    page = draft.begun("number")
    fields = {"label": "", "key": "two words", "most": "many", "check": "1 +"}
    page = page.send(fields, form="form#do-begun", status=422)
    told = [page.one(f"#add-{name}-error") for name in ("label", "check")]
    assert all(told)
    assert page.one("#add-key")["value"] == "two words"
    fields |= {"label": "How many?", "check": ""}
    page = page.send(fields, form="form#do-begun", status=422)
    assert page.one("#add-key-error")
    assert "many" in page.one("#add-most-error").text
    again = page.send({**fields, "key": "hearing_reason"}, form="form#do-begun", status=422)
    assert "hearing_reason" in again.one("#add-key-error").text


def test_only_what_was_changed_is_written(draft):
    before = draft.parts()
    at = draft.number("hearing_reason")
    page = draft.page(at)
    assert "hearing_effect" in page.one("#change-check")["value"]
    page.send({"label": "Why", "longest": "900", "required": ""}, form="form#do-change")
    after = draft.parts()
    was, now = before.pop(int(at) - 1), after.pop(int(at) - 1)
    assert after == before
    assert now.pop("label") == "Why"
    assert now.pop("validate") == {"minLength": 20, "maxLength": 900}
    assert {name: was[name] for name in now} == now
    assert [*was] == [*json.loads(draft.body())["components"][int(at) - 1]]


def test_questions_move_into_a_group_and_commands_are_taken_back(draft):
    keys, body = draft.keys(), draft.body()
    draft.begun("group").send({"label": "Both", "place": "start"}, form="form#do-begun")
    at = draft.number("hearing_reason")
    page = draft.page(at).send({"place": "in:1"}, form="form#do-move")
    assert draft.parts()[0]["components"][0]["key"] == "hearing_reason"
    assert page.one("#question-1\\.1")
    page = draft.page("1").send({"place": "after:2"}, form="form#do-move")
    assert draft.keys()[1] == "group"
    page = draft.page("2.1").send({"place": "in:2"}, form="form#do-move")
    page = page.send(form="form#do-remove")
    assert "hearing_reason" not in draft.body()
    while page.soup.select("form[id^=undo]"):
        page = page.send(form="form[id^=undo]")
    assert draft.keys() == keys
    assert draft.body() == body


def test_a_step_up_and_down_is_a_step_back(draft):
    keys = draft.keys()
    page = draft.page("2").send(form="form#do-up")
    assert draft.keys()[:2] == [keys[1], keys[0]]
    page.send(form="form#do-down")
    assert draft.keys() == keys


def test_a_group_cannot_stand_inside_itself_and_a_newer_file_is_kept(draft):
    draft.begun("group").send({"label": "Both", "place": "start"}, form="form#do-begun")
    page = draft.page("1")
    assert "in:1" not in [one["value"] for one in page.soup.select("#move-place option")]
    draft.store('{"components": []}')
    page.send({"label": "Mine"}, form="form#do-change", status=409)
    assert draft.parts() == []
    draft.store("no form")
    assert "no form that can be read" in draft.page().text
