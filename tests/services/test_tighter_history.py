"""Revision 0002 with rows in the tables: the chain holds on the way up, down and up again."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import flask_migrate
import pytest
from sqlalchemy import MetaData, Table, insert, select, text, update
from sqlalchemy.orm import Session

from tests.services.test_databases import empty
from tests.support.installation import make_settings, running_app
from workflow_app.domain.actors import Actor, Grant
from workflow_app.domain.audit import GENESIS, payload_digest
from workflow_app.factory import system_context
from workflow_app.models import db
from workflow_app.queries.inbox import Tab, inbox_page
from workflow_app.services.auditing import verify_all
from workflow_app.services.chain import Event, append_event
from workflow_app.services.context import transaction

__all__ = ["empty"]
NOW = datetime(2026, 11, 20, 8, 30, 0, 125, tzinfo=UTC)
PAYLOAD = '{"case":{"title":"Տուն"}}'
OLD = (
    ("completed", "p/start", None),
    ("flow", "p/f1", None),
    ("entered", "p/check", None),
    ("status", "p/check", PAYLOAD),
)


@pytest.fixture
def old(empty, tmp_path):
    """Give an application whose database is of revision 0001 and holds a case."""
    with running_app(make_settings(tmp_path, empty)) as app, app.app_context():
        flask_migrate.upgrade(revision="0001")
        fill()
        yield app


def table(name):
    return Table(name, MetaData(), autoload_with=db.engine)


def fill():
    """Store a case with a link a row and two open tasks, as revision 0001 had them."""
    rows, payloads, head = [], [], GENESIS
    for seq, (kind, element, payload) in enumerate(OLD, 1):
        digest = payload_digest(payload, "s") if payload else None
        if payload:
            payloads.append({"case_id": 1, "seq": seq, "salt": "s", "payload": payload})
        previous, head = head, old_link(head, seq, kind, element, digest)
        rows.append(
            {"case_id": 1, "seq": seq, "kind": kind, "element": element, "task_id": "t"}
            | {"actor": "ani", "at": NOW.replace(tzinfo=None), "payload_digest": digest}
            | {"prev_hash": previous, "hash": head}
        )
    with db.engine.begin() as connection:
        connection.execute(insert(table("process_version")).values(**needed("process_version")))
        case = {**needed("case_record"), "history_seq": len(OLD), "history_head": head}
        connection.execute(insert(table("case_record")).values(**case))
        connection.execute(insert(table("history")), rows)
        connection.execute(insert(table("history_payload")), payloads)
        for number, changes in enumerate(({}, {"assignee": "ani"}, DONE), 1):
            item = {**needed("work_item"), "id": number, "task_id": f"t{number}", **changes}
            connection.execute(insert(table("work_item")).values(**item))
        named = {"work_item_id": 1, "kind": "user", "name": "bagrat"}
        connection.execute(insert(table("work_item_candidate")).values(**named))


DONE = {"state": "completed", "closed_at": NOW.replace(tzinfo=None), "closed_by": "ani"}
KNOWN = {
    "id": 1,
    "case_id": 1,
    "process_version_id": 1,
    "phase": "open",
    "state": b"",
    "role": "clerk",
    "territory_path": "AM/KAP",
    "territory_code": "KAP",
}


def needed(name):
    """Return a row with something in every column that needs it."""
    row = {}
    for column in table(name).columns:
        if column.name in KNOWN:
            row[column.name] = KNOWN[column.name]
        elif not column.nullable:
            row[column.name] = plain(column)
    if name == "work_item":
        row["state"] = "open"
    return row


def plain(column):
    kind = column.type.python_type
    return {datetime: NOW.replace(tzinfo=None), int: 1, bool: False, bytes: b"", str: "x"}.get(
        kind, {}
    )


def old_link(previous, seq, kind, element, digest):
    facts = [1, seq, kind, element, "ani", NOW.isoformat(), digest]
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def verified(app):
    ctx = system_context(app)
    try:
        return verify_all(ctx)
    finally:
        ctx.session.close()


def test_old_rows_are_a_chain_and_new_ones_go_on_from_it(old):
    flask_migrate.upgrade()
    assert verified(old) == (1, [])
    ctx = system_context(old)
    with transaction(ctx.session):
        append_event(ctx, 1, Event("completed", "p/check", "t", NOW, {"a": 1}, "f2 f3"))
    assert verified(old) == (1, [])
    history = table("history")
    with db.engine.begin() as connection:
        connection.execute(update(history).where(history.c.seq == 2).values(kind="entered"))
    assert verified(old) == (1, [("x", 2)])


def test_open_tasks_are_offered_after_the_way_up(old):
    flask_migrate.upgrade()
    clerk = Actor("ani", "Ani", 1, (Grant("clerk", "AM"),))
    elsewhere = Actor("gor", "Gor", 2, (Grant("clerk", "GE"), Grant("other", "AM")))
    named = Actor("bagrat", "Bagrat", 3)

    def listed(actor, tab):
        with Session(db.engine) as session:
            return [row.id for row in inbox_page(session, actor, tab, None).rows]

    assert [listed(clerk, tab) for tab in (Tab.GROUPS, Tab.MINE, Tab.DONE)] == [[1], [2], [3]]
    assert listed(elsewhere, Tab.GROUPS) == []
    assert listed(named, Tab.GROUPS) == [1]


def test_on_the_way_down_every_flow_is_a_row_and_every_row_a_link_again(old):
    flask_migrate.upgrade()
    ctx = system_context(old)
    with transaction(ctx.session):
        append_event(ctx, 1, Event("completed", "p/check", "t", NOW, None, "f2 f3"))
        append_event(ctx, 1, Event("decision", "p/check", None, NOW, {"won": True}))
    ctx.session.close()
    flask_migrate.downgrade(revision="0001")
    with db.engine.connect() as connection:
        history = table("history")
        rows = connection.execute(select(history).order_by(history.c.seq)).all()
        payloads = connection.execute(text("SELECT seq, payload FROM history_payload")).all()
        head = connection.execute(text("SELECT history_head FROM case_record")).scalar_one()
    kinds = [(row.kind, row.element) for row in rows]
    assert kinds[4:] == [
        ("completed", "p/check"),
        ("flow", "p/f2"),
        ("flow", "p/f3"),
        ("decision", "p/check"),
    ]
    assert sorted(row.seq for row in payloads) == [4, 8]
    found = GENESIS
    for row in rows:
        assert row.prev_hash == found
        actor = row.actor
        facts = [1, row.seq, row.kind, row.element, actor, NOW.isoformat(), row.payload_digest]
        body = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        found = hashlib.sha256(f"{found}\n{body}".encode()).hexdigest()
        assert row.hash == found
    assert head == found
    flask_migrate.upgrade()
    assert verified(old) == (1, [])
