"""Publishing in the browser: gate, approval, versions, running cases; all without JavaScript."""

from __future__ import annotations

from dataclasses import replace

from tests.services.design_help import (
    CHANGED,
    FILE,
    drafted,
    first_version,
    proven,
    published,
    state,
    versions,
)
from tests.services.drawing import KEY, begin, publish
from tests.services.test_migrating import REMARKS, RENAMED
from tests.support.answers import case_row
from workflow_app.engine.lint.report import finding_of
from workflow_app.engine.lint.rules.content import NO_DEFAULT
from workflow_app.services.designing import retiring


def page_of(draft):
    return f"/studio/drafts/{draft}/publish"


def form_to(page, ending):
    """Return the selector of the form that is sent to an address with this ending."""
    found = [one["action"] for one in page.soup.select("form[action]")]
    (action,) = [one for one in found if str(one).endswith(ending)]
    return f'form[action="{action}"]'


def test_a_draft_goes_from_the_gate_to_its_version(office, designer, second):
    first_version(office)
    draft = drafted(office)
    page = designer.get(page_of(draft))
    assert "The scenarios have not run on the draft as it is now" in page.text
    refused = page.send({"note": "Please look"}, form="form#submit-form", status=422)
    assert "The draft cannot go on" in refused.text
    assert refused.one("#note").get_text().strip() == "Please look"
    proven(office, draft)
    page = designer.get(page_of(draft))
    assert page.soup.select("#reason-translations")
    assert page.soup.select(f'a[href="/studio/drafts/{draft}/words?state=missing"]')
    assert not page.soup.select("#reason-scenarios")
    fields = {"note": "A script was added", "reason-translations": "Nobody else reads it."}
    sent = designer.post(f"{page_of(draft)}/submit", {**page.form("form#submit-form"), **fields})
    assert "Sent for approval" in sent.text
    assert "Somebody else has to approve." in sent.text
    page = second.get(page_of(draft))
    assert "Nobody else reads it." in page.text
    assert "A script was added" in page.text
    approved = page.send(form=form_to(page, "/approve"))
    assert "Ready to publish" in approved.text
    done = approved.send(form=form_to(approved, "/now"))
    assert "published as version 2" in done.text
    assert "Published as version 2" in " ".join(done.all(".moj-timeline__title"))
    assert state(office, draft) == "published"


def test_a_date_is_set_dropped_and_a_draft_sent_back(office, designer, second):
    first_version(office)
    draft = drafted(office)
    proven(office, draft)
    page = designer.get(page_of(draft))
    fields = {**page.form("form#submit-form"), "reason-translations": "Nobody else reads it."}
    designer.post(f"{page_of(draft)}/submit", fields)
    page = second.get(page_of(draft))
    approved = page.send(form=form_to(page, "/approve"))
    wrong = approved.send({"day": "soon"}, form=form_to(approved, "/plan"), status=422)
    assert "Enter a day and a time" in wrong.text
    past = wrong.send({"day": "2020-01-01"}, form=form_to(wrong, "/plan"), status=422)
    assert "still to come" in past.text
    planned = past.send({"day": "2027-02-01"}, form=form_to(past, "/plan"))
    assert "1 Feb 2027, 08:00" in planned.text
    dropped = planned.send(form=form_to(planned, "/drop-plan"))
    assert "1 Feb 2027" not in dropped.one(".govuk-grid-column-two-thirds").get_text()
    empty = dropped.send(form=form_to(dropped, "/send-back"), status=422)
    assert "Say what has to change" in empty.text
    back = empty.send({"back_note": "Name the script."}, form=form_to(empty, "/send-back"))
    assert "Sent back" in back.text
    assert state(office, draft) == "draft"


def test_a_version_is_retired_taken_up_and_rolled_back_to(office, designer, visitor, monkeypatch):
    old = first_version(office)
    made = published(office)
    page = designer.get(f"/studio/versions/{made.version_id}")
    refused = page.send(form=form_to(page, "/retire"), status=422)
    assert "Enter a reason" in refused.text
    retired = refused.send({"reason": "The law was repealed."}, form=form_to(refused, "/retire"))
    assert "The version is retired" in retired.text
    closed = visitor.get(f"/services/{KEY}")
    assert "New applications are not taken at the moment" in closed.text
    assert not closed.soup.select("#email")
    assert "Two steps" not in visitor.get("/").text
    assert "not taken at the moment" in designer.get(f"/services/{KEY}/start", status=400).text
    taken = retired.send({"reason": "In force again."}, form=form_to(retired, "/take-up"))
    assert "New cases take it" in taken.text
    assert "Two steps" in visitor.get("/").text
    page = designer.get(f"/studio/versions/{old}")
    later = finding_of(replace(NO_DEFAULT, severity="error"), FILE, "first", None, name="First")
    monkeypatch.setattr(retiring, "check_source", lambda *_: (later,))
    back = page.send({"reason": "It asks the wrong thing."}, form=form_to(page, "/roll-back"))
    assert back.title == "Version 3"
    assert "It asks the wrong thing. · Errors by today's check that were accepted: 1." in back.text
    assert versions(office)[-1].sha256 == versions(office)[0].sha256


def test_running_cases_are_mapped_moved_and_taken_back(office, designer):
    first_version(office)
    cases = [begin(office) for _ in range(2)]
    new = publish(office, RENAMED, number=2, forms={"third": REMARKS["first"]})
    page = designer.get(f"/studio/processes/{KEY}/move")
    looked = page.press("Look at the cases")
    assert "Steps to be assigned" in looked.text
    assert "“First step”, where the case waits, is not in the new version." in looked.text
    (select,) = looked.soup.select("select")
    assert select.select("option[selected]")[0]["value"] == "third"
    for figure in looked.soup.select("[data-diagram]"):
        drawn = designer.client.get(str(figure["data-diagram"])).json
        assert list(drawn["labels"].values()) == ["1"]
    mapped = looked.press("Look again with these steps")
    assert "These can move" in mapped.text
    without = mapped.press("Move all that can (2)", status=422)
    assert "Enter a reason" in without.text
    moved = without.send({"reason": "New law"}, form="form#move-form", button=("every", "yes"))
    assert "Still to be done: 2 of 2 cases." in moved.text
    office.settle()
    done = designer.get(moved.path)
    assert "Still to be done" not in done.text
    assert {case_row(office, one).process_version_id for one in cases} == {new}
    listed = designer.get(f"{moved.path}/cases?state=moved")
    (first, _other) = [one["action"] for one in listed.soup.select('form[action$="state=moved"]')]
    action = f'form[action="{first}"]'
    back = listed.send({"reason": "A mistake"}, form=action)
    assert "The case is back on the version it came from." in back.text
    assert len({case_row(office, one).process_version_id for one in cases}) == 2
    titles = designer.get(f"/studio/versions/{new}").all(".moj-timeline__title")
    assert "A case was taken back to its earlier version" in titles


def test_who_does_not_design_sees_none_of_it(office, sign_in):
    version = first_version(office)
    draft = drafted(office, CHANGED)
    registrar = sign_in("registrar")
    for address in (page_of(draft), f"/studio/versions/{version}", f"/studio/processes/{KEY}/move"):
        registrar.get(address, status=403)
