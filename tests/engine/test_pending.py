"""Operations that the host does after the commit: the task waits, and goes on with the outcome."""

from __future__ import annotations

import pytest

from workflow_app.engine import BpmnError, NotWaiting, Pending, StepFailed, finish

JOB = '<zeebe:taskDefinition type="far.away" retries="3"/>'


class Far:
    """Every call is done later; what was asked is kept."""

    def __init__(self):
        self.calls = []

    def call(self, kind, inputs, headers, data):
        self.calls.append((kind, inputs, dict(headers)))
        return Pending({"asked": inputs.get("what")})


def job(bpmn, extension="", inside="", key="job"):
    return bpmn.extended("serviceTask", key, JOB + extension, inside)


IO = (
    '<zeebe:ioMapping><zeebe:input source="=what" target="what"/>'
    '<zeebe:output source="=answer" target="got"/></zeebe:ioMapping>'
)


@pytest.fixture
def far():
    return Far()


@pytest.fixture
def draw(bpmn, play, far):
    def drawn(raw="", flow_notes="s>job job>B B>e", short="start:s user:B end:e", **given):
        text = bpmn.process("p", short, flow_notes, job(bpmn, IO) + raw, **given)
        return play(text, operations=far)

    return drawn


def bring(player, outcome, task_id=None):
    task_id = task_id or player.step.requested[0].task_id
    return player._took(finish(player.program, player.state, task_id, outcome, player.env))


def test_the_task_waits_and_goes_on_with_the_result(draw, far):
    case = draw().start({"what": "the weather"})
    (asked,) = case.step.requested
    assert (asked.element, asked.operation, asked.request) == (
        "job",
        "far.away",
        {"asked": "the weather"},
    )
    assert far.calls == [("far.away", {"what": "the weather"}, {"retries": "3"})]
    assert case.tasks == []
    bring(case, {"answer": 7}, asked.task_id)
    assert (case.tasks, case.data["got"]) == (["B"], 7)
    assert case.step.requested == ()
    assert [e.kind for e in case.history if e.element == "job"] == [
        "entered",
        "operation",
        "completed",
    ]


def test_a_result_that_comes_twice_is_refused(draw):
    case = draw().start({})
    task_id = case.step.requested[0].task_id
    bring(case, {"answer": 1})
    with pytest.raises(NotWaiting):
        bring(case, {"answer": 2}, task_id)


def test_only_tasks_that_wait_for_an_operation_take_a_result(draw):
    case = draw().start({})
    bring(case, None)
    with pytest.raises(NotWaiting):
        bring(case, {}, next(iter(case.open)))


ERROR = '<bpmn:error id="E" errorCode="NOT_FOUND"/>'


def test_an_error_takes_the_way_drawn_for_it(draw, bpmn):
    at = 'attachedToRef="job"'
    raw = bpmn.event("boundaryEvent", "x", "error", "E", at)
    case = draw(raw, "s>job job>B B>e x>C C>e2", "start:s user:B user:C end:e end:e2", beside=ERROR)
    bring(case.start({}), BpmnError("NOT_FOUND", "nothing there"))
    assert case.tasks == ["C"]
    assert case.data["error"] == {"code": "NOT_FOUND", "text": "nothing there"}


def test_an_error_that_nobody_catches_leaves_the_case_where_it_was(draw):
    case = draw().start({})
    before = case.state
    with pytest.raises(StepFailed, match="NOT_FOUND"):
        bring(case, BpmnError("NOT_FOUND", "nothing there"))
    assert case.state == before
    bring(case, {"answer": 1}, case.step.requested[0].task_id)
    assert case.tasks == ["B"]


def test_a_result_that_cannot_be_written_leaves_the_case_where_it_was(bpmn, play, far):
    endless = "=for i in 1..1000000000 return i"
    output = f'<zeebe:output source="{endless}" target="got"/>'
    mapping = f"<zeebe:ioMapping>{output}</zeebe:ioMapping>"
    text = bpmn.process("p", "start:s end:e", "s>job job>e", job(bpmn, mapping))
    case = play(text, operations=far).start({})
    with pytest.raises(StepFailed):
        bring(case, {"answer": 1})


