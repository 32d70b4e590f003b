"""Beginning a case as a scenario says: by a form, with data, or by a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.domain.actors import PUBLIC
from workflow_app.engine import start
from workflow_app.models.case import Case
from workflow_app.services.background import do_due_work
from workflow_app.services.case_store import load_case
from workflow_app.services.entries import entry_for, refusal
from workflow_app.services.follow_ups import open_follow_up
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host
from workflow_app.services.messages import send_message
from workflow_app.services.opening import opening_data
from workflow_app.services.scenarios.answering import Deviation, errors_of, fill_in
from workflow_app.services.scenarios.book import of_process
from workflow_app.services.scenarios.script import borrowed_answers
from workflow_app.services.scope import StepScope
from workflow_app.services.starting import (
    Opening,
    about_case,
    new_facts,
    start_case,
    start_form_of,
)
from workflow_app.services.steps import first_step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workflow_app.domain.actors import Actor
    from workflow_app.engine import StartForm
    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published
    from workflow_app.services.scenarios.script import Beginning
    from workflow_app.services.scenarios.world import World


class FormRefuses(Deviation):
    """A start form was not accepted; `fields` are the ids of what is wrong."""

    def __init__(self, form: TaskForm) -> None:
        self.fields = [problem[0] for problem in form.errors]
        super().__init__(f"the start form refuses: {errors_of(form)}")


def begin(
    world: World, key: str, beginning: Beginning, actor: Actor, place: tuple[Path, str, str | None]
) -> int:
    """Begin a case of the process and return its id.

    `place` is the scenario's path, its language, and who sends the messages of a case that begins
    with data. Raises Deviation, DomainError.
    """
    path, language, outsider = place
    if beginning.message is not None:
        return _by_message(world, key, beginning, actor)
    with world.acting(actor, language) as ctx:
        published = ctx.platform.programs.latest(ctx.session, key)
        if beginning.data is not None:
            return _with_data(ctx, published, beginning, outsider)
        form = _form(published, beginning, actor)
        entry = entry_for(ctx, form, beginning.entry)
        opening = Opening(published=published, start=form, owner="scenario", entry=entry)
        refused = refusal(ctx, opening)
        if refused is None:
            bound = _bound(ctx, opening, borrowed_answers(path, beginning))
            return start_case(ctx, opening, bound.answers()).id
    # Raised only now: the attempt has to be noted all the same.
    raise refused


def follow(
    world: World, earlier: int, beginning: Beginning, actor: Actor, place: tuple[Path, str]
) -> int:
    """Begin a case out of an earlier one, as its key holder or whoever may, and return its id.

    Raises Deviation, DomainError.
    """
    path, language = place
    with world.acting(actor, language) as ctx:
        loaded = load_case(ctx, earlier)
        opening = open_follow_up(ctx, loaded, beginning.follow or "")
        bound = _bound(ctx, opening, borrowed_answers(path, beginning))
        return start_case(ctx, opening, bound.answers()).id


def _form(published: Published, beginning: Beginning, actor: Actor) -> StartForm:
    named = published.program.starts.get(beginning.element or "")
    if named is not None and named.form:
        return named
    return start_form_of(published, actor, by_link=actor is PUBLIC)


def _by_message(world: World, key: str, beginning: Beginning, actor: Actor) -> int:
    with world.acting(actor) as ctx:
        before = of_process(ctx.session, key)
        send_message(ctx, beginning.message or "", beginning.correlation, beginning.data or {})
    do_due_work(world.context)
    with world.acting(actor) as ctx:
        started = of_process(ctx.session, key)[len(before) :]
    if not started:
        msg = f"the message {beginning.message} started no case of {key}"
        raise Deviation(msg)
    return started[0]


def _with_data(
    ctx: Context, published: Published, beginning: Beginning, outsider: str | None
) -> int:
    facts = new_facts(ctx, published, beginning.data or {}, email="party@example.org")
    scope = StepScope(ctx=ctx, published=published, case=facts, host=Host(ctx, facts.path))
    scope.update_case(number=f"T-{facts.secret}")
    about = {**about_case(published, facts), "number": f"T-{facts.secret}"}
    whole: Mapping[str, Any] = {**(beginning.data or {}), "case": about}
    element = beginning.element
    case_id, _ = first_step(scope, lambda env: start(published.program, element, whole, env), None)
    ctx.session.execute(update(Case).where(Case.id == case_id).values(key_holder_role=outsider))
    return case_id


def _bound(ctx: Context, opening: Opening, answers: Mapping[str, Any]) -> TaskForm:
    name = opening.start.form or ""
    path = opening.earlier.case.path if opening.earlier else None
    host = Host(ctx, path or new_facts(ctx, opening.published, {}).path)
    data = opening_data(opening, host)

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
        raise FormRefuses(form)
    return form
