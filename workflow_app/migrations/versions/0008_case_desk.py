"""who is kept out of a case, and until when

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SEALED = sa.text("sealed IS true")


def upgrade() -> None:
    for table, column in (("case_record", "has_exclusions"), ("work_item", "sealed")):
        no = sa.false()
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=no))
    mark = sa.Column("mark", sa.String(length=80), nullable=False, server_default="")
    op.add_column("draft", mark)
    op.add_column("document", sa.Column("element", sa.String(length=300), nullable=True))
    op.create_index(
        "ix_work_item_sealed",
        "work_item",
        ["case_id"],
        sqlite_where=_SEALED,
        postgresql_where=_SEALED,
    )
    op.create_table(
        "case_exclusion",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_exclusion_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "username", name=op.f("pk_case_exclusion")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_exclusion_username"), "case_exclusion", ["username"])
    _comments()


def _comments() -> None:
    op.create_table(
        "case_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("sees", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=300), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_comment_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
    )
    op.create_index("ix_case_comment_case", "case_comment", ["case_id", "id"])


def downgrade() -> None:
    op.drop_table("case_comment")
    op.drop_table("case_exclusion")
    op.drop_index("ix_work_item_sealed", table_name="work_item")
    op.drop_column("document", "element")
    op.drop_column("draft", "mark")
    op.drop_column("work_item", "sealed")
    op.drop_column("case_record", "has_exclusions")
