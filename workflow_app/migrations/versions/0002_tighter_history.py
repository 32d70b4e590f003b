"""history and indexes that grow less

A link of the chain covers a step, digests are bytes, sequence flows stand on the row before them,
and open tasks stand in the lists of those they are offered to. Rows written before stay as they
are: a link a row is a chain of steps of one row. Taking it back writes a link a row again.

Revision ID: 0002
Revises: 0001
"""

import hashlib
import json
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
FAR = datetime(9999, 12, 31)  # noqa: DTZ001 - as a column keeps it, naive UTC
BATCH = 1000
COMPLETED = sa.text("state = 'completed'")

cases = sa.table("case_record", *map(sa.column, ("id", "history_seq", "history_head")))
items = sa.table(
    "work_item",
    *map(sa.column, ("id", "state", "role", "assignee", "territory_path")),
    sa.column("due_at", sa.DateTime()),
)
candidates = sa.table("work_item_candidate", *map(sa.column, ("work_item_id", "kind", "name")))
payloads = sa.table("history_payload", *map(sa.column, ("case_id", "seq", "salt", "payload")))
FACTS = ("case_id", "seq", "kind", "element", "task_id", "actor")
history = sa.table(
    "history",
    *map(sa.column, FACTS),
    sa.column("at", sa.DateTime()),
    sa.column("flows"),
    sa.column("payload_digest", sa.LargeBinary()),
    sa.column("hash", sa.LargeBinary()),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_history()
        _rebuild_payloads(sqlite_with_rowid=False)
    else:
        _alter_history()
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_group")
        batch_op.drop_index("ix_work_item_assignee")
        batch_op.create_index(
            "ix_work_item_done",
            ["closed_by", "id"],
            unique=False,
            sqlite_where=COMPLETED,
            postgresql_where=COMPLETED,
        )
    offers = op.create_table(
        "work_offer",
        sa.Column("audience", sa.String(length=400), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("work_item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_work_offer_work_item_id")
        ),
        sa.PrimaryKeyConstraint("audience", "due_at", "work_item_id", name=op.f("pk_work_offer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("work_offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_offer_work_item_id"), ["work_item_id"], unique=False
        )
    _fill_offers(op.get_bind(), offers)


def downgrade() -> None:
    with op.batch_alter_table("work_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_offer_work_item_id"))
    op.drop_table("work_offer")
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_done")
        batch_op.create_index("ix_work_item_assignee", ["state", "assignee", "id"], unique=False)
        batch_op.create_index("ix_work_item_group", ["state", "role", "id"], unique=False)
    _old_history()
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_payloads()


def _rebuild_history() -> None:
    driver: Any = op.get_bind().connection.dbapi_connection
    driver.create_function(
        "from_hex", 1, lambda digits: None if digits is None else bytes.fromhex(digits)
    )
    op.create_table(
        "history_new",
        *_shared_columns(),
        sa.Column("flows", sa.Text(), nullable=True),
        sa.Column("payload_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_history_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_history")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO history_new (case_id, seq, kind, element, task_id, actor, at, payload_digest,"
        " hash) SELECT case_id, seq, kind, element, task_id, actor, at, from_hex(payload_digest),"
        " from_hex(hash) FROM history ORDER BY case_id, seq"
    )
    op.drop_table("history")
    op.rename_table("history_new", "history")


def _alter_history() -> None:
    op.add_column("history", sa.Column("flows", sa.Text(), nullable=True))
    op.drop_column("history", "prev_hash")
    op.execute("ALTER TABLE history ALTER COLUMN hash DROP NOT NULL")
    for column in ("payload_digest", "hash"):
        op.execute(
            f"ALTER TABLE history ALTER COLUMN {column} TYPE bytea USING decode({column}, 'hex')"
        )


def _rebuild_payloads(**options: bool) -> None:
    op.create_table(
        "history_payload_new",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_history_payload")),
        **options,
    )
    op.execute(
        "INSERT INTO history_payload_new (case_id, seq, salt, payload)"
        " SELECT case_id, seq, salt, payload FROM history_payload ORDER BY case_id, seq"
    )
    op.drop_table("history_payload")
    op.rename_table("history_payload_new", "history_payload")


def _shared_columns() -> tuple[Any, ...]:
    return (
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )


def _fill_offers(bind: Any, offers: Any) -> None:
    named: dict[int, list[tuple[str, str]]] = {}
    for row in bind.execute(sa.select(candidates).where(candidates.c.kind != "barred")).all():
        named.setdefault(row.work_item_id, []).append((row.kind, row.name))
    rows = [
        {"audience": audience, "due_at": item.due_at or FAR, "work_item_id": item.id}
        for item in bind.execute(sa.select(items).where(items.c.state == "open")).all()
        for audience in _audiences(item, named.get(item.id, []))
    ]
    for first in range(0, len(rows), BATCH):
        bind.execute(offers.insert(), rows[first : first + BATCH])


def _audiences(item: Any, named: list[tuple[str, str]]) -> list[str]:
    if item.assignee is not None:
        return [f"held:{item.assignee}"]
    parts = item.territory_path.split("/")
    above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    groups = [item.role] if item.role else []
    groups += [name for kind, name in named if kind == "group"]
    users = [f"user:{name}" for kind, name in named if kind == "user"]
    return list(dict.fromkeys([f"{group}@{place}" for group in groups for place in above] + users))


def _old_history() -> None:
    """Write the history as it was: flows as rows, a link a row, digests in digits."""
    bind = op.get_bind()
    op.create_table(
        "history_old",
        *_shared_columns(),
        sa.Column("payload_digest", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
    )
    old = sa.table(
        "history_old",
        *map(sa.column, FACTS),
        sa.column("at", sa.DateTime()),
        *map(sa.column, ("payload_digest", "prev_hash", "hash")),
    )
    rows = bind.execute(sa.select(history).order_by(history.c.case_id, history.c.seq)).all()
    for case_id, found in groupby(rows, lambda row: row.case_id):
        _old_case(bind, old, case_id, list(found))
    op.drop_table("history")
    op.rename_table("history_old", "history")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_primary_key(batch_op.f("pk_history"), ["case_id", "seq"])
        batch_op.create_foreign_key(
            batch_op.f("fk_history_case_id"), "case_record", ["case_id"], ["id"]
        )


def _old_case(bind: Any, old: Any, case_id: int, rows: list[Any]) -> None:
    written: list[dict[str, Any]] = []
    head, moved = GENESIS, []
    for row in rows:
        moved.append((row.seq, len(written) + 1))
        head = _old_row(written, head, row, row.kind, row.element, row.payload_digest)
        process = row.element.rpartition("/")[0]
        for flow in (row.flows or "").split():
            head = _old_row(written, head, row, "flow", f"{process}/{flow}", None)
    for first in range(0, len(written), BATCH):
        bind.execute(old.insert(), written[first : first + BATCH])
    for seq, number in reversed(moved):
        if seq != number:
            here = (payloads.c.case_id == case_id) & (payloads.c.seq == seq)
            bind.execute(payloads.update().where(here).values(seq=number))
    ends = {"history_seq": len(written), "history_head": head}
    bind.execute(cases.update().where(cases.c.id == case_id).values(**ends))


def _old_row(
    written: list[dict[str, Any]], head: str, row: Any, kind: str, element: str, digest: Any
) -> str:
    seq, digits = len(written) + 1, None if digest is None else bytes(digest).hex()
    at = f"{row.at.isoformat()}+00:00"
    facts = [row.case_id, seq, kind, element, row.actor, at, digits]
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    own = hashlib.sha256(f"{head}\n{body}".encode()).hexdigest()
    written.append(
        {
            "case_id": row.case_id,
            "seq": seq,
            "kind": kind,
            "element": element,
            "task_id": None if kind == "flow" else row.task_id,
            "actor": row.actor,
            "at": row.at,
            "payload_digest": digits,
            "prev_hash": head,
            "hash": own,
        }
    )
    return own
