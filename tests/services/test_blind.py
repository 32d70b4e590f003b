"""Nothing of a blind answer is seen before everybody asked has answered: on no way at all."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.services.drawing import START, begin, diagram, form, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.errors import NotFound
from workflow_app.queries.case_file import timeline
from workflow_app.services.documents import open_document, store_upload
from workflow_app.services.drafts import owner_of
from workflow_app.services.rescuing import correctable
from workflow_app.services.retrying import supervised_case
from workflow_app.services.tasks import complete_task

BLIND = '<zeebe:properties><zeebe:property name="blind" value="true"/></zeebe:properties>'
REVIEWERS = '<zeebe:assignmentDefinition candidateGroups="reviewer"/>'
SCORED = form(
    {"type": "number", "key": "amount", "label": "Score"},
    {"type": "filepicker", "key": "notes", "label": "Notes"},
)
SECRET = 73


@pytest.fixture
def asked(office):
    """A case in which two reviewers score at once, each blind to the other."""
    nodes = {"begin": START, "split": '<bpmn:parallelGateway id="split"/>'}
    nodes |= {name: user_task(name, REVIEWERS, BLIND) for name in ("first", "second")}
    nodes |= {"join": '<bpmn:parallelGateway id="join"/>', "more": user_task("more")}
    nodes["done"] = '<bpmn:endEvent id="done" name="Done"/>'
    flows = "begin>split split>first split>second first>join second>join join>more more>done"
    publish(office, diagram(nodes, flows), forms={"first": SCORED, "second": SCORED})
    return begin(office)


def scores(office, case, task, who, score):
    """Score with a file beside it; returns the file's id."""
    with office.acting(who) as ctx:
        kept = store_upload(ctx, BytesIO(b"%PDF-1.4 x"), "score.pdf", owner=owner_of(ctx.actor))
        complete_task(ctx, open_item(office, case, task), {"amount": score, "notes": [kept]})
        return kept["document"]


def page(sign_in, office, case, who, path=""):
    return sign_in(who).get(f"/cases/{case_row(office, case).number}{path}")


def test_a_score_and_its_file_are_hidden_until_all_are_in(sign_in, office, asked):
    file = scores(office, asked, "first", "reviewer3", SECRET)
    for who in ("reviewer4", "registrar", "supervisor"):
        shown = page(sign_in, office, asked, who)
        assert str(SECRET) not in shown.text
        assert "score.pdf" not in shown.text
        with pytest.raises(NotFound), office.acting(who) as ctx:
            open_document(ctx, file)
        assert sign_in(who).client.get(f"/documents/{file}").status_code == 404
    mine = page(sign_in, office, asked, "reviewer3")
    assert str(SECRET) in mine.text
    assert "score.pdf" in mine.text
    scores(office, asked, "second", "reviewer4", 20)
    shown = page(sign_in, office, asked, "reviewer4")
    assert str(SECRET) in shown.text
    with office.acting("registrar") as ctx:
        assert open_document(ctx, file).document.name == "score.pdf"


@pytest.mark.parametrize("part", ["data", "documents", "timeline"])
def test_earlier_pages_of_the_file_hide_it_too(sign_in, office, asked, part):
    scores(office, asked, "first", "reviewer3", SECRET)
    shown = page(sign_in, office, asked, "registrar", f"/file/{part}")
    assert shown.status == 200
    assert str(SECRET) not in shown.text
    assert "score.pdf" not in shown.text


def test_the_data_of_the_case_shows_nothing_of_it(office, asked):
    scores(office, asked, "first", "reviewer3", SECRET)
    with office.acting("supervisor") as ctx:
        loaded = supervised_case(ctx, case_row(office, asked).number)
        assert correctable(ctx, loaded) == ()
    scores(office, asked, "second", "reviewer4", 20)
    with office.acting("supervisor") as ctx:
        loaded = supervised_case(ctx, case_row(office, asked).number)
        assert len(correctable(ctx, loaded)) == 1


def test_the_history_says_that_somebody_scored_and_no_more(office, asked):
    scores(office, asked, "first", "reviewer3", SECRET)
    with office.acting("registrar") as ctx:
        told = [row for row in timeline(ctx.session, asked) if row.kind == "completed"]
    assert str(SECRET) not in str([row.data for row in told])
