"""Choices: written in the form, taken from the data or looked up; nothing else is accepted."""

import pytest

from workflow_app.form_builder import FormRuleError

WRITTEN = [{"label": "At home", "value": "home"}, {"label": "Day centre", "value": "day"}]


@pytest.mark.parametrize("kind_of", ["select", "radio"])
def test_one_choice_gives_its_value(answers, kind_of):
    field = {"type": kind_of, "key": "care", "values": WRITTEN}
    assert answers([field], {"care": "day"}) == {"care": "day"}
    assert answers([field], {"care": ""}) == {"care": None}


@pytest.mark.parametrize("kind_of", ["select", "radio", "checklist", "taglist"])
def test_a_value_that_was_not_offered_is_refused(messages, kind_of):
    field = {"type": kind_of, "key": "care", "label": "Care", "values": WRITTEN}
    found = messages([field], {"care": "prison"})
    assert found == {"f-care": "Choose one of the given answers for “Care”"}


@pytest.mark.parametrize("kind_of", ["checklist", "taglist"])
def test_several_choices_come_in_the_order_of_the_form(answers, kind_of):
    field = {"type": kind_of, "key": "care", "values": WRITTEN}
    assert answers([field], [("care", "day"), ("care", "home")]) == {"care": ["home", "day"]}
    assert answers([field], {}) == {"care": []}


def test_a_choice_keeps_the_type_of_its_value(answers):
    values = [{"label": "One", "value": 1}, {"label": "Yes", "value": True}]
    field = {"type": "select", "key": "v", "values": values}
    assert answers([field], {"v": "1"})["v"] == 1
    assert answers([field], {"v": "true"})["v"] is True


def test_choices_come_from_the_case_data_by_key(answers, messages):
    field = {"type": "select", "key": "lead", "label": "Lead", "valuesKey": "reviewers"}
    case = {"reviewers": ["anna", {"value": "bagrat", "label": "Bagrat"}]}
    assert answers([field], {"lead": "anna"}, case=case) == {"lead": "anna"}
    assert answers([field], {"lead": "bagrat"}, case=case) == {"lead": "bagrat"}
    assert "f-lead" in messages([field], {"lead": "gayane"}, case=case)


def test_choices_can_follow_another_answer_of_the_same_form(answers):
    fields = [
        {"type": "taglist", "key": "team", "values": WRITTEN},
        {"type": "select", "key": "lead", "valuesKey": "team"},
    ]
    assert answers(fields, {"team": "day", "lead": "day"}) == {"team": ["day"], "lead": "day"}


def test_choices_are_looked_up_once_for_all_rows(answers):
    asked = []

    def lookup(source):
        asked.append(source)
        return [{"value": "anna", "label": "Anna"}]

    person = {"type": "select", "key": "who", "valuesExpression": '=lookup("role:reviewer")'}
    rows = {"type": "dynamiclist", "path": "team", "components": [person]}
    posted = {f"team-{number}-who": "anna" for number in range(5)}
    found = answers([rows], posted, functions={"lookup": lookup})
    assert found == {"team": [{"who": "anna"}] * 5}
    assert asked == ["role:reviewer"]


def test_a_failing_lookup_names_the_component(fill_in):
    def lookup(_source):
        raise LookupError

    field = {"type": "select", "key": "who", "id": "F7", "valuesExpression": '=lookup("x")'}
    with pytest.raises(FormRuleError) as caught:
        fill_in([field], {"who": "anna"}, functions={"lookup": lookup})
    assert caught.value.component == "F7"


def test_a_score_is_one_of_the_steps(answers, messages):
    field = {
        "type": "number", "key": "s", "label": "Score",
        "properties": {"kind": "score"}, "validate": {"required": True, "min": 1, "max": 5},
    }  # fmt: skip
    assert answers([field], {"s": "4"}) == {"s": 4}
    assert "given answers" in messages([field], {"s": "6"})["f-s"]
    assert messages([field], {}) == {"f-s": "Choose an answer for “Score”"}


def test_a_choice_of_the_data_may_say_what_it_means(fill_in):
    scale = "=for i in 1..2 return {value: i, label: string(i), hint: anchors[i]}"
    field = {"type": "radio", "key": "s", "label": "Score", "valuesExpression": scale}
    case = {"anchors": ["Nothing is there", "It is there"]}
    heard = {"Nothing is there": "Nichts", "It is there": "Es ist da"}
    form = fill_in([field], case=case, translate=lambda text: heard.get(text, text))
    (page,) = form.fields
    items = page.params["radios"]["items"]
    assert [item["hint"] for item in items] == [
        {"text": "Nichts"},
        {"text": "Es ist da"},
    ]
    assert "inline" not in page.params["radios"]["classes"]
