"""Call activities that call a global task (BPMN 2.0.2 §10.3.2 and §10.3.6)."""

from __future__ import annotations

import pytest

from tests.support.compensating import compensated, throws, undone
from workflow_app.engine import lint
from workflow_app.engine.contract import Source

CALLS = pytest.mark.bpmn("call activity of a global task", "runs")
GLOBAL = pytest.mark.bpmn("global task", "runs")
CHECK = (
    '<bpmn:globalUserTask id="check" name="Check"><bpmn:extensionElements>'
    '<zeebe:formDefinition formId="check"/></bpmn:extensionElements></bpmn:globalUserTask>'
)
COUNT = (
    '<bpmn:globalScriptTask id="count"><bpmn:script>{total: price * 2}</bpmn:script>'
    "</bpmn:globalScriptTask>"
)


def calls(element, key="C", attributes="", inside=""):
    return (
        f'<bpmn:callActivity id="{key}" calledElement="{element}" {attributes}>{inside}'
        "</bpmn:callActivity>"
    )


def drawn(bpmn, raw, flows="s>C C>B", beside=CHECK + COUNT):
    return bpmn.process("p", "start:s user:B", flows, raw, beside)


@CALLS
@GLOBAL
def test_a_global_user_task_is_done_by_a_person(bpmn, play):
    form = {"forms__p__check_0form": '{"type": "default", "components": []}'}
    files = {key.replace("__", "/").replace("_0", "."): text for key, text in form.items()}
    case = play(drawn(bpmn, calls("check")), **files).start({"n": 1})
    assert case.tasks == ["check"]
    opened = case.step.opened[0]
    assert (opened.name, opened.form, opened.path) == ("Check", "p/check", ("C",))
    assert case.complete("check", done=True).tasks == ["B"]
    assert case.data == {"n": 1, "done": True}


@CALLS
@GLOBAL
def test_a_global_script_task_calculates(bpmn, play):
    case = play(drawn(bpmn, calls("ns:count"), beside=COUNT)).start({"price": 2})
    assert case.tasks == ["B"]
    assert case.data == {"price": 2, "total": 4}


@CALLS
@pytest.mark.parametrize("tag", ["globalTask", "globalManualTask"])
def test_other_global_tasks_pass(bpmn, play, tag):
    beside = f'<bpmn:{tag} id="g" name="G"/>'
    assert play(drawn(bpmn, calls("g"), beside=beside)).start().tasks == ["B"]


@CALLS
def test_a_global_task_can_be_repeated_and_compensated(bpmn, play):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="price"')
    raw = calls("count", inside=loop) + undone("C", "undoC") + throws("T")
    case = play(drawn(bpmn, raw, "s>C C>T T>B", COUNT)).start()
    assert case.tasks == ["B"]
    assert compensated(case) == ["C", "C"]


def test_a_global_task_that_is_not_there_is_refused(bpmn):
    shape = drawn(bpmn, calls("gone"))
    found = lint(Source("p", {"processes/p/p.bpmn": shape}))
    assert "C" in {finding.element for finding in found if finding.severity == "error"}
