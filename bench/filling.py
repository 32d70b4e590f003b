"""Many cases at once: copies of one that the services made, written by the database itself."""

# ruff: noqa: S608 - the names and numbers in its statements are this file's own

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, String, Table, insert, text

from workflow_app.domain import audiences
from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.people import Territory
from workflow_app.models.work import DueTimer, WorkItem, WorkOffer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bench.world import World

#: Ids of copies begin here, far above what the services give out.
FIRST = 10_000_000
KINDS = 1000
ROLES = ("clerk", "checker", "assessor", "registrar", "head")
REGIONS = COMMUNITIES = 10
HELD, DONE = 8, 9
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {})"

_books = MetaData()
_kinds = Table(
    "bench_kind",
    _books,
    Column("kind", Integer, primary_key=True),
    Column("role", String),
    Column("path", String),
    Column("due_at", DateTime),
)
_lists = Table(
    "bench_list",
    _books,
    Column("kind", Integer, primary_key=True),
    Column("audience", String, primary_key=True),
)


@contextmanager
def filling(world: World) -> Iterator[Connection]:
    """Give a transaction for very many rows, without time limit and without checking each."""
    with world.engine.connect() as connection:
        _pragmas(connection, synchronous="OFF", foreign_keys="OFF", cache_size="-300000")
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
        _pragmas(connection, synchronous="FULL", foreign_keys="ON", cache_size="-2000")


def _pragmas(connection: Connection, **values: str) -> None:
    if connection.dialect.name == "sqlite":
        for name, value in values.items():
            connection.execute(text(f"PRAGMA {name}={value}"))
        connection.rollback()


def territories() -> dict[str, str]:
    """Return (code → path) of a country, its regions and their communities."""
    found = {"AM": "AM"}
    for region in range(REGIONS):
        found[f"AM{region}"] = f"AM/AM{region}"
        for community in range(COMMUNITIES):
            code = f"AM{region}{community}"
            found[code] = f"AM/AM{region}/{code}"
    return found


def add_territories(connection: Connection) -> None:
    """Store the territories below the country."""
    rows = [
        {"code": code, "level": "place", "name": code, "path": path, "flags": []}
        for code, path in territories().items()
        if code != "AM"
    ]
    connection.execute(insert(table_of(Territory)), rows)


def fill_inbox(connection: Connection, case_id: int, number: int, holder: str) -> None:
    """Add so many open tasks over roles, places and due times, one in ten held by somebody.

    Ten tasks a case; to every nine open ones there is a completed one of the same person.
    """
    _books.create_all(connection)
    connection.execute(insert(_kinds), [_kind(kind) for kind in range(KINDS)])
    connection.execute(insert(_lists), [row for kind in range(KINDS) for row in _offers(kind)])
    rows = number * 10 // 9
    _copy(connection, table_of(Case), f"id = {case_id}", rows // 10 + 1, {"number": "'N' || n.i"})
    mine = f"n.i % 10 IN ({HELD}, {DONE})"
    changes = {
        "case_id": f"{FIRST} + n.i / 10",
        "task_id": "'t' || n.i",
        "role": "k.role",
        "territory_path": "k.path",
        "due_at": "k.due_at",
        "assignee": f"CASE WHEN {mine} THEN '{holder}' END",
        "state": f"CASE WHEN n.i % 10 = {DONE} THEN '{WorkState.COMPLETED}' ELSE o.state END",
        "closed_by": f"CASE WHEN n.i % 10 = {DONE} THEN '{holder}' END",
        "closed_at": f"CASE WHEN n.i % 10 = {DONE} THEN o.opened_at END",
    }
    joined = f"JOIN bench_kind k ON k.kind = n.i % {KINDS}"
    _copy(connection, table_of(WorkItem), f"case_id = {case_id}", rows, changes, joined)
    _fill_offers(connection, rows, holder)


def _kind(kind: int) -> dict[str, Any]:
    places = [path for path in territories().values() if path.count("/") == 2]
    due = None if kind % 4 == 0 else MORNING + timedelta(minutes=37 * (kind * 7 % KINDS))
    return {
        "kind": kind,
        "role": ROLES[kind // 10 % len(ROLES)],
        "path": places[kind // 50 % len(places)],
        "due_at": due,
    }


def _offers(kind: int) -> list[dict[str, Any]]:
    row = _kind(kind)
    lists = audiences.offered_in(row["path"], [row["role"]], [])
    return [{"kind": kind, "audience": audience} for audience in lists]


def _fill_offers(connection: Connection, rows: int, holder: str) -> None:
    far = audiences.FAR.replace(tzinfo=None).isoformat(" ", "microseconds")
    for lists, audience, wanted in (
        ("JOIN bench_list l ON l.kind = k.kind", "l.audience", f"n.i % 10 NOT IN ({HELD}, {DONE})"),
        ("", f"'{audiences.holder(holder)}'", f"n.i % 10 = {HELD}"),
    ):
        connection.execute(
            text(
                f"INSERT INTO {WorkOffer.__tablename__} (audience, due_at, work_item_id) "
                f"{_NUMBERS.format(rows)} SELECT {audience}, coalesce(k.due_at, '{far}'), "
                f"{FIRST} + n.i FROM n JOIN bench_kind k ON k.kind = n.i % {KINDS} {lists} "
                f"WHERE {wanted} ORDER BY 1, 2, 3"
            )
        )


def add_waiting(
    connection: Connection, case_id: int, count: int, due_at: datetime, *, after: int = 0
) -> None:
    """Add copies of a case that waits for a timer, all due at the same moment."""
    shift = {"id": f"{FIRST + after} + n.i"}
    number = {"number": f"'W' || ({after} + n.i)", **shift}
    _copy(connection, table_of(Case), f"id = {case_id}", count, number)
    due = due_at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    moment = f"'{due}'" if connection.dialect.name == "sqlite" else f"timestamp '{due}'"
    changes = {**shift, "case_id": shift["id"], "due_at": moment}
    _copy(connection, table_of(DueTimer), f"case_id = {case_id}", count, changes)


def _copy(
    connection: Connection,
    table: Table,
    which: str,
    count: int,
    changes: Mapping[str, str],
    joined: str = "",
) -> None:
    """Insert so many copies of the row `o`, with columns changed by the number `n.i`."""
    changed = {"id": f"{FIRST} + n.i", **changes}
    names = [column.name for column in table.columns]
    values = ", ".join(changed.get(name, f"o.{name}") for name in names)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)}) {_NUMBERS.format(count)} "
            f"SELECT {values} FROM n CROSS JOIN (SELECT * FROM {table.name} WHERE {which} "
            f"ORDER BY id LIMIT 1) o {joined}"
        )
    )
