"""Errors and escalations thrown by expressions and operations reach the diagram."""

from __future__ import annotations

import pytest

from workflow_app.engine import BpmnError, BpmnEscalation, StepFailed

ERRORS = '<bpmn:error id="err" name="Bad" errorCode="BAD"/><bpmn:error id="other" errorCode="X"/>'
ESCALATIONS = '<bpmn:escalation id="esc" name="Help" escalationCode="HELP"/>'
BAD = 'throw error("BAD", "not so")'
HELP = 'throw escalation("HELP", "look here")'
CAUGHT = {"code": "BAD", "text": "not so"}


def catch(bpmn, on, kind="error", reference="err", *, stops=True):
    attributes = f'attachedToRef="{on}" cancelActivity="{str(stops).lower()}"'
    return bpmn.event("boundaryEvent", "X", kind, reference, attributes)


def script(bpmn, expression, key="S"):
    text = expression.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return bpmn.extended(
        "scriptTask", key, f'<zeebe:script expression="{text}" resultVariable="r"/>'
    )


def drawn(bpmn, raw, flows="s>S S>A X>D", short="start:s user:A user:D", beside=ERRORS):
    return bpmn.process("p", short, flows, raw, beside + ESCALATIONS)


@pytest.mark.bpmn("error boundary event, interrupting", "runs")
@pytest.mark.parametrize(
    "expression",
    [
        f"={BAD}",
        f"=if x > 0 then {BAD} else 1",
        f"=for i in [1, 2] return if i = 2 then {BAD} else i",
        f"=[1, 2][{BAD}]",
        f"=1 + {BAD}",
        f"=some i in [1] satisfies {BAD}",
        f"={{a: {{b: {BAD}}}}}",
        f"=x between 0 and {BAD}",
        '=throw error(code: "BAD", text: "not so")',
    ],
)
def test_an_error_passes_through_feel_and_never_becomes_null(bpmn, play, expression):
    case = play(drawn(bpmn, script(bpmn, expression) + catch(bpmn, "S"))).start({"x": 1})
    assert case.tasks == ["D"]
    assert case.data == {"x": 1, "error": CAUGHT}


def test_the_code_chooses_the_boundary_and_the_text_may_be_left_out(bpmn, play):
    raw = script(bpmn, '=throw error("X")') + catch(bpmn, "S")
    raw += bpmn.event("boundaryEvent", "Y", "error", "other", 'attachedToRef="S"')
    drawing = drawn(bpmn, raw, "s>S S>A X>A Y>D")
    case = play(drawing).start()
    assert case.tasks == ["D"]
    assert case.data["error"] == {"code": "X", "text": ""}


def test_an_error_that_nobody_catches_stops_the_step(bpmn, play):
    with pytest.raises(StepFailed, match="nobody catches the error BAD: not so") as failed:
        play(drawn(bpmn, script(bpmn, BAD), "s>S S>A", "start:s user:A")).start()
    assert failed.value.element == "S"
    assert failed.value.details == {"code": "BAD", "text": "not so"}


@pytest.mark.parametrize("place", ["condition", "input", "output", "assignee", "loop", "item"])
def test_whatever_an_element_evaluates_may_throw(bpmn, play, place):
    """…and the error reaches the boundary of the sub-process around, then of the element."""
    io = "<zeebe:ioMapping>{}</zeebe:ioMapping>"
    quoted = BAD.replace('"', "&quot;")
    parts = {
        "input": bpmn.extended(
            "userTask", "T", io.format(f'<zeebe:input source="={quoted}" target="v"/>')
        ),
        "output": bpmn.extended(
            "task", "T", io.format(f'<zeebe:output source="={quoted}" target="v"/>')
        ),
        "assignee": bpmn.extended(
            "userTask", "T", f'<zeebe:assignmentDefinition assignee="={quoted}"/>'
        ),
        "loop": bpmn.extended(
            "userTask", "T", "", bpmn.many(f'inputCollection="={quoted}" inputElement="n"')
        ),
        "item": bpmn.extended(
            "task",
            "T",
            "",
            bpmn.many(
                f'inputCollection="=[1]" inputElement="n" outputCollection="o" '
                f'outputElement="={quoted}"'
            ),
        ),
        "condition": '<bpmn:exclusiveGateway id="T"/>',
    }
    ways = f"ss>T T>a[={BAD} = 1] T>b!" if place == "condition" else "ss>T T>a"
    inner = bpmn.sub("S", "start:ss user:a user:b", ways, parts[place])
    if place == "output":  # only elements that give results have outputs
        inner = inner.replace("bpmn:task", "bpmn:scriptTask").replace(
            "<zeebe:ioMapping>",
            '<zeebe:script expression="=1" resultVariable="z"/><zeebe:ioMapping>',
        )
    case = play(drawn(bpmn, inner + catch(bpmn, "S"))).start()
    assert case.tasks == ["D"]
    assert case.data["error"] == CAUGHT


