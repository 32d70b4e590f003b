"""Drafts: what was typed comes back exactly, invalid entries included."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from workflow_app.domain.unseen import visible
from workflow_app.form_builder import TaskForm, parse_form

COMPONENTS = [
    {"type": "textfield", "key": "name", "validate": {"required": True}},
    {"type": "textarea", "key": "story", "conditional": {"hide": '=name = "x"'}},
    {"type": "number", "key": "places", "validate": {"max": 10}},
    {"type": "datetime", "key": "day", "subtype": "datetime"},
    {"type": "checkbox", "key": "agree"},
    {"type": "checklist", "key": "groups", "values": [{"value": "a"}, {"value": "b"}]},
    {"type": "select", "key": "care", "values": [{"value": "home"}, {"value": "day"}]},
    {"type": "filepicker", "key": "files"},
    {"type": "expression", "key": "more", "expression": "=places + 1"},
    {"type": "group", "path": "org", "components": [{"type": "textfield", "key": "name"}]},
    {
        "type": "dynamiclist",
        "path": "staff",
        "components": [
            {"type": "textfield", "key": "name"},
            {"type": "number", "key": "hours"},
            {
                "type": "dynamiclist",
                "path": "visits",
                "components": [{"type": "datetime", "key": "day"}],
            },
        ],
    },
]
SCHEMA = parse_form(json.dumps({"components": COMPONENTS}))

NAMES = [
    "name", "story", "places", "day-day", "day-month", "day-year", "day-time", "agree", "groups",
    "care", "org-name", "staff-0-name", "staff-1-hours", "staff-5-name", "staff-0-visits-3-day-day",
    "staff-5-visits-0-day-year", "staff-1-_from", "more", "unknown", "staff-x-name", "sign-name",
]  # fmt: skip
#: Characters that nobody sees are taken out of what is typed.
ENTRIES = st.one_of(
    st.text(max_size=20).map(visible),
    st.sampled_from(["home", "a", "b", "x", "12", "1,5", "31", "2026", " "]),
)
POSTED = st.lists(st.tuples(st.sampled_from(NAMES), ENTRIES), max_size=25)


def bind(posted):
    return TaskForm(
        SCHEMA, values={}, scope={}, functions={}, posted=posted, translate=str, locale="en",
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(POSTED)
def test_a_draft_restores_what_was_typed(pairs):
    form = bind(MultiDict(pairs))
    again = bind(MultiDict(form.raw()))
    assert again.raw() == form.raw()
    assert again.answers() == form.answers()
    assert again.validate() == form.validate()
    assert again.errors == form.errors


@settings(max_examples=100, deadline=None)
@given(POSTED)
def test_every_declared_entry_is_in_the_draft_as_it_was_typed(pairs):
    posted = MultiDict((name, entry.replace("\x00", "")) for name, entry in pairs)
    raw = bind(posted).raw()
    for name in ("name", "story", "places", "day-day", "day-time", "care", "org-name"):
        assert raw.get(name, []) == posted.getlist(name)[:1]
    assert raw.get("groups", []) == posted.getlist("groups")


@settings(max_examples=100, deadline=None)
@given(POSTED)
def test_answers_are_json_and_declared(pairs):
    answers = bind(MultiDict(pairs)).answers()
    assert json.loads(json.dumps(answers)) == answers
    declared = {component.get("key") or component["path"] for component in COMPONENTS}
    assert answers.keys() <= declared


def test_a_form_that_was_not_posted_gives_a_draft_of_what_it_shows():
    form = TaskForm(
        SCHEMA, values={"name": "Anna", "places": 2.5, "agree": True, "groups": ["b"]}, scope={},
        functions={}, posted=None, translate=str, locale="en",
        now=datetime(2026, 11, 21, tzinfo=UTC),
    )  # fmt: skip
    assert form.raw() == {
        "name": ["Anna"], "places": ["2.5"], "agree": ["true"], "groups": ["b"],
        "staff-0-_from": [""], "staff-0-visits-0-_from": [""],
    }  # fmt: skip
