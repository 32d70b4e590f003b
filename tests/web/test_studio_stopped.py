"""A new step is taken into scenarios in the browser: shown first, then put in, then taken back."""

from __future__ import annotations

import pytest

from tests.services.stops_help import bodies, ran, stopping_draft
from workflow_app.services.designing import drafts

FORM = "form#step-form"


@pytest.fixture
def draft_id(office):
    """Return a draft whose scenarios were run: one knows its new step, others stop at it."""
    draft_id = stopping_draft(office, ("knows.yaml", "fails.yaml", "tight.yaml"))
    ran(office, draft_id)
    return draft_id


def test_a_step_is_shown_and_taken_into_scenarios(designer, sign_in, draft_id, office):
    before = bodies(office, draft_id)
    listed = designer.get(f"/studio/drafts/{draft_id}/scenarios")
    assert "2 scenarios stop at “Check step”." in listed.text
    page = designer.get(listed.one(".app-stops a")["href"])
    assert page.form(FORM).getlist("files") == ["fails.yaml", "tight.yaml"]
    assert page.form(FORM)["answers"] == "{seen: All three pages}"
    assert page.form(FORM)["source"] == "knows.yaml"
    sample = page.send({"source": ""}, form=FORM, button=("_show", "1"))
    assert sample.form(FORM)["answers"] == "{seen: Seen}"
    wrong = sample.send({"answers": "seen: ["}, form=FORM, status=422)
    assert "There is a problem" in wrong.text
    assert wrong.form(FORM)["answers"] == "seen: ["
    none = wrong.send({"answers": "seen: Two", "files": []}, form=FORM, status=422)
    assert "Choose at least one scenario." in none.text
    assert none.form(FORM)["answers"] == "seen: Two"
    done = none.send({"files": ["fails.yaml", "tight.yaml"]}, form=FORM)
    assert "The step is in 1 file now. Run the scenarios again." in done.text
    assert "Put the step into these by hand: Tight." in done.text
    assert "answers: {seen: Two}" in bodies(office, draft_id)["fails.yaml"]
    late = none.send({"files": ["fails.yaml"]}, form=FORM)
    assert "The draft was changed after this run. Run the scenarios again." in late.text
    back = late.press("Take it back")
    assert bodies(office, draft_id) == before
    assert "Take it back" not in back.text
    assert sign_in("registrar").get(page.path, status=403)


def test_what_cannot_be_taken_in_is_answered(designer, sign_in, draft_id, office):
    address = f"/studio/drafts/{draft_id}/scenarios/stopped"
    designer.get(f"{address}/second", status=404)
    with office.acting("designer") as ctx:
        drafts.hold(ctx, draft_id)
    page = designer.get(f"{address}/check")
    wrong = page.send({"answers": "1: two"}, form=FORM, status=422)
    assert "There is a problem" in wrong.text
    assert wrong.form(FORM)["answers"] == "1: two"
    other = sign_in("designer2").get(f"{address}/check")
    held = other.send({"answers": "seen: Mine"}, form=FORM, status=409)
    assert "is editing this draft since" in held.text
    assert held.form(FORM)["answers"] == "seen: Mine"
