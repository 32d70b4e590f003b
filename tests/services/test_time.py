"""What happens as time goes by: terms, reminders, escalation, mails that do not get through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.drawing import begin, publish, two_steps
from tests.support.answers import open_item
from workflow_app.adapters.clock import ShiftedClock
from workflow_app.adapters.mailer import MailRefused, MailUnavailable
from workflow_app.domain.states import OutboxState, TimerKind
from workflow_app.models.case import History
from workflow_app.models.work import DueTimer, Outbox, SentMail, WorkItem
from workflow_app.services.demo import set_shift, shift_of
from workflow_app.services.holding import claim_task
from workflow_app.services.tasks import complete_task

TERMS = 'first = "=working days(3)"'


@pytest.fixture
def due(office, mailer):
    """Return a case whose first task has a term of three working days; its mails are forgotten."""
    publish(office, two_steps(), terms=TERMS)
    case_id = begin(office)
    office.settle()
    mailer.sent.clear()
    return case_id


def timers(office):
    rows = office.read(lambda s: s.scalars(select(DueTimer).order_by(DueTimer.due_at)).all())
    return {row.kind: row.due_at for row in rows}


def item_row(office, case_id):
    return office.read(
        lambda s: s.scalars(select(WorkItem).where(WorkItem.case_id == case_id)).first()
    )


def test_a_reminder_stands_at_sixty_per_cent_and_escalation_at_the_end(office, due, clock):
    found = timers(office)
    whole = found[TimerKind.ESCALATION] - clock.now()
    assert found[TimerKind.ESCALATION] == item_row(office, due).due_at
    assert found[TimerKind.REMINDER] - clock.now() == pytest.approx(
        whole * 0.6, abs=timedelta(minutes=1)
    )


def test_the_group_is_reminded_and_supervisors_hear_when_it_is_late(office, due, clock, mailer):
    found = timers(office)
    clock.moment = found[TimerKind.REMINDER] - timedelta(minutes=1)
    office.settle()
    assert mailer.sent == []
    clock.moment = found[TimerKind.REMINDER]
    office.settle()
    assert [m.to for m in mailer.sent] == ["registrar@example.org"]
    assert mailer.sent[0].subject.startswith("Reminder: First step")
    clock.moment = found[TimerKind.ESCALATION]
    office.settle()
    assert [m.to for m in mailer.sent[1:]] == ["supervisor@example.org"]
    assert mailer.sent[1].subject.startswith("Overdue: First step")
    row = item_row(office, due)
    assert row.reminded_at == found[TimerKind.REMINDER]
    assert row.escalated_at == found[TimerKind.ESCALATION]
    kinds = office.read(lambda s: s.scalars(select(History.kind)).all())
    assert kinds.count("reminded") == kinds.count("escalated") == 1


def test_nobody_is_reminded_of_what_is_done(office, due, clock, mailer):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, due, "first"), {})
    assert timers(office) == {}
    clock.advance(timedelta(days=30))
    office.settle()
    assert mailer.sent == []


def test_who_took_the_task_is_reminded_alone(office, due, clock, mailer):
    with office.acting("registrar") as ctx:
        claim_task(ctx, open_item(office, due, "first"))
    clock.moment = timers(office)[TimerKind.REMINDER]
    office.settle()
    assert [m.to for m in mailer.sent] == ["registrar@example.org"]


def test_a_sweep_that_runs_twice_does_everything_once(office, due, clock, mailer):
    clock.moment = timers(office)[TimerKind.ESCALATION] + timedelta(days=1)
    office.settle()
    assert len(mailer.sent) == 2
    assert office.settle() == 0
    assert len(mailer.sent) == 2


@pytest.fixture
def waiting_mail(office, mailer):
    """Return the one mail that waits in the outbox while the mail server is away."""
    mailer.failure = MailUnavailable("try later")
    office.play("accreditation/straight", until="check_documents")
    rows = office.read(
        lambda s: s.scalars(select(Outbox).where(Outbox.state == OutboxState.WAITING)).all()
    )
    assert len(rows) == 1
    return rows[0]


def test_a_mail_is_tried_again_after_growing_pauses(office, clock, mailer, waiting_mail):
    pauses = []
    while True:
        row = office.read(lambda s: s.get(Outbox, waiting_mail.id))
        if row.state != OutboxState.WAITING:
            break
        pauses.append(row.not_before - clock.now())
        clock.moment = row.not_before
        office.settle()
    assert row.state == OutboxState.FAILED
    assert row.last_error == "try later"
    assert pauses == sorted(pauses)
    assert len(pauses) == 7
    assert pauses[0] >= timedelta(minutes=1)


def test_a_mail_leaves_once_the_server_is_back(office, clock, mailer, waiting_mail):
    mailer.failure = None
    office.settle()
    assert mailer.sent == [], "its pause has not passed"
    clock.moment = waiting_mail.not_before
    office.settle()
    office.settle()
    assert len(mailer.sent) == 1
    kept = office.read(lambda s: s.scalars(select(SentMail)).all())
    assert [m.subject for m in kept] == [mailer.sent[0].subject]


def test_a_refused_address_is_not_tried_again(office, clock, mailer, waiting_mail):
    mailer.failure = MailRefused("no such mailbox")
    clock.moment = waiting_mail.not_before
    office.settle()
    row = office.read(lambda s: s.get(Outbox, waiting_mail.id))
    assert (row.state, row.attempts) == (OutboxState.FAILED, 2)


def test_a_sent_mail_has_one_and_the_same_id_whenever_it_is_sent(office, mailer):
    office.play("accreditation/straight", until="check_documents")
    ids = [m.message_id for m in mailer.sent]
    assert ids
    assert all(one.startswith("outbox-") for one in ids)


def test_the_demonstration_keeps_how_far_its_clock_was_moved(office):
    with office.acting() as ctx:
        set_shift(ctx, timedelta(days=5))
    with office.acting() as ctx:
        assert shift_of(ctx.session) == timedelta(days=5)
        set_shift(ctx, timedelta())
    with office.acting() as ctx:
        assert shift_of(ctx.session) == timedelta()


def test_a_clock_that_stands_in_for_the_real_one_follows_the_stored_shift(office, monkeypatch):
    clock = ShiftedClock(office.clock)
    with office.acting() as ctx:
        moved = replace(ctx, platform=replace(ctx.platform, clock=clock))
        set_shift(moved, timedelta(days=14))
    assert clock.now() - office.clock.now() == timedelta(days=14)
