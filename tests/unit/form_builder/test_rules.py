"""Rules: required, lengths, bounds, patterns, the designer's checks, hiding, computed values."""

import pytest

from workflow_app.form_builder import FormRuleError


def text_field(key="name", label="Name", **members):
    return {"type": "textfield", "key": key, "label": label, **members}


def number(key, **members):
    return {"type": "number", "key": key, "label": key.title(), **members}


@pytest.mark.parametrize(
    ("component", "message"),
    [
        ({"type": "textfield"}, "Enter “Thing”"),
        ({"type": "textarea"}, "Enter “Thing”"),
        ({"type": "number"}, "Enter “Thing”"),
        ({"type": "checkbox"}, "Tick the box “Thing”"),
        ({"type": "select", "values": [{"value": "a"}]}, "Choose an answer for “Thing”"),
        ({"type": "radio", "values": [{"value": "a"}]}, "Choose an answer for “Thing”"),
        (
            {"type": "checklist", "values": [{"value": "a"}]},
            "Choose at least one answer for “Thing”",
        ),
        ({"type": "filepicker"}, "Upload a file for “Thing”"),
        ({"type": "datetime"}, "Enter a date for “Thing”"),
        ({"type": "datetime", "subtype": "time"}, "Enter a time for “Thing”"),
    ],
)
def test_a_missing_answer_is_asked_for_by_name(messages, component, message):
    field = {"key": "thing", "label": "Thing", "validate": {"required": True}, **component}
    assert list(messages([field], {}).values()) == [message]


@pytest.mark.parametrize("typed", ["Help \u202eNGO", "Help \x07NGO", "\u2066Help NGO"])
def test_a_name_with_characters_that_nobody_sees_is_asked_for_again_without_them(fill_in, typed):
    form = fill_in([text_field()], {"name": typed})
    assert not form.validate()
    (said,) = dict(form.errors).values()
    assert said.startswith("“Name” had characters that nobody sees.")
    assert form.raw()["name"] == ["Help NGO"]


def test_required_may_depend_on_other_answers(messages):
    fields = [
        {"type": "checkbox", "key": "other"},
        text_field("details", "Details", properties={"requiredIf": "=other"}),
    ]
    assert messages(fields, {"other": "true"}) == {"f-details": "Enter “Details”"}
    assert messages(fields, {}) == {}


def test_required_may_be_an_expression_over_the_case(messages):
    field = text_field(validate={"required": '=case.kind = "full"'})
    assert messages([field], {}, case={"case": {"kind": "full"}}) == {"f-name": "Enter “Name”"}
    assert messages([field], {}, case={"case": {"kind": "short"}}) == {}


def test_lengths_are_counted_in_characters(messages):
    field = text_field(validate={"minLength": 3, "maxLength": 5})
    assert messages([field], {"name": "Անի"}) == {}
    assert "at least 3 characters; it has 2" in messages([field], {"name": "Ան"})["f-name"]
    assert "at most 5 characters; it has 6" in messages([field], {"name": "abcdef"})["f-name"]
    assert messages([field], {"name": ""}) == {}


def test_bounds_are_included(messages):
    field = number("n", validate={"min": 1, "max": 1000})
    assert messages([field], {"n": "1"}) == {}
    assert messages([field], {"n": "1000"}) == {}
    assert messages([field], {"n": "0"}) == {"f-n": "“N” must be 1 or more"}
    assert messages([field], {"n": "1000.5"}) == {"f-n": "“N” must be 1000 or less"}


def test_a_bound_may_be_another_answer(messages):
    fields = [number("capacity"), number("users", validate={"max": "=capacity"})]
    assert messages(fields, {"capacity": "10", "users": "10"}) == {}
    found = messages(fields, {"capacity": "10", "users": "11"})
    assert found == {"f-users": "“Users” must be 10 or less"}


def test_a_pattern_has_its_own_message(messages):
    rules = {"pattern": "^[0-9]{8}$", "patternErrorMessage": "Write all 8 digits, 100 %"}
    field = text_field("tax", "Tax number", validate=rules)
    assert messages([field], {"tax": "12345678"}) == {}
    assert messages([field], {"tax": "1234"}) == {"f-tax": "Write all 8 digits, 100 %"}
    plain = text_field("tax", "Tax number", validate={"pattern": "^[0-9]{8}$"})
    assert "not written in the form" in messages([plain], {"tax": "1"})["f-tax"]


