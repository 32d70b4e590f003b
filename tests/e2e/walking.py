"""Scenarios walked in browsers: each page is opened just before somebody acts on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from tests.e2e.people import Accessibility
from tests.support.answers import case_row, message_fields, open_item, task_fields, wait_for
from tests.support.collecting import collection
from workflow_app.models.work import WorkItem
from workflow_app.services.collecting.seats import seats_of, token_of
from workflow_app.services.holding import claim_task

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from werkzeug.datastructures import MultiDict

    from tests.e2e.people import Person
    from tests.support.installation import Office
    from workflow_app.services.scenarios.player import Player
    from workflow_app.services.scenarios.script import Move

LANGUAGES = ("en", "hy", "ka", "uk", "ru")
#: Set, each spoken page is looked at in all languages; else in English and one other, in turn.
EVERY = "EVERY_LANGUAGE"
SMALL = {"viewport": {"width": 360, "height": 740}}
NARROWEST = 320

#: What else is looked at before a step: given the walk and the step.
Glance = Callable[["Walk", "Move | None"], None]


def page_of(served: Office, player: Player, move: Move) -> str:
    """Return the address at which a step is taken: a task, a message, an entry, or answering."""
    case_id = player._case(move.case)
    number = case_row(served, case_id).number
    if move.task:
        return f"/tasks/{_taken(served, case_id, move)}"
    if move.message:
        return f"/follow/{number}/{wait_for(served, case_id, move.message).task_id}"
    if move.answer:
        return f"/cases/{number}/collections/{move.answer.collection}"
    return f"/collect/{number}/{move.contribute}{_first_seat(served, case_id, move)}"


def _taken(served: Office, case_id: int, move: Move) -> int:
    """Return the work item of a task, taken by whoever does it: only they see its form."""
    item = open_item(served, case_id, move.task or "", move.by)
    with served.acting(move.by) as ctx:
        if ctx.session.get_one(WorkItem, item).assignee is None:
            claim_task(ctx, item)
    return item


def _first_seat(served: Office, case_id: int, move: Move) -> str:
    secret = served.app.extensions["platform"].settings.secret_key
    with served.acting() as ctx:
        seats = seats_of(ctx, collection(served, case_id, move.contribute or ""))
        return f"/{token_of(secret, seats[0].id, seats[0].turn)}" if seats else ""


def name_of(move: Move) -> str:
    """Return what a step is called: by its task, its message or its collection."""
    answered = move.answer.collection if move.answer else ""
    return move.task or move.message or move.contribute or (answered and f"answers of {answered}")


@dataclass(frozen=True)
class Stops:
    """Where a walk stops: as `Walk.play` has it."""

    looked: tuple[str, ...]
    spoken: tuple[str, ...]
    by_hand: tuple[str, ...]
    glances: Mapping[str, Glance]

    @property
    def pages(self) -> set[str]:
        """Return the names of the steps whose pages are looked at."""
        return {*self.looked, *self.spoken}


class Unlooked(Accessibility):
    """Looks at no page: somebody else has seen it."""

    @override
    def look(self, page: Page, width: int) -> None:
        """Leave it at that."""


@dataclass
class Walk:
    """A scenario that is played, some of its pages looked at and some of its steps taken by hand.

    `small` is a browser as narrow as a phone, which looks at each page; `plain` one in which no
    script runs, which sends forms.
    """

    served: Office
    small: Person
    plain: Person
    player: Player = field(init=False)
    met: set[str] = field(default_factory=set)
    done: set[Any] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Spare the plain browser a second look at the pages that the small one sees."""
        self.plain.accessibility = Unlooked()

    def play(
        self,
        scenario: str,
        *,
        looked: tuple[str, ...] = (),
        spoken: tuple[str, ...] = (),
        by_hand: tuple[str, ...] = (),
        glances: Mapping[str, Glance] | None = None,
        until: str = "",
    ) -> Player:
        """Play a scenario to its end, or up to the first step called `until`.

        The page of the first step of each name is looked at: in English where it is in `looked`, in
        other languages too where it is in `spoken`. The first step of each name in `by_hand` that
        is not refused is taken without a script. `glances` look at more before the first step of a
        name, or before the case begins, which is called `start`.
        """
        self.player, self.met, self.done = self._opened(scenario), set(), set()
        stops = Stops(looked, spoken, by_hand, glances or {})
        self._go_through(self.player.scenario.before, stops, "")
        self._glance("start", stops, None)
        self.player._start()
        self._go_through(self.player.scenario.steps, stops, until)
        missed = stops.pages - self.met | set(stops.by_hand) - self.done
        assert missed == set()
        assert self.player.problems == []
        return self.player

    def _opened(self, scenario: str) -> Player:
        player = self.served.player(scenario)
        self.served.clock.moment = datetime.fromisoformat(player.scenario.clock)
        player._enter_registers()
        player._silence_others()
        return player

    def _go_through(self, moves: list[Move], stops: Stops, until: str) -> None:
        for number, move in enumerate(moves, 1):
            name = name_of(move)
            if until and name == until:
                return
            self._glance(name, stops, move)
            if name in stops.pages and name not in self.met and not move.denied:
                self.met.add(name)
                self.show(move, languages_of(name) if name in stops.spoken else LANGUAGES[:1])
            if name in stops.by_hand and name not in self.done and not move.refused:
                self._take(number, move)
            else:
                self.player._move(f"step {number}", move)

    def _glance(self, name: str, stops: Stops, move: Move | None) -> None:
        if name in stops.glances and ("glance", name) not in self.done:
            self.done.add(("glance", name))
            stops.glances[name](self, move)

    def number(self, called: str | None = None) -> str:
        """Return the number of a case by what the scenario calls it, its own unless said."""
        return case_row(self.served, self.player._case(called)).number

    def show(self, move: Move, languages: tuple[str, ...]) -> None:
        """Open the page of a step as whoever takes it, in these languages, on two widths."""
        address = page_of(self.served, self.player, move)
        for language in languages:
            self.identify(self.small, move, language)
            self.small.open(address)
            look_on_the_narrowest(self.small)
            keep(self.small, f"{name_of(move)}_{language}")

    def identify(self, person: Person, move: Move, language: str = "en") -> None:
        """Let somebody's browser be that of whoever takes a step."""
        case_id = self.player._case(move.case)
        actor = self.player._sender(case_id, move.by) if move.by else None
        if actor is None or actor.case_id is not None:
            person.become("", cases=(case_id,) if actor else (), language=language)
        else:
            person.become(move.by, language=language)

    def _take(self, number: int, move: Move) -> None:
        self.identify(self.plain, move)
        self.plain.open(page_of(self.served, self.player, move))
        self.plain.fill(self._fields(move))
        self.plain.send("Complete step" if move.task else "Send")
        self.done.add(name_of(move))
        if move.expect is not None:
            self.player._look(f"step {number}", move.expect, final=False, case=move.case)

    def _fields(self, move: Move) -> MultiDict[str, Any]:
        case_id = self.player._case(move.case)
        if move.task:
            item = open_item(self.served, case_id, move.task, move.by)
            return task_fields(self.served, move.by, item, move.answers)
        wait = wait_for(self.served, case_id, move.message or "")
        return message_fields(self.served, case_id, wait, move.answers)


def languages_of(name: str) -> tuple[str, ...]:
    """Return the languages in which a spoken page is looked at: each page has one of its own."""
    if os.environ.get(EVERY):
        return LANGUAGES
    others = LANGUAGES[1:]
    return ("en", others[sum(map(ord, name)) % len(others)])


def look_on_the_narrowest(person: Person) -> None:
    """Check that nothing of the open page is cut off on the smallest of screens."""
    size = person.page.viewport_size
    person.page.set_viewport_size({"width": NARROWEST, "height": size["height"]})
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= NARROWEST, f"{person.page.url} is {wide} wide on a screen of {NARROWEST}"
    person.page.set_viewport_size(size)


def keep(person: Person, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        file = Path(folder) / f"{name.replace('/', '_').replace('?', '-')}.png"
        person.page.screenshot(path=file, full_page=True)
