"""Models as a whole: leniency, functions of the host, and bounds that stop an evaluation."""

import inspect
import sys

import pytest

from tests.support.decisions import decision, knowledge, model, needs, standard, strict, text
from workflow_app.dmn import DmnError, load_decisions
from workflow_app.dmn.document import MAX_BYTES
from workflow_app.feel import FeelBudgetExceeded


def loop(source, body):
    return f'<for iteratorVariable="i"><in>{text(source)}</in><return>{text(body)}</return></for>'


def test_required_decisions_are_seen_by_name_and_id():
    total = decision("total", text("sum(scores)")).replace('id="total"', 'id="total_id"')
    big = decision("big", text("total > 10 and total_id > 10"), needs("total_id"))
    loaded = load_decisions(model(total, big))
    assert loaded.evaluate("big", {"scores": [5, 6]}).value is True
    assert loaded.decisions["big"].names == {"scores"}


def test_a_lenient_model_takes_what_is_broken_for_null():
    xml = model(decision("d", text("1 +")), decision("e", text("missing")))
    with pytest.raises(DmnError):
        load_decisions(xml)
    assert standard(xml, "d") is None
    assert standard(xml, "e", missing=1) is None


def test_a_table_that_cannot_be_read_is_null_in_a_lenient_model():
    table = "<decisionTable><input/><output/><rule><inputEntry/></rule></decisionTable>"
    xml = model(decision("broken", table), decision("d", text("broken"), needs("broken")))
    with pytest.raises(DmnError):
        load_decisions(xml)
    assert standard(xml, "d") is None


def test_an_unknown_decision_is_refused():
    with pytest.raises(DmnError, match="no decision “gone”"):
        strict(model(decision("d", text("1"))), "gone")


def test_host_functions_reach_decisions():
    xml = model(decision("d", text('setting("limit") + 1')))
    result = load_decisions(xml).evaluate("d", {}, {"setting": lambda _key: 5})
    assert result.value == 6


def test_a_boxed_loop_sees_its_own_results_only():
    xml = model(decision("d", loop("xs", "sum(append(partial, i))")))
    assert strict(xml, "d", xs=[1, 2, 3, 4]) == [1, 3, 7, 15]


# -- bounds -----------------------------------------------------------------------------------


def stopped(xml, **data):
    """The bound that stops the decision ``d``; lenient, it is null."""
    assert standard(xml, "d", **data) is None
    with pytest.raises(DmnError) as caught:
        strict(xml, "d", **data)
    assert isinstance(caught.value.__cause__, FeelBudgetExceeded)
    assert caught.value.line is not None
    return caught.value.__cause__.bound


def test_a_boxed_loop_stops_at_a_bound():
    assert stopped(model(decision("d", loop("for i in 1..20000 return i", "partial"))))


def test_knowledge_may_call_itself_but_not_for_ever():
    logic = text("if n < 2 then 1 else n * fact(n - 1)")
    use = needs("fact", kind="Knowledge")
    parts = (knowledge("fact", {"n": "number"}, logic), decision("d", text("fact(x)"), use))
    assert strict(model(*parts), "d", x=10) == 3_628_800
    with pytest.raises(DmnError, match="levels deep") as caught:
        strict(model(*parts), "d", x=100_000)
    assert caught.value.element == "fact"


def nested_lists(levels):
    return model(decision("d", "<list>" * levels + "</list>" * levels))


def test_a_model_nested_beyond_xml_is_refused():
    with pytest.raises(DmnError, match="well-formed"):
        load_decisions(nested_lists(400))


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
        strict(nested_lists(200), "d")


def test_a_model_that_is_too_long_or_has_a_doctype_is_refused():
    with pytest.raises(DmnError, match="longer than"):
        load_decisions(b" " * (MAX_BYTES + 1))
    with pytest.raises(DmnError, match="DOCTYPE"):
        load_decisions(b'<!DOCTYPE d [<!ENTITY x "y">]>' + model(decision("d", text("1"))))
