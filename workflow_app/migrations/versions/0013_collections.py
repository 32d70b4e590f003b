"""collections: many short answers from outside

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _collections()
    _seats()
    _entries()
    _marks()


def _collections() -> None:
    op.create_table(
        "collection",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("process_version_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=300), nullable=False),
        sa.Column("answer_form", sa.String(length=300), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("show", sa.String(length=80), nullable=False),
        sa.Column("publishing", sa.String(length=80), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("daily", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("facet", sa.String(length=80), nullable=True),
        sa.Column("withheld_by", sa.String(length=80), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_in", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("told_entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_collection_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["process_version_id"],
            ["process_version.id"],
            name=op.f("fk_collection_process_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_collection_case_id")),
    )


def _seats() -> None:
    op.create_table(
        "collection_seat",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("collection_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=True),
        sa.Column("username", sa.String(length=80), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("in_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_seat_collection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_seat")),
        sa.UniqueConstraint("collection_id", "code", name=op.f("uq_collection_seat_collection_id")),
    )
    op.create_index("ix_collection_seat_username", "collection_seat", ["username", "in_at"])


def _entries() -> None:
    op.create_table(
        "collection_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=True),
        sa.Column("username", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("facet", sa.String(length=300), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_entry_collection_id")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["collection_seat.id"], name=op.f("fk_collection_entry_seat_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_entry")),
        sa.UniqueConstraint(
            "collection_id", "number", name=op.f("uq_collection_entry_collection_id")
        ),
        sa.UniqueConstraint("seat_id", name=op.f("uq_collection_entry_seat_id")),
    )
    for name, columns in (
        ("facet", ["collection_id", "facet", "number"]),
        ("open", ["collection_id", "is_answered", "number"]),
        ("both", ["collection_id", "is_answered", "facet", "number"]),
    ):
        op.create_index(f"ix_collection_entry_{name}", "collection_entry", columns)


def _marks() -> None:
    op.create_table(
        "collection_mark",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("collection_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_collection_mark_collection_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_collection_mark")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_collection_mark_collection_id", "collection_mark", ["collection_id"])


def downgrade() -> None:
    op.drop_table("collection_mark")
    op.drop_table("collection_entry")
    op.drop_table("collection_seat")
    op.drop_table("collection")
