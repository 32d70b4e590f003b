"""Starting cases from a start form, by whoever opened it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import DomainError, NotAllowed
from workflow_app.domain.ids import provisional_number
from workflow_app.domain.permissions import has_role
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed, start
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.models.applicants import CaseLink, CaseOrganisation
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case
from workflow_app.models.entries import CaseEntry
from workflow_app.models.people import Territory
from workflow_app.models.starts import RunningKey
from workflow_app.services.case_store import LostRace
from workflow_app.services.documents import attach
from workflow_app.services.drafts import drop_draft
from workflow_app.services.entries import ENTRY, NotOpen, closed_text
from workflow_app.services.forms import passed_on
from workflow_app.services.host import Host, home_path
from workflow_app.services.links import require_free
from workflow_app.services.opening import (
    BEFORE,
    PUBLIC,
    Opening,
    before_form_of,
    bind_start_form,
    open_by_account,
    prefilled,
    save_start_draft,
    start_form_of,
)
from workflow_app.services.paper import PAPER, paper_event, received_at, signed_on_paper
from workflow_app.services.profile import remember
from workflow_app.services.scope import CaseFacts, StepScope
from workflow_app.services.sent_copy import ask_for_copy
from workflow_app.services.start_links import use_link
from workflow_app.services.step_items import evaluate_time
from workflow_app.services.step_writer import Submitted
from workflow_app.services.steps import ATTEMPTS, first_step
from workflow_app.services.taking import NoNewCases, takes_cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

__all__ = [
    "PUBLIC",
    "Opening",
    "StartedCase",
    "about_case",
    "bind_start_form",
    "home_path",
    "new_facts",
    "open_by_account",
    "prefilled",
    "save_start_draft",
    "start_case",
    "start_form_of",
    "started_with",
]

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_running = table_of(RunningKey)
_links = table_of(CaseLink)
_answers = table_of(Answer)
_organisations = table_of(CaseOrganisation)
_over = table_of(CaseEntry)
NO_SIGNATORY = N_(
    "Only who may sign for the organisation can send this. What is filled in is kept."
)
ASKED_BEFORE = N_("Asked before the application")


@dataclass(frozen=True, slots=True)
class StartedCase:
    """What an applicant is told: the case's number and key."""

    id: int
    number: str
    secret: str


