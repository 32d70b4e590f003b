"""User tasks, scripts, decisions, operations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflow_app.domain.errors import DomainError
from workflow_app.engine import BpmnError, InvalidSource, StepFailed
from workflow_app.engine.feel_engine import FeelEnvironment
from workflow_app.feel import FeelError

FULL = (
    '<zeebe:userTask/><zeebe:formDefinition formId="review"/>'
    '<zeebe:assignmentDefinition assignee="=who" candidateGroups="a, b" candidateUsers="=people"/>'
    '<zeebe:taskSchedule dueDate="=working days(3)" followUpDate="2026-11-24T09:00:00Z"/>'
    '<zeebe:priorityDefinition priority="=10 + 60"/>'
    '<zeebe:taskHeaders><zeebe:header key="h" value="1"/></zeebe:taskHeaders>'
    '<zeebe:properties><zeebe:property name="fourEyes" value="A"/></zeebe:properties>'
)


def drawn(bpmn, tag, extension, flows="s>A A>T T>B", beside="", raw=""):
    element = bpmn.extended(tag, "T", extension)
    return bpmn.process("p", "start:s user:A user:B", flows, element + raw, beside)


def test_a_user_task_tells_the_inbox_all_that_is_drawn(bpmn, play):
    case = play(
        drawn(bpmn, "userTask", FULL),
        functions={"working days": lambda days: datetime(2026, 11, 20 + int(days), tzinfo=UTC)},
        **{"forms/p/review.form": "{}"},
    )
    task = case.start({"who": "anna", "people": ["b", "c"]}).complete("A").step.opened[0]
    assert (task.form, task.assignee, task.groups, task.users) == (
        "p/review",
        "anna",
        ("a", "b"),
        ("b", "c"),
    )
    assert (task.due_at, task.priority) == (datetime(2026, 11, 23, tzinfo=UTC), 70)
    assert task.follow_up_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    info = case.program.tasks["p/T"]
    assert (info.headers, info.properties) == ({"h": "1"}, {"fourEyes": "A"})


def test_mapped_inputs_are_seen_by_the_form_only_and_outputs_choose_what_is_kept(bpmn, play):
    mapping = (
        '<zeebe:ioMapping><zeebe:input source="=n + 1" target="shown"/>'
        '<zeebe:output source="=given * shown" target="case.total"/></zeebe:ioMapping>'
    )
    case = play(drawn(bpmn, "userTask", mapping)).start({"n": 1, "case": {"id": 7}}).complete("A")
    assert case.sees("T") == {"n": 1, "case": {"id": 7}, "shown": 2}
    case.complete("T", given=5)
    assert case.data == {"n": 1, "case": {"id": 7, "total": 10}}


@pytest.mark.bpmn("script task", "runs")
@pytest.mark.parametrize(
    ("extension", "gives"),
    [
        ('<zeebe:script expression="=n * 2" resultVariable="m"/>', {"n": 4, "m": 8}),
        ('<zeebe:script expression="={n: n + 1, list: [1, n]}"/>', {"n": 5, "list": [1, 5]}),
        (
            '<zeebe:script expression="n / 8" resultVariable="m.half"/>',
            {"n": 4, "m": {"half": 0.5}},
        ),
    ],
)
def test_a_script_task_evaluates_feel(bpmn, play, extension, gives):
    assert play(drawn(bpmn, "scriptTask", extension)).start().complete("A", n=4).data == gives


def test_a_script_without_a_name_for_its_value_stops_the_step(bpmn, play):
    case = play(drawn(bpmn, "scriptTask", '<zeebe:script expression="=1 + 1"/>')).start()
    with pytest.raises(StepFailed, match="no result variable"):
        case.complete("A")
    assert case.tasks == ["A"]


TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="x">
<decision id="band" name="band"><decisionTable id="dt" hitPolicy="{policy}">
<input id="i1"><inputExpression id="ie"><text>{reads}</text></inputExpression></input>
<output id="o1" name="band"/>
<rule id="low"><inputEntry id="a1"><text>&lt; 10</text></inputEntry>
<outputEntry id="b1"><text>"{low}"</text></outputEntry></rule>
<rule id="high"><inputEntry id="a2"><text>&gt;= 10</text></inputEntry>
<outputEntry id="b2"><text>"high"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@pytest.mark.bpmn("business rule task", "runs")
def test_a_decision_is_told_to_history_with_its_rules(bpmn, play):
    rule = '<zeebe:calledDecision decisionId="band" resultVariable="result"/>'
    case = play(
        drawn(bpmn, "businessRuleTask", rule),
        **{"processes/p/band.dmn": TABLE.format(policy="UNIQUE", reads="n", low="low")},
    )
    case.start().complete("A", n=12)
    assert case.data == {"n": 12, "result": "high"}
    told = [event.data for event in case.history if event.kind == "decision"]
    table = {"id": "band", "table": "dt", "inputs": [["n", 12]], "rows": [2]}
    event = {"decision": "band", "rules": ["high"], "result": "high", "tables": [table]}
    assert told == [event]


def test_a_decision_of_the_own_folder_comes_first(bpmn, play):
    rule = '<zeebe:calledDecision decisionId="band" resultVariable="result"/>'
    case = play(
        drawn(bpmn, "businessRuleTask", rule),
        **{
            "processes/a/band.dmn": TABLE.format(policy="UNIQUE", reads="n", low="foreign"),
            "processes/p/band.dmn": TABLE.format(policy="UNIQUE", reads="n", low="own"),
        },
    )
    assert case.start().complete("A", n=1).data["result"] == "own"


class Desk:
    """Operations that remember what they were asked."""

    def __init__(self):
        self.calls = []

    def call(self, kind, inputs, headers, data, /):
        self.calls.append((kind, inputs, dict(headers)))
        if kind == "fail":
            raise BpmnError(inputs.get("code", "BAD"), "it broke")
        if kind == "stop":
            msg = "the printer is out of paper"
            raise ValueError(msg)
        return {"case": {"number": "N1"}, "doubled": data["n"] * 2}


def service(kind, mapping="", headers=""):
    held = f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    told = f"<zeebe:taskHeaders>{headers}</zeebe:taskHeaders>" if headers else ""
    return f'<zeebe:taskDefinition type="{kind}"/>{held}{told}'


def test_an_operation_gets_inputs_and_headers_and_its_result_is_merged(bpmn, play):
    desk = Desk()
    extension = service(
        "number.next",
        '<zeebe:input source="=n" target="in.n"/><zeebe:input source="text" target="word"/>',
        '<zeebe:header key="series" value="CERT"/>',
    )
    case = play(drawn(bpmn, "serviceTask", extension), operations=desk)
    case.start({"case": {"id": 3}}).complete("A", n=2)
    assert desk.calls == [("number.next", {"in": {"n": 2}, "word": "text"}, {"series": "CERT"})]
    assert case.data == {"case": {"id": 3, "number": "N1"}, "n": 2, "doubled": 4}


def test_outputs_or_a_result_variable_choose_what_an_operation_leaves(bpmn, play):
    outputs = service("x", '<zeebe:output source="=doubled + n" target="sum"/>')
    case = play(drawn(bpmn, "sendTask", outputs), operations=Desk()).start().complete("A", n=2)
    assert case.data == {"n": 2, "sum": 6}
    header = service("x", headers='<zeebe:header key="resultVariable" value="all"/>')
    case = play(drawn(bpmn, "serviceTask", header), operations=Desk()).start().complete("A", n=2)
    assert case.data == {"n": 2, "all": {"case": {"number": "N1"}, "doubled": 4}}


ERROR = '<bpmn:error id="err" errorCode="BAD"/>'


def test_a_bpmn_error_of_an_operation_is_caught_at_its_boundary(bpmn, play):
    raw = bpmn.event("boundaryEvent", "X", "error", "err", 'attachedToRef="T"')
    drawing = drawn(
        bpmn,
        "serviceTask",
        service("fail"),
        "s>A A>T T>B X>C",
        ERROR,
        raw + '<bpmn:userTask id="C"/>',
    )
    case = play(drawing, operations=Desk()).start().complete("A", n=1)
    assert case.tasks == ["C"]
    assert case.data["error"] == {"code": "BAD", "text": "it broke"}


@pytest.mark.parametrize(("kind", "reason"), [("fail", "nobody catches"), ("stop", "out of paper")])
def test_a_failed_operation_leaves_the_case_where_it_was(bpmn, play, kind, reason):
    case = play(drawn(bpmn, "serviceTask", service(kind)), operations=Desk()).start()
    before = case.state
    with pytest.raises(StepFailed, match=reason) as failed:
        case.complete("A", n=1)
    assert failed.value.element == "T"
    assert case.state == before


ATTACKS = [
    "().__class__.__bases__[0].__subclasses__()",
    '__import__("os").system("touch /tmp/x")',
    "case.__class__",
    'open("/etc/passwd").read()',
    '[].constructor.constructor("return 1")()',
]


@pytest.mark.parametrize("text", ATTACKS)
def test_python_in_a_condition_or_script_does_nothing(bpmn, play, text):
    quoted = text.replace('"', "&quot;")
    script = f'<zeebe:script expression="={quoted}" resultVariable="r"/>'
    try:
        case = play(drawn(bpmn, "scriptTask", script)).start({"case": {}})
        case.complete("A")
    except (InvalidSource, StepFailed):
        return
    assert case.data["r"] is None


def test_a_script_that_never_ends_is_stopped(bpmn, play):
    script = '<zeebe:script expression="=for i in 1..1000000000 return i" resultVariable="r"/>'
    case = play(drawn(bpmn, "scriptTask", script)).start()
    with pytest.raises(StepFailed):
        case.complete("A")


def test_a_message_event_with_an_operation_is_done_by_the_host(bpmn, play):
    desk = Desk()
    definition = '<bpmn:messageEventDefinition messageRef="m"/>'
    end = bpmn.extended("endEvent", "told", service("x"), definition)
    drawing = bpmn.process("p", "start:s user:A", "s>A A>told", end, bpmn.message("m"))
    case = play(drawing, operations=desk).start().complete("A", n=1)
    assert [kind for kind, _, _ in desk.calls] == ["x"]
    assert (case.step.end, case.thrown) == ("told", [])


class SettingGone(DomainError):
    """A host function's own complaint."""

    message = "The setting is not there."


@pytest.mark.parametrize("where", ["dueDate", "script"])
def test_a_host_function_that_complains_names_the_element(bpmn, play, where):
    def setting(_key):
        raise SettingGone

    due = '<zeebe:taskSchedule dueDate="=setting(&quot;x&quot;)"/>'
    script = '<zeebe:script expression="=setting(&quot;x&quot;)" resultVariable="r"/>'
    tag, extension = ("userTask", due) if where == "dueDate" else ("scriptTask", script)
    case = play(drawn(bpmn, tag, extension), functions={"setting": setting}).start()
    with pytest.raises(StepFailed, match="not there") as failed:
        case.complete("A")
    assert failed.value.element == "T"


@pytest.mark.parametrize("text", ["__import__('os')", "open('/etc/passwd').read()", "1 +"])
def test_spiffworkflows_own_script_engine_reads_feel_only(text):
    environment = FeelEnvironment()
    assert environment.evaluate("a + 1", {"a": 1}) == 2
    data = {"a": 1}
    assert environment.execute("{b: a + 1}", data)
    assert data == {"a": 1, "b": 2}
    with pytest.raises((FeelError, ValueError)):
        environment.execute(text, data)
    with pytest.raises(ValueError, match="registered"):
        environment.call_service(data)
