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

    from workflow_app.services.context import Platform
    from workflow_app.services.scenarios.script import Beginning, Expectation, Move

#: The file beside the demonstration's people.
STORIES = "stories.toml"
WEEK = timedelta(days=7)
PATIENCE = 30
NEVER = datetime.max.replace(tzinfo=UTC)
NO_CAST = "there is no cast %s"
#: A number of a case or an entry; the year in it is the one in which it was given.
_NUMBER = re.compile(r"\b([A-Z]+-[A-Z]{2}-)(\d{4})(-\d{4})\b")
_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2})(?=\b|T)")


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario of the country's history.

    `scenario` is `<process>/<name>`; `days` is how many days ago it began; `until` is the task
    before which it stands still (its first step of that name, or `after` so many of its steps).
    `cast` names the words that are put in the place of others, so that two stories of one scenario
    tell of different people and places.
    """

    scenario: str
    days: int
    until: str = ""
    after: int | None = None
    cast: str = ""
    language: str = ""


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
    """Read the stories. Raises FileRefused, also where a story has a cast that is not there."""
    try:
        found = msgspec.toml.decode(file.read_bytes(), type=History)
    except (OSError, msgspec.DecodeError) as exc:
        raise FileRefused(file=file.name, reason=str(exc)) from exc
    unknown = {story.cast for story in found.story} - {"", *found.cast}
    if unknown:
        raise FileRefused(file=file.name, reason=NO_CAST % ", ".join(sorted(unknown)))
    return found


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

    The years in numbers of cases move with its first day.
    It begins on its own day of the week, at most six days earlier than the story says.
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
    years = (own + shift).year - own.year
    text = _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) + years}{found[3]}", text)
    text = _DATE.sub(lambda found: _moved(found[1], shift), text)
    return msgspec.convert(json.loads(text), Scenario)


def _begun(path: Path, move: Move) -> Move:
    if move.start is None:
        return move
    return msgspec.structs.replace(move, start=_with_answers(path, move.start))


def _with_answers(path: Path, beginning: Beginning) -> Beginning:
    """Return a beginning with its borrowed answers written into it."""
    answers = borrowed_answers(path, beginning)
    return msgspec.structs.replace(beginning, answers=answers, answers_from=None)


def _moved(text: str, shift: timedelta) -> str:
    try:
        return (date.fromisoformat(text) + shift).isoformat()
    except ValueError:
        return text


def is_empty(session: Any) -> bool:
    """Tell whether there is no case yet, so that stories may be told."""
    return session.scalar(select(Case.id).limit(1)) is None
