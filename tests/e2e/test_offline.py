"""The visit form without network: kept in the browser, sent when it returns, nothing doubled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.e2e.people import lose_the_first_answer
from tests.support.answers import open_item, task_fields
from workflow_app.models.case import Answer, Document
from workflow_app.models.offline import SentWord
from workflow_app.models.work import WorkItem

pytestmark = pytest.mark.e2e
KEY = "accreditation/straight"
TASK = "visit_checklist"
GONE = "async path => !(await (await caches.open('kept-pages')).match(path))"
PHOTO = {"name": "rooms.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
PENCIL = "textarea[name='observations-0-evidence']"


@pytest.fixture
def visit(served, person):
    """Return a visitor with the form open, its page kept, and the answers of the scenario."""
    player = served.play(KEY, until=lambda move: move.task == TASK)
    move = next(m for m in player.scenario.steps if m.task == TASK)
    return Visit(served, person(move.by), player.case_id, move)


class Visit:
    def __init__(self, served, visitor, case_id, move):
        self.served, self.visitor, self.move = served, visitor, move
        self.page, self.case_id = visitor.page, case_id
        visitor.take(case_id, TASK)
        self.item = open_item(served, case_id, TASK, move.by)
        self.page.locator("[data-offline-ready]", has_text="It is ready").wait_for()

    def cut(self, *, off=True):
        self.visitor.context.set_offline(off)

    def write(self):
        fields = task_fields(self.served, self.visitor.username, self.item, self.move.answers)
        self.visitor.fill(fields)
        self.page.locator(PENCIL).fill("Ramps at both doors; the kitchen is locked.")
        photo = self.page.locator("input[type=file]").first
        photo.set_input_files([PHOTO])
        self.page.locator("input[name='observations-0-photo_consent']").check()
        self.said("kept in this browser")

    def said(self, words):
        self.page.locator("[data-offline-status]", has_text=words).wait_for()

    def complete(self):
        self.page.get_by_role("button", name="Complete step", exact=True).click()

    def state(self):
        return self.served.read(
            lambda s: s.scalar(select(WorkItem.state).where(WorkItem.id == self.item))
        )

    def arrived(self):
        """Return how often the form arrived, with its photo."""
        given = self.served.read(
            lambda s: s.scalars(
                select(Answer)
                .join(WorkItem, WorkItem.task_id == Answer.task_id)
                .where(WorkItem.id == self.item, Answer.case_id == self.case_id)
            ).all()
        )
        photos = self.served.read(
            lambda s: s.scalar(
                select(func.count()).select_from(Document).where(Document.name == "rooms.png")
            )
        )
        return [answer.data["observations"][0]["evidence"] for answer in given], photos


def test_an_hour_without_network_loses_and_doubles_nothing(visit):
    visit.cut()
    visit.write()
    visit.page.reload()
    back = re.compile("^Ramps at both doors")
    expect(visit.page.locator(PENCIL)).to_have_value(back, timeout=20_000)
    assert visit.page.locator("input[type=file]").first.evaluate("e => e.files[0].name")
    visit.complete()
    visit.said("It is sent by itself")
    visit.served.move_to("2026-12-01T12:00:00+04:00")
    assert visit.state() == "open"
    visit.cut(off=False)
    visit.page.wait_for_url("**/inbox")
    assert visit.state() == "completed"
    assert visit.arrived() == (["Ramps at both doors; the kitchen is locked."], 1)


def test_a_closed_page_is_sent_from_the_next_one(visit):
    visit.cut()
    visit.write()
    visit.complete()
    visit.said("It is sent by itself")
    visit.page.close()
    visit.cut(off=False)
    visit.page = visit.visitor.page = visit.visitor.context.new_page()
    visit.visitor.open("/inbox")
    visit.page.locator("[data-kept-forms]", has_text="was sent").wait_for()
    assert visit.arrived() == (["Ramps at both doors; the kitchen is locked."], 1)
    visit.visitor.open("/inbox")
    assert visit.page.locator("[data-kept-forms]").is_hidden()


def test_an_answer_that_never_reached_the_browser_is_not_sent_twice(visit):
    visit.visitor.fill(
        task_fields(visit.served, visit.visitor.username, visit.item, visit.move.answers)
    )
    lost = lose_the_first_answer(visit.page)
    visit.complete()
    visit.said("It is sent by itself")
    assert lost == [200]
    assert visit.state() == "completed"
    visit.page.evaluate("window.dispatchEvent(new Event('online'))")
    visit.page.wait_for_url("**/inbox")
    words = visit.served.read(lambda s: s.scalar(select(func.count()).select_from(SentWord)))
    assert words == 1
    assert len(visit.arrived()[0]) == 1


def test_what_is_wrong_comes_back_with_everything_typed(visit):
    visit.cut()
    visit.page.locator(PENCIL).fill("Only this so far.")
    visit.complete()
    visit.said("It is sent by itself")
    visit.cut(off=False)
    visit.page.wait_for_url(f"**/tasks/{visit.item}")
    expect(visit.page.locator("[data-offline-status]")).to_be_empty(timeout=20_000)
    assert visit.page.locator(PENCIL).input_value() == "Only this so far."
    assert visit.state() == "open"


def test_who_signs_in_next_is_shown_nothing(visit, person):
    visit.cut()
    visit.page.locator(PENCIL).fill("Not for others.")
    visit.said("kept in this browser")
    visit.cut(off=False)
    visit.visitor.press("Sign out")
    visit.page.wait_for_function(GONE, arg=f"/tasks/{visit.item}")
    visit.visitor.sign_in("visitor2")
    assert visit.page.locator("[data-kept-forms]").is_hidden()