def test_an_error_of_an_assignee_reaches_the_tasks_own_boundary(bpmn, play):
    quoted = BAD.replace('"', "&quot;")
    task = bpmn.extended("userTask", "S", f'<zeebe:assignmentDefinition assignee="={quoted}"/>')
    case = play(drawn(bpmn, task + catch(bpmn, "S"))).start()
    assert case.tasks == ["D"]


def test_other_branches_of_the_same_step_go_on(bpmn, play):
    """The split sends its second token though the first one's mapping throws."""
    quoted = BAD.replace('"', "&quot;")
    mapping = f'<zeebe:ioMapping><zeebe:input source="={quoted}" target="v"/></zeebe:ioMapping>'
    raw = bpmn.extended("userTask", "S", mapping) + catch(bpmn, "S")
    drawing = drawn(bpmn, raw, "s>P P>S P>A S>D X>D", "start:s and:P user:A user:D")
    assert play(drawing).start().tasks == ["A", "D"]


def test_a_decision_cell_may_throw(bpmn, play):
    table = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
    namespace="n"><decision id="dec" name="dec"><decisionTable><input><inputExpression>
    <text>x</text></inputExpression></input><output name="y"/><rule><inputEntry><text>&gt; 0</text>
    </inputEntry><outputEntry><text>throw error("BAD", "not so")</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""
    task = bpmn.extended(
        "businessRuleTask", "S", '<zeebe:calledDecision decisionId="dec" resultVariable="y"/>'
    )
    drawing = drawn(bpmn, task + catch(bpmn, "S"))
    case = play(drawing, **{"processes/p/t.dmn": table}).start({"x": 1})
    assert case.tasks == ["D"]
    assert case.data["error"] == CAUGHT


@pytest.mark.bpmn("escalation boundary event, interrupting", "runs")
@pytest.mark.bpmn("escalation boundary event, not interrupting", "runs")
@pytest.mark.parametrize(("stops", "tasks"), [(True, ["D"]), (False, ["A", "D"])])
def test_an_escalation_of_a_script(bpmn, play, stops, tasks):
    raw = script(bpmn, f"=[{HELP}, 7][2]") + catch(bpmn, "S", "escalation", "esc", stops=stops)
    case = play(drawn(bpmn, raw)).start()
    assert case.tasks == tasks
    assert case.data["escalation"] == {"code": "HELP", "text": "look here"}
    assert case.data.get("r") == (None if stops else 7)


def test_an_escalation_that_nobody_catches_leaves_the_case(bpmn, play):
    case = play(drawn(bpmn, script(bpmn, f"={HELP}"), "s>S S>A", "start:s user:A")).start()
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [("escalation", "HELP")]
    assert (case.tasks, case.data) == (["A"], {"r": None})


def test_an_escalation_of_a_condition_that_interrupts_takes_no_flow(bpmn, play):
    start = bpmn.event("startEvent", "hs", "escalation", "esc")
    handler = bpmn.sub("E", "user:H", "hs>H", start, 'triggeredByEvent="true"')
    condition = f"{HELP} = null"
    drawing = bpmn.process(
        "p", "start:s xor:G user:A user:B", f"s>G G>A[={condition}] G>B!", handler, ESCALATIONS
    )
    assert play(drawing).start().tasks == ["H"]


class Failing:
    def __init__(self, thrown):
        self.thrown = thrown

    def call(self, *_about):
        raise self.thrown


SERVICE = '<bpmn:extensionElements><zeebe:taskDefinition type="do"/></bpmn:extensionElements>'


@pytest.mark.parametrize(("stops", "tasks"), [(True, ["D"]), (False, ["A", "D"])])
def test_an_operation_may_escalate(bpmn, play, stops, tasks):
    raw = f'<bpmn:serviceTask id="S">{SERVICE}</bpmn:serviceTask>'
    raw += catch(bpmn, "S", "escalation", "esc", stops=stops)
    operations = Failing(BpmnEscalation("HELP", "look"))
    case = play(drawn(bpmn, raw), operations=operations).start()
    assert case.tasks == tasks
    assert case.data["escalation"] == {"code": "HELP", "text": "look"}


def test_an_operation_that_fails_says_so_in_any_language(bpmn, play):
    raw = f'<bpmn:serviceTask id="S">{SERVICE}</bpmn:serviceTask>'
    drawing = drawn(bpmn, raw, "s>S S>A", "start:s user:A")
    with pytest.raises(StepFailed) as failed:
        play(drawing, operations=Failing(BpmnError("BAD", "why"))).start()
    assert failed.value.why == "nobody catches the error %(code)s: %(text)s"
    assert failed.value.details == {"code": "BAD", "text": "why"}
