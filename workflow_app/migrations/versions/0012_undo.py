"""what takes a completed task back

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_record", sa.Column("undo", sa.LargeBinary(), nullable=True))
    op.create_index("ix_draft_subject", "draft", ["subject"])


def downgrade() -> None:
    op.drop_index("ix_draft_subject", "draft")
    with op.batch_alter_table("case_record", schema=None) as batch_op:
        batch_op.drop_column("undo")
