"""What a form reads of the case, and how little of the case reaches the page."""

import json

from workflow_app.form_builder import build_form, form_names


def test_the_names_that_a_form_reads_from_the_case(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "name", "conditional": {"hide": "=round > 1"}},
        {"type": "select", "key": "lead", "valuesKey": "reviewers"},
        {"type": "number", "key": "score", "readonly": True},
        {"type": "text", "text": "Dear {{applicant.name}}"},
        {"type": "dynamiclist", "path": "items", "properties": {"fixedRows": "true"},
         "components": [{"type": "textfield", "key": "remark",
                         "properties": {"requiredIf": "=not(valid) and i > offset"}}]},
        {"type": "expression", "key": "sum", "expression": "=score + extra"},
    )  # fmt: skip
    assert form_names(schema) == {
        "round", "reviewers", "score", "applicant", "items", "valid", "offset", "extra",
    }  # fmt: skip


def test_a_form_class_is_built_once(make_schema):
    schema = make_schema({"type": "textfield", "key": "name"})
    assert build_form(schema) is build_form(schema)
    assert build_form(schema) is not build_form(make_schema({"type": "textfield", "key": "name"}))


def test_the_page_gets_only_what_its_conditions_mention(fill_in):
    fields = [
        {"type": "textfield", "key": "a", "conditional": {"hide": "=case.round > 1 or closed"}},
        {"type": "textfield", "key": "b", "properties": {"requiredIf": "=secret_note != null"}},
        {"type": "expression", "key": "n", "expression": "=count(items) + case.deep.er"},
    ]
    case = {
        "case": {"round": 2, "key": "SECRET", "deep": {"er": 1, "key": "SECRET"}},
        "closed": False, "secret_note": "SECRET", "items": [1, 2], "other": "SECRET",
    }  # fmt: skip
    scope = json.loads(fill_in(fields, case=case).browser.scope)
    assert scope == {
        "case": {"round": 2, "deep": {"er": 1}}, "closed": False, "items": [1, 2],
    }  # fmt: skip


def test_the_page_gets_its_sentences_translated(fill_in):
    words = fill_in([], translate=lambda message: f"¡{message}!").browser.words
    assert json.loads(words)["saved"] == "¡Saved {time}!"
