"""Playing one scenario.

Start, tasks, messages and time, each through the services that people use.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from workflow_app.domain.actors import PUBLIC, SYSTEM, Actor
from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import WorkState
from workflow_app.engine import current_scope
from workflow_app.feel import compile_expression
from workflow_app.form_builder import FormRuleError
from workflow_app.models.starts import ProcessStart
from workflow_app.models.work import Subscription, WorkItem
from workflow_app.services.accounts import actor_named
from workflow_app.services.background import do_due_work
from workflow_app.services.case_store import Loaded, load_by_work_item, load_case
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host
from workflow_app.services.messages import send_message
from workflow_app.services.notices import open_notices
from workflow_app.services.scenarios.answering import Deviation, errors_of, fill_in
from workflow_app.services.scenarios.book import CaseBook
from workflow_app.services.scenarios.collecting import give_answers, send_entries
from workflow_app.services.scenarios.faults import failing_operations
from workflow_app.services.scenarios.looks import Look, differences
from workflow_app.services.scenarios.mishaps import mishaps
from workflow_app.services.scenarios.moments import next_due
from workflow_app.services.scenarios.opening import FormRefuses, begin, follow
from workflow_app.services.seeding import enter_rows
from workflow_app.services.tasks import complete_task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context
    from workflow_app.services.scenarios.script import Beginning, Expectation, Move, Scenario
    from workflow_app.services.scenarios.world import World


@dataclass(slots=True)
class Player:
    """Plays one scenario in a world; a hasty one stops at the first thing that deviates."""

    world: World
    key: str
    path: Path
    scenario: Scenario
    book: CaseBook = field(default_factory=CaseBook)
    steps: int = 0
    problems: list[str] = field(default_factory=list)
    hasty: bool = False

    @property
    def case_id(self) -> int:
        """Return the id of the scenario's own case, 0 before it began."""
        return self.book.own

    def play(self) -> None:
        """Play it all; what deviates is collected in `problems`."""
        self.world.clock.moment = datetime.fromisoformat(self.scenario.clock)
        failing = failing_operations(self.scenario.failing)
        self.world.platform = replace(self.world.platform, operations=failing)
        try:
            self._enter_registers()
            self._silence_others()
            for number, move in enumerate(self.scenario.before, 1):
                self._move(f"before the start, step {number}", move)
            self._start()
            for number, move in enumerate(self.scenario.steps, 1):
                self._move(f"step {number}", move)
                if self.hasty and self.problems:
                    return
            self._look("at the end", self.scenario.expect, final=True)
        except (Deviation, DomainError, FormRuleError) as deviation:
            self.problems.append(f"after {self.steps} steps: {deviation}")
        self.problems += mishaps(self.world)

    def _enter_registers(self) -> None:
        with self.world.acting() as ctx:
            for register, rows in self.scenario.register.items():
                enter_rows(ctx, register, rows)

    def _silence_others(self) -> None:
        """Let only those processes begin by time that the scenario is of or names.

        Others would begin day after day of the years that a scenario may take.
        """
        named = self.path.read_text(encoding="utf-8") + self.key
        timers = ProcessStart.kind == "timer"
        with self.world.acting() as ctx:
            keys = ctx.session.scalars(select(ProcessStart.process_key).where(timers).distinct())
            others = [key for key in keys if key not in named]
            ctx.session.execute(
                delete(ProcessStart).where(timers, ProcessStart.process_key.in_(others))
            )

    def _start(self) -> None:
        self.book.own = self._begin(self.key, self.scenario.start)
        self._settle()

    def _begin(self, key: str, beginning: Beginning) -> int:
        if beginning.follow is not None:
            return self._follow(beginning)
        actor = PUBLIC if beginning.by == PUBLIC.username else self._person(beginning.by)
        place = (self.path, self.scenario.language, self._outsider())
        return begin(self.world, key, beginning, actor, place)

    def _follow(self, beginning: Beginning) -> int:
        earlier = self._case(beginning.case)
        actor = self._sender(earlier, beginning.by)
        return follow(self.world, earlier, beginning, actor, (self.path, self.scenario.language))

    def _outsider(self) -> str | None:
        """Return the role in which a called process hears from outside: who sends its messages."""
        return next((move.by for move in self.scenario.steps if move.message), None)

    def _move(self, where: str, move: Move) -> None:
        if move.advance or move.advance_to:
            self._advance(move)
        elif move.start:
            self._may_be_denied(f"{where}, start", move, self._begin_another)
        elif move.task:
            self._may_be_denied(f"{where}, task {move.task}", move, self._complete)
        elif move.message:
            self._may_be_denied(f"{where}, message {move.message}", move, self._send)
        elif move.send:
            with self.world.acting(SYSTEM) as ctx:
                send_message(ctx, move.send, move.correlation, move.data)
        elif move.contribute or move.answer:
            self._may_be_denied(f"{where}, collection", move, self._collect)
        self.steps += 1
        self._settle()
        if move.expect is not None:
            self._look(where, move.expect, final=False, case=move.case)

    def _begin_another(self, where: str, move: Move) -> None:
        beginning = move.start
        if beginning is None or self._is_refused(where, beginning, move.refused):
            return
        case_id = self.book.last = self._begin(beginning.process or self.key, beginning)
        if beginning.name:
            self.book.named[beginning.name] = case_id

    def _is_refused(self, where: str, beginning: Beginning, fields: list[str]) -> bool:
        """Tell whether a start form refuses what it should; False where nothing should be."""
        if not fields:
            return False
        try:
            self._begin(beginning.process or self.key, beginning)
        except FormRefuses as refusal:
            wrong = _unexpected(refusal.fields, fields)
            if not wrong:
                return True
            msg = f"{where}: should be refused at {fields}: {wrong}"
        else:
            msg = f"{where}: should be refused at {fields}"
        raise Deviation(msg)

    def _may_be_denied(self, where: str, move: Move, act: Callable[[str, Move], None]) -> None:
        """Take a step; one that must be denied is when somebody or something says so."""
        if move.denied is None:
            act(where, move)
            return
        try:
            act(where, move)
        except DomainError as refusal:
            if move.denied in str(refusal):
                return
            msg = f"{where}: should be denied with “{move.denied}”, is denied: {refusal}"
        else:
            msg = f"{where}: should be denied with “{move.denied}”"
        raise Deviation(msg)

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
        self._advance_until(target)

    def _advance_until(self, target: datetime) -> None:
        clock = self.world.clock
        while (due := next_due(self.world, target)) is not None:
            clock.moment = max(due, clock.now())
            self._settle()
        clock.moment = max(target, clock.now())

    def _complete(self, where: str, move: Move) -> None:
        actor = self._person(move.by)
        with self.world.acting(actor, self.scenario.language) as ctx:
            item = self._item(ctx, where, move)
            loaded = load_by_work_item(ctx, item)
            form = _fill(ctx, loaded, loaded.row.form, loaded.row.task_id, move)
            if not self._accepted(where, form, move):
                return
            complete_task(ctx, item, form.answers())

    def _send(self, where: str, move: Move) -> None:
        case_id = self._case(move.case)
        actor = self._sender(case_id, move.by)
        with self.world.acting(actor, self.scenario.language) as ctx:
            if actor.case_id is not None:
                open_notices(ctx, case_id)
            wait = ctx.session.scalar(
                select(Subscription)
                .where(Subscription.case_id == case_id, Subscription.message == move.message)
                .order_by(Subscription.id.desc())
                .limit(1)
            )
            if wait is None:
                msg = f"{where}: nobody waits for it"
                raise Deviation(msg)
            loaded = load_case(ctx, case_id)
            form = _fill(ctx, loaded, wait.form or "", wait.task_id, move)
            if self._accepted(where, form, move):
                deliver_answers(ctx, case_id, wait.task_id, form.answers())

    def _collect(self, where: str, move: Move) -> None:
        case_id = self._case(move.case)
        by = move.by or PUBLIC.username
        actor = PUBLIC if by == PUBLIC.username else self._person(by)
        accepted = partial(self._accepted, where, move=move)
        with self.world.acting(actor, self.scenario.language) as ctx:
            if move.answer is not None:
                give_answers(ctx, case_id, move.answer, accepted)
            else:
                send_entries(ctx, case_id, move, accepted)

    def _sender(self, case_id: int, name: str) -> Actor:
        """Return the key holder for their role, else the account of that name."""
        with self.world.acting() as ctx:
            role = load_case(ctx, case_id).row.key_holder_role
        return key_holder_actor(case_id) if name == role else self._person(name)

    def _case(self, called: str | None) -> int:
        with self.world.acting() as ctx:
            found = self.book.find(ctx.session, called)
        if found is None:
            msg = f"there is no case of {called}"
            raise Deviation(msg)
        return found

    def _accepted(self, where: str, form: TaskForm, move: Move) -> bool:
        good = form.validate()
        if not move.refused:
            if not good:
                msg = f"{where}: the form refuses: {errors_of(form)}"
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
            .where(WorkItem.case_id == self._case(move.case), WorkItem.state == WorkState.OPEN)
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
            actor = actor_named(ctx.session, name, self.world.clock.now())
        finally:
            ctx.session.close()
        if actor is None:
            msg = f"there is no account {name}"
            raise Deviation(msg)
        return actor

    def _settle(self) -> None:
        do_due_work(lambda: self.world.context(SYSTEM))

    def _look(
        self, where: str, expected: Expectation, *, final: bool, case: str | None = None
    ) -> None:
        case_id = self._case(case)
        ctx = self.world.context()
        try:
            found = differences(Look(ctx, case_id), expected, final=final)
            self.problems += [f"{where}: {text}" for text in found]
        finally:
            ctx.session.close()
        for other, inner in expected.cases.items():
            self._look(f"{where}, case {other}", inner, final=False, case=other)


def _fill(ctx: Context, loaded: Loaded, name: str, task_id: str, move: Move) -> TaskForm:
    published, case_id = loaded.published, loaded.row.id
    data = current_scope(published.program, loaded.state, task_id)
    host = Host(ctx, loaded.facts.path, case_id)

    def bind(values: Mapping[str, Any] | None, posted: Any) -> TaskForm:
        return make_form(
            ctx,
            published,
            name,
            data=data if values is None else values,
            host=host,
            posted=posted,
            owner=owner_of(ctx.actor),
            case_id=case_id,
        )

    return fill_in(published.form(name), data, move.answers, bind)


def _unexpected(found: list[str], wanted: list[str]) -> list[str]:
    """Return html ids in error that no wanted field explains, and wanted fields without error."""
    prefixes = {field: "f-" + field.replace(".", "-") for field in wanted}
    strange = [one for one in found if not one.startswith(tuple(prefixes.values()))]
    quiet = [f for f, p in prefixes.items() if not any(one.startswith(p) for one in found)]
    return strange + quiet
