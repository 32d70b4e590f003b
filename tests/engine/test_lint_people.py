"""What the properties of a person's task may say, and about whom."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, lint

PLAIN = "start:s user:A end:e"
WAYS = "s>A A>B B>e"


def found(files):
    return {(one.code, one.element): one for one in lint(Source("p", files))}


def saying(bpmn, tag="userTask", **properties):
    said = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items()
    )
    task = bpmn.extended(tag, "B", f"<zeebe:properties>{said}</zeebe:properties>")
    return found(bpmn.files(bpmn.process("p", PLAIN, WAYS, task)))


@pytest.mark.parametrize("name", ["blind", "seal", "final", "offline"])
def test_a_property_that_is_neither_true_nor_false_is_found(bpmn, name):
    finding = saying(bpmn, **{name: "yes"})["property-value", "B"]
    assert finding.severity == "error"
    assert finding.params["value"] == "yes"
    for value in ("true", "false"):
        assert ("property-value", "B") not in saying(bpmn, **{name: value})


def test_four_eyes_over_a_task_that_is_not_drawn_is_found(bpmn):
    finding = saying(bpmn, fourEyes="A gone p/gone")
    assert finding["four-eyes-unknown", "B"].params["task"] == "p/gone"


@pytest.mark.parametrize("tasks", ["A", "A B", "p/A", "elsewhere/gone"])
def test_four_eyes_may_name_several_tasks_and_those_of_a_caller(bpmn, tasks):
    assert ("four-eyes-unknown", "B") not in saying(bpmn, fourEyes=tasks)


@pytest.mark.parametrize("name", ["blind", "seal", "final", "offline", "fourEyes"])
def test_a_property_of_people_on_something_else_is_found(bpmn, name):
    found = saying(bpmn, tag="scriptTask", **{name: "A" if name == "fourEyes" else "true"})
    assert ("property-elsewhere", "B") in found
