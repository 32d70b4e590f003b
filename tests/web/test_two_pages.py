"""Never lose a word: drafts, two pages of one form, sessions that end, signatures that stay out."""

from __future__ import annotations

import re

import pytest

from tests.services.drawing import FORMS, begin, form, publish, two_steps
from tests.support.answers import open_item
from workflow_app.services.drafts import find_draft

SIGNED = form(
    {"type": "number", "key": "amount", "label": "Amount"},
    {"type": "group", "key": "sign", "label": "Signature", "properties": {"kind": "sign"}},
)


@pytest.fixture
def item(office):
    publish(office, two_steps())
    return open_item(office, begin(office), "first")


@pytest.fixture
def task(item):
    return f"/tasks/{item}"


def script(page, task, **fields):
    """Save what stands on a page as its script does; returns status and answer."""
    sent = {**page.form("form#main-form"), **fields}
    answer = page.browser.client.post(f"{task}/draft", data=sent)
    return answer.status_code, answer.get_json()


def drafted(office, task, who="registrar"):
    with office.acting(who) as ctx:
        kept = find_draft(ctx, f"user:{who}", f"task:{task.rsplit('/', 1)[1]}")
        return kept.raw if kept else None


def test_what_is_typed_survives_a_reload_and_another_device(sign_in, task):
    first, second = sign_in("registrar"), sign_in("registrar")
    status, answer = script(first.get(task), task, amount="12")
    assert status == 200
    assert re.fullmatch(r"Saved \d\d:\d\d", answer["saved"])
    assert first.get(task).value("amount") == "12"
    assert second.get(task).value("amount") == "12"


def test_one_page_saves_again_and_again(sign_in, task, office):
    page = sign_in("registrar").get(task)
    _status, answer = script(page, task, amount="1")
    assert script(page, task, amount="2", _draft=answer["draft"])[0] == 200
    # Its answer got lost on the way: the page still shows the version before.
    assert script(page, task, amount="3")[0] == 200
    assert drafted(office, task) == {"amount": ["3"]}


def test_a_second_tab_is_told_and_overwrites_nothing(sign_in, task, office):
    browser = sign_in("registrar")
    one, two = browser.get(task), browser.get(task)
    assert script(one, task, amount="1")[0] == 200
    status, answer = script(two, task, amount="2")
    assert status == 409
    assert answer["conflict"]["text"].startswith("This form was saved elsewhere at 09:00")
    assert drafted(office, task) == {"amount": ["1"]}
    assert script(two, task, amount="2", _draft=answer["draft"])[0] == 200
    assert drafted(office, task) == {"amount": ["2"]}


@pytest.mark.parametrize("button", [{"_save": "1"}, {}])
def test_without_a_script_both_versions_are_shown(sign_in, task, office, button):
    browser = sign_in("registrar")
    one, two = browser.get(task), browser.get(task)
    one.send({"amount": "1", "_save": "1"})
    page = two.send({"amount": "2", **button})
    assert drafted(office, task) == {"amount": ["1"]}
    assert page.value("amount") == "2"
    cells = page.all(".app-draft-box td")
    assert cells == ["1", "2"]
    kept = page.send({"_save": "1"})
    assert kept.value("amount") == "2"
    assert drafted(office, task) == {"amount": ["2"]}


def test_what_was_saved_elsewhere_can_be_taken(sign_in, task):
    browser = sign_in("registrar")
    one, two = browser.get(task), browser.get(task)
    one.send({"amount": "1", "_save": "1"})
    page = two.send({"amount": "2", "_save": "1"}).click("Take what was saved elsewhere")
    assert page.value("amount") == "1"
    assert not page.soup.select(".app-draft-box")


def test_the_version_on_the_page_is_sent_when_it_is_sent_again(sign_in, task, office):
    browser = sign_in("registrar")
    one, two = browser.get(task), browser.get(task)
    one.send({"amount": "1", "_save": "1"})
    page = two.send({"amount": "2"})
    assert page.path == task
    page.send({})
    assert drafted(office, task) is None


def test_an_ended_session_loses_nothing_and_overwrites_nothing(sign_in, task, office):
    browser, other = sign_in("registrar"), sign_in("registrar")
    page = browser.get(task)
    browser.client.delete_cookie("session")
    other.get(task).send({"amount": "1", "_save": "1"})
    page.send({"amount": "2"})
    browser.become("registrar")
    shown = browser.get(task)
    assert shown.value("amount") == "2"
    assert shown.soup.select(".app-draft-box")
    assert drafted(office, task) == {"amount": ["1"]}


def test_a_signature_is_in_no_draft(sign_in, office):
    publish(office, two_steps(), forms={**FORMS, "first": SIGNED})
    task = f"/tasks/{open_item(office, begin(office), 'first')}"
    browser = sign_in("registrar")
    signed = {"amount": "5", "sign-name": "A Person", "sign-agreed": "true"}
    page = browser.get(task)
    assert script(page, task, **signed)[0] == 200
    assert drafted(office, task) == {"amount": ["5"]}
    again = page.send({**signed, "_save": "1"})
    assert again.value("amount") == "5"
    assert not again.value("sign-name")
    browser.client.delete_cookie("session")
    again.send(signed)
    browser.become("registrar")
    assert browser.get(task).value("sign-agreed") is None


def test_a_start_form_tells_two_tabs_apart(start_link, browser_of):
    address = start_link()
    one, two = (browser_of().get(address).click("Staff") for _tab in range(2))
    name = str(one.soup.select("#main-form input[type=text]")[0]["name"])
    one.send({name: "One", "_save": "1"})
    page = two.send({name: "Two", "_save": "1"})
    assert page.soup.select(".app-draft-box")
