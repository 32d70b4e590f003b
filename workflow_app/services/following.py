"""Following a case from outside: by number and key, and answering what it waits for."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from workflow_app.domain.actors import KEY_HOLDER, Actor
from workflow_app.domain.errors import (
    AlreadyCompleted,
    DomainError,
    NotAllowed,
    NotFound,
    WrongKey,
)
from workflow_app.domain.permissions import has_role
from workflow_app.engine import Env, Step, current_scope, deliver
from workflow_app.feel import FeelError, compile_expression
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case
from workflow_app.models.work import Subscription
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.documents import attach
from workflow_app.services.drafts import (
    as_posted,
    find_draft,
    owner_of,
    require_newest,
    save_posted,
    token_of,
)
from workflow_app.services.forms import make_form, passed_on
from workflow_app.services.host import Host
from workflow_app.services.step_writer import Submitted
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.drafts import SavedDraft

_waits = table_of(Subscription)
_answers = table_of(Answer)


@dataclass(frozen=True, slots=True)
class KeyedCase:
    """The case that a number and key open."""

    id: int
    number: str


def open_with_key(ctx: Context, number: str, key: str) -> KeyedCase:
    """Return the case that fits both. Raises WrongKey without telling which of the two is wrong."""
    wanted = number.strip().upper()
    row = ctx.session.execute(
        select(Case.id, Case.number, Case.secret).where(Case.number == wanted)
    ).first()
    tidy = key.strip().upper().replace(" ", "").replace("-", "")
    if row is None or not _is_same(row.secret.replace("-", ""), tidy):
        raise WrongKey
    return KeyedCase(row.id, row.number)


def _is_same(secret: str, shown: str) -> bool:
    return hmac.compare_digest(secret.encode(), shown.encode())


def key_holder_actor(case_id: int) -> Actor:
    """Return the actor that a fitting key makes: it may see and answer this one case."""
    return Actor(username=KEY_HOLDER, title="Key holder", case_id=case_id)


def answerable(ctx: Context, loaded: Loaded) -> list[Row[Any]]:
    """Return the messages with a form that the actor may send to the case now."""
    rows = ctx.session.execute(
        select(_waits).where(_waits.c.case_id == loaded.row.id, _waits.c.form.is_not(None))
    )
    return [row for row in rows if _may_send(ctx.actor, loaded, row.sender)]


def first_of_each(ctx: Context, loaded: Loaded, waits: list[Row[Any]]) -> list[Row[Any]]:
    """Return one wait a message and what it is about: the innermost, begun last, serves for all."""
    ordered = sorted(waits, key=lambda wait: int(wait.id))
    newest = {(wait.message, about(ctx, loaded, wait)): wait for wait in ordered}
    return list(newest.values())


def about(ctx: Context, loaded: Loaded, wait: Row[Any]) -> str | None:
    """Return what a wait is about, so that several for one message are told apart."""
    published = loaded.published
    manifests = (published.manifest, *published.manifests.values())
    texts = [m.message_about[wait.message] for m in manifests if wait.message in m.message_about]
    if not texts:
        return None
    data = current_scope(loaded.published.program, loaded.state, wait.task_id)
    host = Host(ctx, loaded.facts.path, loaded.facts.id)
    try:
        found = compile_expression(texts[0]).evaluate(data, host.functions)
    except (FeelError, DomainError):
        # The link still leads to the form, which tells it whole.
        return None
    return found if isinstance(found, str) and found else None


def bind_message_form(
    ctx: Context, case_id: int, task_id: str, posted: Posted | None = None
) -> tuple[Loaded, Row[Any], TaskForm]:
    """Return the case, what it waits for and the bound form that answers it.

    Raises NotFound when the case no longer waits for it, NotAllowed.
    """
    loaded = load_case(ctx, case_id)
    wait = _wait(ctx, loaded, task_id)
    if posted is None:
        subject = message_subject(case_id, task_id)
        posted = as_posted(find_draft(ctx, owner_of(ctx.actor), subject))
    form = make_form(
        ctx,
        loaded.published,
        wait.form,
        data=current_scope(loaded.published.program, loaded.state, task_id),
        host=Host(ctx, loaded.facts.path, case_id),
        posted=posted,
        owner=owner_of(ctx.actor),
        case_id=case_id,
    )
    return loaded, wait, form


def submit_message(ctx: Context, case_id: int, task_id: str, posted: Posted) -> TaskForm | Step:
    """Validate a message's form and deliver it; returns the form when it has errors.

    Raises NotFound, NotAllowed, DraftChanged, CaseStuck.
    """
    subject = message_subject(case_id, task_id)
    require_newest(ctx, owner_of(ctx.actor), subject, token_of(posted))
    _loaded, _wait_row, form = bind_message_form(ctx, case_id, task_id, posted)
    return deliver_answers(ctx, case_id, task_id, form.answers()) if form.validate() else form


def save_message_draft(ctx: Context, case_id: int, task_id: str, posted: Posted) -> SavedDraft:
    """Keep what was typed into a message's form. Raises NotFound, NotAllowed, DraftChanged."""
    loaded = load_case(ctx, case_id)
    schema = loaded.published.form(_wait(ctx, loaded, task_id).form)
    subject = message_subject(case_id, task_id)
    return save_posted(ctx, owner_of(ctx.actor), subject, posted, schema)


