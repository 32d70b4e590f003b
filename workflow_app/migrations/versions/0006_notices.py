"""notices that are served, digests, calendars

Every open case gets its two words about the end of its term; tasks that are open already count as
announced; the countries that there are get their daily round.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

#: Due long ago: the first look works out the real moments.
WORDS_ABOUT_TERMS = (
    "INSERT INTO due_timer (case_id, kind, task_id, element, due_at) "
    "SELECT case_record.id, word.kind, '', '', '2000-01-01 00:00:00' FROM case_record, "
    "(SELECT 'warning' AS kind UNION ALL SELECT 'breach') AS word "
    "WHERE phase <> 'finished' AND term_due IS NOT NULL"
)
ROUNDS = (
    "INSERT INTO digest_round (country, next_at, last_at, last_item) "
    "SELECT code, '2000-01-01 00:00:00', '2000-01-01 00:00:00', 0 FROM territory "
    "WHERE parent_code IS NULL"
)


def upgrade() -> None:
    _notices()
    _news()
    _dates()
    op.add_column("case_record", sa.Column("warned_at", sa.DateTime(), nullable=True))
    op.add_column("case_record", sa.Column("breached_at", sa.DateTime(), nullable=True))
    op.add_column("setting", sa.Column("unit", sa.String(length=80), nullable=True))
    op.add_column("role_definition", sa.Column("notify", sa.String(length=80), nullable=True))
    op.add_column("work_item", sa.Column("announced_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE work_item SET announced_at = opened_at")
    op.create_index(
        "ix_work_item_unannounced",
        "work_item",
        ["id"],
        sqlite_where=sa.text("announced_at IS NULL"),
        postgresql_where=sa.text("announced_at IS NULL"),
    )
    op.execute(WORDS_ABOUT_TERMS)
    op.execute(ROUNDS)


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("how", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("counts_at", sa.DateTime(), nullable=True),
        sa.Column("served_at", sa.DateTime(), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("came_back_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_notice_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_case", "notice", ["case_id", "key"])
    op.create_index("ix_notice_state", "notice", ["state", "id"])
    op.create_index("ix_notice_recipient", "notice", ["recipient"])
    op.create_index(op.f("ix_notice_outbox_id"), "notice", ["outbox_id"])


def _news() -> None:
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("mail", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_news_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_news_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    op.create_index("ix_news_account", "news", ["account_id", "id"])
    op.create_index(op.f("ix_news_case_id"), "news", ["case_id"])
    op.create_table(
        "account_choice",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("personal", sa.String(length=80), nullable=True),
        sa.Column("offers", sa.String(length=80), nullable=True),
        sa.Column("calendar", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_choice_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_choice")),
    )
    op.create_table(
        "digest_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("last_item", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_round")),
        sa.UniqueConstraint("country", name=op.f("uq_digest_round_country")),
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("after_item", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_digest_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("account_id", "day", name=op.f("uq_digest_account_id")),
    )


def _dates() -> None:
    op.create_table(
        "calendar_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=True),
        sa.Column("territory_path", sa.String(length=300), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_calendar_event_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_event")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_calendar_event_case_id")),
    )
    op.create_index("ix_calendar_event_starts", "calendar_event", ["starts_at"])


def downgrade() -> None:
    for table in (
        "calendar_event", "digest", "digest_round", "account_choice", "news", "notice",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DELETE FROM due_timer WHERE kind IN ('warning', 'breach', 'service')")
    op.drop_index("ix_work_item_unannounced", "work_item")
    for table, column in (
        ("work_item", "announced_at"),
        ("role_definition", "notify"),
        ("setting", "unit"),
        ("case_record", "breached_at"),
        ("case_record", "warned_at"),
    ):
        op.drop_column(table, column)
