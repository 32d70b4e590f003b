"""Boxed expressions (DMN 1.5 §7.3.4 to §7.3.10 and §10.2.1)."""

import pytest

from tests.support.decisions import decision, given, model, needs, standard, strict, text
from workflow_app.dmn import DmnError, load_decisions
from workflow_app.feel import FeelError

XS = (given("xs"), given("x"))
READS = needs("xs", "x", kind="Input")


def both(logic, **data):
    """Decide as the standard does and as cases do, which must be the same."""
    parts = (*XS, decision("d", logic, READS))
    data = {"xs": None, "x": None, **data}
    found = standard(model(*parts), "d", **data)
    assert strict(model(*parts), "d", **data) == found
    return found


def entry(name, logic, type_name=""):
    typed = f' typeRef="{type_name}"' if type_name else ""
    variable = f'<variable name="{name}"{typed}/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def box(kind, attributes="", **parts):
    inner = "".join(f"<{name}>{logic}</{name}>" for name, logic in parts.items())
    return f"<{kind} {attributes}>{inner}</{kind}>"


def invocation(function, **bindings):
    bound = "".join(
        f'<binding><parameter name="{name}"/>{logic}</binding>' for name, logic in bindings.items()
    )
    return f"<invocation>{function}{bound}</invocation>"


def function(logic, *parameters, attributes=""):
    formal = "".join(f'<formalParameter name="{name}"/>' for name in parameters)
    return f"<functionDefinition {attributes}>{formal}{logic}</functionDefinition>"


# -- literal expressions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (text("\n  x +\n  1\n"), 2),
        ("<literalExpression><text><![CDATA[if x<2 then 1 else 2]]></text></literalExpression>", 1),
        ("<literalExpression><text/></literalExpression>", None),
        ("<literalExpression/>", None),
        (text("[x]", "number"), 1),
        (text("[x, x]", "number"), None),
        (text("x", "string"), None),
    ],
)  # fmt: skip
def test_literal_expressions(logic, expected):
    assert both(logic, x=1) == expected


# -- contexts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([entry("a", text("1")), entry("b", text("a + x"))], {"a": 1, "b": 6}),
        ([entry("a b", text("1")), entry("", text("a b + x"))], 6),
        ([entry("b", text("a")), entry("a", text("1"))], {"b": None, "a": 1}),
        ([entry("x", text("1")), entry("", text("x"))], 1),
        ([entry("a", text("[1]"), "number"), entry("b", text("a"), "string")], {"a": 1, "b": None}),
        ([entry("a", f"<context>{entry('i', text('x'))}</context>"), entry("", text("a.i"))], 5),
        ([entry("f", function(text("if n = 0 then 0 else n + f(n - 1)"), "n")),
          entry("", text("f(3)"))], 6),
        ([entry("f", function(text("n + later"), "n")), entry("later", text("1")),
          entry("", text("f(1)"))], 2),
        ([entry("a", "<literalExpression/>")], {"a": None}),
        ([], {}),
    ],
)  # fmt: skip
def test_contexts(entries, expected):
    assert both(f"<context>{''.join(entries)}</context>", x=5) == expected


def test_an_error_in_an_entry_is_null_there_only_in_a_lenient_model():
    java = function(text('{class: "java.lang.Math"}'), attributes='kind="Java"')
    entries = entry("a", invocation(java)) + entry("b", text("1"))
    parts = (*XS, decision("d", f"<context>{entries}</context>", READS))
    assert standard(model(*parts), "d") == {"a": None, "b": 1}


def test_an_entry_that_is_there_twice_makes_a_lenient_context_null():
    twice = f"<context>{entry('a', text('1'))}{entry('a', text('2'))}</context>"
    assert standard(model(decision("d", twice)), "d") is None


# -- lists and relations ----------------------------------------------------------------------


def test_lists_hold_any_boxes():
    context = f"<context>{entry('a', text('x'))}</context>"
    logic = f"<list>{text('1')}{context}<list>{text('[2]', 'number')}</list></list>"
    assert both(logic, x=5) == [1, {"a": 5}, [2]]
    assert both("<list/>") == []


def test_relations_are_lists_of_contexts_with_typed_columns():
    columns = '<column name="full name"/><column name="age" typeRef="number"/>'
    rows = "".join(
        f"<row>{text(name)}{text(age)}</row>" for name, age in (('"A"', "x"), ('"B"', '"old"'))
    )
    found = both(f"<relation>{columns}{rows}</relation>", x=[30])
    assert found == [{"full name": "A", "age": 30}, {"full name": "B", "age": None}]
    assert both(f"<relation>{columns}</relation>") == []


