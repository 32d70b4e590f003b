"""The inbox reads one index range for each of a reader's roles, whatever else is there."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from workflow_app.domain import audiences
from workflow_app.domain.actors import Actor, Grant
from workflow_app.models.base import Base, table_of
from workflow_app.models.case import Case
from workflow_app.models.work import WorkItem, WorkItemCandidate, WorkOffer
from workflow_app.queries import inbox
from workflow_app.queries.inbox import COUNTED_UP_TO, Tab, inbox_counts, inbox_page
from workflow_app.queries.pages import read_cursor

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACES = ("AM/KAP", "AM/KAP/K1", "AM/GYU", "GE/TBI")
NUMBER = 4000
EVERYWHERE = Actor("ani", "Ani", 1, (Grant("clerk", "AM"),))
SEVERAL = Actor(
    "gor",
    "Gor",
    2,
    (Grant("clerk", "AM/KAP"), Grant("clerk", "AM/KAP/K1"), Grant("head", "AM"), Grant("x", "GE")),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request):
    """Give a database with some thousand open tasks, every tenth held by one person."""
    server = name = None
    if request.param == "sqlite":
        engine = create_engine("sqlite://")
    else:
        server, name = request.getfixturevalue("postgres"), f"i{uuid.uuid4().hex}"
        engine = create_engine(server.create(name))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        if server:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        fill(connection)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    yield engine
    engine.dispose()
    if server:
        server.drop(name)


def item(number):
    """Return a task's columns: role, place and due time follow from its number."""
    return {
        "id": number,
        "case_id": 1,
        "task_id": f"t{number}",
        "element": "p/check",
        "name": "Check",
        "form": "",
        "role": ("clerk", "head", "x")[number % 3],
        "territory_path": PLACES[number % 4],
        "assignee": "ani" if number % 10 == 9 else None,
        "has_candidates": number % 50 == 0,
        "state": "open",
        "opened_at": NOON,
        "due_at": None if number % 5 == 0 else NOON + timedelta(minutes=number * 7919 % NUMBER),
    }


def lists_of(row):
    if row["assignee"]:
        return [audiences.holder(row["assignee"])]
    return audiences.offered_in(row["territory_path"], [row["role"]], [])


ITEMS = [item(number) for number in range(1, NUMBER)]
BARRED = [row["id"] for row in ITEMS if row["id"] % 100 == 0]


def fill(connection):
    case = {"id": 1, "number": "C-1", "secret": "s", "process_version_id": 1, "title": "Home"}
    case |= {"language": "en", "territory_code": "AM", "territory_path": "AM", "phase": "open"}
    case |= {"status": "x", "state": b"", "history_head": "", "started_by": "x", "started_at": NOON}
    connection.execute(insert(table_of(Case)).values(**case))
    connection.execute(insert(table_of(WorkItem)), ITEMS)
    offers = [
        {"audience": name, "due_at": row["due_at"] or audiences.FAR, "work_item_id": row["id"]}
        for row in ITEMS
        for name in lists_of(row)
    ]
    connection.execute(insert(table_of(WorkOffer)), offers)
    barred = [{"work_item_id": number, "kind": "barred", "name": "gor"} for number in BARRED]
    connection.execute(insert(table_of(WorkItemCandidate)), barred)


def wanted(actor):
    """Return the ids an actor's group list must show, in order, worked out without the lists."""
    found = [
        row
        for row in ITEMS
        if row["assignee"] is None
        and any(g.role == row["role"] and g.covers(row["territory_path"]) for g in actor.grants)
        and not (actor.username == "gor" and row["id"] in BARRED)
    ]
    found.sort(key=lambda row: (row["due_at"] or audiences.FAR, row["id"]))
    return [row["id"] for row in found]


def pages(engine, actor, tab):
    """Return every page forwards, then every page on the way back."""
    with Session(engine) as session:
        page = inbox_page(session, actor, tab, None)
        forwards = [page]
        while page.next:
            page = inbox_page(session, actor, tab, read_cursor(page.next, str, int))
            forwards.append(page)
        backwards = [page]
        while page.previous:
            page = inbox_page(session, actor, tab, read_cursor(page.previous, str, int))
            backwards.append(page)
    return [[row.id for row in p.rows] for p in forwards], [
        [row.id for row in p.rows] for p in reversed(backwards)
    ]


@pytest.mark.parametrize("actor", [EVERYWHERE, SEVERAL], ids=lambda actor: actor.username)
def test_pages_lead_through_every_offered_task_once_in_order_and_back(engine, actor):
    forwards, backwards = pages(engine, actor, Tab.GROUPS)
    assert [one for page in forwards for one in page] == wanted(actor)
    assert [one for page in backwards for one in page] == wanted(actor)


def test_what_somebody_holds_is_theirs_alone_in_order(engine):
    held = sorted(
        (row for row in ITEMS if row["assignee"] == "ani"),
        key=lambda row: (row["due_at"] or audiences.FAR, row["id"]),
    )
    forwards, _ = pages(engine, EVERYWHERE, Tab.MINE)
    assert [one for page in forwards for one in page] == [row["id"] for row in held]
    assert pages(engine, SEVERAL, Tab.MINE)[0] == [[]]


def test_counting_stops_one_above_the_bound(engine):
    with Session(engine) as session:
        counts = inbox_counts(session, EVERYWHERE)
        few = inbox_counts(session, Actor("x", "X", 3, (Grant("nobody", "AM"),)))
    assert counts == {"mine": COUNTED_UP_TO + 1, "groups": COUNTED_UP_TO + 1, "done": 0}
    assert few == {"mine": 0, "groups": 0, "done": 0}


def plan(engine, query):
    """Return the database's plan for a query, a line a step."""
    compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
    prefix = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(prefix + str(compiled).replace("%", "%%")).all()
    return [str(row[-1]) for row in rows]


@pytest.mark.parametrize("cursor", [None, "later"])
@pytest.mark.parametrize("actor", [EVERYWHERE, SEVERAL], ids=lambda actor: actor.username)
def test_a_page_is_one_range_of_the_index_for_each_list(engine, actor, cursor):
    if cursor:
        with Session(engine) as session:
            cursor = read_cursor(inbox_page(session, actor, Tab.GROUPS, None).next, str, int)
    ranges = inbox._ranges(actor, Tab.GROUPS)
    lines = plan(engine, inbox._open(ranges, cursor))
    if engine.dialect.name == "sqlite":
        searched = [line for line in lines if "work_offer USING PRIMARY KEY (audience=?" in line]
        scanned = [line for line in lines if re.search(r"SCAN work_(offer|item)\b", line)]
    else:
        searched = [line for line in lines if re.search(r"Index.*Scan.* pk_work_offer ", line)]
        # Of a few thousand tasks PostgreSQL may rather read all than look 26 up.
        scanned = [line for line in lines if "Seq Scan on work_offer" in line or sorts(lines, line)]
    assert len(searched) == len(ranges), lines
    assert scanned == []


def sorts(lines, line):
    """Tell whether a step of PostgreSQL's plan sorts the offers of one list."""
    following = lines[lines.index(line) + 1 :][:2]
    return "->  Sort" in line and any("Scan using pk_work_offer" in step for step in following)


def test_roles_inside_others_are_no_lists_of_their_own():
    assert audiences.read_by(SEVERAL) == ["clerk@AM/KAP", "head@AM", "x@GE", "user:gor"]
