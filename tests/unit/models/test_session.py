"""A session that lends its connection keeps one transaction with its objects."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, func, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from workflow_app.models.base import Base, table_of
from workflow_app.models.case import Draft
from workflow_app.models.session import StepSession, connection_of
from workflow_app.models.sqlite import install_sqlite_rules

NOW = datetime(2026, 11, 21, tzinfo=UTC)
drafts = table_of(Draft)


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", poolclass=QueuePool)
    install_sqlite_rules(engine)
    Base.metadata.create_all(engine)
    yield engine
    assert engine.pool.checkedout() == 0
    engine.dispose()


def draft(owner):
    return {"owner": owner, "subject": "s", "raw": {}, "saved_at": NOW}


def in_core(session, owner):
    connection_of(session).execute(insert(drafts).values(**draft(owner)))


def in_objects(session, owner):
    session.add(Draft(**draft(owner)))


def owners(engine):
    with Session(engine) as session:
        return sorted(session.scalars(select(Draft.owner)))


ORDERS = [(in_core,), (in_objects,), (in_core, in_objects), (in_objects, in_core)]


@pytest.mark.parametrize("writes", ORDERS)
def test_both_ways_of_writing_are_one_transaction(engine, writes):
    commits = []
    event.listen(engine, "commit", commits.append)
    with StepSession(engine) as session:
        for number, write in enumerate(writes):
            write(session, f"o{number}")
        session.flush()
        assert owners(engine) == []
        session.commit()
    assert owners(engine) == [f"o{number}" for number in range(len(writes))]
    assert len(commits) == 1


@pytest.mark.parametrize("writes", ORDERS)
@pytest.mark.parametrize("end", ["rollback", "close"])
def test_both_are_undone_together(engine, writes, end):
    session = StepSession(engine)
    for number, write in enumerate(writes):
        write(session, f"o{number}")
    session.flush()
    getattr(session, end)()
    assert owners(engine) == []
    session.close()


def test_a_listener_can_stop_a_commit_of_core_alone(engine):
    def stop(_session):
        raise InterruptedError

    with StepSession(engine) as session:
        event.listen(session, "before_commit", stop)
        in_core(session, "a")
        with pytest.raises(InterruptedError):
            session.commit()
        session.rollback()
    assert owners(engine) == []


def test_each_reads_what_the_other_wrote(engine):
    with StepSession(engine) as session:
        in_core(session, "a")
        assert session.scalar(select(func.count()).select_from(Draft)) == 1
        in_objects(session, "b")
        session.flush()
        count = connection_of(session).execute(select(func.count()).select_from(drafts))
        assert count.scalar_one() == 2


def test_a_session_goes_on_after_a_commit_and_after_an_error(engine):
    with StepSession(engine) as session:
        in_core(session, "a")
        session.commit()
        in_core(session, "b")
        session.rollback()
        in_core(session, "c")
        session.commit()
    assert owners(engine) == ["a", "c"]


def test_a_savepoint_of_the_lent_connection_can_be_undone_alone(engine):
    with StepSession(engine) as session:
        in_core(session, "a")
        nested = connection_of(session).begin_nested()
        in_core(session, "b")
        nested.rollback()
        session.commit()
    assert owners(engine) == ["a"]


def test_any_other_session_gives_its_own_connection(engine):
    with Session(engine) as session:
        assert connection_of(session) is session.connection()
