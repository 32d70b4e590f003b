"""Serving notices: when one that was sent counts as served, and what follows when it came back.

The task that serves a notice waits (operation `notice.serve`); its answer lies held in the outbox
until the notice counts as served, and is brought into the case then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, insert, select, update

from workflow_app.domain.states import NoticeState, OutboxKind, OutboxState, Service, TimerKind
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.notices import Notice
from workflow_app.models.work import DueTimer
from workflow_app.services.case_store import load_case
from workflow_app.services.chain import Event, append_event, hold_case
from workflow_app.services.host import Host
from workflow_app.services.news import News, tell_roles
from workflow_app.services.outgoing import HELD, outbox
from workflow_app.services.receipts import Receipt, counts_from
from workflow_app.services.requests import bring_answer
from workflow_app.services.stuck import CaseStuck

if TYPE_CHECKING:
    from workflow_app.services.context import Context

CAME_BACK = N_(
    "The notice “%(subject)s” in case %(case)s did not reach the party: %(reason)s Serve it by post"
    " or by hand and record when."
)
CAME_BACK_LATE = N_(
    "The notice “%(subject)s” in case %(case)s came back after it counted as served: %(reason)s"
    " Decide whether its term has to run again."
)
SERVED = {
    Service.EMAIL: N_("“%(subject)s” counts as received by e-mail on %(on)s."),
    Service.PAGE: N_("“%(subject)s” was opened on the page of the case on %(on)s."),
    Service.POST: N_("“%(subject)s” was received by post on %(on)s."),
    Service.HAND: N_("“%(subject)s” was handed over on %(on)s."),
}
RETURNED = N_("“%(subject)s”: %(reason)s")
OPEN = (NoticeState.SENDING, NoticeState.SENT, NoticeState.UNSERVED)
_notices = table_of(Notice)
_timers = table_of(DueTimer)


def is_wanted(ctx: Context, notice_id: int) -> bool:
    """Tell whether a notice still has to leave; one that was opened before needs no mail."""
    return bool(_notice(ctx, notice_id).state == NoticeState.SENDING)


def mark_sent(ctx: Context, notice_id: int, outbox_id: int) -> None:
    """Note that a notice's mail left, and wait until it counts as served."""
    notice = _notice(ctx, notice_id)
    hold_case(ctx, notice.case_id)
    counts = counts_from(Host(ctx, load_case(ctx, notice.case_id).facts.path))
    sending = (_notices.c.id == notice_id, _notices.c.state == NoticeState.SENDING)
    sent = {"state": NoticeState.SENT, "sent_at": ctx.now, "counts_at": counts}
    done = update(_notices).where(*sending).values(**sent, outbox_id=outbox_id)
    if ctx.connection.execute(done).rowcount != 1:
        return
    timer = {"case_id": notice.case_id, "kind": TimerKind.SERVICE, "due_at": counts}
    named = {"task_id": str(notice_id), "element": notice.key}
    ctx.session.execute(insert(_timers).values(**timer, **named))


def count_as_served(ctx: Context, timer: Row[Any]) -> None:
    """Let a notice that left by mail count as served, now that its day has come."""
    notice = _notice(ctx, int(timer.task_id))
    if notice.state == NoticeState.SENT:
        _served(ctx, notice, Receipt(how=Service.EMAIL, at=timer.due_at))


def open_notices(ctx: Context, case_id: int) -> list[Row[Any]]:
    """Let all notices of a case that its party opens now count as served; returns them.

    The case goes on in the same transaction; where it cannot, its incident follows.
    """
    hold_case(ctx, case_id)
    waiting = (_notices.c.case_id == case_id, _notices.c.state.in_(OPEN))
    found = list(ctx.session.execute(select(_notices).where(*waiting).order_by(_notices.c.id)))
    for notice in found:
        _served(ctx, notice, Receipt(how=Service.PAGE, at=ctx.now), at_once=True)
    return found


def record_service(ctx: Context, notice: Row[Any], receipt: Receipt) -> bool:
    """Keep how a notice reached the party otherwise; False when it was served meanwhile."""
    hold_case(ctx, notice.case_id)
    return _served(ctx, _notice(ctx, notice.id), receipt, at_once=True)


