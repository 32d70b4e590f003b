"""Models that import others (DMN 1.5 §7.3.2): names, namespaces, shared and nested imports."""

import pytest

from tests.support.decisions import (
    component,
    decision,
    given,
    imported,
    item,
    knowledge,
    model,
    needs,
    service,
    standard,
    strict,
    text,
)
from workflow_app.dmn import DmnError, load_decisions

HELLO = model(
    item("tPerson", inner=component("name", "string") + component("age", "number")),
    item("tNames", "string", more='isCollection="true"'),
    given("person", "tPerson"),
    decision("greeting", text('"Hello, " + person.name'), needs("person", kind="Input")),
    decision("shout", text("upper case(greeting)"), needs("greeting")),
    knowledge("again", {"words": "string"}, text("twice(words) + mark")),
    knowledge("twice", {"words": ""}, text("words + words")),
    knowledge("loud", {"words": "string"}, text("twice(words)"), needs("twice", kind="Knowledge")),
    service("greeter", ("greeting",), inputs=("person",)),
    namespace="hello",
)
LIB = imported("my lib", "hello")
ANNA = {"name": "Anna", "age": 30}


@pytest.mark.parametrize("decide", [standard, strict])
@pytest.mark.parametrize(
    "data",
    [{"my lib": {"person": ANNA}}, {"my lib.person": ANNA}, {"person": ANNA}],
    ids=["nested", "dotted", "bare"],
)
def test_imported_decisions_and_their_inputs_have_the_models_name_before_them(decide, data):
    d = decision("d", text("my lib.shout + my lib.greeting"),
                 needs("hello#shout", "hello#greeting"))  # fmt: skip
    assert decide(model(LIB, d), "d", {"hello": HELLO}, **data) == "HELLO, ANNAHello, Anna"


def test_an_imported_input_is_required_under_the_models_name():
    d = decision("d", text("my lib.person.age"), needs("hello#person", kind="Input"))
    data = {"my lib": {"person": ANNA}}
    assert standard(model(LIB, d), "d", {"hello": HELLO}, **data) == 30


def test_an_input_of_another_type_than_the_imported_one_is_null():
    d = decision("d", text("my lib.person"), needs("hello#person", kind="Input"))
    assert standard(model(LIB, d), "d", {"hello": HELLO}, **{"my lib": {"person": 1}}) is None


@pytest.mark.parametrize(("name", "expected"), [("loud", "aa"), ("again", None), ("greeter", None)])
def test_imported_functions_are_called_in_their_own_model(name, expected):
    d = decision("d", text(f'my lib.{name}("a")'), needs(f"hello#{name}", kind="Knowledge"))
    assert standard(model(LIB, d), "d", {"hello": HELLO}) == expected


def test_an_imported_service_is_called_with_its_inputs():
    d = decision("d", text("my lib.greeter({name: n, age: 1})"),
                 needs("hello#greeter", kind="Knowledge") + needs("n", kind="Input"))  # fmt: skip
    assert standard(model(LIB, given("n"), d), "d", {"hello": HELLO}, n="Bo") == "Hello, Bo"


def test_imported_functions_are_invoked_by_boxes_too():
    logic = (
        f"<invocation>{text('my lib.loud')}<binding><parameter name='words'/>{text('n')}"
        "</binding></invocation>"
    )
    d = decision("d", logic, needs("hello#loud", kind="Knowledge") + needs("n", kind="Input"))
    assert standard(model(LIB, given("n"), d), "d", {"hello": HELLO}, n="Bo") == "BoBo"


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [
        ("my lib.tPerson", ANNA, ANNA),
        ("my lib.tPerson", {"name": "Anna"}, None),
        ("my lib.tNames", "x", ["x"]),
        ("tOwn", ANNA, ANNA),
        ("tOwn", {"name": 1, "age": 1}, None),
        ("tMany", ANNA, [ANNA]),
    ],
)
def test_imported_types_have_the_models_name_before_them(type_name, value, expected):
    parts = (
        LIB,
        item("tOwn", "my lib.tPerson"),
        item("tMany", "my lib.tPerson", more='isCollection="true"'),
        given("x"),
        decision("d", text("x"), needs("x", kind="Input"), type_name),
    )
    assert standard(model(*parts), "d", {"hello": HELLO}, x=value) == expected


def test_expressions_may_ask_for_imported_types():
    d = decision("d", text("x instance of my lib.tPerson"), needs("x", kind="Input"))
    xml = model(LIB, given("x"), d)
    assert standard(xml, "d", {"hello": HELLO}, x=ANNA) is True
    assert strict(xml, "d", {"hello": HELLO}, x=ANNA) is True
    assert standard(xml, "d", {"hello": HELLO}, x=1) is False


def test_a_model_imported_without_a_name_adds_to_ones_own():
    parts = (
        imported("", "hello"),
        given("someone", "tPerson"),
        decision(
            "d", text("loud(greeting) + string(someone.age)"),
            needs("hello#greeting") + needs("hello#loud", kind="Knowledge")
            + needs("someone", kind="Input"),
        ),
    )  # fmt: skip
    data = {"person": ANNA, "someone": ANNA}
    for decide in (standard, strict):
        assert decide(model(*parts), "d", {"hello": HELLO}, **data) == "Hello, AnnaHello, Anna30"


# -- models between ---------------------------------------------------------------------------


