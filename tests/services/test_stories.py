"""The demonstration's country: scenarios played into the past, through the services."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import func, select

from tests.support.installation import MONDAY, ROOT, make_settings, running_app
from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.holidays_calendar import working_calendar
from workflow_app.models import db
from workflow_app.models.case import Answer, Case
from workflow_app.models.register import RegisterEntry
from workflow_app.services.manifests import FileRefused
from workflow_app.services.scenarios.script import read_scenario
from workflow_app.services.stories import (
    STORIES,
    Story,
    is_empty,
    placed,
    read_history,
    tell_all,
)

TODAY = MONDAY.date()
FILE = ROOT / "processes" / "demo" / STORIES
STRAIGHT = ROOT / "processes" / "accreditation" / "scenarios" / "straight.yaml"


@pytest.fixture
def country(furnished, tmp_path, parsed_programs):
    """Return a function that tells stories in a database of their own and gives a look at it."""

    def tell(history, look, name="own"):
        own = tmp_path / f"{name}.db"
        shutil.copy(furnished, own)
        settings = make_settings(tmp_path, f"sqlite:///{own}")
        clock = FixedClock(MONDAY)
        with (
            running_app(settings, clock=clock, parsed=parsed_programs) as app,
            app.app_context(),
        ):
            assert is_empty(db.session)
            told = list(tell_all(app.extensions["platform"], db.engine, history, MONDAY))
            found = look(db.session)
            db.session.remove()
        return told, found

    return tell


def test_every_story_can_be_told(country):
    def look(session):
        latest = session.scalar(select(func.max(Answer.at)))
        running = session.scalar(select(func.count()).where(Case.finished_at.is_(None)))
        entries = session.scalar(select(func.count()).select_from(RegisterEntry))
        return latest, running, session.scalar(select(func.count(Case.id))), entries

    history = read_history(FILE)
    told, (latest, running, cases, entries) = country(history, look)
    assert [one.line for one in told if one.problem] == []
    assert latest <= MONDAY, "people acted in the future"
    assert cases > len(history.story) > running / 2 > 5
    assert entries > 5


def test_the_same_stories_give_the_same_country(country):
    history = read_history(FILE)
    short = [one for one in history.story if one.days < 10]
    assert short
    some = msgspec.structs.replace(history, story=short)

    def look(session):
        query = select(Case.number, Case.title, Case.status, Case.started_at).order_by(Case.id)
        return [tuple(row) for row in session.execute(query)]

    _told, first = country(some, look, "first")
    _told, second = country(some, look, "second")
    assert first == second
    assert len(first) >= len(short)


@pytest.mark.parametrize("days", [0, 1, 6, 7, 400])
def test_a_story_begins_on_its_day_of_the_week_at_most_six_days_early(days):
    scenario = read_scenario(STRAIGHT)
    story = Story(scenario="accreditation/straight", days=days)
    moved = placed(scenario, STRAIGHT, story, {"Sunny Door": "Open Door"}, TODAY)
    own, began = (datetime.fromisoformat(s.clock).date() for s in (scenario, moved))
    wanted = TODAY - timedelta(days=days)
    assert wanted - timedelta(days=6) <= began <= wanted
    assert began.weekday() == own.weekday()
    assert moved.start.answers["org_name"] == "Open Door NGO, Kapan"
    shift = began - own
    armenia = working_calendar("AM")
    dates = [
        (date.fromisoformat(a.advance_to[:10]), date.fromisoformat(b.advance_to[:10]))
        for a, b in zip(scenario.steps, moved.steps, strict=True)
        if a.advance_to
    ]
    assert dates
    later = {after - before - shift for before, after in dates}
    assert {extra % timedelta(weeks=1) for extra in later} == {timedelta()}
    assert all(armenia.is_working(after) for before, after in dates if armenia.is_working(before))


@pytest.fixture
def written(tmp_path):
    """Return a function that gives a scenario of these lines as it went so many days ago."""

    def give(lines, days, **told):
        file = tmp_path / "own.yaml"
        file.write_text(f"title: Own\nclock: '2026-11-23T09:00:00+04:00'\n{lines}\nexpect: {{}}\n")
        return placed(read_scenario(file), file, Story("a/own", days, **told), {}, TODAY)

    return give


def test_a_day_that_becomes_a_holiday_moves_on_and_the_ends_of_years_stay(written):
    lines = (
        "start: {message: m, data: {place: AM-SU-GORIS, at: '2026-12-30T09:00:00+04:00',"
        " held_on: '2026-12-29', day_after: '2026-12-30', sunday: '2026-12-27',"
        " from: '2027-01-01', until: '2029-12-31', first_year: 2027, year_income: 2027,"
        " title: 'Plan 2027–2029', number: PLN-AM-2026-0001}}"
    )
    data = written(lines, 364 - 7).start.data
    # Moved by 51 weeks, 29 December would be 6 January: a Tuesday, but a holiday in Armenia.
    holiday = date(2026, 12, 29) - timedelta(weeks=51)
    assert not working_calendar("AM").is_working(holiday)
    assert data["sunday"] == "2026-01-04"
    assert (data["held_on"], data["day_after"]) == ("2026-01-13", "2026-01-14")
    assert (data["from"], data["until"]) == ("2026-01-01", "2028-12-31")
    assert (data["first_year"], data["year_income"]) == (2026, 2027)
    assert data["title"] == "Plan 2026–2028"
    assert data["number"] == "PLN-AM-2025-0001"


def test_a_table_beside_the_stories_is_uploaded_in_the_place_of_the_scenarios(written):
    lines = (
        "start: {message: m, data: {table: [{name: a.csv, text: own}, {name: b.csv, text: own}]}}"
    )
    table = written(lines, 0, tables={"a.csv": "code,from\nx,2026-11-23"}).start.data["table"]
    assert [one["text"] for one in table] == ["code,from\nx,2026-11-23", "own"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[story]]\nscenario = "a/b"\ndays = 1\ncast = "nobody"', "there is no cast nobody"),
        ('[[story]]\nscenario = "a/b"\ndays = 1\ntables = {a = "b.csv"}', "no table b.csv"),
        ('[[story]]\nscenario = "a/b"\n', "days"),
        ("[[story", "Expected"),
    ],
)
def test_a_file_that_cannot_be_told_is_refused_by_name(tmp_path, text, reason):
    file = tmp_path / STORIES
    file.write_text(text)
    with pytest.raises(FileRefused) as refused:
        read_history(file)
    assert refused.value.params["file"] == STORIES
    assert reason in refused.value.params["reason"]