def test_a_pattern_that_never_ends_is_the_designers_fault(fill_in):
    field = text_field(id="F3", validate={"pattern": "^(a|aa|b)*c?$"})
    form = fill_in([field], {"name": "a" * 200 + "!"})
    with pytest.raises(FormRuleError) as caught:
        form.validate()
    assert caught.value.component == "F3"


def test_a_check_compares_answers_and_case_data(messages):
    fields = [
        number("capacity"),
        number("users", properties={
            "check": "=users <= capacity and users <= limit",
            "checkMessage": "No more people than {{capacity}} places (100 %)",
        }),
    ]  # fmt: skip
    case = {"limit": 50}
    assert messages(fields, {"capacity": "10", "users": "10"}, case=case) == {}
    found = messages(fields, {"capacity": "10", "users": "11"}, case=case)
    assert found == {"f-users": "No more people than 10 places (100 %)"}


def test_a_check_waits_until_all_that_it_reads_is_there(messages):
    fields = [number("capacity"), number("users", properties={"check": "=users <= capacity"})]
    assert messages(fields, {"users": "11"}) == {}
    assert messages(fields, {"capacity": "x", "users": "11"}) == {
        "f-capacity": "“Capacity” must be a number, such as 12"
    }


def test_a_check_that_gives_null_with_everything_there_fails(messages):
    field = text_field(properties={"check": "=name > 5"})
    assert messages([field], {"name": "x"}) == {"f-name": "“Name” does not fit the other answers"}


def test_a_check_that_is_no_condition_is_the_designers_fault(fill_in):
    form = fill_in([number("n", id="F9", properties={"check": "=n + 1"})], {"n": "1"})
    with pytest.raises(FormRuleError) as caught:
        form.validate()
    assert (caught.value.component, caught.value.rule) == ("F9", "=n + 1")


def test_only_the_first_broken_rule_of_a_field_is_said(fill_in):
    rules = {"minLength": 5, "pattern": "^[0-9]+$"}
    form = fill_in([text_field(validate=rules)], {"name": "ab"})
    assert not form.validate()
    assert len(form.errors) == 1


HIDDEN = [
    {"type": "select", "key": "care", "values": [{"value": "home"}, {"value": "day"}]},
    text_field("address", "Address", validate={"required": True},
               conditional={"hide": '=care = "home"'}),
]  # fmt: skip


def test_a_hidden_question_is_neither_asked_nor_kept(answers):
    assert answers(HIDDEN, {"care": "home", "address": "Yerevan"}) == {"care": "home"}


def test_a_shown_question_is_asked(messages):
    assert messages(HIDDEN, {"care": "day"}) == {"f-address": "Enter “Address”"}


def test_hiding_goes_on_from_question_to_question(answers):
    chain = [
        {"type": "checkbox", "key": "a"},
        {"type": "checkbox", "key": "b", "conditional": {"hide": "=not(a)"}},
        {"type": "checkbox", "key": "c", "conditional": {"hide": "=b != true"}},
        text_field("d", conditional={"hide": "=c != true"}, validate={"required": True}),
    ]
    assert answers(chain, {"b": "true", "c": "true", "d": "x"}) == {"a": False}


def test_a_hidden_answer_of_the_case_counts_as_empty(answers):
    fields = [*HIDDEN, {"type": "expression", "key": "where", "expression": "=address"}]
    case = {"address": "Gyumri", "care": "home"}
    assert answers(fields, {"care": "home"}, case=case) == {"care": "home", "where": None}


def test_a_hidden_group_hides_what_is_inside(answers):
    group = {
        "type": "group", "label": "More", "conditional": {"hide": "=not(more)"},
        "components": [text_field("name", validate={"required": True})],
    }  # fmt: skip
    fields = [{"type": "checkbox", "key": "more"}, group]
    assert answers(fields, {"name": "x"}) == {"more": False}
    assert answers(fields, {"more": "true", "name": "x"}) == {"more": True, "name": "x"}