# -- functions and invocations ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (invocation(function(text("a - b"), "a", "b"), b=text("1"), a=text("x")), 4),
        (invocation(function(text("[a, b]"), "a", "b"), a=text("x")), [5, None]),
        (invocation(function(text("[a, b]"), "a", "b"), a=text("x"), b=""), [5, None]),
        (invocation(function(text("a"), "a"), wrong=text("1")), None),
        (invocation(text("max"), list=text("[1, x]")), 5),
        (invocation(text("replace"), input=text('"ab"'), pattern=text('"a"'),
                    replacement=text('"c"')), "cb"),
        (invocation(text("x"), a=text("1")), None),
        (invocation(text("function(a) a + 1"), a=text("x")), 6),
    ],
)  # fmt: skip
def test_invocations(logic, expected):
    assert both(logic, x=5) == expected


def test_bindings_and_parameters_convert():
    typed = '<formalParameter name="a" typeRef="number"/>'
    made = f"<functionDefinition>{typed}{text('a')}</functionDefinition>"
    assert both(invocation(made, a=text("[x]")), x=5) == 5
    assert both(invocation(made, a=text('"5"')), x=5) is None
    bound = f'<binding><parameter name="a" typeRef="string"/>{text("x")}</binding>'
    assert both(f"<invocation>{made}{bound}</invocation>", x=5) is None


# -- choices, filters, loops ------------------------------------------------------------------


@pytest.mark.parametrize(("x", "expected"), [(True, 1), (False, 2), (None, 2), ("x", 2)])
def test_only_true_chooses_then(x, expected):
    logic = box("conditional", **{"if": text("x"), "then": text("1"), "else": text("2")})
    assert both(logic, x=x) == expected


def test_only_what_is_chosen_is_evaluated():
    logic = box("conditional", **{"if": text("x"), "then": text("1"), "else": text("stop()")})
    xml = model(*XS, decision("d", logic, READS))
    assert load_decisions(xml).evaluate("d", {"x": True}).value == 1


@pytest.mark.parametrize(
    ("match", "xs", "expected"),
    [
        ("item > x", [1, 2, 3, None], [2, 3]),
        ("a > x", [{"a": 1}, {"a": 2}, {"b": 3}], [{"a": 2}]),
        ("item.a > x", [{"a": 1}, {"a": 2}], [{"a": 2}]),
        ("item = 2", [{"item": 1}, {"item": 2}], [{"item": 2}]),
        ("2", [5, 6, 7], 6),
        ("-1", [5, 6, 7], 7),
        ("x > 0", [], []),
        ("item > x", 5, [5]),
        ("item > x", None, []),
        ("null", [1], []),
    ],
)
def test_filters(match, xs, expected):
    assert both(box("filter", **{"in": text("xs"), "match": text(match)}), xs=xs, x=1) == expected


@pytest.mark.parametrize(
    ("source", "body", "expected"),
    [
        ("xs", "i * x", [2, 4]),
        ("[1..3]", "i", [1, 2, 3]),
        ("[3..1]", "i", None),
        ("5", "i", [5]),
        ("[]", "i", []),
        ("null", "i", None),
        ("[4, 5, 6]", "count(partial)", [0, 1, 2]),
        ('[@"2026-01-01"..@"2026-01-02"]', "i.day", [1, 2]),
    ],
)
def test_loops_make_lists(source, body, expected):
    logic = box("for", 'iteratorVariable="i"', **{"in": text(source), "return": text(body)})
    assert both(logic, xs=[1, 2], x=2) == expected


@pytest.mark.parametrize("name", ["one of them", "a-b", "Մեր տողը"])
def test_what_a_loop_goes_through_may_have_any_name(name):
    parts = {"in": text("xs"), "return": text(f"{name} * 2")}
    assert both(box("for", f'iteratorVariable="{name}"', **parts), xs=[1, 2]) == [2, 4]


def test_loops_may_be_nested():
    inner = box("for", 'iteratorVariable="j"', **{"in": text("xs"), "return": text("i * 10 + j")})
    logic = box("for", 'iteratorVariable="i"', **{"in": text("xs"), "return": inner})
    assert both(logic, xs=[1, 2]) == [[11, 12], [21, 22]]


@pytest.mark.parametrize(
    ("kind", "xs", "expected"),
    [
        ("some", [1, 3], True),
        ("some", [1], False),
        ("some", [], False),
        ("some", [None, 3], True),
        ("some", [None, 1], None),
        ("every", [3, 4], True),
        ("every", [1, 4], False),
        ("every", [], True),
        ("every", [None, 1], False),
        ("every", [None, 3], None),
        ("every", 3, True),
        ("some", None, None),
    ],
)
def test_quantifiers_are_three_valued(kind, xs, expected):
    logic = box(kind, 'iteratorVariable="i"', **{"in": text("xs"), "satisfies": text("i > x")})
    assert both(logic, xs=xs, x=2) is expected