def deliver_answers(ctx: Context, case_id: int, task_id: str, answers: Mapping[str, Any]) -> Step:
    """Deliver a message with validated answers: one step, one transaction.

    Raises NotFound, NotAllowed, CaseStuck.
    """
    loaded = load_case(ctx, case_id)
    wait = _wait(ctx, loaded, task_id)
    payload = passed_on(loaded.published, wait.form, answers)
    submitted = Submitted(
        element=wait.element,
        name=wait.name,
        form=wait.form,
        task_id=task_id,
        data=answers,
        draft_owner=owner_of(ctx.actor),
        draft_subject=message_subject(case_id, task_id),
    )

    def load() -> Loaded:
        current = load_case(ctx, case_id)
        _wait(ctx, current, task_id)
        return current

    def act(current: Loaded, env: Env) -> Step:
        return deliver(current.published.program, current.state, task_id, payload, env)

    attempt = Attempt(
        kind="answer", task_id=task_id, answers=dict(answers), actor=ctx.actor.username
    )
    with sticking(case_id, attempt):
        step = step_case(ctx, load, act, submitted=submitted)
    attach(ctx, case_id, answers, owner=owner_of(ctx.actor), for_key_holder=True)
    return step


def message_subject(case_id: int, task_id: str) -> str:
    """Return the name under which drafts of an answer lie."""
    return f"message:{case_id}:{task_id}"


def _wait(ctx: Context, loaded: Loaded, task_id: str) -> Row[Any]:
    wait = ctx.session.execute(
        select(_waits).where(_waits.c.case_id == loaded.row.id, _waits.c.task_id == task_id)
    ).first()
    if wait is None or wait.form is None:
        _require_unsent(ctx, loaded.row.id, task_id)
        raise NotFound
    if not _may_send(ctx.actor, loaded, wait.sender):
        raise NotAllowed
    return wait


def _require_unsent(ctx: Context, case_id: int, task_id: str) -> None:
    """Say who sent an answer and when to those who send it again. Raises AlreadyCompleted."""
    sent = ctx.session.execute(
        select(_answers.c.actor, _answers.c.at)
        .where(_answers.c.case_id == case_id, _answers.c.task_id == task_id)
        .where(_answers.c.actor == ctx.actor.username)
    ).first()
    if sent is not None:
        raise AlreadyCompleted(who=ctx.actor.title, when=sent.at)


def _may_send(actor: Actor, loaded: Loaded, sender: str | None) -> bool:
    if actor.case_id == loaded.row.id:
        return sender in (None, "public", loaded.row.key_holder_role)
    return sender is not None and has_role(actor, sender, loaded.row.territory_path)
