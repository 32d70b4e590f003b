"""What if, against what is known: a queue on paper, the log, changes with a direction."""

from __future__ import annotations

from statistics import median

import pytest

from tests.services.drawing import KEY, START, diagram, two_steps, user_task
from tests.services.simulated import (
    DAY,
    HOUR,
    MONDAY,
    OFFICE,
    history,
    program,
    simulated,
    straight_case,
)
from workflow_app.domain.queueing import ALWAYS
from workflow_app.services.designing.simulated_runs import office_calendar
from workflow_app.services.designing.simulated_traces import Told, shape_of, stays_of

END = '<bpmn:endEvent id="done" name="Done"/>'
ONE_STEP = diagram(
    {"begin": START, "first": user_task("first"), "done": END}, "begin>first first>done"
)
THREE = diagram(
    {
        "begin": START,
        "first": user_task("first"),
        "more": user_task("more"),
        "second": user_task("second"),
        "done": END,
    },
    "begin>first first>more more>second second>done",
)


def hours(found, side="draft", key="median"):
    return found[side][key][0] / 3600


def test_stated_times_wait_as_erlang_says(monkeypatch):
    """One step, an office that never closes, nothing logged: M/M/c."""
    always = "workflow_app.services.designing.simulated_runs.office_calendar"
    monkeypatch.setattr(always, lambda *_asked: ALWAYS)
    people, use, minutes = 1, 0.5, 30.0
    rate = use * people / minutes * 60 * 24 * 7
    found = simulated(
        program(ONE_STEP),
        cases=60_000,
        runs=10,
        rate=rate,
        staff={"registrar": people},
        work={f"{KEY}/first": minutes},
    )
    step = found["draft"]["nodes"][f"{KEY}/first"]
    paper = use / (1 - use) * minutes * 60
    assert step["queue"][0] == pytest.approx(paper, rel=0.05)
    assert step["work"][0] == pytest.approx(minutes * 60, rel=0.05)
    assert found["draft"]["roles"]["registrar"]["use"][0] == pytest.approx(use, rel=0.05)


@pytest.mark.parametrize("staff", [{}, {"registrar": 3}])
def test_an_unchanged_process_keeps_its_logged_median(staff):
    told = history(60)
    same = program(two_steps())
    found = simulated(same, same, told, cases=1_000, staff=staff, staff_today=staff)
    logged = median(one.ends - one.begins for one in told)
    assert found["history"]["median"] == pytest.approx(logged)
    assert found["today"]["median"][0] == pytest.approx(logged, rel=0.1)
    assert found["draft"]["median"] == found["today"]["median"]
    assert found["draft"]["stuck"] == 0


def crowded():
    """Return cases of one person who never has nothing to do: each waits for the one before."""
    found, free = [], MONDAY
    for number in range(60):
        begins = OFFICE.after(MONDAY, number * 3.2 * HOUR)
        taken = max(free, begins)
        lies = OFFICE.worked(begins, taken) / HOUR
        case = straight_case(begins, [lies], [3], people=("ann",), steps=("first",))
        free = case.ends
        found.append(case)
    return found


def test_more_people_shorten_the_queue_and_only_that():
    same, told = program(ONE_STEP), history(40)
    lying = [straight_case(one.begins, [20], [1], steps=("first",)) for one in told]
    for cases, shorter in ((crowded(), True), (lying, False)):
        staff = {"staff_today": {"registrar": 1}, "staff": {"registrar": 2}}
        found = simulated(same, same, cases, **staff)
        before, after = hours(found, "today"), hours(found)
        assert (after < 0.9 * before) is shorter, (before, after)
        assert after > 0.9 * before or shorter


def test_a_step_that_is_added_takes_the_time_stated():
    told = history(60)
    more = {f"{KEY}/more": 120.0}
    found = simulated(program(THREE), program(two_steps()), told, work=more, varied=False)
    added = found["draft"]["nodes"][f"{KEY}/more"]
    assert f"{KEY}/more" not in found["today"]["nodes"]
    assert added["work"][0] == pytest.approx(2 * HOUR)
    assert added["visits"][0] == 1
    assert hours(found) > hours(found, "today") + 1.9


def test_shorter_working_days_lengthen():
    told, same = history(60), program(two_steps())
    found = simulated(same, same, told, hours=4.0)
    assert hours(found) > 1.2 * hours(found, "today")


