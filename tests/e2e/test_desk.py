"""The desk by keyboard alone, and its pages looked at on a desk and on a phone."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PHONE
from tests.support.answers import open_item
from workflow_app.services.absences import Leave, enter_absence
from workflow_app.services.holding import claim_task
from workflow_app.services.seeding import load_accounts

pytestmark = pytest.mark.e2e


@pytest.fixture
def three(served):
    return [
        served.play("accreditation/straight", until="check_documents").case_id for _ in range(3)
    ]


def seen(person, name):
    """Keep a picture where somebody asks for it."""
    folder = os.environ.get("PICTURES")
    if folder:
        person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def focused(person):
    return person.page.evaluate("document.activeElement.className + document.activeElement.id")


def row_in_focus(person):
    return person.page.evaluate(
        "[...document.querySelectorAll('.app-tasks tbody tr')]"
        ".findIndex((row) => row.contains(document.activeElement))"
    )


def test_the_list_is_worked_with_single_keys(served, person, three):
    registrar = person("registrar")
    registrar.open("/inbox?tab=groups")
    keys = registrar.page.keyboard
    keys.press("j")
    assert row_in_focus(registrar) == 0
    keys.press("j")
    keys.press("j")
    keys.press("j")
    assert row_in_focus(registrar) == 2
    keys.press("k")
    assert row_in_focus(registrar) == 1
    seen(registrar, "desk_focus")
    keys.press("x")
    assert registrar.page.locator("input[name=task]:checked").count() == 1
    keys.press("c")
    registrar.page.wait_for_url("**/tasks/*", wait_until="commit")
    expect(registrar.page.get_by_text("Held by")).to_be_visible()
    registrar.open("/inbox?tab=groups")
    keys.press("j")
    keys.press("Enter")
    registrar.page.wait_for_url("**/tasks/*", wait_until="commit")


def test_keys_never_trap_and_rest_while_somebody_types(served, person, three):
    registrar = person("registrar")
    registrar.open("/search")
    keys = registrar.page.keyboard
    keys.press("/")
    assert focused(registrar).endswith("search")
    keys.type("jkcx?/gi")
    assert registrar.page.locator("#search").input_value() == "jkcx?/gi"
    keys.press("Tab")
    assert not focused(registrar).endswith("search")
    keys.press("?")
    dialog = registrar.page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    registrar.look()
    seen(registrar, "desk_keys")
    keys.press("j")
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    keys.press("g")
    keys.press("i")
    registrar.page.wait_for_url("**/inbox", wait_until="commit")


def test_keys_can_be_switched_off_for_good(served, person, three):
    registrar = person("registrar")
    registrar.open("/inbox?tab=groups")
    registrar.press("Keyboard shortcuts")
    registrar.page.get_by_label("Switch single keys off").check()
    registrar.press("Close")
    registrar.page.keyboard.press("j")
    assert row_in_focus(registrar) == -1
    registrar.open("/inbox?tab=groups")
    registrar.page.keyboard.press("j")
    assert row_in_focus(registrar) == -1
    registrar.press("Keyboard shortcuts")
    registrar.page.get_by_label("Switch single keys off").uncheck()
    registrar.press("Close")
    registrar.page.keyboard.press("j")
    assert row_in_focus(registrar) == 0


def filed(served, case):
    """Let the registrar have a task and be away, with a deputy in their place."""
    item = open_item(served, case, "check_documents")
    roles = [{"role": "registrar", "territory": "AM"}]
    row = {"username": "dina", "title": "Dina Hakobyan", "email": "dina@example.org"}
    with served.acting() as ctx:
        load_accounts(ctx, [{**row, "roles": roles}], "no password")
    with served.acting("registrar") as ctx:
        claim_task(ctx, item)
    today = served.clock.now().date()
    leave = Leave(username="registrar", first_day=today, last_day=today, substitutes=("dina",))
    with served.acting("registrar") as ctx:
        enter_absence(ctx, leave)
    return item


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_pages_of_the_desk_are_accessible(served, person, three, screen):
    item = filed(served, three[0])
    size = "phone" if screen else "desk"
    registrar = person("registrar", **screen)
    for path, name in (
        ("/inbox?tab=groups&role=registrar", "filter"),
        ("/inbox", "mine"),
        ("/search?q=sunny", "search"),
        ("/search?q=nowhere", "nothing"),
        ("/account/absence", "absence"),
        (f"/tasks/{item}/hand-over", "hand"),
    ):
        registrar.open(path)
        seen(registrar, f"{name}_{size}")
    registrar.page.locator("#main-form button[type=submit]").click()
    registrar.look()
    assert registrar.page.locator(".govuk-error-summary").is_visible()
    seen(registrar, f"hand_error_{size}")
    registrar.open("/account/absence")
    registrar.page.locator("#main-form button[type=submit]").click()
    registrar.look()
    assert registrar.page.locator(".govuk-error-summary li").count() == 2


def test_ticked_tasks_are_taken_without_a_script(served, person, three):
    registrar = person("registrar", java_script_enabled=False)
    registrar.open("/inbox?tab=groups")
    for box in registrar.page.locator("input[name=task]").all()[:2]:
        box.check()
    registrar.press("Take the ticked tasks")
    assert "You took 2 tasks." in registrar.page.locator("main").inner_text()
    seen(registrar, "ticked")
