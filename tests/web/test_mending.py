"""Pages on which a supervisor helps a stuck case on, without JavaScript."""

from __future__ import annotations

import pytest

from tests.services.drawing import begin, publish
from tests.services.test_rescuing import decided, fail, put_mail
from tests.support.answers import case_row, open_item
from workflow_app.adapters.mailer import MailRefused
from workflow_app.web.forms import read_value
from workflow_app.web.presenting import reasons

FORM = "main form[novalidate]"


@pytest.fixture
def stuck(office):
    publish(office, decided())
    case_id = begin(office)
    fail(office, case_id, amount=5)
    return case_row(office, case_id)


@pytest.fixture
def supervisor(sign_in):
    return sign_in("supervisor")


def test_the_list_leads_to_the_case_and_tells_why(stuck, supervisor):
    page = supervisor.get("/inbox").click("Stuck")
    assert page.path == "/incidents"
    assert "No condition is true and no default flow is drawn" in page.text
    case = page.click("A case")
    assert case.path == f"/cases/{stuck.number}"
    for label in ("Correct the data", "Move to another step", "Cancel the case"):
        assert label in case.all("a")


def test_an_empty_list_says_what_would_be_there(supervisor):
    assert "Nothing is stuck" in supervisor.get("/incidents").text


def test_a_registrar_sees_why_but_not_what_could_be_done(stuck, sign_in):
    registrar = sign_in("registrar")
    page = registrar.get(f"/cases/{stuck.number}")
    assert "No condition is true" in page.text
    for label in ("Stuck", "Correct the data", "Move to another step", "Cancel the case"):
        assert label not in page.all("a")


