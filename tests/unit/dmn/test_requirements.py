"""What a decision requires, and what it sees of it (DMN 1.5 §6.3, §7.3.1 and §10.4)."""

import pytest

from tests.support.decisions import (
    decision,
    given,
    imported,
    knowledge,
    model,
    needs,
    service,
    standard,
    strict,
    text,
)
from workflow_app.dmn import DmnError, load_decisions

KNOWS_RATE = needs("rate", kind="Knowledge")
PRICED = (
    given("net price"),
    decision("tax", text("net price * 0.2"), needs("net price", kind="Input")),
)


def test_a_decision_sees_only_what_it_requires():
    total = decision("total", text("[tax, net price]"), needs("tax"))
    assert standard(model(*PRICED, total), "total", **{"net price": 10}) == [2, None]


def test_a_case_shows_all_its_data_to_every_decision():
    total = decision("total", text("tax + net price + fee"), needs("tax"))
    data = {"net price": 10, "fee": 1}
    assert strict(model(*PRICED, total), "total", **data) == 13


def test_a_required_decision_is_made_once_and_wins_over_data_of_its_name():
    twice = decision("twice", text("tax + tax"), needs("tax"))
    assert strict(model(*PRICED, twice), "twice", **{"net price": 10, "tax": 99}) == 4


def test_knowledge_sees_no_inputs_but_its_parameters_and_what_it_requires():
    parts = (
        *PRICED,
        knowledge("rate", {}, text("0.5")),
        knowledge("half", {"x": ""}, text("[x * rate(), net price]"), KNOWS_RATE),
        decision(
            "d", text("half(4)"),
            needs("half", kind="Knowledge") + needs("net price", kind="Input"),
        ),
    )  # fmt: skip
    assert standard(model(*parts), "d", **{"net price": 10}) == [2, None]


def test_knowledge_is_not_seen_without_a_requirement():
    parts = (knowledge("rate", {}, text("1")), decision("d", text("rate()")))
    assert standard(model(*parts), "d") is None


def test_a_decision_without_logic_is_null():
    parts = (decision("empty"), decision("d", text("empty = null"), needs("empty")))
    assert standard(model(*parts), "d") is True
    assert strict(model(*parts), "d") is True


def test_knowledge_without_logic_gives_null():
    bare = '<businessKnowledgeModel id="bare" name="bare"><variable name="bare"/>'
    bare += "</businessKnowledgeModel>"
    parts = (bare, decision("d", text("bare()"), needs("bare", kind="Knowledge")))
    assert standard(model(*parts), "d") is None


def test_expressions_use_the_name_of_the_variable():
    named = f'<decision id="a" name="Title of A"><variable name="a value"/>{text("1")}</decision>'
    parts = (named, decision("d", text("a value + 1"), needs("a")))
    assert standard(model(*parts), "d") == 2
    loaded = load_decisions(model(*parts))
    assert (loaded.decisions["a"].name, loaded.decisions["a"].title) == ("a value", "Title of A")


@pytest.mark.parametrize("name", ["Նոր գին", "profit/loss", "a-b", "for sale", "it's", "x.y"])
def test_names_may_have_blanks_and_special_characters(name):
    parts = (
        given(name),
        decision("d", text(f"{name} + 1"), needs(f"#{name.replace(' ', '_')}", kind="Input")),
    )
    assert standard(model(*parts), "d", **{name: 1}) == 2


@pytest.mark.parametrize("written", ["loan   amount", " loan amount ", "loan&#10;amount"])
def test_names_are_read_with_one_blank_between_their_words(written):
    source = f'<inputData id="i" name="{written}"><variable name="{written}"/></inputData>'
    xml = model(source, decision("d", text("loan amount + 1"), needs("#i", kind="Input")))
    assert standard(xml, "d", **{"loan amount": 1}) == 2


def test_references_may_name_the_model_itself():
    parts = (decision("a", text("1")), decision("d", text("a + 1"), needs("main#a")))
    assert standard(model(*parts), "d") == 2


