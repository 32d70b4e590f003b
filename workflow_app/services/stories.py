"""A country that has been at work for years: scenarios played into it, each at a time of its own.

The file of stories names scenarios, when each began, counted from today, and where it stands. They
are played through the services, as people would have done it, on a clock that is moved back.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, select
from typing_extensions import override

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.adapters.http import MemoryHttp
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.domain.errors import DomainError
from workflow_app.form_builder import FormRuleError
from workflow_app.models.case import Case
from workflow_app.services.manifests import FileRefused
from workflow_app.services.scenarios.answering import Deviation
from workflow_app.services.scenarios.book import CaseBook
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import Scenario, borrowed_answers, read_scenario
from workflow_app.services.scenarios.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Engine

    from workflow_app.domain.calendars import Calendar
    from workflow_app.services.context import Platform
    from workflow_app.services.scenarios.script import Beginning, Expectation, Move

#: The file beside the demonstration's people.
STORIES = "stories.toml"
WEEK = timedelta(days=7)
PATIENCE = 30
NEVER = datetime.max.replace(tzinfo=UTC)
NO_CAST = "there is no cast %s"
NO_TABLE = "there is no table %s beside it"
#: A number of a case or an entry; the year in it is the one in which it was given.
_NUMBER = re.compile(r"\b([A-Z]+-[A-Z]{2}-)(\d{4})(-\d{4})\b")
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?=\b|T)")
#: A year on its own: the number of a field that is called so, or a stretch of years in a text.
_YEAR = re.compile(r'("(?:[a-z_]+_)?year": )(20\d\d)\b')
_YEARS = re.compile(r"\b(20\d\d)(–| to )(20\d\d)\b")
#: The code of a territory, which begins with that of its country.
_PLACE = re.compile(r'"([A-Z]{2})-[A-Z]{2}(?:-[A-Z]+)?"')
_MOMENT = re.compile(r"\b(\d{4}-\d{2}-\d{2})T")
#: Month and day on which a year begins and ends.
ENDS_OF_YEAR = ("-01-01", "-12-31")


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario of the country's history.

    `scenario` is `<process>/<name>`; `days` is how many days ago it began; `until` is the task
    before which it stands still (its first step of that name, or `after` so many of its steps).
    `cast` names the words that are put in the place of others, so that two stories of one scenario
    tell of different people and places. `tables` are texts (in the file: the names of files beside
    it) that are uploaded in the place of the scenario's own tables, by their names.
    """

    scenario: str
    days: int
    until: str = ""
    after: int | None = None
    cast: str = ""
    language: str = ""
    tables: dict[str, str] = {}


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All stories, and by name the words of each cast."""

    story: list[Story]
    cast: dict[str, dict[str, str]] = {}

    def in_order(self) -> list[Story]:
        """Return the stories, the earliest first."""
        return sorted(self.story, key=lambda story: -story.days)


@dataclass(frozen=True, slots=True)
class Told:
    """How a story went: its case, and why it could not be told to its end (else empty)."""

    story: Story
    case_id: int
    problem: str

    @property
    def line(self) -> str:
        """Return the problem with the story it befell."""
        return f"{self.story.scenario}, {self.story.days} days ago: {self.problem}"


class _Reached(Exception):
    """A story has come to today."""


@dataclass
class Teller(Player):
    """Plays a scenario for what comes of it: expects nothing, and waits where a task is not there.

    Free days lie elsewhere in another year, so that a term may end some days later than written.
    A story that would go on after `today` stands where it is then.
    """

    today: datetime = NEVER

    def tell(self, story: Story) -> Told:
        """Play the story up to where it stands."""
        self.world.clock.moment = datetime.fromisoformat(self.scenario.clock)
        try:
            self._enter_registers()
            for number, move in enumerate(self.scenario.before, 1):
                self._move(f"before the start, step {number}", move)
            self._start()
            for number, move in enumerate(self.scenario.steps, 1):
                if (story.until and move.task == story.until) or number - 1 == story.after:
                    break
                if not (move.refused or move.denied):
                    self._move(f"step {number}", move)
        except _Reached:
            return Told(story, self.case_id, "")
        except (Deviation, DomainError, FormRuleError) as problem:
            return Told(story, self.case_id, str(problem))
        return Told(story, self.case_id, "")

    @override
    def _complete(self, where: str, move: Move) -> None:
        self._wait_for(partial(super()._complete, where, move))

    @override
    def _send(self, where: str, move: Move) -> None:
        self._wait_for(partial(super()._send, where, move))

    @override
    def _advance_until(self, target: datetime) -> None:
        if target > self.today:
            super()._advance_until(self.today)
            raise _Reached
        super()._advance_until(target)

    def _wait_for(self, act: Callable[[], None]) -> None:
        for _day in range(PATIENCE):
            try:
                return act()
            except Deviation:
                self._advance_until(self.world.clock.now() + timedelta(days=1))
        return act()

    @override
    def _look(
        self, where: str, expected: Expectation, *, final: bool, case: str | None = None
    ) -> None:
        """Expect nothing."""


def read_history(file: Path) -> History:
    """Read the stories with their tables.

    Raises FileRefused, also where a story has a cast or a table that is not there.
    """
    try:
        found = msgspec.toml.decode(file.read_bytes(), type=History)
    except (OSError, msgspec.DecodeError) as exc:
        raise FileRefused(file=file.name, reason=str(exc)) from exc
    unknown = {story.cast for story in found.story} - {"", *found.cast}
    if unknown:
        raise FileRefused(file=file.name, reason=NO_CAST % ", ".join(sorted(unknown)))
    return msgspec.structs.replace(found, story=[_with_texts(file, one) for one in found.story])


def _with_texts(file: Path, story: Story) -> Story:
    texts = {}
    for name, beside in story.tables.items():
        table = file.with_name(beside)
        if not table.is_file():
            raise FileRefused(file=file.name, reason=NO_TABLE % beside)
        texts[name] = table.read_text("utf-8")
    return msgspec.structs.replace(story, tables=texts)


def tell_all(platform: Platform, engine: Engine, history: History, now: datetime) -> Iterator[Told]:
    """Play stories into a database that has the demonstration's people; yield how each went.

    Every story is told in transactions of its own. Nothing is sent to anybody.
    """
    clock = FixedClock(now)
    quiet = replace(platform, clock=clock, mailer=MemoryMailer(), http=MemoryHttp())
    for story in history.in_order():
        world = World(engine, quiet, clock, [])
        key, _slash, name = story.scenario.partition("/")
        path = platform.settings.processes / key / "scenarios" / f"{name}.yaml"
        words = history.cast.get(story.cast, {})
        scenario = placed(read_scenario(path), path, story, words, now.date())
        with world.acting() as ctx:
            book = CaseBook(since=ctx.session.scalar(select(func.max(Case.id))) or 0)
        yield Teller(world, key, path, scenario, book, today=now).tell(story)


def placed(
    scenario: Scenario, path: Path, story: Story, words: Mapping[str, str], today: date
) -> Scenario:
    """Return the scenario as it went: its dates moved by whole weeks, its words replaced.

    Where a working day would become a holiday of the country, that day and all after it move on by
    a week, so that terms between them stay. The years in numbers of cases, years on their own, and
    the ends of years after its last day move with its first day.
    It begins on its own day of the week, at most six days earlier than the story says, or on the
    last such day that is no holiday.
    """
    own = datetime.fromisoformat(scenario.clock).date()
    shift = ((today - timedelta(days=story.days)) - own) // WEEK * WEEK
    whole = msgspec.structs.replace(
        scenario,
        start=_with_answers(path, scenario.start),
        before=[_begun(path, move) for move in scenario.before],
        steps=[_begun(path, move) for move in scenario.steps],
        language=story.language or scenario.language,
    )
    text = json.dumps(msgspec.to_builtins(whole), ensure_ascii=False)
    for old, new in words.items():
        text = text.replace(old, new)
    calendar = _calendar(text)
    while calendar.is_working(own) and not calendar.is_working(own + shift):
        shift -= WEEK
    years = (own + shift).year - own.year
    days = _days(text, shift, years, calendar)
    text = _DATE.sub(lambda found: days[found[1]], _in_years(text, years))
    return msgspec.convert(_tabled(json.loads(text), story.tables), Scenario)


def _in_years(text: str, years: int) -> str:
    """Return a text with the years in numbers and of fields moved."""

    def later(year: str) -> str:
        return str(int(year) + years)

    text = _NUMBER.sub(lambda found: found[1] + later(found[2]) + found[3], text)
    text = _YEAR.sub(lambda found: found[1] + later(found[2]), text)
    return _YEARS.sub(lambda found: later(found[1]) + found[2] + later(found[3]), text)


def _tabled(value: Any, tables: Mapping[str, str]) -> Any:
    """Return a scenario's value with the texts of its tables replaced."""
    if isinstance(value, list):
        return [_tabled(one, tables) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("name") in tables and "text" in value:
        return {**value, "text": tables[value["name"]]}
    return {name: _tabled(one, tables) for name, one in value.items()}


def _begun(path: Path, move: Move) -> Move:
    if move.start is None:
        return move
    return msgspec.structs.replace(move, start=_with_answers(path, move.start))


def _with_answers(path: Path, beginning: Beginning) -> Beginning:
    """Return a beginning with its borrowed answers written into it."""
    answers = borrowed_answers(path, beginning)
    return msgspec.structs.replace(beginning, answers=answers, answers_from=None)


def _calendar(text: str) -> Calendar:
    """Return the calendar of the country in which a scenario's first place lies."""
    place = _PLACE.search(text)
    return calendar_at(place[1] if place else "")


def _days(text: str, shift: timedelta, years: int, calendar: Calendar) -> dict[str, str]:
    """Return when each day of a text was, by its own date; the order of days stays."""
    last = max(_MOMENT.findall(text))
    found = {day: day for day in sorted(set(_DATE.findall(text)))}
    for name in found:
        try:
            own = date.fromisoformat(name)
        except ValueError:
            continue
        if name > last and name[4:] in ENDS_OF_YEAR:
            found[name] = f"{own.year + years}{name[4:]}"
            continue
        while name <= last and calendar.is_working(own) and not calendar.is_working(own + shift):
            shift += WEEK
        found[name] = (own + shift).isoformat()
    return found


def is_empty(session: Any) -> bool:
    """Tell whether there is no case yet, so that stories may be told."""
    return session.scalar(select(Case.id).limit(1)) is None
