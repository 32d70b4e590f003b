"""What the web's edge makes of bad input and of repeated guesses: a clear page, never a 500."""

from __future__ import annotations

import base64
import json
from urllib.parse import urlsplit

import pytest

from tests.services.drawing import begin, publish, two_steps
from tests.support.answers import case_row, open_item
from workflow_app.queries.pages import read_cursor, write_cursor

HUGE = 10**30


def cursor(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


TAMPERED = [
    cursor([["x"], False]),
    cursor([[], False]),
    cursor([[HUGE], False]),
    cursor([["9999-12-31", HUGE], True]),
    cursor([["\0", 1], False]),
    cursor([[True, 1], False]),
    base64.urlsafe_b64encode(b"[" * 3000).decode(),
]


@pytest.mark.parametrize("text", TAMPERED)
def test_a_cursor_of_another_shape_is_the_first_page(text):
    assert read_cursor(text, str, int) is None
    assert read_cursor(text, int) is None


def test_a_cursor_of_the_right_shape_is_read():
    assert read_cursor(write_cursor(["2026", 3]), str, int).keys == ("2026", 3)
    assert read_cursor(write_cursor(["2026", 3]), int) is None


@pytest.mark.parametrize("text", TAMPERED)
@pytest.mark.parametrize(
    "address", ["/inbox?tab=done", "/inbox?tab=mine", "/my-cases?", "/demo/mail?"]
)
def test_lists_open_with_a_tampered_cursor(sign_in, address, text):
    assert sign_in("registrar").get(f"{address}&page={text}").status == 200


@pytest.mark.parametrize(
    "address",
    [f"/tasks/{HUGE}", f"/documents/{HUGE}", f"/decisions/{HUGE}", "/cases/nothing", "/tasks/-1"],
)
def test_what_cannot_be_an_id_is_not_there(sign_in, address):
    sign_in("registrar").get(address, status=404)


def test_words_with_a_nul_are_refused(visitor):
    visitor.get("/check?number=%00", status=400)
    visitor.get("/registers/accredited_providers?q=a%00b", status=400)
    page = visitor.get("/follow")
    fields = {"number": "A\0", "key": "B"}
    page.send(fields, form="main form[novalidate]", status=400)


def test_bytes_that_are_no_text_do_no_harm(visitor):
    visitor.get("/check?number=%ff%fe")
    assert visitor.client.get("/cases/%ff").status_code == 404


def test_sign_ins_that_fail_are_slowed_by_account(browser_of):
    attacker = browser_of()
    for _ in range(10):
        attacker.sign_in("registrar@example.org", "guess")
    attacker.sign_in("registrar@example.org", "guess", status=429)
    browser_of().sign_in("secretary@example.org")


def test_signing_out_forgets_the_key_of_a_case(office, sign_in):
    publish(office, two_steps())
    case = case_row(office, begin(office))
    browser = sign_in("registrar")
    browser.get(f"/follow/{case.number}?key={case.secret}")
    with browser.client.session_transaction() as session:
        assert session["case_id"] == case.id
    browser.get("/").press("Sign out")
    with browser.client.session_transaction() as session:
        assert "case_id" not in session


@pytest.mark.parametrize("address", ["//evil.example/", "/\\evil.example", "https://evil.example"])
def test_signing_in_leads_to_no_other_site(browser_of, address):
    browser = browser_of()
    sent = browser.get(f"/sign-in?next={address}").form('form[name="login_user_form"]')
    sent.setlist("email", ["registrar@example.org"])
    sent.setlist("password", ["community-2026"])
    answer = browser.raw(f"/sign-in?next={address}", sent)
    target = urlsplit(answer.headers.get("Location", "/").replace("\\", "/"))
    assert target.netloc in ("", "localhost")
    assert not target.path.startswith("//")


def test_what_was_typed_survives_a_start_that_fails(office, sign_in):
    bpmn = two_steps().replace('name="by" value="public"', 'name="by" value="registrar"')
    terms = "first = '=working days(setting(\"test.rate\"))'"
    publish(office, bpmn, terms=terms)
    browser = sign_in("registrar")
    page = browser.get("/services/two_steps/start")
    failed = page.send({"subject": "My precious words"}, status=409)
    assert "test.rate" in failed.text
    assert browser.get("/services/two_steps/start").value("subject") == "My precious words"


def test_a_form_of_thousands_of_fields_is_refused_or_read_but_never_fails(office, sign_in):
    publish(office, two_steps())
    item = open_item(office, begin(office), "first")
    browser = sign_in("registrar")
    page = browser.get(f"/tasks/{item}")
    fields = page.form("form#main-form")
    for number in range(9_000):
        fields.add(f"rows-{number}-x", "1")
    assert browser.raw(f"/tasks/{item}", fields).status_code in (303, 413, 422)
    for number in range(20_000):
        fields.add(f"more-{number}", "1")
    assert browser.raw(f"/tasks/{item}", fields).status_code in (303, 409, 413)