def test_what_does_not_decide_is_passed_over():
    parts = (
        '<extensionElements><x:any xmlns:x="urn:x" id="a"/></extensionElements>',
        (
            '<knowledgeSource id="law" name="law"><authorityRequirement id="w">'
            '<requiredDecision href="#a"/></authorityRequirement></knowledgeSource>'
        ),
        (
            '<decision id="a" name="a" x:hue="red" xmlns:x="urn:x"><description>Why</description>'
            "<question>1 + ?</question><allowedAnswers>2</allowedAnswers>"
            '<authorityRequirement id="r"><requiredAuthority href="#law"/></authorityRequirement>'
            f"<decisionMaker href='#o'/>{text('1')}</decision>"
        ),
        '<textAnnotation id="t"><text>1 +</text></textAnnotation>',
        '<association id="s"><sourceRef href="#a"/><targetRef href="#t"/></association>',
        '<group id="g" name="a"/><performanceIndicator id="p" name="a"/>',
        '<organizationUnit id="o" name="a"/><elementCollection id="e" name="a"/>',
        (
            '<DMNDI xmlns="https://www.omg.org/spec/DMN/20230324/DMNDI/"><DMNDiagram id="a">'
            '<decision id="a" name="a"/></DMNDiagram></DMNDI>'
        ),
    )
    assert strict(model(*parts), "a") == 1


def one(requires=""):
    return decision("a", text("1"), requires)


ONE = one()


def refused(*parts, imports=None, more=""):
    with pytest.raises(DmnError) as caught:
        load_decisions(model(*parts, more=more), imports or {})
    assert load_decisions(model(*parts, more=more), imports or {}, lenient=True) is not None
    assert caught.value.line is not None
    return caught.value


@pytest.mark.parametrize(
    ("parts", "element", "line", "message"),
    [
        ([ONE, decision("a", text("2"))], "a", 3, "id “a” is there twice: in line 2"),
        (
            [ONE, decision("a", text("2")).replace('id="a"', 'id="b"', 1)],
            "b", 3, "name “a” is there twice: in line 2",
        ),
        ([given("a"), ONE.replace('id="a"', 'id="b"')], "b", 3, "name “a” is there twice"),
        ([decision("", text("1")).replace('id=""', 'id="b"')], "b", 2, "“decision” has no name"),
        ([one(needs("gone"))], "a", 2, "“a” requires “gone”, which is nowhere"),
        ([one(needs("x#y"))], "a", 2, "“a” requires “x#y”, which is nowhere"),
        (
            [one(needs("gone").replace('href="#gone"', ""))],
            "a", 2, "“a” requires something that it does not name",
        ),
        ([given("x"), one(needs("x"))], "a", 3, "of another kind"),
        ([decision("x"), one(needs("x", kind="Input"))], "a", 3, "of another kind"),
        ([decision("x"), one(needs("x", kind="Knowledge"))], "a", 3, "of another kind"),
        ([service("s", ("gone",))], "s", 2, "“s” requires “gone”, which is nowhere"),
        ([given("x"), service("s", ("x",))], "s", 3, "of another kind"),
        ([service("s", ())], "s", 2, "no output decision"),
        (
            [decision("a", text("b"), needs("b")), decision("b", text("a"), needs("a"))],
            "a", 2, "“a” requires itself: a → b → a",
        ),
        ([decision("a", text("a"), needs("a"))], "a", 2, "“a” requires itself: a → a"),
        ([decision("a", text("1 +"))], "a", 2, "."),
        ([decision("a", text("x instance of tGone"))], "a", 2, "There is no type “tGone”"),
        ([imported("lib", "gone")], None, 2, "imported model “lib” was not given"),
    ],
)  # fmt: skip
def test_what_a_designer_gets_wrong_is_told_with_its_place(parts, element, line, message):
    error = refused(*parts)
    assert message in str(error)
    assert (error.element, error.line) == (element, line)


def test_a_circle_of_decisions_is_null_where_the_model_is_lenient():
    parts = (decision("a", text("b"), needs("b")), decision("b", text("a"), needs("a")))
    assert standard(model(*parts), "a") is None


def test_a_long_chain_of_decisions_is_refused_in_time():
    parts = [decision("d0", text("1"))]
    parts += [decision(f"d{n}", text(f"d{n - 1}"), needs(f"d{n - 1}")) for n in range(1, 60)]
    loaded = load_decisions(model(*parts))
    assert loaded.evaluate("d20", {}).value == 1
    with pytest.raises(DmnError, match="too long a chain"):
        loaded.evaluate("d59", {})


def test_decisions_in_the_same_place_of_two_chains_are_no_circle():
    parts = (
        decision("base", text("1")),
        decision("left", text("base"), needs("base")),
        decision("right", text("base"), needs("base")),
        decision("d", text("left + right"), needs("left", "right")),
    )
    assert strict(model(*parts), "d") == 2


