"""Requirement graphs, boxed expressions, knowledge, services, types and imports."""

import inspect
import sys

import pytest

from workflow_app.dmn import DmnError, load_decisions

DMN15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(body, namespace="main", version=DMN15):
    head = f'<definitions xmlns="{version}" namespace="{namespace}" name="m">'
    return f"{head}{body}</definitions>".encode()


def literal(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def decision(name, logic, requires="", type_name="Any"):
    variable = f'<variable name="{name}" typeRef="{type_name}"/>'
    return f'<decision id="{name}_id" name="{name}">{variable}{requires}{logic}</decision>'


def needs(*ids, kind="Decision"):
    holder = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f'<{holder}><required{kind} href="#{each}"/></{holder}>' for each in ids)


def evaluate(body, name, **scope):
    return load_decisions(model(body)).evaluate(f"{name}_id", scope).value


def alone(logic, **scope):
    return evaluate(decision("d", logic), "d", **scope)


def test_required_decisions_come_first_and_are_seen_by_name_and_id():
    body = decision("total", literal("sum(scores)")) + decision(
        "big", literal("total &gt; 10 and total_id &gt; 10"), needs("total_id")
    )
    loaded = load_decisions(model(body))
    assert loaded.evaluate("big_id", {"scores": [5, 6]}).value is True
    assert loaded.decisions["big_id"].names == {"scores"}


@pytest.mark.parametrize(
    "version",
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        DMN15,
    ],
)
def test_models_of_every_version_are_read(version):
    xml = model(decision("d", literal("1 + 1")), version=version)
    assert load_decisions(xml).evaluate("d_id", {}).value == 2


def test_a_decision_that_requires_itself_is_refused():
    body = decision("a", literal("b"), needs("b_id")) + decision("b", literal("a"), needs("a_id"))
    with pytest.raises(DmnError, match="requires itself"):
        evaluate(body, "a")


def test_a_requirement_that_leads_nowhere_is_refused():
    with pytest.raises(DmnError, match="nowhere"):
        load_decisions(model(decision("a", literal("1"), needs("gone"))))


def entry(name, logic):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def test_boxed_contexts_see_earlier_entries_and_end_in_a_result():
    entries = entry("net price", literal("10")) + entry("tax", literal("net price * 0.2"))
    assert alone(f"<context>{entries}</context>") == {"net price": 10, "tax": 2}
    result = entry("", literal("net price + tax"))
    assert alone(f"<context>{entries}{result}</context>") == 12


def test_boxed_lists_and_relations():
    assert alone(f"<list>{literal('1')}{literal('x')}</list>", x=2) == [1, 2]
    columns = '<column name="a"/><column name="b"/>'
    rows = f"<row>{literal('1')}{literal('2')}</row><row>{literal('3')}{literal('x')}</row>"
    assert alone(f"<relation>{columns}{rows}</relation>", x=4) == [
        {"a": 1, "b": 2},
        {"a": 3, "b": 4},
    ]


def test_boxed_choices_filters_and_loops():
    parts = f"<if>{literal('x &gt; 1')}</if><then>{literal('1')}</then><else>{literal('2')}</else>"
    assert alone(f"<conditional>{parts}</conditional>", x=5) == 1
    assert alone(f"<conditional>{parts}</conditional>", x=None) == 2
    source = f"<in>{literal('xs')}</in>"
    match = f"<match>{literal('item &gt; 1')}</match>"
    assert alone(f"<filter>{source}{match}</filter>", xs=[1, 2, 3]) == [2, 3]
    loop = f"{source}<return>{literal('i * 2')}</return>"
    assert alone(f'<for iteratorVariable="i">{loop}</for>', xs=[1, 2]) == [2, 4]
    test = f"{source}<satisfies>{literal('i &gt; 1')}</satisfies>"
    assert alone(f'<some iteratorVariable="i">{test}</some>', xs=[1, 2]) is True
    assert alone(f'<every iteratorVariable="i">{test}</every>', xs=[1, 2]) is False


def knowledge(name, parameters, logic, requires=""):
    formal = "".join(f'<formalParameter name="{p}" typeRef="number"/>' for p in parameters)
    return (
        f'<businessKnowledgeModel id="{name}_id" name="{name}"><variable name="{name}"/>{requires}'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )


def test_knowledge_is_invoked_by_expression_and_by_box():
    use = needs("area_id", kind="Knowledge")
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("b", "2"), ("a", "3"))
    )
    body = (
        knowledge("area", ["a", "b"], literal("a * b + 0"))
        + decision("typed", literal("area(3, 4)"), use)
        + decision("unfit", literal('area("x", 4)'), use)
        + decision("boxed", f"<invocation>{literal('area')}{bindings}</invocation>", use)
    )
    assert evaluate(body, "typed") == 12
    assert evaluate(body, "unfit") is None
    assert evaluate(body, "boxed") == 6


