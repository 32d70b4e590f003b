"""Nudges for the workers: laid with the rows they point at, never for the future, never needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import func, select, text

from tests.services.test_review_races import mail
from workflow_app.jobs.queue import nudge_due
from workflow_app.models.work import DueTimer
from workflow_app.services.background import do_due_thing, due_things
from workflow_app.services.outgoing import outbox, outbox_values

POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
#: What revision 0004 made; with another one comes a revision of ours that brings tables up to it.
NEWEST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


@pytest.fixture
def worker(office):
    """A worker that has just been heard of."""
    with office.acting() as ctx:
        ctx.session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))


@pytest.fixture
def applied(office):
    """A case with a term, so that reminders lie in the future."""
    return office.play("accreditation/straight", until="check_documents").case_id


def nudges(office):
    query = text("SELECT lock, queueing_lock, args FROM procrastinate_jobs ORDER BY id")
    return office.read(lambda s: [tuple(row) for row in s.execute(query)])


@POSTGRES
def test_a_nudge_is_laid_with_the_row_and_goes_with_it(office, worker):
    item = mail(office)
    assert nudges(office) == [(None, f"outgoing-{item}", {"kind": "outgoing", "thing": item})]

    def fail():
        with office.acting() as ctx:
            row = outbox_values("mail", {"to": "a@example.org"}, ctx.now)
            ctx.session.execute(outbox.insert().values(**row))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(nudges(office)) == 1


@POSTGRES
def test_nobody_is_nudged_while_no_worker_lives(office):
    mail(office)
    assert nudges(office) == []


@POSTGRES
def test_the_sweep_lays_what_is_missing_once_and_nothing_for_the_future(office, worker, applied):
    with office.acting() as ctx:
        ctx.session.execute(text("DELETE FROM procrastinate_jobs"))
        waiting = ctx.session.scalar(select(func.count(DueTimer.id)))
    assert waiting > 0
    assert nudge_due(office.world.context) == 0
    office.clock.advance(
        office.read(lambda s: s.query(DueTimer).all())[0].due_at - office.clock.now()
    )
    due = nudge_due(office.world.context)
    assert due >= 1
    laid = nudges(office)
    assert len(laid) == due
    assert nudge_due(office.world.context) == due
    assert nudges(office) == laid


@POSTGRES
def test_a_nudge_for_what_is_done_changes_nothing(office):
    item = mail(office)
    (thing,) = due_things(office.world.context, limit=10)
    assert (thing.kind, thing.id) == ("outgoing", item)
    assert do_due_thing(office.world.context, thing.kind, thing.id) is True
    sent = len(office.app.extensions["platform"].mailer.sent)
    assert do_due_thing(office.world.context, thing.kind, thing.id) is False
    assert do_due_thing(office.world.context, "timer", 999_999) is True
    assert len(office.app.extensions["platform"].mailer.sent) == sent


def test_on_sqlite_the_command_says_who_does_the_work(app):
    told = app.test_cli_runner().invoke(args=["worker"])
    assert told.exit_code == 1
    assert "WORKFLOW_APP_EMBEDDED_WORKER=1" in told.output


def test_procrastinate_s_tables_are_those_that_our_revision_makes():
    shipped = Path(SchemaManager.get_migrations_path()).glob("*.sql")
    assert max(path.name for path in shipped) == NEWEST
