"""what was sent twice

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_word",
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("work_item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_item_id"], ["work_item.id"], name=op.f("fk_sent_word_work_item_id")
        ),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_sent_word")),
    )
    with op.batch_alter_table("sent_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_word_work_item_id"), ["work_item_id"])


def downgrade() -> None:
    op.drop_table("sent_word")
