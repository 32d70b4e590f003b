"""Starting cases: by an account, or by a link sent to an e-mail address."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import DomainError, NotAllowed, NotFound
from workflow_app.domain.ids import provisional_number
from workflow_app.domain.permissions import has_role
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.engine import StartForm, StepFailed, start
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.people import Territory
from workflow_app.models.register import StartLink
from workflow_app.services.case_store import LostRace
from workflow_app.services.documents import attach
from workflow_app.services.drafts import (
    as_posted,
    drop_draft,
    find_draft,
    owner_of,
    save_draft,
    typed,
)
from workflow_app.services.forms import make_form, passed_on
from workflow_app.services.host import Host
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.scope import CaseFacts, StepScope
from workflow_app.services.step_items import evaluate_time
from workflow_app.services.step_writer import Submitted
from workflow_app.services.steps import ATTEMPTS, first_step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.domain.actors import Actor
    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.programs import Published

PUBLIC = "public"
LINK_DAYS = 30
LINK_USED = N_("This link was used already, or it is not complete. Ask for a new one.")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_links = table_of(StartLink)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A start form as one person opens it; `email` is known when they came by a link."""

    published: Published
    start: StartForm
    owner: str
    email: str | None = None
    link_id: int | None = None

    @property
    def subject(self) -> str:
        """Return the name under which drafts of this start form lie."""
        return f"start:{self.published.key}"


@dataclass(frozen=True, slots=True)
class StartedCase:
    """What an applicant is told: the case's number and key."""

    id: int
    number: str
    secret: str


def start_form_of(published: Published, actor: Actor, *, by_link: bool = False) -> StartForm:
    """Return the start form that the actor may use. Raises NotFound, NotAllowed."""
    forms = [s for s in published.program.starts.values() if s.form]
    if not forms:
        raise NotFound
    for candidate in forms:
        public = candidate.by in (None, PUBLIC)
        if public and (by_link or actor.is_signed_in):
            return candidate
        if candidate.by and any(has_role(actor, candidate.by, g.path) for g in actor.grants):
            return candidate
    raise NotAllowed


def send_start_link(ctx: Context, published: Published, email: str) -> None:
    """Send a link that opens the start form; the same words whether or not the address is known."""
    token = secrets.token_urlsafe(24)
    ctx.session.execute(
        insert(_links).values(
            digest=_digest(token),
            email=email,
            process_key=published.key,
            language=ctx.language,
            created_at=ctx.now,
        )
    )
    words = Words(ctx.language, published.words.get(ctx.language, {}))
    title = words.text(published.manifest.title)
    mail = {
        "to": email,
        "language": ctx.language,
        "subject": words.text(N_("Your link to apply: %(title)s"), title=title),
        "text": words.text(
            N_(
                "You asked for a link to apply: %(title)s.\n\n%(link)s\n\n"
                "The link works for 30 days. What you type is saved, so you can stop and come "
                "back by the same link.\n\n"
                "If you did not ask for it, do nothing."
            ),
            title=title,
            link=f"{ctx.platform.settings.base_url}/start/{token}",
        ),
    }
    ctx.session.execute(insert(outbox).values(**outbox_values(OutboxKind.MAIL, mail, ctx.now)))


def open_by_link(ctx: Context, token: str) -> Opening:
    """Return the start form behind a link. Raises NotFound when the link is unknown or used."""
    link = ctx.session.execute(select(_links).where(_links.c.digest == _digest(token))).first()
    if link is None or link.used_case_id is not None:
        raise NotFound(LINK_USED)
    if (ctx.now - link.created_at).days >= LINK_DAYS:
        raise NotFound(N_("This link has expired. Ask for a new one."))
    published = ctx.platform.programs.latest(ctx.session, link.process_key)
    return Opening(
        published=published,
        start=start_form_of(published, ctx.actor, by_link=True),
        owner=owner_of(ctx.actor, str(link.id)),
        email=link.email,
        link_id=link.id,
    )


def open_by_account(ctx: Context, key: str) -> Opening:
    """Return a process's start form for a person with an account. Raises NotFound, NotAllowed."""
    published = ctx.platform.programs.latest(ctx.session, key)
    return Opening(
        published=published,
        start=start_form_of(published, ctx.actor),
        owner=owner_of(ctx.actor),
        email=ctx.actor.email,
    )


def bind_start_form(ctx: Context, opening: Opening, posted: Posted | None = None) -> TaskForm:
    """Return the start form, filled from what was posted, else from the draft."""
    if posted is None:
        posted = as_posted(find_draft(ctx, opening.owner, opening.subject))
    known = {"email": opening.email} if opening.email else {}
    host = Host(ctx, home_path(ctx))
    return make_form(
        ctx,
        opening.published,
        opening.start.form or "",
        data={**prefilled(opening.published, host), **known},
        host=host,
        posted=posted,
        owner=opening.owner,
    )


def prefilled(published: Published, host: Host) -> dict[str, Any]:
    """Return the data that the process's start form opens over. Raises FeelError."""
    return {
        name: to_json(compile_expression(text).evaluate({}, host.functions))
        for name, text in published.manifest.prefill.items()
    }