def test_an_error_of_an_evaluation_tells_element_and_line():
    broken = '<literalExpression id="deep"><text>stop("x")</text></literalExpression>'
    parts = (
        knowledge("inner", {"x": ""}, broken),
        decision("d", text("inner(1)"), needs("inner", kind="Knowledge")),
    )

    def stop(_why):
        message = "stopped"
        raise ValueError(message)

    loaded = load_decisions(model(*parts))
    with pytest.raises(DmnError, match="stopped") as caught:
        loaded.evaluate("d", {}, {"stop": stop})
    assert (caught.value.element, caught.value.line) == ("deep", 2)
    assert caught.value.details["reason"].why


def test_clashing_rules_tell_element_and_line():
    row = "<rule><inputEntry/><outputEntry><text>1</text></outputEntry></rule>"
    table = (
        '<decisionTable id="t"><input><inputExpression><text>1</text></inputExpression></input>'
        f"<output/>{row}{row}</decisionTable>"
    )
    loaded = load_decisions(model(decision("d", f"\n{table}")))
    with pytest.raises(DmnError, match="rows 1, 2") as caught:
        loaded.evaluate("d", {})
    assert (caught.value.element, caught.value.line) == ("t", 3)


@pytest.mark.parametrize(
    ("version", "read"),
    [
        ("http://www.omg.org/spec/DMN/20151101/dmn.xsd", False),
        ("http://www.omg.org/spec/DMN/20180521/MODEL/", True),
        ("https://www.omg.org/spec/DMN/20191111/MODEL/", True),
        ("https://www.omg.org/spec/DMN/20211108/MODEL/", True),
        ("https://www.omg.org/spec/DMN/20230324/MODEL/", True),
        ("https://www.omg.org/spec/DMN/20990101/MODEL/", False),
    ],
)
def test_versions_1_2_to_1_5_are_read_and_others_refused_by_name(version, read):
    xml = model(decision("d", text("1")), version=version)
    if read:
        assert strict(xml, "d") == 1
        return
    with pytest.raises(DmnError, match=r"Versions 1\.2 to 1\.5 are") as caught:
        load_decisions(xml)
    assert version in str(caught.value)


def test_a_lenient_model_may_be_of_a_later_version_but_of_no_earlier_one():
    later, earlier = (
        model(decision("d", text("1")), version=f"https://www.omg.org/spec/DMN/{day}/MODEL/")
        for day in ("20990101", "20151101")
    )
    assert standard(later, "d") == 1
    with pytest.raises(DmnError, match=r"Versions 1\.2 to 1\.5 are"):
        standard(earlier, "d")


@pytest.mark.parametrize(
    "xml", [b"<definitions/>", b'<model xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>']
)
def test_what_is_no_decision_model_is_refused(xml):
    with pytest.raises(DmnError, match="not a decision model"):
        load_decisions(xml)


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("https://www.omg.org/spec/DMN/20230324/FEEL/", True),
        ("http://www.omg.org/spec/FEEL/20140401", True),
        ("feel", True),
        ("", True),
        ("http://www.w3.org/1999/XPath", False),
        ("javascript", False),
    ],
)
@pytest.mark.parametrize("place", ["model", "expression", "cell"])
def test_only_feel_is_read(language, read, place):
    attribute = f'expressionLanguage="{language}"'
    if place == "model":
        xml = model(decision("d", text("1")), more=attribute)
    elif place == "expression":
        xml = model(
            decision(
                "d", text("1").replace("<literalExpression", f"<literalExpression {attribute}")
            )
        )
    else:
        xml = model(decision("d", (
            "<decisionTable><input><inputExpression><text>1</text></inputExpression></input>"
            f"<output/><rule><inputEntry {attribute}><text>1</text></inputEntry>"
            "<outputEntry><text>1</text></outputEntry></rule></decisionTable>")))  # fmt: skip
    if read:
        assert strict(xml, "d") == 1
        return
    with pytest.raises(DmnError, match=f"not in “{language}”"):
        load_decisions(xml)
    assert standard(xml, "d") is None


def test_values_imported_from_elsewhere_are_refused():
    logic = (
        '<literalExpression id="e"><importedValues name="v" namespace="n" importType="t">'
        "<importedElement>x</importedElement></importedValues></literalExpression>"
    )
    assert "imported from another file" in str(refused(decision("d", logic)))
