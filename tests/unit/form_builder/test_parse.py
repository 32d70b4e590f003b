"""Reading a form file: what is taken, what is refused and how the component is named."""

import json

import pytest

from workflow_app.form_builder import FormError, parse_form


def test_a_form_keeps_its_components_in_order(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "name", "label": "Name"},
        {"type": "number", "key": "age", "label": "Age"},
    )
    assert [item.name for item in schema.items] == ["name", "age"]


def test_unknown_members_of_a_component_are_ignored(make_schema):
    schema = make_schema({"type": "textfield", "key": "name", "colour": "red", "subparts": [1]})
    assert schema.items[0].name == "name"


@pytest.mark.parametrize(
    ("component", "blamed", "reason"),
    [
        ({"type": "iframe", "id": "F1"}, "F1", "iframe"),
        ({"type": "textfield", "id": "F1"}, "F1", "key"),
        ({"type": "textfield", "key": "a-b"}, "a-b", "cannot be a key"),
        ({"type": "textfield", "key": "_row"}, "_row", "cannot be a key"),
        ({"type": "dynamiclist", "id": "L"}, "L", "path"),
        ({"type": "expression", "key": "sum"}, "sum", "expression"),
        ({"type": "expression", "key": "sum", "expression": "=1 +"}, "sum", "cannot be read"),
        ({"type": "textfield", "key": "a", "conditional": {"hide": "=("}}, "a", "cannot be read"),
        ({"type": "textfield", "key": "a", "properties": {"check": "=if"}}, "a", "cannot be read"),
        ({"type": "text", "id": "T", "text": "Hello {{ 1 + }}"}, "T", "cannot be read"),
        ({"type": "text", "id": "T", "text": "{{#if x}}a{{/if}}"}, "T", "not supported"),
        ({"type": "textfield", "key": "a", "validate": {"pattern": "("}}, "a", "pattern"),
        ({"type": "textfield", "key": "a", "properties": {"kind": "magic"}}, "a", "not known"),
        ({"type": "textfield", "key": "a", "properties": {"kind": "sign"}}, "a", "does not fit"),
        ({"type": "select", "key": "a"}, "a", "values"),
        ({"type": "number", "key": "a", "properties": {"kind": "score"}}, "a", "score"),
        ({"type": "textfield", "key": "a", "validate": {"minLength": "many"}}, "a", "number"),
        ({"type": "dynamiclist", "path": "a", "properties": {"minRows": "few"}}, "a", "minRows"),
        ({"type": "textfield", "id": "F1", "label": 7}, "F1", "Expected `str`"),
    ],
)
def test_a_wrong_component_is_named_with_the_reason(make_schema, component, blamed, reason):
    with pytest.raises(FormError) as caught:
        make_schema({"type": "separator"}, component)
    assert caught.value.component == blamed
    assert reason in caught.value.reason


def test_a_wrong_component_inside_a_list_is_named(make_schema):
    inner = {"type": "textfield", "key": "inner", "label": {"en": "x"}}
    with pytest.raises(FormError) as caught:
        make_schema({"type": "dynamiclist", "path": "rows", "components": [inner]})
    assert caught.value.component == "inner"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"components": 3}', "null", '{"type": "default"}']
)
def test_a_text_that_is_no_form_is_refused(text):
    with pytest.raises(FormError, match=r"^form: "):
        parse_form(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [("name", "name"), ("org", "org.name"), ("org.name", "org")],
)
def test_two_components_may_not_write_to_the_same_place(make_schema, first, second):
    with pytest.raises(FormError, match="is taken by"):
        make_schema({"type": "textfield", "key": first}, {"type": "textfield", "key": second})


def test_a_key_inside_a_list_may_repeat_one_outside(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "name"},
        {
            "type": "dynamiclist",
            "path": "staff",
            "components": [{"type": "textfield", "key": "name"}],
        },
    )
    assert len(schema.items) == 2


def test_a_key_in_a_group_without_path_belongs_to_the_level_above(make_schema):
    group = {"type": "group", "components": [{"type": "textfield", "key": "name"}]}
    with pytest.raises(FormError, match="is taken by"):
        make_schema(group, {"type": "textfield", "key": "name"})


def test_a_deep_or_huge_file_is_refused():
    deep = {"type": "textfield", "key": "a"}
    for number in range(10):
        deep = {"type": "group", "path": f"g{number}", "components": [deep]}
    with pytest.raises(FormError, match="levels deep"):
        parse_form(json.dumps({"components": [deep]}))
    many = [{"type": "separator"}] * 1001
    with pytest.raises(FormError, match="more than 1000"):
        parse_form(json.dumps({"components": many}))
    with pytest.raises(FormError, match="longer than"):
        parse_form(" " * 1_000_001)


def test_an_endlessly_nested_file_is_refused():
    text = '{"components": [' + '{"type": "group", "components": [' * 20_000
    with pytest.raises(FormError, match=r"^form: "):
        parse_form(text)


def test_sensitive_fields_are_listed_by_path(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "health", "properties": {"sensitive": "true"}},
        {
            "type": "dynamiclist",
            "path": "family",
            "components": [
                {"type": "textfield", "key": "illness", "properties": {"sensitive": "true"}},
                {"type": "textfield", "key": "name"},
            ],
        },
    )
    assert schema.sensitive == {"health", "family.illness"}