def save_start_draft(ctx: Context, opening: Opening, posted: Posted) -> Any:
    """Keep what was typed into a start form; returns when."""
    return save_draft(ctx, opening.owner, opening.subject, typed(posted))


def start_case(
    ctx: Context, opening: Opening, answers: Mapping[str, Any], *, once: str | None = None
) -> StartedCase:
    """Create a case from a validated start form: number, first steps, receipt, in one transaction.

    A form sent twice with the same word `once` gives the case that it gave the first time.
    Raises engine.StepFailed, LostRace.
    """
    for _ in range(ATTEMPTS):
        if once is not None and (twin := started_with(ctx, once)) is not None:
            return twin
        try:
            return _start_once(ctx, opening, answers, once)
        except LostRace:
            continue
    raise LostRace


def _start_once(
    ctx: Context, opening: Opening, answers: Mapping[str, Any], once: str | None
) -> StartedCase:
    published = opening.published
    scope = _scope(ctx, opening, answers)
    _require_role(ctx, opening.start, scope.case.path)
    scope.update_case(start_word=once)
    data = _first_data(opening, scope.case, answers)
    case_id, _ = first_step(
        scope,
        lambda env: start(published.program, opening.start.element, data, env),
        _submitted(opening, answers),
    )
    attach(ctx, case_id, answers, owner=opening.owner, for_key_holder=True)
    drop_draft(ctx, opening.owner, opening.subject)
    if opening.link_id is not None:
        _use_link(ctx, opening.link_id, case_id)
    return StartedCase(case_id, scope.case.number or "", scope.case.secret)


def _require_role(ctx: Context, form: StartForm, path: str) -> None:
    """Let only those start a case in a territory who hold the role that the start names there."""
    if form.by not in (None, PUBLIC) and not has_role(ctx.actor, form.by, path):
        raise NotAllowed


def _use_link(ctx: Context, link_id: int, case_id: int) -> None:
    unused = update(_links).where(_links.c.id == link_id, _links.c.used_case_id.is_(None))
    hit = ctx.connection.execute(unused.values(used_case_id=case_id))
    if hit.rowcount == 0:
        raise NotFound(LINK_USED)


def _first_data(opening: Opening, case: CaseFacts, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **passed_on(opening.published, opening.start.form or "", answers),
        "case": about_case(opening.published, case),
    }


def about_case(published: Published, case: CaseFacts) -> dict[str, Any]:
    """Return what a case's own data say of it under the name `case`."""
    return {
        "number": case.number,
        "key": case.secret,
        "kind": published.key,
        "title": case.title,
        "language": case.language,
        "territory": case.territory,
    }


def _submitted(opening: Opening, answers: Mapping[str, Any]) -> Submitted:
    return Submitted(
        element=f"{opening.published.key}/{opening.start.element}",
        name=opening.start.name,
        form=opening.start.form or "",
        task_id=None,
        data=answers,
        draft_owner=opening.owner,
        draft_subject=opening.subject,
    )


def started_with(ctx: Context, once: str) -> StartedCase | None:
    """Return the case that a start form sent with this word has made already."""
    row = ctx.session.execute(
        select(Case.id, Case.number, Case.secret).where(Case.start_word == once)
    ).first()
    return StartedCase(row.id, row.number, row.secret) if row else None


def home_path(ctx: Context) -> str:
    """Return the path of the first root: the territory of whoever has no case yet."""
    root = select(Territory.path).where(Territory.parent_code.is_(None)).order_by(Territory.code)
    return ctx.session.scalar(root.limit(1)) or ""


def new_secret() -> str:
    """Return a key for people to copy: three groups of four characters that look like no other."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _scope(ctx: Context, opening: Opening, answers: Mapping[str, Any]) -> StepScope:
    try:
        facts = new_facts(ctx, opening.published, answers, email=opening.email)
    except (FeelError, DomainError) as error:
        raise StepFailed.because(opening.start.element, error) from error
    host = Host(ctx, facts.path)
    return StepScope(ctx=ctx, published=opening.published, case=facts, host=host)


def new_facts(
    ctx: Context,
    published: Published,
    answers: Mapping[str, Any],
    *,
    email: str | None = None,
    sender: CaseFacts | None = None,
) -> CaseFacts:
    """Return what is known of a case before its first step.

    What the process does not say is taken over from the case that sent the message to start it.
    """
    manifest = published.manifest
    code = _evaluated(manifest.territory, answers)
    place = ctx.session.get(Territory, code) if code else None
    path = place.path if place else sender.path if sender else home_path(ctx)
    host = Host(ctx, path)
    total = manifest.term.get("total")
    return CaseFacts(
        id=None,
        number=provisional_number(),
        secret=new_secret(),
        title=_evaluated(manifest.case_title, answers)
        or (sender.title if sender else manifest.title),
        language=sender.language if sender else ctx.language,
        territory=path.rsplit("/", 1)[-1],
        path=path,
        status="submitted",
        key_holder_email=email or _evaluated(manifest.email, answers),
        started_at=ctx.now,
        term_due=evaluate_time(total, answers, host) if total else None,
    )


def _evaluated(text: str, answers: Mapping[str, Any]) -> str | None:
    if not text:
        return None
    value = to_json(compile_expression(text).evaluate(answers))
    return str(value) if value is not None else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
