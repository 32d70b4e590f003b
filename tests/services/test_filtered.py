"""Filtered lists: whatever is asked, each page is bounded, in order, and nothing is passed over."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session

from tests.services.test_inbox_ranges import EVERYWHERE, ITEMS, NOON, NUMBER, SEVERAL, engine
from workflow_app.domain import audiences
from workflow_app.domain.filters import Filter, read_filter
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem
from workflow_app.queries import filtered
from workflow_app.queries.filtered import Wanted, choices, filtered_page
from workflow_app.queries.inbox import Tab
from workflow_app.queries.pages import read_cursor

__all__ = ["engine"]
RARE = {row["id"] for row in ITEMS if row["id"] % 201 == 0}


@pytest.fixture(autouse=True, scope="module")
def rare(engine):
    """Give some tasks a name that only they have."""
    items = table_of(WorkItem)
    with engine.begin() as connection:
        connection.execute(update(items).where(items.c.id.in_(RARE)).values(name="Rare"))


def all_pages(engine, actor, tab, asked, path=None):
    """Return every page's ids, and how many pages there were."""
    found, cursor, pages = [], None, 0
    with Session(engine) as session:
        while True:
            wanted = Wanted(filter=asked, path=path, now=NOON)
            page = filtered_page(session, actor, tab, wanted, cursor)
            found += [row.id for row in page.rows]
            pages += 1
            if page.next is None:
                return found, pages
            cursor = read_cursor(page.next)


def offered(actor, keep):
    rows = [
        row
        for row in ITEMS
        if row["assignee"] is None
        and keep(row)
        and any(g.role == row["role"] and g.covers(row["territory_path"]) for g in actor.grants)
    ]
    rows.sort(key=lambda row: (row["due_at"] or audiences.FAR, row["id"]))
    return [row["id"] for row in rows]


def test_a_rare_task_is_found_however_far_one_has_to_look(engine, monkeypatch):
    monkeypatch.setattr(filtered, "SCANNED", 100)
    found, pages = all_pages(engine, EVERYWHERE, Tab.GROUPS, Filter(task="Rare"))
    assert found == offered(EVERYWHERE, lambda row: row["id"] in RARE)
    assert len(found) >= 2
    assert pages > 5


@pytest.mark.parametrize("scanned", [100, 1000])
def test_role_place_and_due_time_narrow_several_lists(engine, monkeypatch, scanned):
    monkeypatch.setattr(filtered, "SCANNED", scanned)
    barred = {row["id"] for row in ITEMS if row["id"] % 100 == 0}

    def fits(row):
        due = row["due_at"]
        inside = row["territory_path"] in ("AM/KAP", "AM/KAP/K1")
        return row["role"] == "head" and inside and due and due >= NOON and row["id"] not in barred

    asked = Filter(role="head", place="KAP", due="week")
    found, _pages = all_pages(engine, SEVERAL, Tab.GROUPS, asked, "AM/KAP")
    assert found == offered(SEVERAL, fits)
    assert found


def test_the_least_urgent_first_is_the_same_list_the_other_way(engine, monkeypatch):
    monkeypatch.setattr(filtered, "SCANNED", 150)
    asked = Filter(sort="late", role="clerk")
    found, _pages = all_pages(engine, EVERYWHERE, Tab.GROUPS, asked)
    assert found == offered(EVERYWHERE, lambda _row: True)[::-1]


def test_the_newest_first_sorts_what_is_most_urgent(engine, monkeypatch):
    monkeypatch.setattr(filtered, "SCANNED", NUMBER)
    found, _pages = all_pages(engine, EVERYWHERE, Tab.GROUPS, Filter(sort="new"))
    assert found == sorted(offered(EVERYWHERE, lambda _row: True), reverse=True)


def test_what_is_done_is_filtered_too(engine, monkeypatch):
    monkeypatch.setattr(filtered, "SCANNED", 30)
    done = [
        {**ITEMS[0], "id": 10_000 + n, "task_id": f"d{n}", "state": "completed",
         "closed_at": NOON, "closed_by": "kim", "name": "Rare" if n % 40 == 0 else "Check"}
        for n in range(120)
    ]  # fmt: skip
    with engine.connect() as connection:
        rolled = connection.begin()
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(insert(table_of(WorkItem)), done)
        kim = type(EVERYWHERE)("kim", "Kim", 3, EVERYWHERE.grants)
        found, _pages = all_pages(connection, kim, Tab.DONE, Filter(task="Rare"))
        rolled.rollback()
    assert found == [10_080, 10_040, 10_000]


def test_a_page_asks_a_few_times_whatever_is_filtered(engine):
    asked = Filter(task="Rare", process="none", state="running")
    said = []
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    with Session(engine) as session:
        wanted = Wanted(filter=asked, path="AM", now=NOON)
        filtered_page(session, SEVERAL, Tab.GROUPS, wanted, None)
        assert len(said) <= 3
        assert {one.role for one in choices(session, SEVERAL, Tab.GROUPS)} == {"clerk", "head", "x"}


def test_an_address_that_was_tampered_with_filters_nothing():
    given = {"due": "yesterday", "sort": "up", "task": "x" * 500, "role": "clerk", "more": "y"}
    assert read_filter(given) == Filter(role="clerk")
