"""Where a play stops: tasks that are open and that its scenario does not do.

For each where in which file its step would belong, who could do it, and made-up answers.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import WorkState
from workflow_app.feel import FeelError
from workflow_app.form_builder import FormRuleError
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem
from workflow_app.services.accounts import actor_named
from workflow_app.services.designing.keeping import script_answers
from workflow_app.services.designing.moves import task_sheet
from workflow_app.services.designing.samples import filled_in, told_sample
from workflow_app.services.designing.stage import workers
from workflow_app.services.scenarios.answering import fill_in
from workflow_app.services.scenarios.book import of_process
from workflow_app.services.scenarios.script import places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.scenarios.including import Chain
    from workflow_app.services.scenarios.player import Player
    from workflow_app.services.scenarios.script import Move
    from workflow_app.services.scenarios.world import World

    Found = dict[str, Any]

ENDING = -1
MOST, MOST_PEOPLE = 8, 40
_items = table_of(WorkItem)


def open_items(world: World) -> frozenset[int]:
    """Return the ids of the tasks that are open in a world."""
    with world.acting() as ctx:
        query = select(_items.c.id).where(_items.c.state == WorkState.OPEN)
        return frozenset(ctx.session.scalars(query))


def stops_of(player: Player, number: int, before: frozenset[int] | None = None) -> list[Found]:
    """Return the tasks of the scenario's process at which a play stops, and where they belong.

    `number` is that of the step that deviated, from one, or ENDING. `before` are the tasks that
    were open ahead of a step that was taken, and that did not lead where it should; None for one
    that could not be taken. [{task, case, people: [{username: title} a task], sample, file, part,
    place, after}]; `file` is empty where the step belongs into none of the process's own.
    """
    moves = [*player.scenario.before, *player.scenario.steps]
    last = None if number == ENDING else moves[number - 1]
    rest = [] if last is None else moves[number - (before is None) :]
    stop = _Stop(player, number, last, rest, before)
    with player.world.acting() as ctx:
        return list(islice(stop.found(ctx), MOST))


@dataclass(frozen=True, slots=True)
class _Stop:
    """A moment at which a play deviated: the step it was at, and those that it would take yet."""

    player: Player
    number: int
    last: Move | None
    rest: list[Move]
    before: frozenset[int] | None

    def found(self, ctx: Context) -> Iterator[Found]:
        of = (_items.c.state == WorkState.OPEN, _items.c.element.startswith(f"{self.player.key}/"))
        rows = ctx.session.execute(
            select(_items.c.id, _items.c.case_id, _items.c.element)
            .where(*of)
            .order_by(_items.c.case_id, _items.c.element, _items.c.id)
        ).all()
        for (case_id, element), same in groupby(rows, lambda row: (row.case_id, row.element)):
            task = element.rpartition("/")[2]
            if not self._is_known(ctx, case_id, task):
                yield self._told(ctx, case_id, task, [row.id for row in same])

    def _is_known(self, ctx: Context, case_id: int, task: str) -> bool:
        """Tell whether the scenario does a task yet, or says that it is open."""
        if any(move.task == task and self._is_of(ctx, move, case_id) for move in self.rest):
            return True
        expected = self.player.scenario.expect if self.last is None else self.last.expect
        return expected is not None and task in (expected.open or ())

    def _is_of(self, ctx: Context, move: Move, case_id: int) -> bool:
        return self.player.book.find(ctx.session, move.case) == case_id

    def _told(self, ctx: Context, case_id: int, task: str, items: list[int]) -> Found:
        people = [dict(islice(workers(ctx, item).items(), MOST_PEOPLE)) for item in items]
        return {
            "task": task,
            "case": self._called(ctx, case_id),
            "people": people,
            "sample": self._sample(items[0], people[0]),
            **self._spot(ctx, case_id, items),
        }

    def _called(self, ctx: Context, case_id: int) -> str | None:
        """Return how the scenario calls a case at this moment."""
        book = self.player.book
        if self.last is not None and self._is_of(ctx, self.last, case_id):
            return self.last.case
        if book.find(ctx.session, None) == case_id:
            return None
        named = next((name for name, one in book.named.items() if one == case_id), None)
        if named is not None:
            return named
        known = [one for one in of_process(ctx.session, self.player.key) if one > book.since]
        return f"{self.player.key}/{known.index(case_id) + 1}" if case_id in known else None

    def _sample(self, item_id: int, people: Mapping[str, str]) -> Found:
        """Return made-up answers that the task's form takes, as far as they can be made up."""
        world, who = self.player.world, next(iter(people), "")
        with suppress(DomainError, FormRuleError, FeelError), world.acting() as ctx:
            actor = actor_named(ctx.session, who, ctx.now)
            if actor is not None:
                with world.acting(actor, self.player.scenario.language) as inner:
                    return _sample_for(inner, item_id, people[who])
        return {}

    def _spot(self, ctx: Context, case_id: int, items: list[int]) -> Found:
        places = places_of(self.player.path)
        if self.last is None:
            own = [chain[0][1] for part, chain in places if part == "steps"]
            return _at(self.player.path, "steps", own[-1] + 1 if own else 0)
        part, chain = places[self.number - 1]
        appeared = self.before is not None and not self.before.issuperset(items)
        if appeared:
            # What is expected of another case would be expected of this one.
            fits = self._is_of(ctx, self.last, case_id) and self._is_own(chain)
            return _at_step(part, chain, after=True) if fits else NOWHERE
        earlier = places[self.number - 2] if self.number > 1 else ("", ())
        return self._ahead(part, chain, earlier)

    def _ahead(self, part: str, chain: Chain, earlier: tuple[str, Chain]) -> Found:
        """Return the place before a step, or before the line that borrows it from elsewhere."""
        while not self._is_own(chain):
            chain = chain[:-1]
            if earlier[0] == part and earlier[1][: len(chain)] == chain:
                return NOWHERE
        return _at_step(part, chain)

    def _is_own(self, chain: Chain) -> bool:
        return chain[-1][0].parents[1].name == self.player.key


NOWHERE: Found = {"file": "", "part": "", "place": 0, "after": False}


def _at_step(part: str, chain: Chain, *, after: bool = False) -> Found:
    path, place = chain[-1]
    return _at(path, part if len(chain) == 1 else "steps", place, after=after)


def _at(path: Any, part: str, place: int, *, after: bool = False) -> Found:
    return {"file": path.name, "part": part, "place": place, "after": after}


def _sample_for(ctx: Context, item_id: int, who: str) -> Found:
    empty = task_sheet(ctx, item_id).form
    filled = filled_in(ctx, empty)
    said = told_sample(filled, who)

    def bind(values: Mapping[str, Any] | None, posted: Posted | None) -> TaskForm:
        if posted is not None:
            return task_sheet(ctx, item_id, posted).form
        return replace(filled, values=filled.values if values is None else values)

    form = fill_in(empty.schema, empty.values, said, bind)
    return script_answers(form) if form.validate() else said
