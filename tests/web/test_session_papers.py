"""The papers of an item stand on the pages of the meeting that decides on it."""

from __future__ import annotations

from sqlalchemy import select

from workflow_app.models.work import WorkItem


def test_the_papers_of_a_case_open_from_the_page_of_the_agenda(office, sign_in):
    office.play("accreditation/straight", until="set_agenda")
    agenda = WorkItem.element.endswith("set_agenda"), WorkItem.state == "open"
    item = office.read(lambda session: session.scalar(select(WorkItem.id).where(*agenda)))
    browser = sign_in("secretary")
    page = browser.get(f"/tasks/{item}")
    papers = page.soup.select("main form a[href*='/documents/']")
    assert [one.get_text(strip=True) for one in papers] == ["Review report", "Visit act"]
    for one in papers:
        assert browser.client.get(one["href"]).mimetype == "application/pdf"