def test_knowledge_may_call_itself_but_not_for_ever():
    use = needs("fact_id", kind="Knowledge")
    logic = literal("if n &lt; 2 then 1 else n * fact(n - 1)")
    body = knowledge("fact", ["n"], logic) + decision("d", literal("fact(x)"), use)
    assert evaluate(body, "d", x=10) == 3_628_800
    with pytest.raises(DmnError, match="levels deep"):
        evaluate(body, "d", x=100_000)


def test_functions_in_other_languages_are_refused():
    logic = literal('{class: "java.lang.Math"}')
    body = knowledge("f", ["n"], logic).replace(
        "<encapsulatedLogic>", '<encapsulatedLogic kind="Java">'
    )
    with pytest.raises(DmnError, match="written in Java are not called"):
        evaluate(body + decision("d", literal("f(1)"), needs("f_id", kind="Knowledge")), "d")


def test_a_decision_service_is_a_function_of_its_inputs():
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#out_id"/>'
        '<inputDecision href="#base_id"/></decisionService>'
    )
    body = (
        service
        + decision("base", literal("1"))
        + decision("out", literal("base + 1"), needs("base_id"))
        + decision("d", literal("s(40) + out"), needs("s", kind="Knowledge") + needs("out_id"))
    )
    assert evaluate(body, "d") == 43


TYPES = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef>'
    '<allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>'
    '<itemDefinition name="tNode"><itemComponent name="value"><typeRef>number</typeRef>'
    '</itemComponent><itemComponent name="next"><typeRef>tNode</typeRef></itemComponent>'
    "</itemDefinition>"
)


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        ("tGrade", "a", "a"),
        ("tGrade", "c", None),
        ("tGrade", ["b"], "b"),
        ("tGrades", "a", ["a"]),
        ("tGrades", ["a", "x"], None),
        ("tNode", {"value": 1, "next": {"value": 2, "next": None}},
         {"value": 1, "next": {"value": 2, "next": None}}),
        ("tNode", {"value": 1, "next": {"value": "x", "next": None}}, None),
        ("number", "1", None),
    ],
)  # fmt: skip
def test_results_conform_to_their_type_or_are_null(type_name, given, expected):
    body = TYPES + decision("d", literal("x"), type_name=type_name)
    assert evaluate(body, "d", x=given) == expected


def test_an_imported_model_is_seen_under_its_name():
    other = model(knowledge("double", ["n"], literal("n * 2")), namespace="other")
    body = (
        f'<import name="lib" namespace="other" importType="{DMN15}"/>'
        '<decision id="d_id" name="d"><knowledgeRequirement>'
        '<requiredKnowledge href="other#double_id"/></knowledgeRequirement>'
        f"{literal('lib.double(x)')}</decision>"
    )
    loaded = load_decisions(model(body), {"other": other})
    assert loaded.evaluate("d_id", {"x": 21}).value == 42
    with pytest.raises(DmnError, match="was not given"):
        load_decisions(model(body))


def test_a_lenient_model_takes_what_is_broken_for_null():
    body = decision("d", literal("1 +")) + decision("e", literal("missing"))
    with pytest.raises(DmnError):
        load_decisions(model(body))
    lenient = load_decisions(model(body), lenient=True)
    assert lenient.evaluate("d_id", {}).value is None
    assert lenient.evaluate("e_id", {"missing": 1}).value is None


def test_host_functions_reach_decisions():
    body = decision("d", literal('setting("limit") + 1'))
    result = load_decisions(model(body)).evaluate("d_id", {}, {"setting": lambda _key: 5})
    assert result.value == 6


def test_a_boxed_loop_sees_its_own_results_only():
    loop = f"<in>{literal('xs')}</in><return>{literal('sum(append(partial, i))')}</return>"
    assert alone(f'<for iteratorVariable="i">{loop}</for>', xs=[1, 2, 3, 4]) == [1, 3, 7, 15]


def test_a_boxed_loop_stops_at_the_bound():
    loop = f"<in>{literal('for i in 1..20000 return i')}</in><return>{literal('partial')}</return>"
    with pytest.raises(DmnError, match=r"steps|seconds"):
        alone(f'<for iteratorVariable="i">{loop}</for>')


def nested_lists(levels):
    return "<list>" * levels + "</list>" * levels


def test_a_model_nested_beyond_xml_is_refused():
    with pytest.raises(DmnError, match="well-formed"):
        alone(nested_lists(400))


@pytest.fixture
def few_frames():
    """Leave Python only so many frames as a request deep in a server may have left."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("few_frames")
def test_a_model_nested_beyond_pythons_frames_is_refused():
    with pytest.raises(DmnError, match="nested too deeply"):
        alone(nested_lists(200))
