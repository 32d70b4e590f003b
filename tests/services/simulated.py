"""Histories of finished cases, made up: who took which step when, at an office with its nights."""

from __future__ import annotations

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from tests.services.drawing import KEY, source
from workflow_app.engine import load_program
from workflow_app.services.designing.simulated_runs import (
    Asked,
    Order,
    Simulation,
    office_calendar,
)
from workflow_app.services.designing.simulated_traces import Item, Told

MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Yerevan")).timestamp()
HOUR, DAY = 3600.0, 86_400.0
OFFICE = office_calendar("AM", 9, MONDAY, MONDAY + 3 * 365 * DAY)


def straight_case(begins, lain, work, people=("ann", "ben"), steps=("first", "second")):
    """Return a case of steps one after another; hours for which each lay and was worked on."""
    rows, items, at = [], {}, begins
    rows.append(("completed", f"{KEY}/begin", "t0", at, "f0"))
    for number, (step, lies, works) in enumerate(zip(steps, lain, work, strict=True), 1):
        task = f"t{number}"
        rows.append(("entered", f"{KEY}/{step}", task, at, None))
        taken = OFFICE.after(at, lies * HOUR)
        done = OFFICE.after(taken, works * HOUR)
        by = people[number % len(people)]
        items[task] = Item(opened=at, claimed=taken, closed=done, by=by)
        rows.append(("completed", f"{KEY}/{step}", task, done, f"f{number}"))
        at = done
    rows.append(("completed", f"{KEY}/done", "end", at, None))
    return Told(begins=begins, ends=at, rows=rows, items=items)


def history(cases=60, seed=3):
    """Return cases that lie for about two working days at each step and take an hour or two."""
    random, found, at = Random(seed), [], MONDAY  # noqa: S311
    for _number in range(cases):
        at = OFFICE.after(at, random.expovariate(1 / (7 * HOUR)))
        lain = [random.expovariate(1 / 18) for _ in range(2)]
        work = [random.uniform(0.5, 2) for _ in range(2)]
        found.append(straight_case(at, lain, work))
    return found


def program(bpmn):
    return load_program(source(bpmn))


def asked(**changed):
    known = {
        "cases": 100,
        "rate": None,
        "hours": 9.0,
        "staff": {"registrar": 3},
        "staff_today": {"registrar": 3},
        "work": {},
        "wait": {},
        "varied": True,
        "runs": 5,
    }
    return Asked(**known | changed)


def simulated(draft, today=None, told=(), roles=None, **changed):
    """Return what a simulation finds."""
    order = Order(
        draft=draft,
        today=today,
        told=told,
        roles=roles or {},
        place="AM",
        now=MONDAY,
        asked=asked(**changed),
    )
    return Simulation(order).run(lambda _done, _all: None)
