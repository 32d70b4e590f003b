"""Decision services and knowledge as functions (DMN 1.5 §6.3.11, §7.3.5, §10.4)."""

from decimal import Decimal

import pytest

from tests.support.decisions import (
    decision,
    given,
    knowledge,
    model,
    needs,
    served,
    service,
    standard,
    strict,
    text,
)
from workflow_app.dmn import DmnError, load_decisions

KNOWS = {"kind": "Knowledge"}
GRAPH = (
    given("price", "number"),
    given("count", "number"),
    decision("rate", text("0.1"), type_name="number"),
    decision("net", text("price * count"), needs("price", "count", kind="Input")),
    decision("tax", text("net * rate"), needs("net", "rate")),
    decision("gross", text("net + tax"), needs("net", "tax")),
    service("billed", ("gross",), inputs=("price", "count")),
    service("taxed", ("tax",), decisions=("net", "rate")),
    service("mixed", ("gross",), decisions=("rate",), inputs=("price", "count")),
    service("both", ("net", "tax"), inputs=("price", "count")),
    service("blind", ("gross",), inputs=("price",)),
    service("fixed", ("rate",)),
)


def asked(expression, *names, **data):
    parts = (*GRAPH, given("x"), decision("d", text(expression),
             needs(*names, kind="Knowledge") + needs("x", kind="Input")))  # fmt: skip
    return standard(model(*parts), "d", **data)


@pytest.mark.parametrize(
    ("expression", "name", "expected"),
    [
        ("billed(10, 2)", "billed", 22),
        ("billed(count: 2, price: 10)", "billed", 22),
        ("billed(price: 10)", "billed", None),
        ("billed(price: 10, count: 2, rate: 1)", "billed", None),
        ("billed(10)", "billed", None),
        ("billed(10, 2, 3)", "billed", None),
        ('billed("10", 2)', "billed", None),
        ("billed([10], 2)", "billed", 22),
        ("taxed(100, 0.5)", "taxed", 50),
        ("taxed(net: 100, rate: 0.5)", "taxed", 50),
        ("mixed(10, 2, 0.5)", "mixed", 30),
        ("mixed(rate: 0.5, price: 10, count: 2)", "mixed", 30),
        ("both(10, 2)", "both", {"net": 20, "tax": 2}),
        ("both(10, 2).tax", "both", 2),
        ("blind(10)", "blind", None),
        ("fixed()", "fixed", Decimal("0.1")),
        ("(for n in [1, 2] return billed(n, 10))[2]", "billed", 22),
        ("billed", "fixed", None),
    ],
)
def test_a_service_is_a_function_of_its_inputs_and_input_decisions(expression, name, expected):
    found = asked(expression, name, price=1, count=1, x=None)
    assert found == expected


def test_a_service_sees_nothing_but_what_it_is_given():
    found = asked("[blind(10), x]", "blind", price=1, count=5, x="outside")
    assert found == [None, "outside"]


@pytest.mark.parametrize(
    ("bindings", "expected"),
    [({"price": "10", "count": "x"}, 20), ({"price": "10"}, None), ({"wrong": "1"}, None)],
)
def test_a_service_is_invoked_by_a_box(bindings, expected):
    bound = "".join(
        f'<binding><parameter name="{name}"/>{text(words)}</binding>'
        for name, words in bindings.items()
    )
    logic = f"<invocation>{text('both')}{bound}</invocation>"
    parts = (
        *GRAPH,
        given("x"),
        decision("d", logic, needs("both", kind="Knowledge") + needs("x", kind="Input")),
    )
    found = standard(model(*parts), "d", x=2)
    assert (found["net"] if expected else (found or {"net": None})["net"]) == expected


def test_a_service_called_by_the_host_has_its_outputs_by_name():
    loaded = load_decisions(model(*GRAPH))
    assert served(loaded, "both", price=10, count=2) == {"net": 20, "tax": 2}
    assert served(loaded, "billed", price=10, count=2) == 22
    assert served(loaded, "billed", price="x", count=2) is None
    assert served(loaded, "blind", price=10, count=2) is None


def test_a_service_that_is_not_there_is_named():
    with pytest.raises(DmnError, match="no decision service “nothing”") as refused:
        load_decisions(model(*GRAPH)).serve("nothing", {})
    assert refused.value.element == "nothing"


def test_services_may_be_nested_and_asked_for_by_knowledge():
    parts = (
        *GRAPH,
        knowledge("dear", {"p": ""}, text("billed(p, 2) > 20"), needs("billed", kind="Knowledge")),
        decision("any", text("some p in [1, 10] satisfies dear(p)"), needs("dear", **KNOWS)),
        service("asks", ("any",)),
        decision("d", text("asks()"), needs("asks", kind="Knowledge")),
    )  # fmt: skip
    for decide in (standard, strict):
        assert decide(model(*parts), "d") is True


# -- knowledge --------------------------------------------------------------------------------

AREA = knowledge("area", {"a": "number", "b": "number"}, text("a * b"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("area(3, 4)", 12),
        ("area(b: 3, a: 4)", 12),
        ("area(a: 3)", None),
        ("area(3)", None),
        ("area(3, 4, 5)", None),
        ('area("3", 4)', None),
        ("area([3], 4)", 12),
        ("area(null, 4)", None),
        ("area instance of function", True),
        ("(function(f) f(2, 3))(area)", 6),
    ],
)
def test_knowledge_is_called_by_position_and_by_name(expression, expected):
    parts = (AREA, decision("d", text(expression), needs("area", kind="Knowledge")))
    assert standard(model(*parts), "d") == expected


def test_knowledge_may_be_a_table_a_context_or_a_function_of_functions():
    table = (
        '<decisionTable><input><inputExpression typeRef="number"><text>age</text>'
        '</inputExpression></input><output typeRef="string"/>'
        "<rule><inputEntry><text>&lt; 18</text></inputEntry>"
        '<outputEntry><text>"child"</text></outputEntry></rule>'
        "<rule><inputEntry><text>>= 18</text></inputEntry>"
        '<outputEntry><text>"adult"</text></outputEntry></rule></decisionTable>'
    )
    context = (
        '<context><contextEntry><variable name="older"/>'
        f"{text('age + 1')}</contextEntry>"
        f"<contextEntry>{text('older * 2')}</contextEntry></context>"
    )
    maker = (
        '<functionDefinition><formalParameter name="n" typeRef="number"/>'
        f"{text('n + age')}</functionDefinition>"
    )
    parts = (
        knowledge("group", {"age": "number"}, table),
        knowledge("doubled", {"age": "number"}, context),
        knowledge("adder", {"age": "number"}, maker),
        decision("d", text("[group(17), group(18), doubled(1), adder(5)(2)]"),
                 needs("group", "doubled", "adder", kind="Knowledge")),
    )  # fmt: skip
    assert standard(model(*parts), "d") == ["child", "adult", 4, 7]


def test_knowledge_may_call_each_other_where_it_says_so():
    even, odd = "n = 0 or odd(n - 1)", "n != 0 and even(n - 1)"
    parts = (
        knowledge("even", {"n": ""}, text(even), needs("odd", **KNOWS)),
        knowledge("odd", {"n": ""}, text(odd), needs("even", **KNOWS)),
        decision("d", text("[even(10), odd(10)]"), needs("even", "odd", **KNOWS)),
    )  # fmt: skip
    for decide in (standard, strict):
        assert decide(model(*parts), "d") == [True, False]
