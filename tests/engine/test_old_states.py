"""States that earlier formats of the codec stored still load and run on.

`states/format_<n>.base64` is the case that `stands` draws, written when n was the format. When the
format is raised, add the bytes that the new code stores and keep the others.
"""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import msgspec
import pytest

from workflow_app.engine import case_data
from workflow_app.engine.codec import FORMAT, READABLE
from workflow_app.engine.migration import restore

STATES = Path(__file__).parent / "states"
FILES = {int(path.stem.rpartition("_")[2]): path for path in STATES.glob("format_*.base64")}


@pytest.fixture
def stands(play):
    """Return a case where everything that a state can hold is waiting."""
    texts = [(STATES / f"{name}.bpmn").read_text("utf-8") for name in "pq"]
    case = play(*texts).start({"key": "K1", "list": [1, 2, 3], "factor": 2, "text": "Ա ґ 1"})
    case.later(minutes=90)
    return case.complete("B", more={"deep": [1, None, True]}).complete("Many")


def test_every_format_that_was_ever_stored_has_a_file():
    assert set(FILES) == set(range(1, FORMAT + 1)) == set(READABLE), (
        f"the codec stores format {FORMAT}: add tests/engine/states/format_{FORMAT}.base64"
    )


@pytest.mark.parametrize("number", sorted(FILES))
def test_a_stored_state_says_its_format(number):
    assert msgspec.msgpack.decode(stored(number))[0] == number


def stored(number):
    """Return a state as it was stored when this was the format."""
    return b64decode(FILES[number].read_text("ascii"))


def run_on(case):
    """Play the case to its end; returns what happened and what came of it."""
    case.history = []
    for element in ("A", "Q", "IA"):
        case.complete(element)
    case.later(hours=1)
    case.deliver("news", said="yes")
    case.complete("Many").complete("Many")
    told = [(event.kind, event.element) for event in case.history]
    return told, case.data, case.step.finished


@pytest.mark.parametrize("number", sorted(FILES))
def test_an_old_state_runs_on_like_a_new_one(stands, number):
    old = type(stands)(stands.program)
    old.now = stands.now
    state = stored(number)
    assert case_data(old.program, state) == case_data(stands.program, stands.state)
    found = restore(old.program, state, old.env)
    old._took(found.step).open = {task.task_id: task for task in found.kept}
    assert (old.tasks, old.messages) == (stands.tasks, stands.messages)
    assert [(one.element, one.due_at) for one in old.step.timers] == [
        (one.element, one.due_at) for one in stands.step.timers
    ]
    assert run_on(old) == run_on(stands)
    assert old.step.finished