def test_rules_that_chase_each_other_are_the_designers_fault(fill_in):
    fields = [
        text_field("a", conditional={"hide": '=b = "x"'}),
        text_field("b", conditional={"hide": '=a = "x"'}),
        {"type": "expression", "key": "n", "expression": "=if n = null then 1 else n + 1"},
    ]
    with pytest.raises(FormRuleError, match="circle"):
        fill_in(fields, {"a": "x", "b": "x"})


def test_computed_values_are_answers_and_ignore_what_is_posted(answers):
    fields = [
        number("a"),
        {"type": "expression", "key": "double", "expression": "=a * 2"},
        {"type": "expression", "key": "more", "expression": "=double + 1"},
    ]
    posted = {"a": "4", "double": "99", "more": "99"}
    assert answers(fields, posted) == {"a": 4, "double": 8, "more": 9}


def test_decimal_amounts_add_up_exactly(answers):
    fields = [number("a"), number("b"), {"type": "expression", "key": "s", "expression": "=a+b"}]
    assert answers(fields, {"a": "0.1", "b": "0.2"})["s"] == 0.3


def test_the_clock_of_rules_is_the_one_that_was_given(messages):
    field = {
        "type": "datetime", "key": "d", "label": "Visit",
        "properties": {"check": "=date(d) >= today()", "checkMessage": "Not in the past"},
    }  # fmt: skip
    past = {"d-day": "20", "d-month": "11", "d-year": "2026"}
    assert messages([field], past) == {"f-d-day": "Not in the past"}
    assert messages([field], past | {"d-day": "21"}) == {}


def test_host_functions_with_spaces_work_in_rules(answers):
    field = {"type": "expression", "key": "due", "expression": "=working days(3)"}
    functions = {"working days": lambda days: f"in {days}"}
    assert answers([field], {}, functions=functions) == {"due": "in 3"}


def test_read_only_fields_show_the_case_and_take_nothing(fill_in):
    fields = [
        text_field("number", readonly=True),
        text_field("grade", disabled=True, validate={"required": True}),
        text_field("note", readonly="=closed"),
    ]
    case = {"number": "ACC-1", "note": "old", "closed": True}
    form = fill_in(fields, {"number": "X", "grade": "A", "note": "new"}, case=case)
    assert form.validate()
    assert form.answers() == {}
    assert form.raw() == {}
    reopened = fill_in(fields, {"note": "new"}, case=case | {"closed": False})
    assert reopened.answers() == {"note": "new"}


def test_what_the_form_does_not_declare_is_ignored(answers, fill_in):
    posted = {
        "name": "Anna", "admin": "true", "case-id": "1", "csrf_token": "x", "name-0-x": "1",
        "__class__": "x", "field_000": "x", "validate": "x",
    }  # fmt: skip
    assert answers([text_field()], posted) == {"name": "Anna"}
    assert fill_in([text_field()], posted).raw() == {"name": ["Anna"]}


@pytest.mark.parametrize(
    "key", ["data", "errors", "meta", "prefix", "obj", "formdata", "process", "validate", "form"]
)
def test_keys_that_are_words_of_the_form_library_are_harmless(answers, key):
    fields = [text_field(key), {"type": "dynamiclist", "path": "rows",
                                "components": [text_field(key)]}]  # fmt: skip
    case = {key: "old", "rows": [{key: "old"}]}
    posted = {key: "x", "rows-0-_from": "0", f"rows-0-{key}": "y"}
    assert answers(fields, posted, case=case) == {key: "x", "rows": [{key: "y"}]}


def test_dotted_keys_make_nested_data(answers, fill_in):
    fields = [text_field("org.name", "Name"), text_field("org.seat", "Seat")]
    posted = {"org.name": "Tatev", "org.seat": ""}
    assert answers(fields, posted) == {"org": {"name": "Tatev", "seat": None}}
    assert fill_in(fields, case={"org": {"name": "Tatev"}}).raw() == {"org.name": ["Tatev"]}


def test_every_message_goes_through_the_translator(fill_in):
    form = fill_in(
        [text_field(validate={"required": True})],
        {},
        translate={"Name": "Անուն", "Enter “%(label)s”": "Լրացրեք «%(label)s»"}.get,
    )
    assert not form.validate()
    assert form.errors == [("f-name", "Լրացրեք «Անուն»")]
