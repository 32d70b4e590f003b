"""Running cases move to another version of their process: looked at first, and back again."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tests.services.drawing import KEY, START, begin, diagram, script, source, two_steps, user_task
from tests.services.test_review_races import in_threads
from tests.support.answers import case_row, open_item
from workflow_app.cli.cases import cases as commands
from workflow_app.domain.errors import Conflict, NotAllowed
from workflow_app.engine.migration import CannotMigrate
from workflow_app.models.case import CaseMigration, History, HistoryPayload
from workflow_app.models.work import DueTimer, Subscription, WorkItem
from workflow_app.services.auditing import verify_all
from workflow_app.services.context import Posted
from workflow_app.services.drafts import find_draft
from workflow_app.services.holding import claim_task
from workflow_app.services.migrating import Order, cases_of, look, move_back, move_case
from workflow_app.services.publishing import publish_version
from workflow_app.services.tasks import complete_task, open_task, save_task_draft

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
END = '<bpmn:endEvent id="done"/>'
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="first" cancelActivity="false">'
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)
REMARKS = {
    "first": json.dumps(
        {
            "type": "default",
            "schemaVersion": 16,
            "components": [
                {"type": "number", "key": "amount", "label": "Amount"},
                {"type": "textfield", "key": "why", "label": "Why"},
            ],
        }
    )
}


def begun(office, *drawn, **options):
    """Publish the first version, begin a case in it, then publish the others."""
    with office.acting() as ctx:
        ids = [publish_version(ctx, source(drawn[0]), number=1, by="test")]
    case_id = begin(office)
    with office.acting() as ctx:
        for number, bpmn in enumerate(drawn[1:], 2):
            ids.append(publish_version(ctx, source(bpmn, **options), number=number, by="test"))
    return case_id, ids


def order(ids, **mapping):
    return Order(old=ids[0], new=ids[1], mapping=mapping, reason="the law changed")


def move(office, case_id, wanted):
    with office.acting("supervisor") as ctx:
        move_case(ctx, case_id, wanted)


def events(office, case_id, kind):
    query = (
        select(HistoryPayload.payload)
        .join(
            History,
            (History.case_id == HistoryPayload.case_id) & (History.seq == HistoryPayload.seq),
        )
        .where(History.case_id == case_id, History.kind == kind)
    )
    return [json.loads(text) for text in office.read(lambda s: s.scalars(query).all())]


def item_row(office, item):
    return office.read(lambda s: s.get(WorkItem, item))


@BOTH
def test_a_case_moves_with_its_task_claim_draft_and_terms(office):
    case_id, ids = begun(office, two_steps(), two_steps(between="=1 + 1"), forms=REMARKS)
    item = open_item(office, case_id, "first")
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
        save_task_draft(ctx, item, Posted([("amount", "5")]))
    before = item_row(office, item)
    with office.acting("supervisor") as ctx:
        assert look(ctx, case_id, order(ids)).verdict == "moves"
    assert case_row(office, case_id).process_version_id == ids[0]
    move(office, case_id, order(ids))
    assert case_row(office, case_id).process_version_id == ids[1]
    after = item_row(office, item)
    assert (after.task_id, after.assignee, after.claimed_at, after.due_at) == (
        before.task_id,
        "registrar",
        before.claimed_at,
        before.due_at,
    )
    with office.acting("registrar") as ctx:
        assert find_draft(ctx, "user:registrar", f"task:{item}").raw == {"amount": ["5"]}
        form = open_task(ctx, item).form
        assert form.raw()["amount"] == ["5"]
        assert [one.source.key for one in form.schema.items] == ["amount", "why"]
        complete_task(ctx, item, {"amount": 5, "why": "x"})
    assert open_item(office, case_id, "second")
    visited = office.read(
        lambda s: s.scalars(select(History.element).where(History.case_id == case_id)).all()
    )
    assert f"{KEY}/work" in visited
    (told,) = events(office, case_id, "migrated")
    assert told == {
        "reason": "the law changed",
        "from": f"{KEY}/1",
        "to": f"{KEY}/2",
        "mapping": {},
    }
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


RENAMED = (
    two_steps()
    .replace('"first"', '"third"')
    .replace(">first<", ">third<")
    .replace("First step", "Third step")
)


@BOTH
def test_what_is_gone_needs_a_mapping_and_goes_where_it_says(office):
    case_id, ids = begun(office, two_steps(), RENAMED, forms={"third": REMARKS["first"]})
    with office.acting("supervisor") as ctx:
        outlook = look(ctx, case_id, order(ids))
    assert outlook.verdict == "mapping"
    assert outlook.obstacles[0].candidates == ("second", "third")
    with pytest.raises(CannotMigrate):
        move(office, case_id, order(ids))
    assert events(office, case_id, "migrated") == []
    item = open_item(office, case_id, "first")
    move(office, case_id, order(ids, first="third"))
    row = item_row(office, item)
    assert (row.element, row.name, row.form.rpartition("/")[2]) == (
        f"{KEY}/third",
        "Third step",
        "third",
    )
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    assert open_item(office, case_id, "second")


def timed():
    nodes = {"begin": START, "first": user_task("first"), "late": LATE, "done": END}
    nodes["second"] = user_task("second")
    return diagram(nodes, "begin>first first>done late>second second>done")


@BOTH
def test_waits_follow_the_new_version_and_come_back_with_the_old_one(office):
    case_id, ids = begun(office, timed(), two_steps())
    due = office.read(lambda s: s.scalars(select(DueTimer.due_at)).all())
    move(office, case_id, order(ids))
    assert office.read(lambda s: s.scalars(select(DueTimer.id)).all()) == []
    with office.acting("supervisor") as ctx:
        move_back(ctx, case_id, "a mistake")
    assert office.read(lambda s: s.scalars(select(DueTimer.due_at)).all()) == due
    assert case_row(office, case_id).process_version_id == ids[0]
    (told,) = events(office, case_id, "migration_undone")
    assert told == {"reason": "a mistake", "to": f"{KEY}/1"}
    with pytest.raises(Conflict, match="back already"), office.acting("supervisor") as ctx:
        move_back(ctx, case_id, "again")
    office.move_to("2026-11-23T12:00:00+04:00")
    assert open_item(office, case_id, "second")


def test_a_mapping_is_undone_too(office):
    case_id, ids = begun(office, two_steps(), RENAMED, forms={"third": REMARKS["first"]})
    item = open_item(office, case_id, "first")
    before = item_row(office, item)
    move(office, case_id, order(ids, first="third"))
    with office.acting("supervisor") as ctx:
        move_back(ctx, case_id, "a mistake")
    after = item_row(office, item)
    assert (after.element, after.name, after.form, after.role) == (
        before.element,
        before.name,
        before.form,
        before.role,
    )
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})


def test_a_case_that_has_moved_on_does_not_go_back(office):
    case_id, ids = begun(office, two_steps(), two_steps(between="=1 + 1"))
    move(office, case_id, order(ids))
    item = open_item(office, case_id, "first")
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
        complete_task(ctx, item, {})
    with pytest.raises(Conflict, match="moved on"), office.acting("supervisor") as ctx:
        move_back(ctx, case_id, "too late")


def test_a_claim_does_not_keep_a_case_from_going_back(office):
    case_id, ids = begun(office, two_steps(), two_steps(between="=1 + 1"))
    move(office, case_id, order(ids))
    with office.acting("registrar") as ctx:
        claim_task(ctx, open_item(office, case_id, "first"))
    with office.acting("supervisor") as ctx:
        move_back(ctx, case_id, "a mistake")
    assert item_row(office, open_item(office, case_id, "first")).assignee == "registrar"


def test_only_supervisors_of_the_territory_move_a_case(office):
    case_id, ids = begun(office, two_steps(), two_steps(between="=1 + 1"))
    for who in ("registrar", "monitor", "applicant"):
        with pytest.raises(NotAllowed), office.acting(who) as ctx:
            move_case(ctx, case_id, order(ids))
        with pytest.raises(NotAllowed), office.acting(who) as ctx:
            look(ctx, case_id, order(ids))


def test_a_case_moves_only_from_the_version_it_is_on(office):
    case_id, ids = begun(office, two_steps(), two_steps(between="=1 + 1"))
    move(office, case_id, order(ids))
    with pytest.raises(Conflict, match="not on this version"):
        move(office, case_id, order(ids))


MESSAGE = '<bpmn:message id="m" name="news"/>'
CATCH = (
    '<bpmn:intermediateCatchEvent id="wait" name="News"><bpmn:extensionElements>'
    '<zeebe:properties><zeebe:property name="form" value="{form}"/>'
    '<zeebe:property name="by" value="public"/></zeebe:properties></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
)


def catching(form):
    nodes = {"begin": START, "wait": CATCH.format(form=form), "first": user_task("first")}
    nodes["done"] = END
    return diagram(nodes, "begin>wait wait>first first>done", head=MESSAGE)


def test_the_form_of_an_awaited_message_is_the_new_versions(office):
    case_id, ids = begun(office, catching("more"), catching("second"))
    read = select(Subscription.task_id, Subscription.form)
    before = office.read(lambda s: s.execute(read).one())
    move(office, case_id, order(ids))
    after = office.read(lambda s: s.execute(read).one())
    assert after.task_id == before.task_id
    assert (before.form, after.form) == (f"{KEY}/more", f"{KEY}/second")


@BOTH
def test_cases_that_move_and_are_completed_at_once_lose_nothing(office):
    with office.acting() as ctx:
        ids = [publish_version(ctx, source(two_steps()), number=1, by="test")]
    cases = [begin(office) for _ in range(12)]
    with office.acting() as ctx:
        changed = source(two_steps(between="=1 + 1"))
        ids.append(publish_version(ctx, changed, number=2, by="test"))
    items = {case_id: open_item(office, case_id, "first") for case_id in cases}

    def one(number):
        case_id = cases[number // 2]
        try:
            if number % 2:
                move(office, case_id, order(ids))
                return "moved"
            with office.acting("registrar") as ctx:
                complete_task(ctx, items[case_id], {"amount": 1})
        except Conflict as told:
            return type(told)
        return "completed"

    outcomes = in_threads(one, 24)
    assert outcomes.count("completed") == 12
    assert outcomes.count("moved") == 12
    moves = office.read(lambda s: s.scalars(select(CaseMigration.case_id)).all())
    assert sorted(moves) == sorted(cases)
    for case_id in cases:
        assert case_row(office, case_id).process_version_id == ids[1]
        with office.acting("registrar") as ctx:
            complete_task(ctx, open_item(office, case_id, "second"), {})
        assert case_row(office, case_id).phase == "finished"
    with office.acting() as ctx:
        assert verify_all(ctx) == (12, [])


def test_many_cases_are_found_a_batch_at_a_time(office, monkeypatch):
    monkeypatch.setattr("workflow_app.services.migrating.BATCH", 2)
    with office.acting() as ctx:
        version = publish_version(ctx, source(two_steps()), number=1, by="test")
    cases = [begin(office) for _ in range(5)]
    with office.acting() as ctx:
        assert list(cases_of(ctx, version)) == cases


def run(office, *words):
    return office.app.test_cli_runner().invoke(commands, list(words))


def test_the_terminal_looks_moves_and_takes_back(office):
    case_id, _ids = begun(office, two_steps(), RENAMED, forms={"third": REMARKS["first"]})
    number = case_row(office, case_id).number
    versions = ("--from", f"{KEY}/1", "--to", f"{KEY}/2")
    looked = run(office, "migrate", *versions, "--dry-run")
    assert looked.exit_code == 1
    assert f"{number}: needs a mapping" in looked.output
    assert "--map first=second | third" in looked.output
    wrong = run(office, "migrate", *versions, "--map", "first")
    assert wrong.exit_code == 2
    seen = run(office, "migrate", *versions, "--map", "first=third", "--dry-run")
    assert f"{number}: moves" in seen.output
    assert "1 would move" in seen.output
    done = run(office, "migrate", *versions, "--map", "first=third", "--number", number)
    assert (done.exit_code, "1 moved" in done.output) == (0, True)
    assert open_item(office, case_id, "third")
    back = run(office, "undo-migration", number, "--reason", "a mistake")
    assert back.exit_code == 0
    assert open_item(office, case_id, "first")
    assert run(office, "migrate", "--from", "nothing/1", "--to", f"{KEY}/1").exit_code == 1


def test_a_script_task_that_became_a_user_task_is_no_obstacle_where_nobody_waits(office):
    other = two_steps(between="=1").replace(script("work", "=1"), user_task("work"))
    case_id, ids = begun(office, two_steps(between="=1"), other, forms={"work": REMARKS["first"]})
    move(office, case_id, order(ids))
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
    assert open_item(office, case_id, "work")