def test_a_timer_at_the_border_gives_the_operation_up(draw, bpmn):
    late = bpmn.event(
        "boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="job"'
    )
    case = draw(late, "s>job job>B B>e t>C C>e2", "start:s user:B user:C end:e end:e2")
    case.start({})
    task_id = case.step.requested[0].task_id
    assert case.timers == ["t"]
    case.later(hours=2)
    assert case.tasks == ["C"]
    with pytest.raises(NotWaiting):
        bring(case, {"answer": 1}, task_id)


def test_a_timer_that_does_not_interrupt_lets_the_operation_go_on(draw, bpmn):
    attributes = 'attachedToRef="job" cancelActivity="false"'
    late = bpmn.event("boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), attributes)
    case = draw(late, "s>job job>B B>e t>C C>e2", "start:s user:B user:C end:e end:e2")
    case.start({})
    task_id = case.step.requested[0].task_id
    case.later(hours=2)
    bring(case, {"answer": 1}, task_id)
    assert case.tasks == ["B", "C"]


def test_a_message_at_the_border_gives_the_operation_up(draw, bpmn):
    raw = bpmn.event("boundaryEvent", "m", "message", "stop", 'attachedToRef="job"')
    case = draw(
        raw,
        "s>job job>B B>e m>C C>e2",
        "start:s user:B user:C end:e end:e2",
        beside=bpmn.message("stop"),
    )
    case.start({}).deliver("stop")
    assert case.tasks == ["C"]


def test_a_result_inside_a_sub_process_goes_on_inside(bpmn, play, far):
    inner = bpmn.sub("S", "start:is end:ie", "is>job job>ie", job(bpmn))
    at = bpmn.event(
        "boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="S"'
    )
    text = bpmn.process(
        "p", "start:s user:B user:C end:e end:e2", "s>S S>B B>e t>C C>e2", inner + at
    )
    case = play(text, operations=far).start({})
    bring(case, {"answer": {"deep": 1}})
    assert (case.tasks, case.data["answer"]) == (["B"], {"deep": 1})
    case = play(text, operations=far).start({}).later(hours=2)
    assert case.tasks == ["C"]
    case = play(text, operations=far).start({})
    asked = case.step.requested
    case.later(hours=2)
    with pytest.raises(NotWaiting):
        bring(case, {}, asked[0].task_id)


def test_every_instance_of_a_repeated_operation_waits_for_its_own_result(bpmn, play, far):
    loop = bpmn.many(
        'inputCollection="=list" inputElement="what" outputCollection="gots" outputElement="=got"'
    )
    text = bpmn.process("p", "start:s user:B end:e", "s>job job>B B>e", job(bpmn, IO, loop))
    case = play(text, operations=far).start({"list": ["a", "b", "c"]})
    asked = {one.request["asked"]: one.task_id for one in case.step.requested}
    assert sorted(asked) == ["a", "b", "c"]
    for name in ("c", "a"):
        bring(case, {"answer": name.upper()}, asked[name])
        assert case.tasks == []
    bring(case, {"answer": "B"}, asked["b"])
    assert case.tasks == ["B"]
    assert case.data["gots"] == ["A", "B", "C"]


def test_instances_one_after_the_other_ask_one_after_the_other(bpmn, play, far):
    loop = bpmn.many('inputCollection="=list" inputElement="what"', 'isSequential="true"')
    text = bpmn.process("p", "start:s user:B end:e", "s>job job>B B>e", job(bpmn, IO, loop))
    case = play(text, operations=far).start({"list": ["a", "b"]})
    for name in ("a", "b"):
        (asked,) = case.step.requested
        assert asked.request == {"asked": name}
        bring(case, {"answer": name})
    assert (case.tasks, case.data["got"]) == (["B"], "b")


def test_what_was_given_up_in_the_step_that_asked_is_not_asked(bpmn, play, far):
    raw = job(bpmn) + '<bpmn:endEvent id="x"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    text = bpmn.process("p", "start:s and:P end:e", "s>P P>job P>x job>e", raw)
    case = play(text, operations=far).start({})
    assert case.step.finished
    assert case.step.requested == ()
