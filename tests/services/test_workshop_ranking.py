"""Sixty people score twenty needs by six criteria: the ranking is right and soon there."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from statistics import mean

import msgspec
import pytest
from sqlalchemy import insert, select, update

from tests.support.timing import LOOP_SECONDS, loop, seconds_of
from workflow_app.domain.states import WorkState
from workflow_app.engine import case_data
from workflow_app.models.collections import Collection, CollectionEntry, CollectionSeat
from workflow_app.models.work import WorkItem
from workflow_app.services.case_store import load_case
from workflow_app.services.tasks import complete_task

PEOPLE, NEEDS, CRITERIA = 60, 20, 6
WEIGHTS = (25, 20, 20, 15, 10, 10)
SECONDS = 5
SECTORS = ("municipal", "cso", "users")


def score(need, person, criterion):
    return 1 + (need * 7 + person * (need + 3) + criterion * 5) % 5


def affected(need):
    return 10 * (need % 4)


def code(need):
    return f"N{need:02d}"


def rounded(number):
    return number.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def mean_of(numbers):
    return rounded(sum(numbers, Decimal(0)) / len(numbers))


def expected():
    """Return codes and scores in the order in which they have to come."""

    def weighted(need, person):
        return sum(
            Decimal(score(need, person, number) * weight) / 100
            for number, weight in enumerate(WEIGHTS, 1)
        )

    rows = [
        (
            -mean_of([weighted(need, person) for person in range(PEOPLE)]),
            -mean_of([Decimal(score(need, person, 1)) for person in range(PEOPLE)]),
            -affected(need),
            code(need),
        )
        for need in range(1, NEEDS + 1)
    ]
    return [(name, -whole) for whole, _severity, _people, name in sorted(rows)]


@pytest.fixture
def workshop(office):
    """Return the case of a workshop in whose room sixty people have scored."""
    player = office.player("prioritisation_workshop/straight")
    about = {"groups": ["all"], "severity_evidence": "Seen.", "service_type": None}
    needs = [
        {"code": code(n), "title": f"Need {n}", "affected_people": affected(n), **about}
        for n in range(1, NEEDS + 1)
    ]
    people = [
        {"name": f"Participant {n}", "organisation": "Goris", "sector": SECTORS[n % 3]}
        for n in range(PEOPLE)
    ]
    scenario = player.scenario
    start = msgspec.structs.replace(scenario.start, data={**scenario.start.data, "needs": needs})
    moves = [m for m in scenario.steps if not m.refused][:3]
    moves[1] = msgspec.structs.replace(
        moves[1], answers={**moves[1].answers, "participants": people}, expect=None
    )
    moves[2] = msgspec.structs.replace(moves[2], expect=None)
    player.scenario = msgspec.structs.replace(scenario, start=start, steps=moves)
    office.clock.moment = datetime.fromisoformat(scenario.clock)
    player._enter_registers()
    player._start()
    for number, move in enumerate(moves, 1):
        player._move(f"step {number}", move)
    fill_room(office)
    return player.case_id


def fill_room(office):
    """Let every seat have sent its scores."""
    with office.acting() as ctx:
        room = ctx.session.scalars(select(Collection.id)).one()
        seats = ctx.session.scalars(
            select(CollectionSeat.id).order_by(CollectionSeat.position)
        ).all()
        rows = [
            {
                "collection_id": room,
                "number": person + 1,
                "seat_id": seat,
                "language": "en",
                "at": ctx.now,
                "data": {"scores": [sheet(need, person) for need in range(1, NEEDS + 1)]},
            }
            for person, seat in enumerate(seats)
        ]
        ctx.session.execute(insert(CollectionEntry), rows)
        ctx.session.execute(update(CollectionSeat).values(in_at=ctx.now))
        ctx.session.execute(update(Collection).values(entries=PEOPLE, seats_in=PEOPLE))


def sheet(need, person):
    marks = {f"c{number}": score(need, person, number) for number in range(1, CRITERIA + 1)}
    return {"code": code(need), **marks, "interest": False}


def finish_scoring(office, case_id):
    query = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.state == WorkState.OPEN)
    item = office.read(lambda session: session.scalar(query))
    with office.acting("goris_coordinator") as ctx:
        complete_task(ctx, item, {"all_in": True})


def ranking_of(office, case_id):
    """Return the ranking as the open task's form sees it."""
    with office.acting() as ctx:
        loaded = load_case(ctx, case_id)
        return case_data(loaded.published.program, loaded.state)["ranking"]


def test_sixty_people_score_twenty_needs_by_six_criteria(office, workshop):
    _none, taken = seconds_of(lambda: finish_scoring(office, workshop))
    busy = max(1.0, mean(seconds_of(loop)[1] for _turn in range(3)) / LOOP_SECONDS)
    assert taken / busy < SECONDS
    ranking = ranking_of(office, workshop)
    found = [(row["code"], rounded(Decimal(str(row["score"])))) for row in ranking]
    assert found == expected()
