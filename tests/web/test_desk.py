"""The reviewer's desk: several tasks at once, filters, handing over, standing in, search."""

from __future__ import annotations

import pytest

from tests.support.answers import case_row, open_item
from workflow_app.services.holding import claim_task


@pytest.fixture
def several(office):
    """Return the items of three cases that wait for the registrar."""
    cases = [
        office.play("accreditation/straight", until="check_documents").case_id for _ in range(3)
    ]
    return [open_item(office, case, "check_documents") for case in cases]


def ticked(page, items):
    fields = page.form("#ticked")
    for item in items:
        assert page.soup.select(f"input[name=task][form=ticked][value='{item}']")
        fields.add("task", str(item))
    return page.browser.post(str(page.one("#ticked")["action"]), fields)


def test_ticked_tasks_are_taken_and_each_that_is_gone_is_told(office, several, registrar, deputy):
    page = registrar.get("/inbox?tab=groups")
    with office.acting("deputy") as ctx:
        claim_task(ctx, several[1])
    page = ticked(page, several)
    assert page.status == 200
    assert "You took 2 tasks." in page.text
    (told,) = page.all(".govuk-notification-banner li")
    assert "Deputy registrar took this task" in told
    assert len(registrar.get("/inbox").all(".app-tasks__title")) == 2
    again = ticked(registrar.get("/inbox"), [several[0], several[2]])
    assert "2 tasks are back." in again.text
    assert "You have no tasks" in registrar.get("/inbox").text


def test_a_filter_narrows_the_list_and_is_kept_for_the_unit(office, several, registrar, deputy):
    page = registrar.get("/inbox?tab=groups&role=registrar&process=accreditation")
    assert len(page.all(".app-tasks__title")) == 3
    none = registrar.get("/inbox?tab=groups&role=registrar&due=overdue")
    assert "Nothing fits these filters" in none.text
    unit = page.soup.select_one("#filter-keep-share option[value^='registrar@']")["value"]
    refused = page.send({"name": " "}, form="#keep-filter", status=422)
    assert "Enter a name" in refused.text
    kept = page.send({"name": "Mine to check", "share": unit}, form="#keep-filter")
    assert "is saved" in kept.text
    shared = deputy.get("/inbox")
    assert "Mine to check" in shared.text
    followed = shared.click("Mine to check")
    assert "role=registrar" in followed.address
    assert "Delete the saved filter" not in followed.text
    gone = registrar.get(kept.address).press("Delete the saved filter “Mine to check”")
    assert "is deleted" in gone.text
    assert "Mine to check" not in deputy.get("/inbox").text


def test_a_task_goes_to_a_colleague_with_a_note_and_what_was_typed(
    office, several, registrar, deputy, mailer
):
    item = several[0]
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    fields = registrar.get(f"/tasks/{item}").form("#main-form")
    fields["items-0-remark"] = "Looks old"
    assert registrar.raw(f"/tasks/{item}/draft", fields).status_code == 200
    form = registrar.get(f"/tasks/{item}/hand-over")
    refused = form.send({}, status=422)
    assert len(refused.problems) == 2
    page = refused.send({"to": "deputy", "note": "You know them better", "draft": "yes"})
    assert "Deputy registrar has the task now" in page.text
    office.settle()
    assert any(m.to == "deputy@example.org" and "handed a task" in m.subject for m in mailer.sent)
    mine = deputy.get("/inbox")
    assert "handed over by Registrar, Ministry" in mine.text
    opened = deputy.get(f"/tasks/{item}")
    assert "You know them better" in opened.text
    assert opened.value("items-0-remark") == "Looks old"
    number = case_row(office, 1).number
    assert "You know them better" in deputy.get(f"/cases/{number}").text
    assert registrar.get(f"/tasks/{item}/hand-over", status=409).status == 409


def test_who_is_alone_in_a_role_reads_that_nobody_can_stand_in(sign_in):
    page = sign_in("mentor").get("/account/absence")
    assert "Nobody else holds the role in the territory (Mentor of organisations)" in page.text
    assert "Nobody: tasks go back to their groups" in page.text
