"""Prepared statements store what Core would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from sqlalchemy import bindparam, create_engine, delete, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from workflow_app.models.base import Base, table_of
from workflow_app.models.case import Draft
from workflow_app.models.prepared import Prepared, PreparedSelect

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
drafts = table_of(Draft)
ADD = Prepared(insert(drafts))
MOVE = Prepared(update(drafts).where(drafts.c.owner == bindparam("whose")))
DROP = Prepared(delete(drafts).where(drafts.c.owner == bindparam("whose")))


def draft(owner, **raw):
    return {"owner": owner, "subject": "task:1", "raw": raw, "saved_at": NOON}


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_a_row_is_stored_as_core_stores_it(connection):
    ADD.run(connection, draft("user:1", amount=12, name="Կապան"))
    connection.execute(insert(drafts), draft("user:2", amount=12, name="Կապան"))
    columns = select(drafts.c.raw, drafts.c.saved_at)
    ours = connection.execute(columns.where(drafts.c.owner == "user:1")).one()
    cores = connection.execute(columns.where(drafts.c.owner == "user:2")).one()
    assert ours == cores == ({"amount": 12, "name": "Կապան"}, NOON)


def test_what_a_row_does_not_give_is_the_columns_default(connection):
    ADD.run(connection, draft("user:1"))
    ADD.run(connection, {**draft("user:2"), "mark": "tab:2"})
    marks = connection.execute(select(drafts.c.owner, drafts.c.mark)).all()
    assert dict(map(tuple, marks)) == {"user:1": "", "user:2": "tab:2"}


def test_many_rows_are_stored_at_once(connection):
    ADD.run(connection, [draft(f"user:{number}") for number in range(5)])
    assert len(connection.execute(select(drafts.c.id)).all()) == 5


def test_the_number_of_rows_hit_is_told(connection):
    ADD.run(connection, draft("user:1"))
    assert MOVE.run(connection, {"subject": "task:2", "whose": "user:1"}) == 1
    assert MOVE.run(connection, {"subject": "task:3", "whose": "nobody"}) == 0


def test_other_names_make_another_statement(connection):
    ADD.run(connection, draft("user:1"))
    MOVE.run(connection, {"subject": "task:2", "whose": "user:1"})
    MOVE.run(connection, {"raw": {"a": 1}, "whose": "user:1"})
    row = connection.execute(select(drafts.c.subject, drafts.c.raw)).one()
    assert row == ("task:2", {"a": 1})


def test_a_delete_takes_what_it_names(connection):
    ADD.run(connection, [draft("user:1"), draft("user:2")])
    DROP.run(connection, [{"whose": "user:1"}])
    assert connection.execute(select(drafts.c.owner)).scalars().all() == ["user:2"]


def test_a_statement_may_compare_to_a_value_of_its_own(connection):
    drop = Prepared(
        delete(drafts).where(drafts.c.owner == bindparam("whose"), drafts.c.subject != "task:9")
    )
    ADD.run(connection, [draft("user:1"), {**draft("user:1"), "subject": "task:9"}])
    drop.run(connection, {"whose": "user:1"})
    assert connection.execute(select(drafts.c.subject)).scalars().all() == ["task:9"]


FIND = PreparedSelect(select(drafts).where(drafts.c.owner == bindparam("whose")))


def test_a_row_is_read_as_core_reads_it(connection):
    ADD.run(connection, draft("user:1", name="Կապան"))
    found = FIND.first(connection, {"whose": "user:1"})
    core = connection.execute(select(drafts)).one()
    assert tuple(found) == tuple(core)
    assert (found.raw, found.saved_at) == ({"name": "Կապան"}, NOON)
    assert FIND.first(connection, {"whose": "nobody"}) is None


def test_the_drivers_errors_come_as_the_librarys(connection):
    ADD.run(connection, draft("user:1"))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        ADD.run(connection, draft("user:1"))


def test_listeners_hear_of_every_statement(connection):
    heard = []

    def hear(_connection, _cursor, statement, values, context, executemany):
        context.noted = True
        heard.append((statement.split()[0], len(values) if executemany else 1))

    event.listen(connection.engine, "before_cursor_execute", hear)
    ADD.run(connection, [draft("user:1"), draft("user:2")])
    DROP.run(connection, {"whose": "user:1"})
    FIND.first(connection, {"whose": "user:1"})
    assert heard == [("INSERT", 2), ("DELETE", 1), ("SELECT", 1)]


def test_a_listener_of_one_connection_hears_too(connection):
    heard = []
    event.listen(connection, "after_cursor_execute", lambda *given: heard.append(given[2]))
    ADD.run(connection, draft("user:1"))
    assert [statement.split()[0] for statement in heard] == ["INSERT"]


def test_the_same_moment_in_another_zone_is_stored_alike(connection):
    there = NOON.astimezone(timezone(timedelta(hours=4)))
    ADD.run(connection, [draft("user:1"), {**draft("user:2"), "saved_at": there}])
    assert connection.execute(select(drafts.c.saved_at).distinct()).scalars().all() == [NOON]


class OtherDatabase:
    """A connection of which only the dialect is asked, and the statement kept."""

    rowcount = 1
    _has_events = True

    def __init__(self, dialect):
        self.dialect, self.connection = dialect, self
        self.dispatch = SimpleNamespace(before_cursor_execute=(), after_cursor_execute=())

    def cursor(self):
        return self

    def execute(self, text, values):
        self.text, self.values = text, values

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("dialect", "text", "values"),
    [
        (sqlite.dialect(), "SET subject=?", ("task:2", "user:1")),
        (
            postgresql.psycopg.dialect(),
            "SET subject=%(subject)s",
            {"subject": "task:2", "whose": "user:1"},
        ),
    ],
)
def test_drivers_take_values_by_position_or_by_name(dialect, text, values):
    other = OtherDatabase(dialect)
    MOVE.run(other, {"subject": "task:2", "whose": "user:1"})
    assert text in other.text
    assert other.values == values
    assert other.closed
