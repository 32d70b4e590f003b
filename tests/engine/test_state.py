"""The stored state: small, flat, versioned; programs may be shared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from workflow_app.engine import StateUnreadable, complete, retry

LOOP = (
    "start:s and:P user:A user:B and:Q xor:G end:e",
    "s>M M>P P>A P>B A>Q B>Q Q>G G>M[=again] G>e!",
)


@pytest.fixture
def loop(bpmn, play):
    return play(bpmn.process("p", LOOP[0], LOOP[1], '<bpmn:exclusiveGateway id="M"/>'))


def test_the_state_does_not_grow_with_what_happened(loop):
    loop.start({"again": True})
    for _ in range(3):
        loop.complete("A").complete("B")
    after_few = len(loop.state)
    for _ in range(300):
        loop.complete("A").complete("B")
    assert len(loop.state) == after_few
    assert after_few < 400


def test_a_state_of_an_unknown_format_is_refused(loop):
    loop.start({"again": True})
    task_id = next(iter(loop.open))
    with pytest.raises(StateUnreadable):
        complete(loop.program, msgspec.msgpack.encode([99, []]), task_id, {}, loop.env)


def test_one_state_can_be_continued_in_two_ways(loop):
    loop.start({"again": True})
    state, tasks = loop.state, {task.element: key for key, task in loop.open.items()}
    first = complete(loop.program, state, tasks["A"], {"x": 1}, loop.env)
    second = complete(loop.program, state, tasks["A"], {"x": 2}, loop.env)
    assert (first.data["x"], second.data["x"]) == (1, 2)
    assert loop.state == state


def test_retry_changes_nothing_where_all_wait(loop):
    loop.start({"again": True})
    step = retry(loop.program, loop.state, loop.env)
    assert step.state == loop.state
    assert step.history == ()


def test_threads_may_share_a_program(loop):
    def walk(turns: int) -> tuple[bool, int]:
        case = type(loop)(loop.program).start({"again": True})
        for _ in range(turns):
            case.complete("A").complete("B")
        return case.complete("A").complete("B", again=False).step.finished, len(case.history)

    with ThreadPoolExecutor(4) as pool:
        walked = list(pool.map(walk, [20] * 8))
    assert all(finished for finished, _ in walked)
    assert len({length for _, length in walked}) == 1


def test_history_tells_what_was_entered_left_and_taken(loop):
    loop.start({"again": False}).complete("A").complete("B")
    told = [
        (event.kind, event.element) for event in loop.history if event.element in {"A", "f2", "Q"}
    ]
    assert told == [
        ("flow", "f2"),
        ("entered", "A"),
        ("completed", "A"),
        ("completed", "Q"),
    ]
    assert {event.process for event in loop.history} == {"p"}
    assert {event.at for event in loop.history} == {loop.now}
