"""Play and Scenarios in the browser: every move without JavaScript, a table of steps, a run."""

from __future__ import annotations

import time

import pytest

from tests.services import drawing
from tests.services.drawing import KEY, two_steps
from workflow_app.services.designing import drafts, proofs


@pytest.fixture
def draft_id(office):
    """Return the draft of a process of two steps."""
    with office.acting("designer") as ctx:
        return drafts.new_process(ctx, KEY, "Two steps", drawing.source(two_steps()).files).id


def begin(browser, draft_id):
    """Begin a play and return its board."""
    page = browser.get(f"/studio/drafts/{draft_id}/play")
    return page.send({"at": "2027-03-01"}, form='form[action$="/play"]')


def start(browser, draft_id):
    """Begin a play and a case in it, and return the board."""
    page = begin(browser, draft_id)
    assert "No case has begun yet" in page.text
    form = page.send(form='form[action$="/start"]')
    return form.send({"subject": "A case", "email": "a@b.org"}, form="#main-form")


def test_a_draft_is_played_by_forms_alone(designer, draft_id):
    page = start(designer, draft_id)
    assert "First step" in page.all(".app-play__name")
    form = page.send(form='form[action*="/tasks/"]')
    assert "You are Registrar, Ministry" in form.text
    wrong = form.send({"amount": "many"}, form="#main-form", status=422)
    assert wrong.value("amount") == "many"
    page = wrong.send({"amount": "3"}, form="#main-form")
    assert "Second step" in page.all(".app-play__name")
    assert '"amount"' not in page.text or "3" in page.text
    back = page.press("Step back")
    assert "First step" in back.all(".app-play__name")
    on = back.press("Step forward again")
    assert "Second step" in on.all(".app-play__name")


def test_a_form_proposes_sample_answers(designer, draft_id):
    page = begin(designer, draft_id)
    form = page.send(form='form[action$="/start"]')
    filled = form.send({"_sample": "1"}, form="#main-form")
    assert filled.value("email") == "name@example.org"
    page = filled.send(form="#main-form")
    assert "First step" in page.all(".app-play__name")


def test_messages_and_clock_say_what_is_wrong(designer, draft_id):
    page = start(designer, draft_id)
    wrong = page.send({"message": "x", "data": "{"}, form='form[action$="/send"]')
    assert "must be a JSON object" in wrong.text
    past = {"to": "2020-01-01", "way": "date"}
    nothing = page.send(past, form='form[action$="/clock"]:has([name=to])')
    assert "forwards only" in nothing.text


def test_diagram_and_letters_come_from_the_sandbox(designer, draft_id):
    page = start(designer, draft_id)
    source = page.one("[data-diagram]")["data-diagram"]
    drawing_of = designer.client.get(source).json
    assert drawing_of["markers"]["first"] == "current"
    assert "Two steps" in drawing_of["xml"]


def test_nobody_else_sees_a_play(designer, sign_in, draft_id):
    page = start(designer, draft_id)
    other = sign_in("designer2")
    assert other.get(page.path, status=404)
    assert sign_in("registrar").get(page.path, status=403)


def test_a_play_is_kept_edited_as_a_table_and_run(designer, draft_id, office):
    page = start(designer, draft_id)
    listed = page.send({"title": "Asked, then nothing"}, form='form[action$="/keep"]')
    assert "Asked, then nothing" in listed.text
    assert "Not run yet" in listed.text
    table = listed.click("Asked, then nothing")
    added = table.press("Add a step at the end")
    fields = {"kind-0": "task", "name-0": "first", "who-0": "registrar", "answers-0": "{amount: ["}
    wrong = added.send(fields, form='form[action$=".yaml"]', status=422)
    assert wrong.one("#name-0")["value"] == "first"
    assert "There is a problem" in wrong.text
    saved = wrong.send({"answers-0": "{amount: 3}", "expect": "end:"}, form='form[action$=".yaml"]')
    assert "The scenario is saved." in saved.text
    shown = prove(designer, draft_id, office)
    assert "Passed" in shown.text
    covered = shown.click("Show what was walked over")
    assert "Second step" not in covered.all("#main-content ul.govuk-list--bullet li")
    assert "Done" in covered.all("#main-content ul.govuk-list--bullet li")


def test_text_that_is_no_scenario_is_told_with_its_line(designer, draft_id, office):
    path = f"processes/{KEY}/scenarios/one.yaml"
    body = 'title: One\nclock: "2027-03-01T09:00:00+04:00"\nstart: {element: begin}\nsteps: []\n'
    with office.acting("designer") as ctx:
        drafts.write_file(ctx, draft_id, path, body, revision=0)
    page = designer.get(f"/studio/drafts/{draft_id}/scenarios/one.yaml/text")
    typed = body.replace("steps: []", "steps:\n  - task: first\n    azz: registrar\n")
    wrong = page.send({"body": typed}, form='form[action$="/text"]', status=422)
    assert "Line 5" in wrong.text
    assert "azz" in wrong.one("textarea#body").get_text()


def test_a_scenario_that_fails_shows_where(designer, draft_id, office):
    path = f"processes/{KEY}/scenarios/one.yaml"
    body = (
        'title: One\nclock: "2027-03-01T09:00:00+04:00"\n'
        "start: {element: begin, as: public, answers: {subject: A, email: a@b.org}}\n"
        "steps:\n  - {task: second, as: registrar}\n"
    )
    with office.acting("designer") as ctx:
        drafts.write_file(ctx, draft_id, path, body, revision=0)
    shown = prove(designer, draft_id, office)
    assert "Failed" in shown.text
    where = designer.get(shown.one("td a")["href"])
    assert "Step 1: Second step" in where.text
    marks = designer.client.get(where.one("[data-diagram]")["data-diagram"]).json["markers"]
    assert (marks["first"], marks["second"]) == ("current", "stuck")


def prove(designer, draft_id, office):
    """Run the scenarios and return their page once they are done."""
    designer.get(f"/studio/drafts/{draft_id}/scenarios").press("Run all scenarios")
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with office.acting("designer") as ctx:
            if not proofs.is_running(ctx, draft_id):
                break
        time.sleep(0.5)
    return designer.get(f"/studio/drafts/{draft_id}/scenarios")
