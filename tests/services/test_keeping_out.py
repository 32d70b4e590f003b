"""Who is kept out of a case or of a task: by an operation, by four eyes, by a seal."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.errors import (
    AlreadyClaimed,
    NotAllowed,
    NotFound,
    OperationFailed,
    Sealed,
)
from workflow_app.models.case import Draft
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.work import WorkItem
from workflow_app.queries.case_file import timeline
from workflow_app.queries.inbox import Tab, inbox_page
from workflow_app.services.auditing import verify_all
from workflow_app.services.context import Posted
from workflow_app.services.documents import attach, open_document, store_upload
from workflow_app.services.holding import claim_task, release_task
from workflow_app.services.reading import may_read_case, readable_case
from workflow_app.services.stuck import CaseStuck
from workflow_app.services.tasks import complete_task, open_task, save_task_draft

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
REVIEWERS = '<zeebe:assignmentDefinition candidateGroups="reviewer"/>'
END = '<bpmn:endEvent id="done" name="Done"/>'


def saying(**properties):
    said = "".join(f'<zeebe:property name="{n}" value="{v}"/>' for n, v in properties.items())
    return f"<zeebe:properties>{said}</zeebe:properties>"


def exclude(who, reason="A member of the applicant's board"):
    return (
        '<bpmn:serviceTask id="out" name="Take off"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="case.exclude"/><zeebe:ioMapping>'
        f'<zeebe:input source="=&quot;{who}&quot;" target="user"/></zeebe:ioMapping>'
        f'<zeebe:taskHeaders><zeebe:header key="reason" value="{reason}"/></zeebe:taskHeaders>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def in_a_row(**nodes):
    """Draw nodes one after the other, from the start to the end."""
    drawn = {"begin": START, **nodes, "done": END}
    names = list(drawn)
    flows = " ".join(f"{one}>{two}" for one, two in pairwise(names))
    return diagram(drawn, flows)


def begun(office, **nodes):
    publish(office, in_a_row(**nodes))
    return begin(office)


def done_by(office, case, task, who):
    with office.acting(who) as ctx:
        complete_task(ctx, open_item(office, case, task), {})


def refused(office, who, act):
    with pytest.raises(NotAllowed) as told, office.acting(who) as ctx:
        act(ctx)
    return str(told.value)


def reads(office, who, case):
    with office.acting(who) as ctx:
        return may_read_case(ctx, case, case_row(office, case).territory_path)


def offered(office, who):
    with office.acting(who) as ctx:
        return [row.id for row in inbox_page(ctx.session, ctx.actor, Tab.GROUPS, None).rows]


@pytest.fixture
def taken_off(office):
    """A case from which reviewer 3 was taken off when the registrar completed the first step."""
    nodes = {"first": user_task("first"), "out": exclude("reviewer3")}
    case = begun(office, **nodes, second=user_task("second", REVIEWERS))
    done_by(office, case, "first", "registrar")
    return case


@BOTH
def test_who_is_taken_off_sees_neither_the_case_nor_its_tasks(office, taken_off):
    item, number = open_item(office, taken_off, "second"), case_row(office, taken_off).number
    assert not reads(office, "reviewer3", taken_off)
    assert reads(office, "reviewer4", taken_off)
    for act in (
        lambda ctx: open_task(ctx, item),
        lambda ctx: claim_task(ctx, item),
        lambda ctx: save_task_draft(ctx, item, Posted()),
        lambda ctx: complete_task(ctx, item, {}),
        lambda ctx: readable_case(ctx, number),
    ):
        assert "A member of the applicant's board" in refused(office, "reviewer3", act)
    assert item not in offered(office, "reviewer3")
    assert item in offered(office, "reviewer4")


@BOTH
def test_taking_somebody_off_stands_in_the_history(office, taken_off):
    with office.acting() as ctx:
        told = [row for row in timeline(ctx.session, taken_off) if row.kind == "excluded"]
        assert [row.data["user"] for row in told] == ["reviewer3"]
        assert verify_all(ctx) == (1, [])
        kept = ctx.session.scalars(select(CaseExclusion)).all()
        assert [(row.username, row.by) for row in kept] == [("reviewer3", "registrar")]


@BOTH
def test_a_task_that_somebody_held_goes_back_to_its_group(office):
    first = user_task("first")
    split = '<bpmn:parallelGateway id="split"/>'
    nodes = {"begin": START, "split": split, "first": first, "out": exclude("reviewer3")}
    nodes |= {"second": user_task("second", REVIEWERS), "done": END}
    flows = "begin>split split>first split>second first>out out>done second>done"
    publish(office, diagram(nodes, flows))
    case = begin(office)
    item = open_item(office, case, "second")
    with office.acting("reviewer3") as ctx:
        claim_task(ctx, item)
        save_task_draft(ctx, item, Posted())
    done_by(office, case, "first", "registrar")
    row = office.read(lambda session: session.get_one(WorkItem, item))
    assert (row.assignee, row.claimed_at) == (None, None)
    assert office.read(lambda session: session.scalars(select(Draft)).all()) == []
    assert item not in offered(office, "reviewer3")
    with office.acting("reviewer4") as ctx:
        claim_task(ctx, item)


def test_a_task_given_by_name_to_who_was_taken_off_goes_to_its_group(office):
    both = '<zeebe:assignmentDefinition assignee="reviewer3" candidateGroups="reviewer"/>'
    nodes = {"first": user_task("first"), "out": exclude("reviewer3")}
    case = begun(office, **nodes, second=user_task("second", both))
    done_by(office, case, "first", "registrar")
    item = open_item(office, case, "second")
    assert office.read(lambda session: session.get_one(WorkItem, item)).assignee is None
    done_by(office, case, "second", "reviewer4")


def test_taking_off_somebody_without_an_account_stops_the_step(office):
    case = begun(office, first=user_task("first"), out=exclude("nobody"))
    with pytest.raises(CaseStuck) as told:
        done_by(office, case, "first", "registrar")
    assert isinstance(told.value.failure.__cause__, OperationFailed)
    assert "nobody" in str(told.value.failure.__cause__)


@BOTH
def test_four_eyes_over_several_tasks_say_why_and_who_can_instead(office):
    nodes = {name: user_task(name, REVIEWERS) for name in ("first", "more")}
    checked = user_task("second", REVIEWERS, saying(fourEyes="first more"))
    case = begun(office, **nodes, second=checked)
    done_by(office, case, "first", "reviewer3")
    done_by(office, case, "more", "reviewer4")
    item = open_item(office, case, "second")
    told = refused(office, "reviewer4", lambda ctx: claim_task(ctx, item))
    assert "You completed “More step” in this case" in told
    assert "Nobody else can at present" in told
    with office.acting("reviewer3") as ctx:
        opened = open_task(ctx, item)
    assert "“First step”" in str(opened.refused)
    assert not opened.may_claim


def test_a_refusal_names_those_who_can(office):
    checked = user_task("second", REVIEWERS, saying(fourEyes="first"))
    case = begun(office, first=user_task("first", REVIEWERS), second=checked)
    done_by(office, case, "first", "reviewer3")
    item = open_item(office, case, "second")
    told = refused(office, "reviewer3", lambda ctx: complete_task(ctx, item, {}))
    assert "These can: Reviewer 4" in told
    done_by(office, case, "second", "reviewer4")


def test_four_eyes_hold_for_what_was_done_after_the_task_opened(office):
    split = '<bpmn:parallelGateway id="split"/>'
    nodes = {"begin": START, "split": split, "first": user_task("first", REVIEWERS)}
    nodes["second"] = user_task("second", REVIEWERS, saying(fourEyes="first"))
    nodes["done"] = END
    publish(office, diagram(nodes, "begin>split split>first split>second first>done second>done"))
    case = begin(office)
    done_by(office, case, "first", "reviewer3")
    item = open_item(office, case, "second")
    assert "First step" in refused(office, "reviewer3", lambda ctx: complete_task(ctx, item, {}))


def test_who_lacks_the_role_is_told_which_and_who_has_it(office):
    case = begun(office, first=user_task("first", REVIEWERS))
    item = open_item(office, case, "first")
    told = refused(office, "registrar", lambda ctx: claim_task(ctx, item))
    assert "role “Reviewer”" in told
    assert "Reviewer 3" in told
    assert "Reviewer 4" in told


@pytest.fixture
def sealed(office):
    """A case whose first step is a declaration that reviewer 3 was asked for by name."""
    by_name = '<zeebe:assignmentDefinition assignee="reviewer3"/>'
    declare = user_task("first", by_name, saying(seal="true"))
    return begun(office, first=declare, second=user_task("second", REVIEWERS))


def paper(office, case):
    """Put a file into a case as its applicant would; returns its id."""
    with office.acting(PUBLIC) as ctx:
        kept = store_upload(ctx, BytesIO(b"%PDF-1.4 plan"), "plan.pdf", owner="link:x")
        attach(ctx, case, {"plan": kept}, owner="link:x", for_key_holder=True)
        return kept["document"]


@BOTH
def test_a_sealed_case_is_closed_to_who_has_to_declare_and_opens_afterwards(office, sealed):
    number, document = case_row(office, sealed).number, paper(office, sealed)
    item = open_item(office, sealed, "first")
    with pytest.raises(Sealed) as told, office.acting("reviewer3") as ctx:
        readable_case(ctx, number)
    assert told.value.params == {"item": item, "task": "First step"}
    with pytest.raises(NotFound), office.acting("reviewer3") as ctx:
        open_document(ctx, document)
    with office.acting("reviewer3") as ctx:
        opened = open_task(ctx, item)
        assert opened.form is not None
        assert opened.sealed is not None
    assert reads(office, "reviewer4", sealed)
    done_by(office, sealed, "first", "reviewer3")
    assert reads(office, "reviewer3", sealed)
    with office.acting("reviewer3") as ctx:
        assert open_document(ctx, document).document.name == "plan.pdf"
        assert open_task(ctx, open_item(office, sealed, "second")).sealed is None


def test_a_sealed_task_for_a_group_closes_the_case_to_all_of_it_until_one_takes_it(office):
    case = begun(office, first=user_task("first", REVIEWERS, saying(seal="true")))
    item = open_item(office, case, "first")
    assert not reads(office, "reviewer3", case)
    assert not reads(office, "reviewer4", case)
    assert reads(office, "registrar", case)
    with office.acting("reviewer3") as ctx:
        claim_task(ctx, item)
    assert not reads(office, "reviewer3", case)
    assert reads(office, "reviewer4", case)
    with pytest.raises(AlreadyClaimed), office.acting("reviewer4") as ctx:
        claim_task(ctx, item)
    with office.acting("reviewer3") as ctx:
        release_task(ctx, item)
    assert not reads(office, "reviewer4", case)


def test_a_stranger_is_not_told_that_the_case_exists(office):
    case = begun(
        office, first=user_task("first"), out=exclude("resident"), second=user_task("second")
    )
    done_by(office, case, "first", "registrar")
    with pytest.raises(NotFound), office.acting("resident") as ctx:
        readable_case(ctx, case_row(office, case).number)
