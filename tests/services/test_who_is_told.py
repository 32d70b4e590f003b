"""Who hears of a case: those standing in for somebody away, and nobody who was taken off it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from tests.services.test_absence import leave
from tests.services.test_blind import asked, scores
from tests.support.answers import case_row
from workflow_app.engine import StepFailed
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.queries import case_file
from workflow_app.queries.incidents import incidents_page
from workflow_app.services.case_store import load_case
from workflow_app.services.documents import attach, store_upload
from workflow_app.services.drafts import owner_of
from workflow_app.services.lookups import look_up
from workflow_app.services.news import News, tell_roles
from workflow_app.services.stuck import Attempt, CaseStuck, record_incident
from workflow_app.web.presenting.file import as_uploaded

__all__ = ["asked", "leave"]


@pytest.fixture
def reporting(office):
    """Return a case whose report the lead reviewer has to write."""
    return office.play("accreditation/refusal", until="draft_report").case_id


def told(mailer, word):
    return {mail.to.partition("@")[0] for mail in mailer.sent if mail.subject.startswith(word)}


def test_substitutes_are_reminded_and_hear_that_a_task_is_late(office, leave, mailer, reporting):
    leave("reviewer2", "reviewer3", first=date(2026, 11, 25), last=date(2026, 12, 20))
    mailer.sent.clear()
    office.move_to("2026-12-05T09:00:00+04:00")
    assert {"reviewer2", "reviewer3"} <= told(mailer, "Reminder: Write the review report")
    late = told(mailer, "Overdue: Write the review report")
    assert "supervisor" in late
    assert "reviewer3" in late
    assert "reviewer2" not in late


def keep_out(office, case_id, username):
    with office.acting() as ctx:
        case = load_case(ctx, case_id).row
        row = CaseExclusion(
            case_id=case.id, username=username, reason="A relative", by="system", at=ctx.now
        )
        ctx.session.add(row)


def test_who_was_taken_off_a_case_gets_no_mail_to_a_role(office, mailer):
    case_id = office.play("accreditation/straight", until="check_documents").case_id
    keep_out(office, case_id, "supervisor")
    mailer.sent.clear()
    with office.acting() as ctx:
        news = News(kind="warned", why="Something has come up.", details={}, case_id=case_id)
        tell_roles(ctx, case_row(office, case_id).territory_path, "supervisor", news)
        tell_roles(ctx, case_row(office, case_id).territory_path, "registrar", news)
    office.move_to("2026-12-20T09:00:00+04:00")
    assert told(mailer, "Something has come up") == {"registrar"}
    assert "supervisor" not in told(mailer, "Overdue: Check the documents")


def test_who_was_taken_off_a_case_finds_nothing_of_it_under_stuck(office):
    case_id = office.play("accreditation/straight", until="check_documents").case_id
    with office.acting() as ctx:
        failed = StepFailed("check_documents", "it broke")
        record_incident(ctx, CaseStuck(case_id, failed, Attempt(kind="timers")))

    def listed(username):
        with office.acting(username) as ctx:
            return len(incidents_page(ctx.session, ctx.actor, None).rows)

    assert listed("supervisor") == 1
    keep_out(office, case_id, "supervisor")
    assert listed("supervisor") == 0


def labels(ctx, case_id):
    return [one["label"] for one in look_up(ctx, "documents", path="AM", case_id=case_id)]


def test_the_list_of_documents_names_no_file_that_is_blind_for_the_reader(office, asked):
    scores(office, asked, "first", "reviewer3", 73)
    with office.acting("reviewer4") as ctx:
        assert labels(ctx, asked) == []
    with office.acting("reviewer3") as ctx:
        assert labels(ctx, asked) == ["score.pdf"]
    scores(office, asked, "second", "reviewer4", 61)
    with office.acting("registrar") as ctx:
        assert labels(ctx, asked) == ["score.pdf", "score.pdf"]


def test_files_sent_together_keep_the_order_of_their_upload(office):
    case_id = office.play("accreditation/straight", until="check_documents").case_id
    office.move_to("2026-11-23T09:05:00+04:00")
    names = [f"page-{number}.pdf" for number in range(9)]
    with office.acting("registrar") as ctx:
        owner = owner_of(ctx.actor)
        kept = [store_upload(ctx, BytesIO(b"%PDF-1.4 x"), name, owner=owner) for name in names]
        attach(ctx, case_id, {"scan": kept}, owner=owner, for_key_holder=True)
    with office.acting("registrar") as ctx:
        assert labels(ctx, case_id)[-9:] == names
        shown = as_uploaded(case_file.documents(ctx.session, case_id, for_key_holder=True))
    assert [one.name for one in shown if one.name.startswith("page-")] == names
