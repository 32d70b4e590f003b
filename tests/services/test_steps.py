"""One step is one transaction: what it costs, who wins a race, and that nothing stays half done."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from tests.services.drawing import FOUR_EYES, begin, publish, two_steps, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.errors import AlreadyClaimed, AlreadyCompleted, NotAllowed, NotFound
from workflow_app.models.case import Answer, Case, History
from workflow_app.models.work import Outbox, WorkItem
from workflow_app.services import step_writer
from workflow_app.services.auditing import verify_all
from workflow_app.services.case_store import LostRace
from workflow_app.services.holding import claim_task, release_task
from workflow_app.services.seeding import load_accounts
from workflow_app.services.tasks import complete_task, open_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def begun(office):
    publish(office, two_steps())
    return begin(office)


@contextmanager
def counted(office):
    """Count statements (without BEGIN and savepoints) and commits of the database."""
    engine, seen = office.world.engine, {"sql": [], "commits": 0}

    def statement(_conn, _cursor, text, *_rest):
        seen["sql"].append(text)

    def committed(_conn):
        seen["commits"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", committed)


def snapshot(office):
    """Return everything that a step may write."""

    def read(session):
        tables = (Case, WorkItem, History, Answer, Outbox)
        return {
            table.__tablename__: session.execute(select(table.__table__)).all() for table in tables
        }

    return office.read(read)


def complete(ctx, item):
    """Complete a task without answers."""
    return complete_task(ctx, item, {})


@BOTH
def test_a_completion_is_one_commit_and_at_most_ten_statements(office, begun):
    item = open_item(office, begun, "first")
    actor = office.person("registrar")
    with office.world.acting(actor) as ctx:
        ctx.platform.programs.get(ctx.session, case_row(office, begun).process_version_id)
        ctx.session.rollback()
        with counted(office) as seen:
            complete_task(ctx, item, {"amount": 5})
            ctx.session.commit()
    assert seen["commits"] == 1
    assert len(seen["sql"]) <= 10, seen["sql"]


@BOTH
def test_a_case_goes_from_start_to_end(office, begun):
    for task in ("first", "second"):
        with office.acting("registrar") as ctx:
            complete_task(ctx, open_item(office, begun, task), {})
    case = case_row(office, begun)
    assert (case.phase, case.end_element, case.state) == ("finished", "done", None)
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


@BOTH
def test_whoever_completes_second_is_told_who_was_first_and_when(office, begun, clock):
    item = open_item(office, begun, "first")
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    with pytest.raises(AlreadyCompleted) as told, office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    assert told.value.params == {"who": "Registrar, Ministry", "when": clock.now()}


@BOTH
def test_two_read_the_same_state_and_one_is_discarded_whole(office, begun, monkeypatch):
    item = open_item(office, begun, "first")
    written = step_writer.StepWriter.write
    rival = []

    def overtaken(writer, submitted, events=()):
        # Just before the first one writes, somebody else completes the same task.
        if not rival:
            rival.append(True)
            with office.acting("registrar") as other:
                complete_task(other, item, {"amount": 1})
            rival.append(snapshot(office))
        return written(writer, submitted, events)

    monkeypatch.setattr(step_writer.StepWriter, "write", overtaken)
    with pytest.raises(AlreadyCompleted), office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 2})
    assert snapshot(office) == rival[1]
    answers = office.read(
        lambda s: s.scalars(select(Answer).where(Answer.task_id.is_not(None))).all()
    )
    assert [a.data for a in answers] == [{"amount": 1}]


@BOTH
def test_a_step_tries_again_when_the_case_moved_but_the_task_is_still_open(
    office, begun, monkeypatch
):
    item = open_item(office, begun, "first")
    written, tries = step_writer.StepWriter.write, []

    def nudged(writer, submitted, events=()):
        tries.append(writer.loaded.row.version)
        if len(tries) == 1:
            with office.acting("registrar") as other:
                claim_task(other, item)
        return written(writer, submitted, events)

    monkeypatch.setattr(step_writer.StepWriter, "write", nudged)
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 2})
    assert len(tries) == 2
    assert tries[1] > tries[0]
    assert open_item(office, begun, "second")
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


def test_a_step_gives_up_after_five_lost_races(office, begun, monkeypatch):
    def never(_writer, _submitted, _events=()):
        raise LostRace

    item = open_item(office, begun, "first")
    before = snapshot(office)
    monkeypatch.setattr(step_writer.StepWriter, "write", never)
    with pytest.raises(LostRace), office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    assert snapshot(office) == before


@BOTH
def test_a_crash_between_run_and_commit_leaves_nothing(office, begun):
    class PowerCut(BaseException):
        pass

    def cut(_session):
        raise PowerCut

    item = open_item(office, begun, "first")
    before = snapshot(office)
    with pytest.raises(PowerCut), office.acting("registrar") as ctx:  # noqa: PT012 - it comes at the end
        complete_task(ctx, item, {"amount": 7})
        event.listen(ctx.session, "before_commit", cut)
    assert snapshot(office) == before
    with office.acting("registrar") as again:
        complete_task(again, item, {"amount": 7})
    assert open_item(office, begun, "second")


@BOTH
def test_of_two_who_take_a_task_the_second_is_told(office, begun, clock):
    item = open_item(office, begun, "first")
    deputy(office)
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    with pytest.raises(AlreadyClaimed) as told, office.acting("deputy") as ctx:
        claim_task(ctx, item)
    assert told.value.params == {"who": "Registrar, Ministry", "when": clock.now()}
    with pytest.raises(AlreadyClaimed), office.acting("deputy") as ctx:
        complete_task(ctx, item, {})


def test_of_two_who_read_it_free_one_takes_a_task(office, begun):
    item = open_item(office, begun, "first")
    deputy(office)
    slow = office.world.context(office.person("deputy"))
    assert open_task(slow, item).may_claim
    slow.session.rollback()
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    with pytest.raises(AlreadyClaimed):
        claim_task(slow, item)
    slow.session.close()


def test_a_task_given_back_is_free_for_the_group(office, begun):
    item = open_item(office, begun, "first")
    deputy(office)
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    with office.acting("registrar") as ctx:
        release_task(ctx, item)
    with office.acting("deputy") as ctx:
        assert open_task(ctx, item).may_claim


def test_four_eyes_keep_the_first_person_from_the_second_step(office):
    publish(office, two_steps(second=user_task("second", FOUR_EYES)))
    case_id = begin(office)
    deputy(office)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
    second = open_item(office, case_id, "second")
    with pytest.raises(NotAllowed), office.acting("registrar") as ctx:
        complete_task(ctx, second, {})
    with office.acting("deputy") as ctx:
        complete_task(ctx, second, {})
    assert case_row(office, case_id).phase == "finished"


@pytest.mark.parametrize("attempt", [claim_task, release_task, open_task, complete])
def test_without_the_role_nothing_is_done_and_without_the_place_nothing_is_known(
    office, begun, attempt
):
    item = open_item(office, begun, "first")
    for who, told in (("secretary", NotAllowed), ("procurement_officer", NotFound)):
        if (attempt, who) != (open_task, "secretary"):
            with pytest.raises(told), office.acting(who) as ctx:
                attempt(ctx, item)
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    for who, told in (("secretary", AlreadyCompleted), ("procurement_officer", NotFound)):
        with pytest.raises(told), office.acting(who) as ctx:
            attempt(ctx, item)


def deputy(office):
    """Add a second registrar."""
    roles = [{"role": "registrar", "territory": "AM"}]
    row = {"username": "deputy", "title": "Deputy registrar", "email": "deputy@example.org"}
    with office.acting() as ctx:
        load_accounts(ctx, [{**row, "roles": roles}], "no password")
