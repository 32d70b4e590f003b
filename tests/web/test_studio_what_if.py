"""What if in the browser: the form, what is wrong with it, and what was found, without a script."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import insert

from tests.services import drawing
from tests.services.design_help import drafted
from tests.services.drawing import KEY, two_steps
from tests.services.simulated import history
from workflow_app.models.case import Case, History
from workflow_app.models.work import WorkItem
from workflow_app.services.designing import drafts

FORM = 'form[action$="/what-if"]'


def moment(second):
    return datetime.fromtimestamp(second, UTC)


def store(office, told):
    """Write finished cases of the process into the database, as the engine would have."""
    with office.acting() as ctx:
        version = ctx.platform.programs.latest(ctx.session, KEY).version_id
        for number, case in enumerate(told):
            found = ctx.session.execute(
                insert(Case).values(
                    number=f"TWO-{number}",
                    secret=f"s{number}",
                    process_version_id=version,
                    title="A case",
                    language="en",
                    territory_code="AM",
                    territory_path="AM",
                    phase="finished",
                    status="submitted",
                    history_seq=len(case.rows),
                    history_head="",
                    started_by="registrar",
                    started_at=moment(case.begins),
                    finished_at=moment(case.ends),
                )
            )
            case_id = found.inserted_primary_key[0]
            rows = [
                {
                    "case_id": case_id,
                    "seq": seq,
                    "kind": kind,
                    "element": element,
                    "task_id": task,
                    "actor": "registrar",
                    "at": moment(at),
                    "flows": flows,
                }
                for seq, (kind, element, task, at, flows) in enumerate(case.rows, 1)
            ]
            ctx.session.execute(insert(History), rows)
            elements = {row["task_id"]: row["element"] for row in rows}
            items = [
                {
                    "case_id": case_id,
                    "task_id": task,
                    "element": elements[task],
                    "name": "Step",
                    "form": "first",
                    "role": "registrar",
                    "territory_path": "AM",
                    "state": "completed",
                    "opened_at": moment(item.opened),
                    "claimed_at": moment(item.claimed),
                    "closed_at": moment(item.closed),
                    "closed_by": item.by,
                }
                for task, item in case.items.items()
            ]
            ctx.session.execute(insert(WorkItem), items)


def worked_out(browser, page, address):
    """Wait for the child and return the page with what it found."""
    until = time.monotonic() + 60
    while "Working it out" in page.text or "being read" in page.text:
        assert time.monotonic() < until, "it did not come to an end"
        time.sleep(0.2)
        page = browser.get(address)
    return page


def test_a_draft_is_worked_out_against_what_is_published(designer, office):
    drawing.publish(office, two_steps())
    store(office, history(40))
    draft_id = drafted(office)
    address = f"/studio/drafts/{draft_id}/what-if"
    page = designer.get(address)
    assert page.form(FORM).get("staff:registrar")
    assert "40 finished cases are repeated" in page.text
    page = worked_out(designer, page.send({"cases": "100"}, form=FORM), address)
    assert "Half of the cases are done within" in page.text
    assert "First step" in page.text
    source = page.one("[data-diagram]")["data-diagram"]
    shown = designer.client.get(source).json
    assert shown["markers"]["first"] == "done"
    assert shown["labels"]["first"].endswith(("h", "days"))


def test_what_cannot_be_is_told_at_its_field_and_stays(designer, office):
    drawing.publish(office, two_steps())
    draft_id = drafted(office)
    page = designer.get(f"/studio/drafts/{draft_id}/what-if")
    assert "No case of this process has finished yet" in page.text
    wrong = {
        "cases": "1e9",
        "rate": "",
        "hours": "25",
        "staff:registrar": "0",
        "today:registrar": "-3",
        f"work:{KEY}/first": "soon",
    }
    refused = page.send(wrong, form=FORM, status=422)
    for field, text in wrong.items():
        assert refused.form(FORM).get(field) == text
    for field, why in {
        "cases": "from 100 to 10000",
        "rate": "Enter how many cases begin a week",
        "hours": "from 1 to 24",
        "staff:registrar": "at least 1 person",
        "today:registrar": "at least 1 person",
        f"work:{KEY}/first": "from 0 to 60000",
    }.items():
        assert why in refused.soup.find(id=f"error-{field}").get_text()


def test_a_new_process_is_worked_out_from_stated_times(designer, office):
    with office.acting("designer") as ctx:
        files = drawing.source(two_steps()).files
        draft_id = drafts.new_process(ctx, KEY, "Two steps", files).id
    address = f"/studio/drafts/{draft_id}/what-if"
    said = {"cases": "100", "rate": "5", "staff:registrar": "1", f"work:{KEY}/first": "30"}
    page = worked_out(designer, designer.get(address).send(said, form=FORM), address)
    assert "Half of the cases would be done within" in page.text
    assert page.form(FORM).get(f"work:{KEY}/first") == "30"


def test_a_draft_that_cannot_run_says_so(designer, office):
    drawing.publish(office, two_steps())
    draft_id = drafted(office, two_steps().replace('targetRef="second"', 'targetRef="nowhere"'))
    assert "nothing can be worked out" in designer.get(f"/studio/drafts/{draft_id}/what-if").text


def test_only_designers_may_ask(sign_in, office):
    drawing.publish(office, two_steps())
    draft_id = drafted(office)
    sign_in("registrar").get(f"/studio/drafts/{draft_id}/what-if", status=403)
