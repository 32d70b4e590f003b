"""Places, open data, statistics, the matrix and an import, at the desk and on a phone."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.people import PHONE
from workflow_app.services.seeding import enter_rows

pytestmark = pytest.mark.e2e
REGISTER = "/registers/accredited_providers"
PAGES = [
    *("/places", "/places/AM-SU", "/places/AM-SU-GORIS", "/places/AM-ER"),
    *(REGISTER, f"{REGISTER}?embed&lang=hy", f"{REGISTER}?print", f"{REGISTER}?place=GE"),
    *("/data", "/data/accredited_providers", "/statistics", "/contact", "/privacy"),
]
HTML = "text/html; charset=utf-8"
BOARD = "/board/pssp_cycle"


PROVIDER = {
    "number": "CERT-AM-2026-0001",
    "organisation": "Care at Home Foundation, Goris",
    "reg_no": "264.160.0000099",
    "sector": "cso",
    "service_type": "home_older",
    "service_name": "Care of older people and adults with disability at home",
    "form_of_care": "home",
    "place": "AM-SU-GORIS",
    "address": "Goris",
    "capacity": 40,
    "valid_from": "2026-01-01",
    "valid_until": "2030-12-31",
    "status": "in_force",
}


@pytest.fixture
def begun(served):
    """Enter a provider and begin a round of planning, so that pages have something to show."""
    with served.acting() as ctx:
        enter_rows(ctx, "accredited_providers", [PROVIDER])
    served.play("pssp_cycle/stopped", until=lambda _move: True)
    return served


def keep(person, name):
    """Keep a picture where somebody wants to look at the pages."""
    folder = os.environ.get("PICTURES")
    if folder:
        width = person.page.viewport_size["width"]
        file = Path(folder) / f"{name.strip('/').replace('/', '_').replace('?', '-')}_{width}.png"
        person.page.screenshot(path=file, full_page=True)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.usefixtures("begun")
def test_public_pages_are_accessible_and_nothing_is_cut_off(person, screen):
    visitor = person(**screen)
    for path in PAGES:
        visitor.open(path)
        keep(visitor, path)
    visitor.open("/contact")
    visitor.press("Send")
    assert visitor.page.locator(".govuk-error-summary").is_visible()


@pytest.mark.usefixtures("begun")
def test_a_place_is_opened_from_the_map_by_keyboard(person):
    visitor = person()
    visitor.open("/places")
    place = visitor.page.locator("svg a", has_text="Kapan")
    place.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_load_state()
    assert visitor.heading == "Kapan"


def _answer(body, route):
    route.fulfill(body=body, content_type=HTML)


@pytest.mark.usefixtures("begun")
def test_only_the_embedded_list_shows_in_a_frame(person):
    visitor = person()
    visitor.open(f"{REGISTER}?embed&lang=en")
    page, list_of = visitor.page, f"{visitor.address}{REGISTER}"
    # Browsers keep pages of the network out of frames of this machine: the site is on it too.
    site = f"{visitor.address}/a-site-of-a-municipality"
    for address, shown in ((f"{list_of}?embed&lang=en", True), (list_of, False)):
        frame = f'<iframe title="List" src="{address}" width="600" height="400"></iframe>'
        page.route(site, partial(_answer, frame))
        page.goto(site)
        page.wait_for_load_state("networkidle")
        inside = page.frames[-1]
        assert (inside.locator("h1.govuk-heading-l").count() == 1) is shown, address
        page.unroute(site)
    visitor.faults.clear()


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
@pytest.mark.usefixtures("begun")
def test_the_board_is_a_table_at_the_desk_and_a_list_on_a_phone(person, screen):
    officer = person("officer", **screen)
    officer.open(BOARD)
    keep(officer, BOARD)
    cell = officer.page.locator(".app-board tbody td").first
    labelled = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert ("Coordination body" in labelled) is bool(screen)


def test_faults_of_a_table_are_listed_by_line_and_column(served, person):
    played = served.play(
        "register_import/given_up",
        until=lambda move: (move.answers or {}).get("upload_step") == "give_up",
    )
    registrar = person("registrar")
    registrar.take(played.case_id, "upload_table")
    keep(registrar, "upload_table")
    rows = registrar.page.locator("main table tbody tr")
    assert rows.count() == 7
    assert "No field of the register is called so." in rows.first.inner_text()