def test_data_is_corrected_field_by_field(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Correct the data")
    assert stuck.secret not in page.text
    name = next(f["name"] for f in page.soup.select("textarea") if "A case" in f.text)
    bad = page.send({name: "Another", "reason": ""}, form=FORM, status=422)
    assert bad.problems == ["Enter a reason"]
    assert bad.form(FORM)[name] == "Another"
    done = bad.send({"reason": "misspelt"}, form=FORM)
    assert "The data is corrected." in done.text
    assert "misspelt" in done.text
    again = page.send({name: "Third", "reason": "misspelt"}, form=FORM, status=409)
    assert again.title == "Somebody was faster"


def test_a_case_is_moved_and_a_second_click_is_told(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Move to another step")
    assert len(page.send({"reason": "later"}, form=FORM, status=422).problems) == 1
    ways = {o.text: o["value"] for o in page.soup.select("option")}
    way = ways["from “First step” to “Second step”"]
    short = page.send({"way": way}, form=FORM, status=422)
    assert short.form(FORM)["way"] == way
    done = page.send({"way": way, "reason": "the amount is right"}, form=FORM)
    assert "another step now" in done.text
    assert "the amount is right" in done.text
    assert open_item(office, stuck.id, "second")
    page.send({"way": way, "reason": "the amount is right"}, form=FORM, status=409)


def test_a_case_is_cancelled_and_a_second_click_is_told(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Cancel the case")
    assert page.send({}, form=FORM, status=422).problems == ["Enter a reason"]
    done = page.send({"reason": "withdrawn"}, form=FORM)
    assert "The case is cancelled." in done.text
    assert case_row(office, stuck.id).phase == "finished"
    assert "Correct the data" not in done.all("a")
    page.send({"reason": "withdrawn"}, form=FORM, status=409)


def test_a_move_that_fails_is_told_on_the_form(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Move to another step")
    ways = {o.text: o["value"] for o in page.soup.select("option")}
    sent = {"way": ways["from “First step” to “G”"], "reason": "try"}
    failed = page.send(sent, form=FORM, status=422)
    assert "No condition is true" in failed.problems[0]
    assert failed.form(FORM)["reason"] == "try"
    assert open_item(office, stuck.id, "first")


def test_reasons_are_told_in_the_readers_language(stuck, supervisor, monkeypatch):
    english = "no condition is true and no default flow is drawn"
    monkeypatch.setattr(reasons, "_", lambda text: "Ոչ մի պայման" if text == english else text)
    page = supervisor.get(f"/cases/{stuck.number}")
    assert "Ոչ մի պայման" in page.text
    assert english not in page.text.lower()


def test_a_reason_inside_a_reason_is_translated_too():
    inner = {"why": "%(host)s cannot be reached: %(reason)s"}
    inner |= {"details": {"host": "a.example", "reason": "storm"}}
    sentence = reasons.told("The other system could not be asked: %(reason)s", {"reason": inner})
    assert sentence == ("The other system could not be asked: a.example cannot be reached: storm")


def test_a_mail_that_did_not_leave_is_told_beside_the_step(office, stuck, supervisor, mailer):
    mailer.failure = MailRefused("no such person")
    put_mail(office, stuck.id)
    office.settle()
    page = supervisor.get(f"/cases/{stuck.number}")
    assert len(page.soup.select(".app-verdict")) == 2
    assert "Sending: could not run" in page.text
    mailer.failure = None
    link = next(one for one in page.all("a") if one.startswith("Try") and "Sending" in one)
    done = page.click(link).send({"reason": "the address works again"}, form=FORM)
    assert "It is being tried again." in done.text
    office.settle()
    assert [mail.subject for mail in mailer.sent][-1] == "Hello"


def expire(supervisor):
    with supervisor.client.session_transaction() as session:
        session.clear()


def test_a_reason_outlives_the_session(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Cancel the case")
    expire(supervisor)
    asked = page.send({"reason": "withdrawn by letter"}, form=FORM)
    assert asked.path == "/sign-in"
    supervisor.become("supervisor")
    again = supervisor.get(page.path)
    assert again.form(FORM)["reason"] == "withdrawn by letter"
    assert "The case is cancelled." in again.send({}, form=FORM).text


def test_corrected_values_outlive_the_session(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Correct the data")
    sent = {"value_subject": "Another", "reason": "misspelt"}
    expire(supervisor)
    page.send(sent, form=FORM)
    supervisor.become("supervisor")
    again = supervisor.get(page.path)
    assert again.form(FORM)["value_subject"] == "Another"
    assert "The data is corrected." in again.send({}, form=FORM).text


def test_who_was_slower_sees_what_they_typed_beside_what_is_true_now(office, stuck, supervisor):
    page = supervisor.get(f"/cases/{stuck.number}").click("Correct the data")
    page.send({"value_subject": "First", "reason": "misspelt"}, form=FORM)
    slower = page.send({"value_subject": "Second", "reason": "better"}, form=FORM, status=409)
    case = slower.click("See how it stands now")
    assert case.path == f"/cases/{stuck.number}"
    again = case.click("Correct the data")
    sent = again.form(FORM)
    assert (sent["value_subject"], sent["reason"]) == ("First", "better")
    assert "You had entered: Second" in again.text
    assert "You had entered" not in supervisor.get(again.path).text
    done = again.send({"value_subject": "Second"}, form=FORM)
    assert "better" in done.text


def test_what_fails_again_shows_why_and_keeps_the_reason(office, stuck, supervisor):
    page = supervisor.get("/incidents").click(f"Try again : G, {stuck.number}")
    again = page.send({"reason": "hoping"}, form=FORM)
    assert "It failed again." in again.text
    assert "Tried 2 times" in again.text
    assert again.form(FORM)["reason"] == "hoping"
    assert len(supervisor.get("/incidents").soup.select("main li h2")) == 1
    page.send({"reason": "hoping"}, form=FORM, status=409)


@pytest.mark.parametrize(
    "text", ["not json", "", "[[[", "[" * 100_000, "1e999", "NaN", '"\\ud800"']
)
def test_what_cannot_be_stored_in_the_place_of_a_number_is_refused(text):
    with pytest.raises((ValueError, RecursionError)):
        read_value(text, 5)


def test_what_somebody_writes_is_read_as_what_stood_there():
    assert read_value("7", "5") == "7"
    assert read_value("7", 5) == 7
    assert read_value('{"a": [true, null]}', 5) == {"a": [True, None]}
    assert read_value("one\r\ntwo", "one") == "one\ntwo"
    assert read_value("one\r\ntwo", "one\r\ntwo") == "one\r\ntwo"


def test_who_may_not_mend_is_told_so(stuck, sign_in):
    page = sign_in("registrar").get(f"/cases/{stuck.number}/move", status=403)
    assert "Your account may not see or do this." in page.text