def came_back(ctx: Context, notice_id: int, reason: str) -> bool:
    """Note that a notice's mail was refused or came back, and tell who keeps the register.

    One that counted as served by mail alone keeps its day; one that was seen is left alone, and
    False is returned.
    """
    hold_case(ctx, _notice(ctx, notice_id).case_id)
    notice = _notice(ctx, notice_id)
    if notice.came_back_at is not None or notice.how not in (None, Service.EMAIL):
        return False
    late = notice.state == NoticeState.SERVED
    changed: dict[str, Any] = {"came_back_at": ctx.now, "remark": reason}
    if not late:
        changed["state"] = NoticeState.UNSERVED
        ctx.session.execute(delete(_timers).where(*_its_timer(notice)))
    ctx.session.execute(update(_notices).where(_notices.c.id == notice.id).values(**changed))
    why = {"why": RETURNED, "details": {"subject": notice.subject, "reason": reason}}
    append_event(ctx, notice.case_id, Event("not_served", notice.element, None, ctx.now, why))
    _tell_registry(ctx, notice, CAME_BACK_LATE if late else CAME_BACK, reason)
    return True


def notices_sent_to(ctx: Context, word: str) -> list[Row[Any]]:
    """Return notices by what a bounce names: a message id of ours, else an address."""
    by_id = word.strip("<> ").partition("@")[0].removeprefix("outbox-")
    named = _notices.c.outbox_id == int(by_id) if by_id.isdecimal() else None
    unseen = _notices.c.state.in_((NoticeState.SENDING, NoticeState.SENT))
    if named is None:
        query = select(_notices).where(_notices.c.recipient == word.strip(), unseen)
    else:
        query = select(_notices).where(named)
    return list(ctx.session.execute(query.order_by(_notices.c.id)))


def _notice(ctx: Context, notice_id: int) -> Row[Any]:
    return ctx.session.execute(select(_notices).where(_notices.c.id == notice_id)).one()


def _its_timer(notice: Row[Any]) -> tuple[Any, ...]:
    mine = _timers.c.task_id == str(notice.id)
    return _timers.c.case_id == notice.case_id, _timers.c.kind == TimerKind.SERVICE, mine


def _served(ctx: Context, notice: Row[Any], receipt: Receipt, *, at_once: bool = False) -> bool:
    open_still = (_notices.c.id == notice.id, _notices.c.state.in_(OPEN))
    values = {"how": receipt.how, "served_at": receipt.at, "recorded_by": receipt.by}
    if receipt.remark:
        values["remark"] = receipt.remark
    done = update(_notices).where(*open_still).values(state=NoticeState.SERVED, **values)
    if ctx.connection.execute(done).rowcount != 1:
        return False
    ctx.session.execute(delete(_timers).where(*_its_timer(notice)))
    host = Host(ctx, load_case(ctx, notice.case_id).facts.path)
    result = receipt.result(host)
    said = {"subject": notice.subject, "on": result["served_on"]}
    told = {"how": receipt.how, "why": SERVED[receipt.how], "details": said}
    append_event(ctx, notice.case_id, Event("served", notice.element, None, ctx.now, told))
    _answer(ctx, notice, {"result": result}, at_once=at_once)
    return True


def _answer(ctx: Context, notice: Row[Any], answer: dict[str, Any], *, at_once: bool) -> None:
    """Let the task that serves the notice have its answer: now, or by the worker."""
    held = (
        outbox.c.case_id == notice.case_id,
        outbox.c.kind == OutboxKind.OPERATION,
        outbox.c.state == OutboxState.WAITING,
        outbox.c.not_before == HELD,
    )
    for row in ctx.session.execute(select(outbox).where(*held)).all():
        if row.payload.get("notice") != notice.id:
            continue
        mine = update(outbox).where(outbox.c.id == row.id)
        brought = at_once and _brought(ctx, row, answer)
        state = OutboxState.DONE if brought else OutboxState.WAITING
        due = {"answer": answer, "state": state, "not_before": ctx.now}
        ctx.session.execute(mine.values(**due))


def _brought(ctx: Context, row: Row[Any], answer: dict[str, Any]) -> bool:
    if load_case(ctx, row.case_id).row.state is None:
        return True
    try:
        bring_answer(ctx, row, answer)
    except CaseStuck:
        # The worker tries once more, and keeps why it fails.
        return False
    return True


def _tell_registry(ctx: Context, notice: Row[Any], why: str, reason: str) -> None:
    loaded = load_case(ctx, notice.case_id)
    number = loaded.facts.number or ""
    told = News(
        kind="not_served",
        why=why,
        details={"subject": notice.subject, "case": number, "reason": reason},
        case_id=notice.case_id,
        page=f"/cases/{number}/notices",
    )
    tell_roles(ctx, loaded.facts.path, loaded.published.manifest.registry, told)
