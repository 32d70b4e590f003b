"""What leaves after the commit: handled at least once, each handler harmless when repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, update

from workflow_app.adapters.files import FileMissing
from workflow_app.adapters.http import HttpError, HttpRefused
from workflow_app.adapters.mailer import Mail, MailError, MailRefused
from workflow_app.adapters.pdf import LetterFailed
from workflow_app.adapters.words import Words
from workflow_app.domain.states import OutboxKind, OutboxState
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.people import Account, Territory
from workflow_app.models.work import Outbox, SentMail
from workflow_app.services.absences import begin_absence
from workflow_app.services.case_store import LostRace, load_case
from workflow_app.services.collecting.telling import tell_now
from workflow_app.services.context import let_go
from workflow_app.services.host import Host
from workflow_app.services.kept import Sent
from workflow_app.services.letterhead import letter_on_head
from workflow_app.services.messages import send, signal_case, waiting_for_signal
from workflow_app.services.notices import came_back, is_wanted, mark_sent
from workflow_app.services.outgoing import outbox_values
from workflow_app.services.requests import handle_operation
from workflow_app.services.sent_copy import copied_answers
from workflow_app.services.starts import begin_case, start_by_signal
from workflow_app.services.stuck import OUTGOING, Attempt, CaseStuck, record_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.scope import CaseFacts

LONGEST_CODE = 80
ATTEMPTS = 8
PAUSE = 120
LONGEST_PAUSE = 86_400
LEASE = timedelta(minutes=5)
_outbox = table_of(Outbox)
_documents = table_of(Document)


def waiting_items(ctx: Context, limit: int) -> list[Row[Any]]:
    """Return (id, case_id) of at most `limit` items whose time has come, oldest first."""
    return list(
        ctx.session.execute(
            select(_outbox.c.id, _outbox.c.case_id)
            .where(_outbox.c.state == OutboxState.WAITING, _outbox.c.not_before <= ctx.now)
            .order_by(_outbox.c.id)
            .limit(limit)
        )
    )


def claim_item(ctx: Context, item_id: int) -> bool:
    """Lease an item before it is handled; False when another worker has it.

    No lock is held while a mail leaves. If this worker dies, the item is due again when the lease
    ends.
    """
    leased = (
        update(_outbox)
        .where(_outbox.c.id == item_id, _outbox.c.state == OutboxState.WAITING)
        .where(_outbox.c.not_before <= ctx.now)
        .values(not_before=ctx.now + LEASE)
    )
    return ctx.connection.execute(leased).rowcount == 1


def give_back_item(ctx: Context, item_id: int) -> None:
    """End a lease early, after a lost race."""
    waiting = _outbox.c.state == OutboxState.WAITING
    back = update(_outbox).where(_outbox.c.id == item_id, waiting)
    ctx.session.execute(back.values(not_before=ctx.now))


def give_up_item(ctx: Context, item_id: int, failure: Exception) -> None:
    """Note that an item could not be handled; an incident carries on what made a case stuck."""
    row = ctx.session.execute(select(_outbox).where(_outbox.c.id == item_id)).one()
    if not isinstance(failure, CaseStuck):
        _failed(ctx, row, failure)
        return
    record_incident(ctx, failure)
    # The answer that a task waits for is kept to be brought again; a message is in the incident.
    state = OutboxState.DONE if row.task_id is None else OutboxState.FAILED
    handed_over = update(_outbox).where(_outbox.c.id == item_id)
    ctx.session.execute(handed_over.values(state=state, last_error=str(failure)))


def deliver_item(ctx: Context, item_id: int) -> bool:
    """Let one item leave and mark it; a failure is kept with a growing pause before the next try.

    Returns True when the item has to be delivered once more in a transaction of its own. Raises
    CaseStuck when what it brings makes a case stuck, LostRace when it was handled already.
    """
    row = ctx.session.execute(select(_outbox).where(_outbox.c.id == item_id)).first()
    if row is None or row.state != OutboxState.WAITING:
        return False
    try:
        if _HANDLERS[row.kind](ctx, row):
            return True
    except (MailError, LetterFailed, FileMissing, HttpError, OSError) as failure:
        _failed(ctx, row, failure)
        return False
    waiting = _outbox.c.state == OutboxState.WAITING
    done = update(_outbox).where(_outbox.c.id == item_id, waiting).values(state=OutboxState.DONE)
    if ctx.connection.execute(done).rowcount == 0:
        raise LostRace
    return False


def _failed(ctx: Context, row: Row[Any], failure: Exception) -> None:
    attempts = row.attempts + 1
    limit = ATTEMPTS if row.tries is None else row.tries
    final = attempts >= limit or isinstance(failure, (MailRefused, HttpRefused))
    ctx.session.execute(
        update(_outbox)
        .where(_outbox.c.id == row.id)
        .values(
            attempts=attempts,
            last_error=str(failure),
            state=OutboxState.FAILED if final else OutboxState.WAITING,
            not_before=ctx.now + _pause(row.pause, attempts),
        )
    )
    if final and row.payload.get("notice"):
        came_back(ctx, row.payload["notice"], _reason(row, failure))
    elif final and row.case_id is not None:
        record_incident(ctx, undelivered(row, failure), tries=attempts)


def _reason(row: Row[Any], failure: Exception) -> str:
    """Return why a mail did not reach its party; a msgid where it is our own reason."""
    return str(failure) if row.payload["to"] else N_("no e-mail address is known.")


def _pause(first: int | None, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: each pause four times the one before."""
    seconds = (PAUSE if first is None else first) * 4 ** min(attempts - 1, 20)
    return timedelta(seconds=min(seconds, LONGEST_PAUSE))