def between(namespace, greeted):
    return model(
        imported("hi", "hello"),
        item("tGuest", "hi.tPerson"),
        decision("welcome", text(f'hi.greeting + "{greeted}"'), needs("hello#greeting")),
        namespace=namespace,
    )


SHARED = {"hello": HELLO, "left": between("left", "!"), "right": between("right", "?")}
BOTH = (
    imported("Left model", "left"),
    imported("Right model", "right"),
    decision(
        "d",
        text("Left model.welcome + Right model.welcome"),
        needs("left#welcome", "right#welcome"),
    ),
)


def test_a_model_that_two_others_import_is_made_for_each_with_its_own_inputs():
    data = {
        "Left model": {"hi": {"person": ANNA}},
        "Right model": {"hi": {"person": {"name": "Bo", "age": 1}}},
    }
    for decide in (standard, strict):
        assert decide(model(*BOTH), "d", SHARED, **data) == "Hello, Anna!Hello, Bo?"


def test_a_model_that_two_others_import_may_get_the_same_input():
    assert standard(model(*BOTH), "d", SHARED, person=ANNA) == "Hello, Anna!Hello, Anna?"


def test_what_an_imported_model_imports_is_reached_through_it():
    d = decision("d", text("Left model.hi.greeting"), needs("hello#greeting"))
    data = {"Left model": {"hi": {"person": ANNA}}}
    assert standard(model(BOTH[0], d), "d", SHARED, **data) == "Hello, Anna"
    typed = decision("d", text("x"), needs("x", kind="Input"), "Left model.hi.tPerson")
    assert standard(model(BOTH[0], given("x"), typed), "d", SHARED, x=1) is None
    typed = decision("d", text("x"), needs("x", kind="Input"), "Left model.tGuest")
    assert standard(model(BOTH[0], given("x"), typed), "d", SHARED, x=ANNA) == ANNA


def test_models_may_import_each_other():
    one = model(
        imported("two", "two"),
        item("tOne", "number"),
        decision("d", text("two.e + 1"), needs("two#e")),
        decision("base", text("1")),
        namespace="one",
    )
    two = model(
        imported("one", "one"),
        item("tTwo", "one.tOne"),
        decision("e", text("one.base + 1"), needs("one#base"), "tTwo"),
        namespace="two",
    )
    for decide in (standard, strict):
        assert decide(one, "d", {"one": one, "two": two}) == 3


def test_a_model_may_have_two_names():
    parts = (
        imported("a", "hello"),
        imported("b", "hello"),
        decision("d", text("a.greeting + b.greeting"), needs("hello#greeting")),
    )
    data = {"a": {"person": ANNA}, "b": {"person": {"name": "Bo", "age": 1}}}
    assert standard(model(*parts), "d", {"hello": HELLO}, **data) == "Hello, AnnaHello, Bo"


def test_a_reference_may_name_the_file():
    lib = imported("lib", "hello", 'locationURI="./hello.dmn"')
    d = decision("d", text('lib.twice("a")'), needs("./hello.dmn#twice", kind="Knowledge"))
    assert standard(model(lib, d), "d", {"hello": HELLO}) == "aa"


def test_decisions_of_the_same_id_in_two_models_do_not_meet():
    other = model(decision("d", text("1")), namespace="other")
    main = model(imported("o", "other"), decision("d", text("o.d + 1"), needs("other#d")))
    assert strict(main, "d", {"other": other}) == 2
    assert set(load_decisions(main, {"other": other}).decisions) == {"d"}


def test_names_of_imported_elements_may_have_special_characters():
    other = model(decision("profit/loss", text("5")), namespace="other")
    d = decision("d", text("a-b.profit/loss - 1"), needs("other#profit/loss"))
    assert standard(model(imported("a-b", "other"), d), "d", {"other": other}) == 4


def test_what_is_no_model_of_dmn_is_not_imported():
    schema = '<import name="s" namespace="n" importType="http://www.w3.org/2001/XMLSchema"/>'
    assert strict(model(schema, decision("d", text("1"))), "d") == 1


def test_a_model_reads_its_imported_data_by_the_names_that_it_uses():
    d = decision("d", text("my lib.greeting + x"), needs("hello#greeting"))
    names = load_decisions(model(LIB, d), {"hello": HELLO}).decisions["d"].names
    assert names == {"person", "x"}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([imported("lib", "gone")], "imported model “lib” was not given"),
        ([imported("lib", "odd")], "given for “odd” is of another namespace"),
        ([imported("a", "hello"), decision("a", text("1"))], "name “a” is there twice"),
        ([LIB, decision("d", text("1"), type_name="my lib.tGone")], "no type “my lib.tGone”"),
        ([LIB, decision("d", text("1"), needs("hello#gone"))], "requires “hello#gone”"),
    ],
)
def test_what_is_wrong_with_an_import_is_told(parts, message):
    given_models = {"hello": HELLO, "odd": HELLO}
    with pytest.raises(DmnError, match=message) as caught:
        load_decisions(model(*parts), given_models)
    assert caught.value.line is not None


def test_a_lenient_model_does_without_what_was_not_given():
    parts = (imported("lib", "gone"), decision("d", text("1"), needs("gone#x")))
    assert standard(model(*parts), "d") == 1


def test_too_many_models_are_refused():
    chain = {
        f"n{number}": model(imported("next", f"n{number + 1}"), namespace=f"n{number}")
        for number in range(30)
    }
    with pytest.raises(DmnError, match="imports more than"):
        load_decisions(model(imported("n", "n0")), chain)
