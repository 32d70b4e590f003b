"""Notices, one's own account and the settings in browsers, on a desk and on a phone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from tests.e2e.people import PHONE
from tests.services.drawing import begin
from tests.services.test_notices import notice_of, serving
from tests.support.answers import case_row
from workflow_app.models.notices import Notice
from workflow_app.services.news import News, tell
from workflow_app.services.publishing import publish_version

pytestmark = pytest.mark.e2e
SCREENS = pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])


@pytest.fixture
def case(served):
    """Begin a case that has served a notice by mail."""
    with served.acting() as ctx:
        publish_version(ctx, serving(), number=1, by="test")
    case_id = begin(served)
    served.settle()
    return case_row(served, case_id)


@SCREENS
def test_a_party_opens_its_notice(person, served, case, screen):
    party = person(**screen)
    party.open(f"/follow/{case.number}?key={case.secret}")
    party.press("Open the notice")
    party.look()
    assert party.heading == "Notices"
    assert "The decision on A case" in party.page.locator("main").inner_text()
    assert notice_of(served, case.id).how == "page"


@SCREENS
def test_a_registrar_records_the_post(person, served, case, screen):
    with served.acting() as ctx:
        ctx.session.execute(update(Notice).values(state="unserved", remark="550 no such mailbox"))
    registrar = person("registrar", **screen)
    registrar.open(f"/cases/{case.number}/notices")
    registrar.page.get_by_role("link", name="Record that it was received").click()
    registrar.press("Record it")
    registrar.look()
    registrar.page.get_by_label("by registered post").check()
    registrar.page.get_by_label("Day on which it was received").fill("2026-11-23")
    registrar.press("Record it")
    registrar.look()
    assert notice_of(served, case.id).how == "post"


@SCREENS
def test_one_s_own_pages_and_the_settings_read_well(person, served, screen):
    with served.acting() as ctx:
        told = News(kind="mention", why="%(who)s mentions you", details={"who": "Ani"}, page="/")
        tell(ctx, ["registrar"], told, path="AM")
    registrar = person("registrar", **screen)
    registrar.open("/account/notifications")
    registrar.press("Make an address")
    registrar.look()
    registrar.open("/account/news")
    registrar.open("/settings")
    registrar.open("/settings?q=zzz")
