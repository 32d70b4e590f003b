"""The pages everybody sees first, signing in, and the empty desk."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/follow",
        "/check",
        "/registers",
        "/accessibility",
        "/sign-in",
        "/demo/mail",
        "/demo/clock",
    ],
)
def test_public_pages_stand_for_everybody(visitor, address):
    assert visitor.get(address).title


def test_services_are_offered_on_the_first_page(visitor):
    page = visitor.get("/")
    assert "Accreditation of a social service provider" in page.text


def test_signing_in_leads_to_the_inbox_and_out_again(visitor):
    page = visitor.sign_in("registrar@example.org")
    assert (page.path, page.title) == ("/inbox", "My work")
    assert "Registrar, Ministry" in page.soup.header.get_text()
    page = page.press("Sign out")
    assert page.path == "/"
    assert visitor.get("/inbox").path == "/sign-in"


def test_signing_in_leads_back_to_where_it_was_asked_for(visitor):
    page = visitor.get("/start")
    assert page.path == "/sign-in"
    fields = {"email": "registrar@example.org", "password": "community-2026"}
    assert page.send(fields, form='form[name="login_user_form"]').path == "/start"


def test_a_wrong_password_and_an_unknown_person_read_the_same(visitor):
    wrong = visitor.sign_in("registrar@example.org", "guess", status=200)
    unknown = visitor.sign_in("nobody@example.org", "guess", status=200)
    assert wrong.problems == unknown.problems != []
    assert wrong.soup.title.get_text().startswith("Error:")


EMPTY = {
    "mine": "You have no tasks",
    "groups": "No task is waiting",
    "done": "Nothing finished yet",
}


@pytest.mark.parametrize(("tab", "said"), EMPTY.items())
def test_the_empty_inbox_says_what_would_be_there(sign_in, tab, said):
    page = sign_in("registrar").get(f"/inbox?tab={tab}")
    assert said in page.text
    assert page.soup.select(".app-tasks") == []


def test_an_unknown_tab_or_page_shows_the_first(sign_in):
    registrar = sign_in("registrar")
    for query in ("tab=none", "tab=mine&page=nonsense", "page=" + "A" * 3000):
        assert "You have no tasks" in registrar.get(f"/inbox?{query}").text
    registrar.get("/inbox?page=%00", status=400)
