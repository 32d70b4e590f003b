"""Notices that a real mail server refuses, and bounces that are told by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.services.test_notices import notice_of, start, told
from tests.unit.adapters.test_mailer import Inbox, serve
from workflow_app.adapters.mailer import SmtpMailer
from workflow_app.models.work import Outbox, SentMail

__all__ = ["serve", "start"]


class Selective(Inbox):
    """Refuses one recipient and takes all others."""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address == "asker@example.org":
            return "550 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def through(office, serve):
    """Return what lets mails go through a mail server on loopback; gives what it received."""

    def through_server(inbox):
        url = f"smtp://{serve(inbox)}"
        parts = office.app.extensions["platform"]
        mailer = SmtpMailer.from_url(url, sender="services@example.org")
        office.app.extensions["platform"] = replace(parts, mailer=mailer)
        return inbox.received

    return through_server


def test_a_server_that_refuses_the_party_leaves_the_notice_unserved(office, start, through):
    received = through(Selective())
    case_id = start()
    notice = notice_of(office, case_id)
    assert (notice.state, notice.remark) == ("unserved", "550 No such mailbox here")
    assert [who for who, _why in told(office)] == ["registrar"]
    (mail,) = received
    assert mail[1] == ["registrar@example.org"]
    assert b"did not reach" in mail[2].replace(b"=\r\n", b"").replace(b"\r\n", b" ")


def test_a_server_that_asks_to_come_later_is_asked_again(office, start, through):
    received = through(Inbox(rcpt="451 try later"))
    case_id = start()
    assert notice_of(office, case_id).state == "sending"
    through(Inbox())
    office.move_to("2026-11-23T09:03:00+04:00")
    assert notice_of(office, case_id).state == "sent"
    assert received == []


def test_a_mail_that_was_tried_often_enough_serves_nothing(office, start, through):
    through(Inbox(rcpt="451 try later"))
    case_id = start()
    for day in range(24, 31):
        office.move_to(f"2026-11-{day}T23:00:00+04:00")
    tries = office.read(lambda s: s.scalars(select(Outbox.attempts).order_by(Outbox.id)).first())
    assert tries == 8
    assert notice_of(office, case_id).state == "unserved"


def test_a_bounce_is_told_by_its_message_id_or_its_address(office, start, through):
    through(Inbox())
    case_id = start()
    run = office.app.test_cli_runner().invoke
    wrong = run(args=["mails", "bounced", "nobody@example.org"])
    assert (wrong.exit_code, "no notice waits" in wrong.output) == (1, True)
    sent = office.read(lambda s: s.scalars(select(SentMail)).one())
    word = f"<outbox-{sent.outbox_id}@example.org>"
    done = run(args=["mails", "bounced", word, "--reason", "mailbox full"])
    assert done.output.strip() == "1 notice was not served."
    notice = notice_of(office, case_id)
    assert (notice.state, notice.remark) == ("unserved", "mailbox full")
    again = run(args=["mails", "bounced", "asker@example.org"])
    assert again.exit_code == 1
