"""A model with every kind of element, mutilated in every place: only our own errors come of it."""

import copy
from contextlib import suppress

import pytest
from lxml import etree

from tests.support.decisions import (
    allowed,
    component,
    decision,
    given,
    imported,
    item,
    knowledge,
    model,
    needs,
    service,
    text,
)
from workflow_app.dmn import DmnError, load_decisions
from workflow_app.feel import FeelError

TABLE = (
    '<decisionTable id="t" hitPolicy="COLLECT" aggregation="SUM" typeRef="number">'
    '<input id="i" label="A"><inputExpression id="ie" typeRef="number"><text>x</text>'
    "</inputExpression><inputValues><text>[0..9]</text></inputValues></input>"
    '<output id="o" name="y" typeRef="number"><outputValues><text>1, 2</text></outputValues>'
    "<defaultOutputEntry><text>1</text></defaultOutputEntry></output>"
    '<rule id="r"><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>1</text>'
    "</outputEntry></rule></decisionTable>"
)
BOXES = (
    f'<context><contextEntry><variable name="f"/><functionDefinition kind="FEEL">'
    f'<formalParameter name="p" typeRef="number"/>{text("p + 1")}</functionDefinition>'
    f'</contextEntry><contextEntry><variable name="g" typeRef="number"/><invocation>{text("f")}'
    f'<binding><parameter name="p"/>{text("x")}</binding></invocation></contextEntry>'
    f'<contextEntry><relation><column name="c"/><row>{text("g")}</row></relation></contextEntry>'
    "</context>"
)
LOOPS = (
    f'<list><for iteratorVariable="i"><in>{text("[x]")}</in><return>{text("i")}</return></for>'
    f'<some iteratorVariable="i"><in>{text("[x]")}</in><satisfies>{text("i > 1")}</satisfies>'
    f"</some><filter><in>{text('[x]')}</in><match>{text('item > 1')}</match></filter>"
    f"<conditional><if>{text('x > 1')}</if><then>{text('1')}</then><else>{text('2')}</else>"
    "</conditional></list>"
)
WHOLE = model(
    imported("lib", "other"),
    item("tScore", "number", allowed("[0..9]")),
    item("tPerson", inner=component("age", "tScore") + component("kids", "tPerson",
         more='isCollection="true"')),
    item("tF", inner='<functionItem outputTypeRef="number"><parameters name="p" typeRef="number"/>'
         "</functionItem>"),
    given("x", "tScore"),
    given("who", "tPerson"),
    decision("table", TABLE, needs("x", kind="Input"), "number"),
    decision("boxes", BOXES, needs("x", kind="Input")),
    decision("loops", LOOPS, needs("x", kind="Input")),
    knowledge("k", {"p": "number"}, text("p * 2"), type_name="tF"),
    service("s", ("table",), inputs=("x",), type_name="number"),
    decision(
        "last", text("k(table) + s(x) + lib.base + (if who instance of tPerson then 1 else 2)"),
        needs("table", "other#base") + needs("x", "who", kind="Input")
        + needs("k", "s", kind="Knowledge"),
    ),
)  # fmt: skip
IMPORTS = {"other": model(decision("base", text("1")), namespace="other")}
DATA = {"x": 3, "who": {"age": 1, "kids": []}}
PLACES = len(list(etree.fromstring(WHOLE).iter()))


def tried(xml):
    """Load and decide in both ways: strict, only our errors come; lenient, none once it is read."""
    with suppress(DmnError):
        strict = load_decisions(xml, IMPORTS)
        for name in strict.decisions:
            with suppress(DmnError, FeelError):
                strict.evaluate(name, DATA)
    lenient = None
    with suppress(DmnError):
        lenient = load_decisions(xml, IMPORTS, lenient=True)
    for name in lenient.decisions if lenient else ():
        lenient.evaluate(name, DATA)


def test_the_whole_model_decides():
    loaded = load_decisions(WHOLE, IMPORTS)
    assert [loaded.evaluate(name, DATA).value for name in ("table", "boxes", "loops", "last")] == [
        1, [{"c": 4}], [[3], True, [3], 1], 5,
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(PLACES))
def test_a_mutilated_model_raises_only_our_errors(place):
    whole = etree.fromstring(WHOLE)
    element = list(whole.iter())[place]
    for name in element.attrib:
        for value in (None, " ", "gone"):
            kept = element.attrib[name]
            if value is None:
                del element.attrib[name]
            else:
                element.set(name, value)
            tried(etree.tostring(whole))
            element.set(name, kept)
    if element.text and element.text.strip():
        for words in ("", "1 +", "gone(1)"):
            element.text, kept = words, element.text
            tried(etree.tostring(whole))
            element.text = kept
    holder = element.getparent()
    if holder is not None:
        twin = copy.deepcopy(element)
        holder.insert(holder.index(element), twin)
        tried(etree.tostring(whole))
        holder.remove(twin)
        holder.remove(element)
        tried(etree.tostring(whole))
