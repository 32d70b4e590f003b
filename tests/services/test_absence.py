"""Who is away, who stands in, and how far a chain of substitutes is followed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from workflow_app.models.desk import Absence, AbsenceSubstitute
from workflow_app.models.work import WorkItem
from workflow_app.services.lookups import look_up
from workflow_app.services.offers import offer_again

TODAY = date(2026, 11, 23)


@pytest.fixture
def leave(office):
    """Return a function that enters an absence as it is stored."""

    def enter(username, *substitutes, first=TODAY, last=TODAY + timedelta(days=4)):
        with office.acting() as ctx:
            absence = Absence(
                username=username,
                first_day=first,
                last_day=last,
                entered_by=username,
                entered_at=ctx.now,
            )
            ctx.session.add(absence)
            ctx.session.flush()
            for name in substitutes:
                ctx.session.add(AbsenceSubstitute(absence_id=absence.id, username=name))
            return absence.id

    return enter


def standing(office, username):
    return [one.username for one in office.person(username).standing]


def test_a_substitute_stands_in_from_the_first_day_to_the_last(office, leave, clock):
    leave("reviewer3", "reviewer4", first=TODAY + timedelta(days=1))
    assert standing(office, "reviewer4") == []
    clock.moment += timedelta(days=1)
    assert standing(office, "reviewer4") == ["reviewer3"]
    clock.moment += timedelta(days=3)
    assert standing(office, "reviewer4") == ["reviewer3"]
    clock.moment += timedelta(days=1)
    assert standing(office, "reviewer4") == []


@pytest.mark.parametrize(
    ("at", "who"),
    [("2026-11-23T23:59:00+04:00", []), ("2026-11-24T00:01:00+04:00", ["reviewer3"])],
)
def test_a_day_begins_on_the_clock_of_who_is_away(office, leave, clock, at, who):
    leave("reviewer3", "reviewer4", first=TODAY + timedelta(days=1))
    clock.moment = datetime.fromisoformat(at).astimezone(UTC)
    assert standing(office, "reviewer4") == who


def test_the_last_day_is_over_on_the_clock_of_who_is_away(office, leave, clock):
    leave("monitor", "reviewer4", first=TODAY, last=TODAY)
    clock.moment = datetime.fromisoformat("2026-11-23T23:59:00+04:00").astimezone(UTC)
    assert standing(office, "reviewer4") == ["monitor"]
    clock.moment += timedelta(minutes=2)
    assert standing(office, "reviewer4") == []


def test_the_chain_goes_on_to_the_substitute_of_a_substitute_who_is_away(office, leave):
    leave("reviewer2", "reviewer3")
    leave("reviewer3", "reviewer4")
    assert standing(office, "reviewer3") == []
    assert standing(office, "reviewer4") == ["reviewer3", "reviewer2"]


def test_two_who_name_each_other_make_no_circle(office, leave):
    leave("reviewer3", "reviewer4")
    leave("reviewer4", "reviewer3")
    assert standing(office, "reviewer3") == standing(office, "reviewer4") == []


def test_those_who_are_free_come_first_and_those_away_not_at_all(office, leave):
    office.play("accreditation/straight", until="check_documents")
    leave("reviewer1")
    with office.acting() as ctx:
        ctx.session.execute(
            WorkItem.__table__.update().values(assignee="reviewer3", claimed_at=ctx.now)
        )
        item = ctx.session.scalar(select(WorkItem.id))
        offer_again(ctx.connection, item)
        free = look_up(ctx, "free:reviewer", path="AM/AM-SU")
    assert [(one["value"], one["open"]) for one in free] == [("reviewer4", 0), ("reviewer3", 1)]
