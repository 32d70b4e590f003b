"""absences, handing over, saved filters and search

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNSEARCHED = sa.text("searched IS false")


def upgrade() -> None:
    op.add_column("work_item", sa.Column("on_behalf_of", sa.String(length=80), nullable=True))
    op.add_column("answer", sa.Column("on_behalf_of", sa.String(length=80), nullable=True))
    op.add_column(
        "answer", sa.Column("searched", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_answer_unsearched",
        "answer",
        ["id"],
        sqlite_where=_UNSEARCHED,
        postgresql_where=_UNSEARCHED,
    )
    _absences()
    _lists()
    op.create_table(
        "search_word",
        sa.Column("word", sa.LargeBinary(length=120), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_search_word_case_id")
        ),
        sa.PrimaryKeyConstraint("word", "case_id", name=op.f("pk_search_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_word_case", "search_word", ["case_id", "word"])


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["username"], ["account.username"], name=op.f("fk_absence_username")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_username", "absence", ["username", "last_day"])
    op.create_table(
        "absence_substitute",
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absence.id"], name=op.f("fk_absence_substitute_absence_id")
        ),
        sa.ForeignKeyConstraint(
            ["username"], ["account.username"], name=op.f("fk_absence_substitute_username")
        ),
        sa.PrimaryKeyConstraint("absence_id", "username", name=op.f("pk_absence_substitute")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_absence_substitute_username"), "absence_substitute", ["username"])


def _lists() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_item_id", sa.Integer(), nullable=False),
        sa.Column("giver", sa.String(length=80), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_handover_work_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_work_item_id"), "handover", ["work_item_id"])
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("shared_with", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["account.username"], name=op.f("fk_saved_filter_owner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
    )
    op.create_index(op.f("ix_saved_filter_owner"), "saved_filter", ["owner"])
    op.create_index(op.f("ix_saved_filter_shared_with"), "saved_filter", ["shared_with"])


def downgrade() -> None:
    op.drop_table("search_word")
    op.drop_table("saved_filter")
    op.drop_table("handover")
    op.drop_table("absence_substitute")
    op.drop_table("absence")
    op.drop_index("ix_answer_unsearched", table_name="answer")
    op.drop_column("answer", "searched")
    op.drop_column("answer", "on_behalf_of")
    op.drop_column("work_item", "on_behalf_of")
