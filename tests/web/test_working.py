"""Working on cases: the inbox, a task with its case file, two people at once, stuck cases."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from tests.services.drawing import begin, publish, two_steps
from tests.support.answers import case_row, open_item, task_fields
from workflow_app.models.catalogue import Setting

FORM = "main form[novalidate]"
COMPLETE = {"items": {"*": {"present": True, "valid": "yes"}}}


def test_a_registrar_takes_a_task_and_completes_it(office, applied, registrar):
    inbox = registrar.get("/inbox?tab=groups")
    assert "Sunny Door NGO" in inbox.text
    page = inbox.press("Take : Check the documents")
    item = open_item(office, applied, "check_documents")
    assert page.path == f"/tasks/{item}"
    assert "Held by you" in page.text
    assert registrar.get("/inbox").soup.select_one(f'a[href$="/tasks/{item}"]')
    done = page.send(task_fields(office, "registrar", item, COMPLETE), whole=True)
    assert "Done" in done.text
    assert done.path == f"/cases/{case_row(office, applied).number}"
    assert open_item(office, applied, "assign_reviewers")
    assert "Sunny Door NGO" in registrar.get("/inbox?tab=done").text


def test_the_case_file_shows_answers_documents_and_what_happened(office, applied, registrar):
    case = case_row(office, applied)
    page = registrar.get(f"/cases/{case.number}")
    for said in ("264.160.0000099", "charter.pdf", "Receipt of the application", "Registered"):
        assert said in page.text
    assert case.secret not in page.text


def test_the_diagram_comes_as_data_with_marks_and_as_an_outline_in_words(
    office, applied, registrar
):
    number = case_row(office, applied).number
    answer = registrar.client.get(f"/cases/{number}/diagram/accreditation.json")
    data = answer.get_json()
    assert data["xml"].startswith("<?xml")
    assert data["names"]["register_case"]
    assert data["markers"]
    assert registrar.client.get(f"/cases/{number}/diagram/none.json").status_code == 404
    assert registrar.get(f"/cases/{number}").soup.select("ol li, ul li")


def test_the_second_to_take_a_task_reads_who_took_it_and_when(office, applied, registrar, deputy):
    early = deputy.get("/inbox?tab=groups")
    registrar.get("/inbox?tab=groups").press("Take : Check the documents")
    page = early.press("Take : Check the documents", status=409)
    assert page.title == "Somebody was faster"
    assert "Registrar, Ministry has taken this task" in page.text
    assert "23 Nov 2026, 09:00" in page.text
    held = deputy.get(f"/tasks/{open_item(office, applied, 'check_documents')}")
    assert "Registrar, Ministry is working on this task" in held.text
    assert held.soup.select("#main-form") == []


def test_the_second_to_complete_a_task_reads_who_did_and_keeps_a_draft(
    office, applied, registrar, deputy
):
    item = open_item(office, applied, "check_documents")
    first, second = registrar.get(f"/tasks/{item}"), deputy.get(f"/tasks/{item}")
    first.send(task_fields(office, "registrar", item, COMPLETE), whole=True)
    fields = {"items-0-remark": "Looks good"}
    page = second.send(fields, status=409)
    assert "Registrar, Ministry has completed this task" in page.text


def test_sending_the_same_task_twice_completes_it_once(office, applied, registrar):
    item = open_item(office, applied, "check_documents")
    page, again = registrar.get(f"/tasks/{item}"), registrar.get(f"/tasks/{item}")
    page.send(task_fields(office, "registrar", item, COMPLETE), whole=True)
    version = case_row(office, applied).version
    fields = again.form("#main-form")
    refused = again.send(fields, status=409)
    assert "Registrar, Ministry has completed this task" in refused.text
    assert case_row(office, applied).version == version


def test_a_task_given_back_returns_to_the_group(office, applied, registrar, deputy):
    page = registrar.get("/inbox?tab=groups").press("Take : Check the documents")
    page = page.press("Give back : Check the documents")
    assert "back with its group" in page.text
    assert (
        deputy.get("/inbox?tab=groups")
        .press("Take : Check the documents")
        .soup.select("#main-form")
    )


@pytest.fixture
def stuck(office, registrar):
    publish(office, two_steps(between="=setting(&#34;test.rate&#34;) * amount"))
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    page = registrar.get(f"/tasks/{item}").send({"amount": "5"}, status=409)
    return case_id, page


def test_a_step_that_cannot_run_says_so_and_the_case_is_marked(office, stuck, registrar, sign_in):
    case_id, page = stuck
    assert page.title == "This step could not be done"
    case = case_row(office, case_id)
    assert case.phase == "stuck"
    seen = registrar.get(f"/cases/{case.number}")
    assert "test.rate" in seen.text
    assert "Try again" not in seen.text
    assert "Try again" in sign_in("supervisor").get(f"/cases/{case.number}").text


def test_what_was_typed_into_a_stuck_step_is_still_there(office, stuck, registrar):
    item = open_item(office, stuck[0], "first")
    assert registrar.get(f"/tasks/{item}").value("amount") == "5"


def test_a_supervisor_tries_again_once_the_cause_is_mended(office, stuck, sign_in):
    case_id, _page = stuck
    supervisor = sign_in("supervisor")
    page = supervisor.get(f"/cases/{case_row(office, case_id).number}")
    link = next(words for words in page.all("a") if words.startswith("Try again"))
    form = page.click(link)
    assert "Enter a reason" in form.send({}, form=FORM, status=422).problems
    failed = form.send({"reason": "perhaps now"}, form=FORM)
    assert "It failed again." in failed.text
    with office.acting() as ctx:
        ctx.session.add(Setting(key="test.rate", territory_code="AM", value={"value": 2}))
    form = supervisor.get(page.path).click(link)
    assert "Tried 2 times" in form.text
    page = form.send({"reason": "the rate is set"}, form=FORM)
    assert "went through" in page.text
    assert "the rate is set" in page.text
    assert case_row(office, case_id).phase == "open"


def test_a_term_that_cannot_be_worked_out_stops_the_case_not_the_application(
    office, applied, registrar
):
    gone = Setting.key == "accreditation.assign_days"
    with office.acting() as ctx:
        ctx.session.execute(delete(Setting).where(gone))
    item = open_item(office, applied, "check_documents")
    fields = task_fields(office, "registrar", item, COMPLETE)
    page = registrar.get(f"/tasks/{item}").send(fields, whole=True, status=409)
    assert "accreditation.assign_days" in page.text
    assert case_row(office, applied).phase == "stuck"
    assert registrar.get("/inbox?tab=groups").status == 200


def test_many_tasks_are_shown_by_pages_that_lead_on_and_back(office, registrar):
    publish(office, two_steps())
    for _ in range(60):
        begin(office)
    page = registrar.get("/inbox?tab=groups")
    seen, number = [], 0
    while True:
        rows = [a["href"] for a in page.soup.select(".app-tasks__title")]
        assert not set(rows) & set(seen)
        seen += rows
        number += 1
        following = page.soup.select("a[rel=next]")
        if not following:
            break
        page = registrar.get(following[0]["href"])
    assert len(seen) == 60
    assert number > 1
    back = page.soup.select("a[rel=prev]")[0]["href"]
    assert registrar.get(back).soup.select(".app-tasks__title")