def undelivered(row: Row[Any], failure: Exception) -> CaseStuck:
    """Return what to tell of an item that was tried often enough."""
    payload, told = row.payload, {"reason": failure}
    if row.kind == OutboxKind.MAIL:
        why, told["to"] = N_("The mail to %(to)s could not be sent: %(reason)s"), payload["to"]
    elif row.kind == OutboxKind.DOCUMENT:
        why = N_("The document “%(title)s” could not be made: %(reason)s")
        told["title"] = payload["title"]
    else:
        why = N_("It could not be delivered: %(reason)s")
    if row.kind == OutboxKind.OPERATION:
        why = N_("The other system could not be asked: %(reason)s")
    failed = StepFailed(row.element or "", why, **told)
    return CaseStuck(row.case_id, failed, Attempt(kind=OUTGOING, item=row.id, task_id=row.task_id))


def _mail(ctx: Context, row: Row[Any]) -> None:
    payload, notice = row.payload, row.payload.get("notice")
    if notice and not is_wanted(ctx, notice):
        return
    host = ctx.platform.settings.mail_from.rsplit("@", 1)[-1]
    mail = Mail(
        to=payload["to"],
        subject=payload["subject"],
        text=payload["text"],
        language=payload["language"],
        message_id=f"outbox-{row.id}@{host}",
    )
    let_go(ctx)
    ctx.platform.mailer.send(mail)
    ctx.session.add(
        SentMail(
            case_id=row.case_id,
            outbox_id=row.id,
            recipient=mail.to,
            subject=mail.subject,
            text=mail.text,
            at=ctx.now,
            language=mail.language,
        )
    )
    if notice:
        mark_sent(ctx, notice, row.id)


def _document(ctx: Context, row: Row[Any]) -> None:
    payload = {**row.payload, "data": {**row.payload["data"], **copied_answers(ctx, row)}}
    published = ctx.platform.programs.get(ctx.session, payload["version"])
    files = published.source.files
    words = Words(payload["language"], published.words.get(payload["language"], {}))
    facts = load_case(ctx, row.case_id).facts
    letter = replace(
        letter_on_head(ctx, files, files[payload["letter"]], payload["data"], words),
        data={**payload["data"], "case": _case_data(facts)},
        issued_at=row.created_at,
        names=_names(ctx, payload["data"], words),
        zone=Host(ctx, facts.path).calendar.zone,
        qr=_check_address(ctx, payload),
    )
    let_go(ctx)
    pdf = ctx.platform.printer.render(letter)
    key = ctx.platform.files.put(pdf, suffix=".pdf")
    ctx.session.execute(
        update(_documents)
        .where(_documents.c.id == payload["document"])
        .values(store_key=key, size=len(pdf))
    )


def _message(ctx: Context, row: Row[Any]) -> None:
    send(ctx, Sent.unpacked(row.payload, row.case_id))


def _start(ctx: Context, row: Row[Any]) -> None:
    """Start a case; a message for which one runs already is for that one."""
    if not begin_case(ctx, row.payload, row.case_id):
        send(ctx, Sent.unpacked(row.payload["sent"], row.case_id))


def _signal(ctx: Context, row: Row[Any]) -> None:
    """Send a signal on to every case that waits for it, each in a transaction of its own."""
    payload = row.payload
    if "case" in payload:
        signal_case(ctx, payload["case"], payload["signal"], payload["payload"])
        return
    for case_id in waiting_for_signal(ctx, payload["signal"], thrown_by=row.case_id):
        values = outbox_values(OutboxKind.SIGNAL, {**payload, "case": case_id}, ctx.now)
        ctx.session.execute(_outbox.insert().values(case_id=row.case_id, **values))
    start_by_signal(ctx, payload["signal"], payload["payload"], row.case_id)


def _names(ctx: Context, data: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return how people and places that the letter's data names by code are called."""
    codes = {text for text in _texts(data) if len(text) <= LONGEST_CODE}
    people = select(Account.username, Account.title).where(Account.username.in_(codes))
    places = select(Territory.code, Territory.name).where(Territory.code.in_(codes))
    found = [*ctx.session.execute(people), *ctx.session.execute(places)]
    return {code: words.text(name) for code, name in found}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _texts(inner)


def _case_data(facts: CaseFacts) -> dict[str, Any]:
    return {
        "number": facts.number,
        "title": facts.title,
        "language": facts.language,
        "territory": facts.territory,
    }


def _check_address(ctx: Context, payload: Mapping[str, Any]) -> str | None:
    number = payload.get("check")
    return f"{ctx.platform.settings.base_url}/check/{number}" if number else None


def _absence(ctx: Context, row: Row[Any]) -> None:
    begin_absence(ctx, row.payload["absence"])


def _collection(ctx: Context, row: Row[Any]) -> None:
    tell_now(ctx, row.payload["collection"])


_HANDLERS: Mapping[str, Callable[[Context, Row[Any]], bool | None]] = {
    OutboxKind.OPERATION: handle_operation,
    OutboxKind.MAIL: _mail,
    OutboxKind.DOCUMENT: _document,
    OutboxKind.MESSAGE: _message,
    OutboxKind.SIGNAL: _signal,
    OutboxKind.START: _start,
    OutboxKind.ABSENCE: _absence,
    OutboxKind.COLLECTION: _collection,
}
