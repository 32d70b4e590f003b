"""entries that can be applied to

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_entry",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=80), nullable=False),
        sa.Column("entry", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_entry_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_entry")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_entry_list", "case_entry", ["register", "entry", "case_id"])
    op.create_table(
        "refused_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("entry", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_start")),
    )
    op.create_index("ix_refused_start_list", "refused_start", ["process_key", "entry", "id"])
    op.add_column("start_link", sa.Column("entry", sa.String(length=300), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("start_link", schema=None) as batch_op:
        batch_op.drop_column("entry")
    op.drop_table("refused_start")
    op.drop_table("case_entry")
