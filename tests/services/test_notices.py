"""Notices to a party: when they count as served, and what happens when one comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.services.drawing import KEY, START, begin, diagram, script, source, user_task
from tests.support.answers import open_item
from workflow_app.adapters.mailer import MailRefused, MailUnavailable, MemoryMailer
from workflow_app.domain.states import Service
from workflow_app.engine import Source, case_data
from workflow_app.models.case import Incident
from workflow_app.models.notices import News, Notice
from workflow_app.models.people import Account
from workflow_app.services import notices
from workflow_app.services.case_store import load_case
from workflow_app.services.following import key_holder_actor
from workflow_app.services.host import Host
from workflow_app.services.publishing import publish_version
from workflow_app.services.receipts import Receipt

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
MAILS = """[decided]
subject = "Your case {case.number}: decided"
body = "The decision on {subject}. Read it: {link}"
"""
TERM = 'string(working days(5, date(served_on))) + " " + served_how'
SERVE = (
    '<bpmn:serviceTask id="serve" name="Serve the decision"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="notice.serve"/><zeebe:taskHeaders>'
    '<zeebe:header key="mail" value="decided"/><zeebe:header key="notice" value="decision"/>'
    "{more}</zeebe:taskHeaders></bpmn:extensionElements></bpmn:serviceTask>"
)
WAITS_NOT = '<zeebe:header key="wait" value="false"/>'


def serving(*, more="", term=TERM):
    """Return the files of a process that serves a decision and counts from then."""
    nodes = {
        "begin": START,
        "serve": SERVE.format(more=more),
        "work": script("work", f"={term}".replace('"', "&quot;")),
        "first": user_task("first"),
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    }
    whole = source(diagram(nodes, "begin>serve serve>work work>first first>done"))
    manifest = 'title = "Two"\nprefix = "TWO"\nemail = "=email"\nregistry = "registrar"\n'
    said = {
        f"processes/{KEY}/process.toml": manifest,
        f"processes/{KEY}/mails.toml": MAILS,
    }
    return Source(key=KEY, files={**whole.files, **said})


@pytest.fixture
def start(office):
    """Return what begins a case that serves a notice, and lets its mail leave."""

    def started(email="asker@example.org", **drawn):
        with office.acting() as ctx:
            publish_version(ctx, serving(**drawn), number=1, by="test")
        case_id = begin(office, email=email)
        office.settle()
        return case_id

    return started


def notice_of(office, case_id):
    return office.read(lambda s: s.scalars(select(Notice).where(Notice.case_id == case_id)).one())


def data_of(office, case_id):
    with office.acting() as ctx:
        loaded = load_case(ctx, case_id)
        return case_data(loaded.published.program, loaded.state)


def opened(office, case_id):
    with office.acting(key_holder_actor(case_id)) as ctx:
        return notices.open_notices(ctx, case_id)


def refusing(address, send):
    def refuse(self, mail):
        if mail.to == address:
            msg = "550 no such mailbox"
            raise MailRefused(msg)
        send(self, mail)

    return refuse


def told(office):
    query = select(Account.username, News.why).join(News, News.account_id == Account.id)
    return [tuple(row) for row in office.read(lambda s: s.execute(query).all())]


@BOTH
def test_a_mail_counts_the_next_working_day_and_terms_run_from_then(office, start, mailer):
    case_id = start()
    notice = notice_of(office, case_id)
    assert (notice.state, notice.key, notice.recipient) == ("sent", "decision", "asker@example.org")
    assert [mail.to for mail in mailer.sent] == ["asker@example.org"]
    office.move_to("2026-11-24T17:59:00+04:00")
    assert notice_of(office, case_id).state == "sent"
    office.move_to("2026-11-24T18:00:00+04:00")
    assert notice_of(office, case_id).how == "email"
    assert open_item(office, case_id, "first")
    data = data_of(office, case_id)
    assert data["served_on"] == "2026-11-24"
    assert data["result"] == "2026-12-01T14:00:00Z email"


def test_the_notice_keeps_the_text_sent_without_the_key(office, start, mailer):
    case_id = start()
    notice, (mail,) = notice_of(office, case_id), mailer.sent
    assert "The decision on A case" in notice.text
    assert "?key=" in mail.text
    assert "?key=" not in notice.text


@BOTH
def test_one_opened_before_counts_at_once_and_the_case_goes_on_in_the_same_request(office, start):
    case_id = start()
    office.clock.moment = datetime.fromisoformat("2026-11-23T10:00:00+04:00")
    assert [one.key for one in opened(office, case_id)] == ["decision"]
    assert open_item(office, case_id, "first")
    assert data_of(office, case_id)["result"] == "2026-11-30T14:00:00Z page"
    assert opened(office, case_id) == []
    office.move_to("2026-11-25T18:00:00+04:00")
    notice = notice_of(office, case_id)
    assert (notice.how, notice.served_at) == ("page", datetime(2026, 11, 23, 6, tzinfo=UTC))


def test_one_opened_before_its_mail_left_needs_no_mail(office, start, mailer):
    mailer.failure = MailUnavailable("storm")
    case_id = start()
    assert notice_of(office, case_id).state == "sending"
    opened(office, case_id)
    assert open_item(office, case_id, "first")
    mailer.failure = None
    office.move_to("2026-11-23T19:00:00+04:00")
    assert mailer.sent == []


def test_a_step_that_fails_on_opening_keeps_the_service_and_leaves_an_incident(office, start):
    case_id = start(term="setting(&quot;nobody.made&quot;)")
    opened(office, case_id)
    assert notice_of(office, case_id).how == "page"
    office.settle()
    found = office.read(lambda s: s.scalars(select(Incident.reason)).all())
    assert len(found) == 1
    assert "nobody.made" in found[0]


@BOTH
def test_a_refused_mail_serves_nothing_and_tells_the_registry(office, start, mailer, monkeypatch):
    monkeypatch.setattr(MemoryMailer, "send", refusing("asker@example.org", MemoryMailer.send))
    case_id = start()
    notice = notice_of(office, case_id)
    assert (notice.state, notice.remark) == ("unserved", "550 no such mailbox")
    assert {who for who, _why in told(office)} == {"registrar"}
    assert office.read(lambda s: s.scalars(select(Incident)).all()) == []
    office.move_to("2026-12-30T18:00:00+04:00")
    assert notice_of(office, case_id).state == "unserved"
    with pytest.raises(AssertionError):
        open_item(office, case_id, "first")
    (mail,) = [mail for mail in mailer.sent if "did not reach" in mail.text]
    assert mail.text.endswith("/notices")


def test_without_an_address_the_notice_goes_by_post(office, start):
    case_id = start(email=None)
    notice = notice_of(office, case_id)
    assert (notice.state, notice.recipient) == ("unserved", None)
    at = datetime.fromisoformat("2026-11-23T08:00:00+04:00")
    with office.acting("registrar") as ctx:
        receipt = Receipt(how=Service.POST, at=at, by="registrar", remark="receipt 17")
        assert notices.record_service(ctx, notice, receipt)
    assert data_of(office, case_id)["result"] == "2026-11-30T14:00:00Z post"
    with office.acting("registrar") as ctx:
        assert not notices.record_service(ctx, notice, receipt)


def test_a_bounce_before_the_day_stops_the_service(office, start):
    case_id = start()
    with office.acting() as ctx:
        (found,) = notices.notices_sent_to(ctx, "asker@example.org")
        assert notices.came_back(ctx, found.id, "mailbox full")
    office.move_to("2026-11-30T18:00:00+04:00")
    assert notice_of(office, case_id).state == "unserved"
    assert [who for who, _why in told(office)] == ["registrar"]


def test_a_bounce_after_the_day_is_told_and_changes_nothing_else(office, start):
    case_id = start()
    office.move_to("2026-11-24T18:00:00+04:00")
    sent = notice_of(office, case_id)
    with office.acting() as ctx:
        assert notices.notices_sent_to(ctx, "asker@example.org") == []
        (found,) = notices.notices_sent_to(ctx, f"<outbox-{sent.outbox_id}@example.org>")
        assert notices.came_back(ctx, found.id, "gone")
        assert not notices.came_back(ctx, found.id, "gone")
    assert notice_of(office, case_id).state == "served"
    assert [why for _who, why in told(office)] == [notices.CAME_BACK_LATE]


def test_a_bounce_of_what_was_read_means_nothing(office, start):
    case_id = start()
    opened(office, case_id)
    with office.acting() as ctx:
        assert not notices.came_back(ctx, notice_of(office, case_id).id, "gone")
    assert told(office) == []


def test_one_that_need_not_be_waited_for_gives_its_day_at_once(office, start):
    case_id = start(more=WAITS_NOT)
    assert open_item(office, case_id, "first")
    assert data_of(office, case_id)["result"] == "2026-12-01T14:00:00Z email"
    office.move_to("2026-11-24T18:00:00+04:00")
    assert notice_of(office, case_id).state == "served"


def test_feel_can_ask_for_the_notices_of_a_case(office, start):
    case_id = start()
    with office.acting() as ctx:
        number = load_case(ctx, case_id).facts.number
        found = Host(ctx, "AM").find(f"notices:{number}", "decision")
        assert Host(ctx, "AM", case_id).find("notices", "decision") == found
    assert isinstance(found, dict)
    assert (found["state"], found["sent_on"], found["served_on"]) == ("sent", "2026-11-23", None)


def test_two_workers_serve_it_once(office, start):
    case_id = start()
    office.clock.moment = datetime.fromisoformat("2026-11-24T18:00:00+04:00")
    notice = notice_of(office, case_id)
    with office.acting() as ctx:
        assert notices.record_service(ctx, notice, _by_mail(office))
        assert not notices.record_service(ctx, notice, _by_mail(office))
    office.settle()
    assert open_item(office, case_id, "first")


def _by_mail(office):
    return Receipt(how=Service.EMAIL, at=office.clock.now())