def test_the_parts_of_a_box_may_be_boxes_with_types():
    source = f"<list>{text('x')}{text('2')}</list>"
    body = f"<context>{entry('v', text('[i]'), 'number')}</context>"
    logic = box("for", 'iteratorVariable="i"', **{"in": source, "return": body})
    assert both(logic, x=1) == [{"v": 1}, {"v": 2}]


def test_a_table_may_stand_in_any_box():
    table = (
        '<decisionTable id="t"><input><inputExpression><text>i</text></inputExpression></input>'
        "<output/><rule><inputEntry><text>&gt; 1</text></inputEntry>"
        "<outputEntry><text>i * 10</text></outputEntry></rule></decisionTable>"
    )
    logic = box("for", 'iteratorVariable="i"', **{"in": text("xs"), "return": table})
    assert both(logic, xs=[1, 2, 3]) == [None, 20, 30]


# -- what designers get wrong -----------------------------------------------------------------

ONE_A = entry("a", text("1"))
LOOP = {"in": text("xs"), "return": text("i")}


@pytest.mark.parametrize(
    ("logic", "message"),
    [
        (box("for", **LOOP), "A boxed “for” names no variable"),
        (box("some", 'iteratorVariable=" "', **{"in": text("1"), "satisfies": text("i")}),
         "A boxed “some” names no variable"),
        (box("for", 'iteratorVariable="i"', **{"in": text("1")}), "no expression for “return”"),
        (box("for", 'iteratorVariable="i"', **{"return": text("1")}), "no expression for “in”"),
        (box("every", 'iteratorVariable="i"', **{"in": text("1")}), "for “satisfies”"),
        (box("filter", **{"in": text("1")}), "no expression for “match”"),
        (box("filter", **{"in": "", "match": text("1")}), "no expression for “in”"),
        (box("conditional", **{"if": text("1"), "then": text("1")}), "no expression for “else”"),
        (box("conditional", **{"then": text("1"), "else": text("1")}), "no expression for “if”"),
        (f"<context>{entry('a', '')}</context>", "no expression for “value”"),
        (f"<context>{entry('', text('1'))}{ONE_A}</context>", "Only the last entry"),
        (f"<context>{ONE_A}{ONE_A}</context>", "“a” is there twice"),
        (f"<context>{entry(' ', text('1'))}</context>", "“variable” has no name"),
        ("<invocation/>", "no expression for “function”"),
        (f"<invocation>{text('max')}<binding>{text('1')}</binding></invocation>",
         "A binding names no parameter"),
        (f"<invocation>{text('max')}<binding><parameter/>{text('1')}</binding></invocation>",
         "“parameter” has no name"),
        (function(text("1"), ""), "“formalParameter” has no name"),
        (function(text("1"), "a", "a"), "“a” is there twice"),
        (function(text("1"), attributes='kind="Java"'), "written in Java are not called"),
        (function(text("1"), attributes='kind="PMML"'), "written in PMML are not called"),
        (function(text("1"), attributes='kind="Cobol"'), "“Cobol” is no kind of function"),
        (f"<relation><column name='a'/><column name='b'/><row>{text('1')}</row></relation>",
         "has 1 cells, but there are 2 columns"),
        (f"<relation><column/><row>{text('1')}</row></relation>", "“column” has no name"),
        (text("1 +"), "."),
    ],
)  # fmt: skip
def test_what_a_box_lacks_is_told_with_its_line(logic, message):
    parts = (*XS, decision("d", f"\n{logic}", READS), decision("ok", text("1")))
    with pytest.raises(DmnError) as caught:
        load_decisions(model(*parts))
    assert message in str(caught.value)
    assert (caught.value.element, caught.value.line) == ("d", 5)
    assert standard(model(*parts), "ok") == 1
    # A lenient model makes what it can of it, without any error.
    standard(model(*parts), "d", xs=[1], x=1)


@pytest.mark.parametrize(
    "logic",
    [
        text("stop()"),
        invocation(text("function() external {java: {}}")),
        box("filter", **{"in": text("1"), "match": text("stop()")}),
        f"<context>{entry('a', text('stop()'))}</context>",
        box("for", 'iteratorVariable="i"', **{"in": text("[1]"), "return": text("stop()")}),
    ],
)
def test_errors_of_an_evaluation_tell_element_and_line(logic):
    def stop():
        message = "stopped"
        raise ValueError(message)

    loaded = load_decisions(model(*XS, decision("d", f"\n\n{logic}", READS)))
    with pytest.raises(DmnError) as caught:
        loaded.evaluate("d", {}, {"stop": stop})
    assert (caught.value.element, caught.value.line) == ("d", 6)
    assert isinstance(caught.value.__cause__, FeelError)
