"""Withdrawal, the question about more time, and the papers, while a decision comes about."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests.support.answers import case_row, open_item, wait_for
from workflow_app.models.case import Case
from workflow_app.models.work import DueTimer, WorkItem
from workflow_app.services.messages import send_message

YEREVAN = ZoneInfo("Asia/Yerevan")


def running_out(office):
    """Return when the question about more time comes, None while its timer rests."""
    query = select(DueTimer.due_at).where(DueTimer.element.like("%/term_running_out"))
    due = office.read(lambda session: session.scalar(query))
    return due.astimezone(YEREVAN).isoformat() if due else None


def links(visitor, case):
    """Return what the page of the case offers to send."""
    return " ".join(visitor.get(f"/follow/{case.number}?key={case.secret}").all("main a"))


def test_nothing_is_withdrawn_once_the_decision_is_made(office, visitor):
    seen = {}

    def until(move):
        if move.task == "draft_report":
            case_id = office.read(lambda session: session.scalar(select(Case.id)))
            seen["offered"] = links(visitor, case_row(office, case_id))
            seen["wait"] = wait_for(office, case_id, "application_withdrawn").task_id
        return move.task == "sign_certificate"

    case = case_row(office, office.play("accreditation/straight", until=until).case_id)
    assert "Withdraw the application" in seen["offered"]
    assert "Report a change" in seen["offered"]
    assert case.status == "decided"
    now = links(visitor, case)
    assert "Withdraw" not in now
    assert "Report a change" not in now
    visitor.get(f"/follow/{case.number}/{seen['wait']}", status=404)
    with office.acting() as ctx:
        assert send_message(ctx, "application_withdrawn", case.number, {}) is None
    office.settle()
    assert case_row(office, case.id).status == "decided"


def test_the_question_about_more_time_follows_the_clock(office):
    seen = {}

    def until(move):
        seen[move.task or move.message or "advance"] = running_out(office)
        return move.task == "assign_reviewers"

    office.play("accreditation/straight", until=until)
    # Day 25 from 23 November; four days of waiting for a document move it.
    assert seen == {
        "advance": None,
        "documents_supplied": None,
        "check_documents": "2026-12-22T18:00:00+04:00",
        "assign_reviewers": "2026-12-22T18:00:00+04:00",
    }


def test_the_question_comes_on_its_day_where_nothing_stops_the_clock(office):
    office.play("accreditation/refusal", until="assign_reviewers")
    assert running_out(office) == "2026-12-18T18:00:00+04:00"


def test_members_are_told_the_papers_of_an_item(office, sign_in):
    office.play("accreditation/straight", until="present_and_discuss")
    wanted = select(WorkItem.case_id).where(WorkItem.element.like("%/present_and_discuss"))
    meeting = office.read(lambda session: session.scalar(wanted))
    item = open_item(office, meeting, "present_and_discuss")
    page = sign_in("secretary").get(f"/tasks/{item}")
    assert "Papers: Review report; Visit act" in page.text
    link = page.one("#main-form a[href^='/cases/ACC-']")
    assert link.get_text(strip=True) == "Open the case file"
    page.browser.get(link["href"])
