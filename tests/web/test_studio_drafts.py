"""Drafts in the browser: opening, saving, two designers, lost races, discarding."""

from __future__ import annotations

import time

import pytest

DIAGRAM = "processes/publish_decision/publish_decision.bpmn"


class Studio:
    """A designer's browser that saves files as the editors' scripts do."""

    def __init__(self, browser, draft_id):
        self.browser, self.id = browser, draft_id
        page = browser.get(f"/studio/drafts/{draft_id}")
        self.token = page.soup.select('input[name="csrf_token"]')[0]["value"]

    def ask(self, method, address, sent=None):
        return getattr(self.browser.client, method)(
            f"/studio/drafts/{self.id}/{address}", json=sent, headers={"X-CSRFToken": self.token}
        )

    def read(self, path=DIAGRAM):
        return self.ask("get", f"files/{path}").json

    def save(self, body, revision, path=DIAGRAM):
        return self.ask("put", f"files/{path}", {"body": body, "revision": revision})


def begin(browser, key="publish_decision"):
    page = browser.get(f"/studio/processes/{key}")
    going_on = [a for a in page.soup.select("a.govuk-button") if "Go on" in a.get_text()]
    if going_on:
        return int(str(going_on[0]["href"]).rsplit("/", 1)[-1])
    form = f'form[action="/studio/processes/{key}/draft"]'
    opened = page.send(form=form)
    return int(opened.path.rsplit("/", 1)[-1])


@pytest.fixture
def draft(designer):
    return Studio(designer, begin(designer))


def test_a_designer_lands_in_the_studio_and_others_do_not_see_it(designer, sign_in, visitor):
    assert designer.get("/welcome").path == "/studio"
    assert "Studio" in designer.get("/studio").all(".govuk-service-navigation__link")
    registrar = sign_in("registrar")
    assert registrar.get("/studio", status=403)
    assert "Studio" not in registrar.get("/inbox").all(".govuk-service-navigation__link")
    assert visitor.get("/studio").path == "/sign-in"


def test_a_draft_begins_as_what_is_published_and_there_is_one_a_process(draft, second):
    assert begin(second) == draft.id
    file = draft.read()
    assert file["revision"] == 1
    assert 'id="sign_decision"' in file["body"]
    page = second.get(f"/studio/drafts/{draft.id}")
    assert "Nothing is wrong with this draft." in page.text


def test_a_saved_file_has_a_new_revision_and_is_judged_at_once(draft):
    body = draft.read()["body"]
    saved = draft.save(body.replace('formId="redact"', 'formId="gone"'), 1)
    assert saved.status_code == 200
    assert saved.json["revision"] == 2
    found = {one["code"]: one for one in saved.json["findings"]}
    told = found["missing-form"]
    assert told["severity"] == "error"
    assert told["element"] == "redact"
    assert told["file"] == DIAGRAM
    assert told["help"] == "/help/findings/missing-form"


def test_unsaved_texts_are_judged_and_not_kept(draft):
    body = draft.read()["body"].replace('formId="redact"', 'formId="gone"')
    found = draft.ask("post", "check", {"files": {DIAGRAM: body}}).json["findings"]
    assert "missing-form" in {one["code"] for one in found}
    assert draft.read()["revision"] == 1


def test_a_lost_race_overwrites_nothing(draft):
    body = draft.read()["body"]
    assert draft.save(body + "\n", 1).status_code == 200
    lost = draft.save(body + "<!-- late -->", 1)
    assert lost.status_code == 409
    assert lost.json["revision"] == 2
    assert "nothing of yours is lost" in lost.json["error"]
    assert draft.read()["body"] == body + "\n"


def test_a_new_file_never_replaces_one(draft):
    refused = draft.save("<x/>", 0)
    assert refused.status_code == 409
    assert draft.save("x", 0, "forms/publish_decision/more.form").json["revision"] == 1


def test_the_second_designer_is_told_who_holds_the_draft_and_may_take_it_over(
    draft, second, clock, designer
):
    body = draft.read()["body"]
    draft.save(body + "\n", 1)
    other = Studio(second, draft.id)
    page = second.get(f"/studio/drafts/{draft.id}")
    assert "Process designer, Ministry is editing this draft" in page.text
    refused = other.save(body, 2)
    assert refused.status_code == 409
    assert refused.json["holder"] == "designer"
    taken = page.send({"note": "You are on leave."}, form='form[action$="/take-over"]')
    assert "You are editing this draft now." in taken.text
    assert other.save(body, 2).status_code == 200
    late = draft.save(body + "late", 3)
    assert late.json["holder"] == "designer2"
    told = designer.get(f"/studio/drafts/{draft.id}").text
    assert "You are on leave." in told


def test_holding_lapses_after_half_an_hour_of_silence(draft, second, office, clock):
    body = draft.read()["body"]
    draft.save(body + "\n", 1)
    other = Studio(second, draft.id)
    office.move_to("2026-11-23T09:29:00+04:00")
    assert other.save(body, 2).status_code == 409
    office.move_to("2026-11-23T09:30:00+04:00")
    assert other.save(body, 2).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "processes/accreditation/accreditation.bpmn",
        "processes/publish_decision/../accreditation/x.bpmn",
        "processes/publish_decision/run.py",
        "processes/roles.toml",
        "forms/accreditation/x.form",
        "processes/publish_decision/scenarios/x.toml",
    ],
)
def test_a_draft_holds_files_of_its_own_process_only(draft, path):
    assert draft.save("x", 0, path).status_code in {404, 422}


def test_a_discarded_draft_is_closed_and_the_next_one_begins_anew(draft, designer):
    draft.save("broken", 1)
    page = designer.get(f"/studio/drafts/{draft.id}")
    gone = page.send(form='form[action$="/discard"]')
    assert "What is published stays as it is" in gone.text
    assert draft.save("x", 2).status_code == 409
    again = Studio(designer, begin(designer))
    assert again.id != draft.id
    assert 'id="sign_decision"' in again.read()["body"]


def test_the_check_answers_within_three_tenths_of_a_second(designer):
    studio = Studio(designer, begin(designer, "strategy_and_action_plan"))
    path = "processes/strategy_and_action_plan/strategy_and_action_plan.bpmn"
    body = studio.read(path)["body"]
    assert body.count("<bpmndi:BPMNShape ") >= 60
    took = []
    for number in range(4):
        changed = body.replace("<bpmn:process ", f"<!-- {number} --><bpmn:process ", 1)
        began = time.process_time()
        assert studio.ask("post", "check", {"files": {path: changed}}).status_code == 200
        took.append(time.process_time() - began)
    assert min(took) < 0.3
