"""Several pools in one drawing: one process is the folder's own."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, lint, load_program

OTHER = (
    '<bpmn:process id="{key}" isExecutable="{runs}"><bpmn:startEvent id="{key}s"/>'
    '<bpmn:userTask id="{key}u"/><bpmn:sequenceFlow id="{key}f" sourceRef="{key}s" '
    'targetRef="{key}u"/></bpmn:process>'
)
POOLS = (
    '<bpmn:collaboration id="co"><bpmn:participant id="a" processRef="p1"/>'
    '<bpmn:participant id="b" processRef="q"/><bpmn:participant id="c" name="Outside"/>'
    '<bpmn:messageFlow id="m1" sourceRef="c" targetRef="A"/>'
    '<bpmn:messageFlow id="m2" sourceRef="A" targetRef="b"/></bpmn:collaboration>'
)


def drawing(bpmn, runs="true", key="p1", raw=""):
    beside = POOLS.replace("p1", key) + OTHER.format(key="q", runs=runs)
    text = bpmn.process(key, "start:s user:A end:e", "s>A A>e", raw, beside=beside)
    return Source("p1", {"processes/p1/p1.bpmn": text})


def codes(source):
    return {one.code: one for one in lint(source)}


@pytest.mark.bpmn("pool", "drawn only")
@pytest.mark.parametrize("runs", ["true", "false"])
def test_the_process_of_the_folder_s_name_runs_whichever_stands_first(bpmn, runs):
    assert load_program(drawing(bpmn, runs)).main == "p1"


def test_else_the_first_that_is_executable_runs(bpmn):
    assert load_program(drawing(bpmn, key="other")).main == "q"
    assert load_program(drawing(bpmn, runs="false", key="other")).main == "other"


def test_a_second_executable_process_that_nothing_begins_is_told(bpmn):
    found = codes(drawing(bpmn))["never-begun"]
    assert (found.severity, found.element) == ("warning", "q")
    assert found.params == {"name": "q", "main": "p1"}
    assert "never-begun" not in codes(drawing(bpmn, runs="false"))


def test_one_that_is_called_is_begun(bpmn):
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="q"/>')
    beside = POOLS + OTHER.format(key="q", runs="true")
    text = bpmn.process("p1", "start:s user:A end:e", "s>C C>A A>e", call, beside=beside)
    assert "never-begun" not in codes(Source("p1", {"processes/p1/p1.bpmn": text}))
    assert set(load_program(Source("p1", {"processes/p1/p1.bpmn": text})).processes) == {"p1", "q"}