def start_case(
    ctx: Context, opening: Opening, answers: Mapping[str, Any], *, once: str | None = None
) -> StartedCase:
    """Create a case from a validated start form: number, first steps, receipt, in one transaction.

    A form sent twice with the same word `once` gives the case that it gave the first time.
    Raises engine.StepFailed, LostRace, NotOpen, NoNewCases.
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
    _require_open(ctx, opening)
    if opening.on_paper:
        answers = signed_on_paper(published.form(opening.start.form or ""), answers)
    scope = _scope(ctx, opening, answers)
    _require_role(ctx, opening, scope.case.path)
    scope.update_case(start_word=once)
    _tie(scope, opening, answers)
    _sign_for(scope, opening)
    submitted = _submitted(opening, answers)
    _write_known(scope, opening)
    if opening.on_paper:
        # The case is the applicant's: whoever enters it gains nothing by it.
        scope.update_case(started_by=PUBLIC, started_at=scope.case.started_at)
        scope.events.append(paper_event(submitted.element, answers, ctx.now))
    elif opening.start.by in (None, PUBLIC):
        ask_for_copy(scope, submitted.element)
    data = _first_data(opening, scope.case, answers)
    case_id, _ = first_step(
        scope,
        lambda env: start(published.program, opening.start.element, data, env),
        submitted,
    )
    attach(ctx, case_id, answers, owner=opening.owner, for_key_holder=True)
    if opening.organisation is not None:
        remember(ctx, opening.organisation.code, opening.schema, answers)
    drop_draft(ctx, opening.owner, opening.subject)
    if opening.link_id is not None:
        use_link(ctx, opening.link_id, case_id)
    return StartedCase(case_id, scope.case.number or "", scope.case.secret)


def _require_open(ctx: Context, opening: Opening) -> None:
    closed = closed_text(ctx, opening.start, opening.entry)
    if closed is not None:
        raise NotOpen(closed)
    if not takes_cases(ctx, opening.published):
        raise NoNewCases


def _tie(scope: StepScope, opening: Opening, answers: Mapping[str, Any]) -> None:
    """Tie a case to what it is over: an entry, an earlier case, the key of its first message."""
    if opening.entry is not None:
        scope.insert(_over, register=opening.entry.register, entry=opening.entry.key)
    earlier = opening.earlier
    if earlier is not None:
        told = {"earlier_id": earlier.case.id, "kind": earlier.message, "at": scope.ctx.now}
        scope.insert(_links, **told)
    correlation = correlation_of(opening, answers)
    if correlation:
        require_free(scope.ctx, opening.published.key, correlation)
        scope.insert(_running, process_key=opening.published.key, correlation=correlation)


def _sign_for(scope: StepScope, opening: Opening) -> None:
    """Note for which organisation a case is; only who may sign for it sends. Raises NotAllowed."""
    acting = opening.organisation
    if acting is None:
        return
    if not acting.signs:
        raise NotAllowed(NO_SIGNATORY)
    scope.insert(_organisations, organisation_code=acting.code)


def correlation_of(opening: Opening, answers: Mapping[str, Any]) -> str:
    """Return under which key the message of a start begins a case; empty for none.

    It is what the event's property `correlation` says over the answers and `earlier`, else the
    earlier case's number. Raises FeelError.
    """
    text = opening.start.properties.get("correlation", "")
    if text:
        return _evaluated(text, known_of(opening, answers)) or ""
    return opening.earlier.number if opening.earlier else ""


def _require_role(ctx: Context, opening: Opening, path: str) -> None:
    """Let only those start a case in a territory who hold the role that the start names there."""
    start = opening.start
    by = start.properties.get(PAPER) if opening.on_paper else start.by
    if by not in (None, PUBLIC) and not has_role(ctx.actor, str(by), path):
        raise NotAllowed


def _first_data(opening: Opening, case: CaseFacts, answers: Mapping[str, Any]) -> dict[str, Any]:
    earlier = opening.earlier
    return {
        **({"earlier": earlier.kept} if earlier else {}),
        **_passed_entry(opening),
        **_passed_known(opening),
        **passed_on(opening.published, opening.start.form or "", answers),
        "case": about_case(opening.published, case),
    }


def _passed_entry(opening: Opening) -> dict[str, Any]:
    """Return the entry as the case keeps it, where its diagram reads it."""
    read = ENTRY in opening.published.program.read_names
    return {ENTRY: opening.entry.facts} if opening.entry is not None and read else {}


def _passed_known(opening: Opening) -> dict[str, Any]:
    if not opening.known or BEFORE not in opening.start.properties:
        return {}
    form = before_form_of(opening.published, opening.start)
    return passed_on(opening.published, form, opening.known)


def _write_known(scope: StepScope, opening: Opening) -> None:
    """Keep what was answered before the form beside the form's own answers."""
    if opening.known and BEFORE in opening.start.properties:
        scope.insert(
            _answers,
            task_id=None,
            element=f"{opening.published.key}/{opening.start.element}#{BEFORE}",
            name=ASKED_BEFORE,
            form=before_form_of(opening.published, opening.start),
            actor=scope.ctx.actor.username,
            at=scope.ctx.now,
            data=dict(opening.known),
        )


def known_of(opening: Opening, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the process's own words about a new case are worked out over."""
    earlier = opening.earlier
    entry = {ENTRY: opening.entry.facts} if opening.entry else {}
    return {**({"earlier": earlier.facts} if earlier else {}), **entry, **answers}


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


def new_secret() -> str:
    """Return a key for people to copy: three groups of four characters that look like no other."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _scope(ctx: Context, opening: Opening, answers: Mapping[str, Any]) -> StepScope:
    counted = ctx
    if opening.on_paper:
        counted = replace(ctx, now=received_at(answers, Host(ctx, home_path(ctx))))
    try:
        facts = new_facts(
            counted,
            opening.published,
            known_of(opening, answers),
            email=opening.email,
            sender=opening.earlier.case if opening.earlier else None,
        )
    except (FeelError, DomainError) as error:
        raise StepFailed.because(opening.start.element, error) from error
    facts = replace(facts, language=ctx.language)
    host = Host(counted, facts.path)
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
        title=_evaluated(manifest.case_title, answers, host)
        or (sender.title if sender else manifest.title),
        language=sender.language if sender else ctx.language,
        territory=path.rsplit("/", 1)[-1],
        path=path,
        status="submitted",
        key_holder_email=email or _evaluated(manifest.email, answers),
        started_at=ctx.now,
        term_due=evaluate_time(total, answers, host) if total else None,
    )


def _evaluated(text: str, answers: Mapping[str, Any], host: Host | None = None) -> str | None:
    if not text:
        return None
    functions = host.functions if host else {}
    value = to_json(compile_expression(text).evaluate(answers, functions))
    return str(value) if value is not None else None