CHOICE = (
    diagram(
        {
            "begin": START,
            "first": user_task("first"),
            "which": '<bpmn:exclusiveGateway id="which"/>',
            "second": user_task("second"),
            "wait": (
                '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
                "<bpmn:timeDuration>P14D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
            ),
            "done": END,
        },
        "begin>first first>which which>second which>wait second>done wait>done",
    )
    .replace('id="which"', 'id="which" default="f2"')
    .replace(
        'sourceRef="which" targetRef="wait"/>',
        'sourceRef="which" targetRef="wait"><bpmn:conditionExpression '
        'xsi:type="bpmn:tFormalExpression">=amount &gt; 3</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>",
    )
)


def chosen(number, begins):
    """Return a case of which every fourth waits for a fortnight instead of the second step."""
    waits = number % 4 == 0
    first = [
        ("completed", f"{KEY}/begin", "a", begins, "f0"),
        ("entered", f"{KEY}/first", "b", begins, None),
        ("completed", f"{KEY}/first", "b", begins + DAY, "f1"),
        ("completed", f"{KEY}/which", "c", begins + DAY, "f3" if waits else "f2"),
    ]
    step, ends = ("wait", begins + 15 * DAY) if waits else ("second", begins + 2 * DAY)
    rows = [
        *first,
        ("entered", f"{KEY}/{step}", "d", begins + DAY, None),
        ("completed", f"{KEY}/{step}", "d", ends, "f5" if waits else "f4"),
        ("completed", f"{KEY}/done", "e", ends, None),
    ]
    return Told(begins=begins, ends=ends, rows=rows, items={})


def test_ways_are_taken_as_often_as_logged_and_a_shorter_term_counts():
    told = [chosen(number, MONDAY + number * DAY) for number in range(40)]
    week = CHOICE.replace("P14D", "P7D")
    found = simulated(program(week), program(CHOICE), told, cases=2_000, runs=10, staff={})
    nodes = found["draft"]["nodes"]
    assert nodes[f"{KEY}/wait"]["visits"][0] == pytest.approx(0.25, abs=0.05)
    assert nodes[f"{KEY}/second"]["visits"][0] == pytest.approx(0.75, abs=0.05)
    assert found["today"]["nodes"][f"{KEY}/wait"]["spent"][0] == pytest.approx(14 * DAY)
    assert nodes[f"{KEY}/wait"]["spent"][0] == pytest.approx(7 * DAY)


def test_what_broke_a_step_off_is_kept_with_it():
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="first"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )
    nodes = {"begin": START, "first": user_task("first"), "late": late, "done": END}
    drawn = program(diagram(nodes, "begin>first first>done late>done"))
    rows = [
        ("completed", f"{KEY}/begin", "a", 0.0, "f0"),
        ("entered", f"{KEY}/first", "b", 0.0, None),
        ("timer", f"{KEY}/late", "c", 3 * DAY, None),
        ("completed", f"{KEY}/late", "c", 3 * DAY, "f2"),
        ("cancelled", f"{KEY}/first", "b", 3 * DAY, None),
        ("completed", f"{KEY}/done", "d", 3 * DAY, None),
    ]
    told = Told(begins=MONDAY, ends=MONDAY + 3 * DAY, rows=_later(rows), items={})
    first = stays_of(told, shape_of(drawn))[2]
    assert (first.name, first.cut, first.jolts[0].target) == (f"{KEY}/first", True, f"{KEY}/late")
    found = simulated(drawn, drawn, [told])
    assert found["draft"]["median"][0] == pytest.approx(3 * DAY)
    assert found["draft"]["stuck"] == 0


def _later(rows):
    return [(kind, element, task, MONDAY + at, flows) for kind, element, task, at, flows in rows]


def test_an_office_is_open_on_working_days_before_it_closes():
    calendar = office_calendar("AM", 9, MONDAY, MONDAY + 30 * DAY)
    assert calendar.opens(MONDAY) == MONDAY
    assert calendar.opens(MONDAY + 9 * HOUR) == MONDAY + DAY
    friday = MONDAY + 4 * DAY
    assert calendar.after(friday + 8 * HOUR, 2 * HOUR) == friday + 3 * DAY + HOUR
    assert office_calendar("AM", 24, MONDAY, MONDAY + DAY).worked(MONDAY, MONDAY + DAY) == DAY
