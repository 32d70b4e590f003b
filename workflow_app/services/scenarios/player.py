"""Playing one scenario.

Start, tasks, messages and time, each through the services that people use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from workflow_app.domain.actors import PUBLIC, SYSTEM, Actor
from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import WorkState
from workflow_app.engine import current_scope, start
from workflow_app.feel import compile_expression
from workflow_app.models.case import Case
from workflow_app.models.work import DueTimer, Subscription, WorkItem
from workflow_app.services.accounts import actor_named
from workflow_app.services.background import do_due_work
from workflow_app.services.case_store import Loaded, load_by_work_item, load_case
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host
from workflow_app.services.scenarios.answering import fill_in
from workflow_app.services.scenarios.looks import Look, differences
from workflow_app.services.scenarios.script import Move, Scenario, borrowed_answers
from workflow_app.services.scope import StepScope
from workflow_app.services.seeding import enter_rows
from workflow_app.services.starting import (
    Opening,
    new_facts,
    prefilled,
    start_case,
    start_form_of,
)
from workflow_app.services.steps import first_step
from workflow_app.services.tasks import complete_task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context
    from workflow_app.services.scenarios.world import World


class Deviation(Exception):
    """The case did not go as the scenario says."""


@dataclass(slots=True)
class Player:
    """Plays one scenario in a world."""

    world: World
    key: str
    path: Path
    scenario: Scenario
    case_id: int = 0
    steps: int = 0
    problems: list[str] = field(default_factory=list)

    def play(self) -> None:
        """Play it all; what deviates is collected in `problems`."""
        self.world.clock.moment = datetime.fromisoformat(self.scenario.clock)
        try:
            self._enter_registers()
            self._start()
            for number, move in enumerate(self.scenario.steps, 1):
                self._move(number, move)
            self._look("at the end", self.scenario.expect, final=True)
        except (Deviation, DomainError) as deviation:
            self.problems.append(f"after {self.steps} steps: {deviation}")

    def _enter_registers(self) -> None:
        with self.world.acting() as ctx:
            for register, rows in self.scenario.register.items():
                enter_rows(ctx, register, rows)

    def _start(self) -> None:
        beginning = self.scenario.start
        with self.world.acting(PUBLIC, self.scenario.language) as ctx:
            published = ctx.platform.programs.latest(ctx.session, self.key)
            if beginning.data is not None:
                self.case_id = self._start_plain(ctx, beginning.data)
            else:
                form = start_form_of(published, ctx.actor, by_link=True)
                opening = Opening(published=published, start=form, owner="scenario")
                answers = borrowed_answers(self.path, beginning)
                bound = self._bound(ctx, opening, answers)
                self.case_id = start_case(ctx, opening, bound.answers()).id
        self._settle()

    def _start_plain(self, ctx: Context, data: Mapping[str, Any]) -> int:
        published = ctx.platform.programs.latest(ctx.session, self.key)
        facts = new_facts(ctx, published, {}, email="party@example.org")
        scope = StepScope(ctx=ctx, published=published, case=facts, host=Host(ctx, facts.path))
        case = {"number": f"T-{facts.secret}", "key": facts.secret, "title": facts.title}
        scope.update_case(number=case["number"])
        whole = {**data, "case": {**case, "kind": self.key, "territory": facts.territory}}
        element = self.scenario.start.element
        case_id, _ = first_step(
            scope, lambda env: start(published.program, element, whole, env), None
        )
        ctx.session.execute(
            update(Case).where(Case.id == case_id).values(key_holder_role=self._outsider())
        )
        return case_id

    def _outsider(self) -> str | None:
        """Return the role in which a called process hears from outside: who sends its messages."""
        return next((move.by for move in self.scenario.steps if move.message), None)

    def _bound(self, ctx: Context, opening: Opening, answers: Mapping[str, Any]) -> TaskForm:
        name = opening.start.form or ""
        host = Host(ctx, new_facts(ctx, opening.published, {}).path)
        data = prefilled(opening.published, host)

        def bind(values: Mapping[str, Any] | None, posted: Any) -> TaskForm:
            return make_form(
                ctx,
                opening.published,
                name,
                data=data if values is None else values,
                host=host,
                posted=posted,
                owner=opening.owner,
            )

        form = fill_in(opening.published.form(name), data, answers, bind)
        if not form.validate():
            msg = f"the start form refuses: {_errors(form)}"
            raise Deviation(msg)
        return form

    def _move(self, number: int, move: Move) -> None:
        where = f"step {number}"
        if move.advance or move.advance_to:
            self._advance(move)
        elif move.task:
            self._complete(f"{where}, task {move.task}", move)
        elif move.message:
            self._send(f"{where}, message {move.message}", move)
        self.steps += 1
        self._settle()
        if move.expect is not None:
            self._look(where, move.expect, final=False)

    def _advance(self, move: Move) -> None:
        clock = self.world.clock
        if move.advance_to:
            target = datetime.fromisoformat(move.advance_to)
        else:
            by = compile_expression(f'duration("{move.advance}")').evaluate({})
            if not isinstance(by, timedelta):
                msg = f"{move.advance} is no duration"
                raise Deviation(msg)
            target = clock.now() + by
        while (due := self._next_due(target)) is not None:
            clock.moment = max(due, clock.now())
            self._settle()
        clock.moment = target

    def _next_due(self, until: datetime) -> datetime | None:
        ctx = self.world.context()
        try:
            return ctx.session.scalar(
                select(func.min(DueTimer.due_at)).where(DueTimer.due_at <= until)
            )
        finally:
            ctx.session.close()

    def _complete(self, where: str, move: Move) -> None:
        actor = self._person(move.by)
        with self.world.acting(actor, self.scenario.language) as ctx:
            item = self._item(ctx, where, move)
            loaded = load_by_work_item(ctx, item)
            form = self._fill(ctx, loaded, loaded.row.form, loaded.row.task_id, move)
            if not self._accepted(where, form, move):
                return
            complete_task(ctx, item, form.answers())

    def _send(self, where: str, move: Move) -> None:
        actor = self._sender(move.by)
        with self.world.acting(actor, self.scenario.language) as ctx:
            wait = ctx.session.scalar(
                select(Subscription)
                .where(Subscription.case_id == self.case_id, Subscription.message == move.message)
                .order_by(Subscription.id.desc())
                .limit(1)
            )
            if wait is None:
                msg = f"{where}: nobody waits for it"
                raise Deviation(msg)
            loaded = load_case(ctx, self.case_id)
            form = self._fill(ctx, loaded, wait.form or "", wait.task_id, move)
            if self._accepted(where, form, move):
                deliver_answers(ctx, self.case_id, wait.task_id, form.answers())

    def _sender(self, name: str) -> Actor:
        """Return the key holder for their role, else the account of that name."""
        with self.world.acting() as ctx:
            role = load_case(ctx, self.case_id).row.key_holder_role
        return key_holder_actor(self.case_id) if name == role else self._person(name)

    def _fill(self, ctx: Context, loaded: Loaded, name: str, task_id: str, move: Move) -> TaskForm:
        published = loaded.published
        data = current_scope(published.program, loaded.state, task_id)
        host = Host(ctx, loaded.facts.path, self.case_id)

        def bind(values: Mapping[str, Any] | None, posted: Any) -> TaskForm:
            return make_form(
                ctx,
                published,
                name,
                data=data if values is None else values,
                host=host,
                posted=posted,
                owner=owner_of(ctx.actor),
                case_id=self.case_id,
            )

        return fill_in(published.form(name), data, move.answers, bind)

    def _accepted(self, where: str, form: TaskForm, move: Move) -> bool:
        good = form.validate()
        if not move.refused:
            if not good:
                msg = f"{where}: the form refuses: {_errors(form)}"
                raise Deviation(msg)
            return True
        wrong = _unexpected([problem[0] for problem in form.errors], move.refused)
        if wrong:
            msg = f"{where}: should be refused at {move.refused}: {wrong}"
            raise Deviation(msg)
        return False

    def _item(self, ctx: Context, where: str, move: Move) -> int:
        rows = ctx.session.scalars(
            select(WorkItem)
            .where(WorkItem.case_id == self.case_id, WorkItem.state == WorkState.OPEN)
            .order_by(WorkItem.id)
        ).all()
        fitting = [
            row
            for row in rows
            if row.element.rsplit("/", 1)[-1] == move.task
            and move.process in (None, row.element.split("/", 1)[0])
        ]
        mine = [row for row in fitting if row.assignee in (None, ctx.actor.username)]
        if not mine:
            open_now = sorted(row.element for row in rows)
            msg = f"{where}: not open for {ctx.actor.username}; open are {open_now}"
            raise Deviation(msg)
        return mine[0].id

    def _person(self, name: str) -> Actor:
        ctx = self.world.context()
        try:
            actor = actor_named(ctx.session, name, self.world.clock.now().date())
        finally:
            ctx.session.close()
        if actor is None:
            msg = f"there is no account {name}"
            raise Deviation(msg)
        return actor

    def _settle(self) -> None:
        do_due_work(lambda: self.world.context(SYSTEM))

    def _look(self, where: str, expected: Any, *, final: bool) -> None:
        ctx = self.world.context()
        try:
            look = Look(ctx, self.case_id)
            found = differences(look, expected, final=final)
        finally:
            ctx.session.close()
        self.problems += [f"{where}: {text}" for text in found]


def _unexpected(found: list[str], wanted: list[str]) -> list[str]:
    """Return html ids in error that no wanted field explains, and wanted fields without error."""
    prefixes = {field: "f-" + field.replace(".", "-") for field in wanted}
    strange = [one for one in found if not one.startswith(tuple(prefixes.values()))]
    quiet = [f for f, p in prefixes.items() if not any(one.startswith(p) for one in found)]
    return strange + quiet


def _errors(form: TaskForm) -> str:
    return "; ".join(f"{problem[0]}: {problem[1]}" for problem in form.errors)
