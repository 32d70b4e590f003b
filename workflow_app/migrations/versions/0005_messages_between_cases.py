"""messages that start cases

Start events that wait for messages, signals and times become rows; kept messages know when they
expire and which case sent them, and leave when they are delivered; versions have a tag.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process_start",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("every", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_process_start_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_start")),
    )
    with op.batch_alter_table("process_start", schema=None) as batch_op:
        batch_op.create_index("ix_process_start_name", ["kind", "name"], unique=False)
        batch_op.create_index("ix_process_start_due", ["due_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_process_start_process_key"), ["process_key"], unique=False
        )
    op.create_table(
        "running_key",
        sa.Column("process_key", sa.String(length=80), nullable=False),
        sa.Column("correlation", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_running_key_case_id")
        ),
        sa.PrimaryKeyConstraint("process_key", "correlation", name=op.f("pk_running_key")),
    )
    with op.batch_alter_table("running_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_running_key_case_id"), ["case_id"], unique=False)
    op.execute("DELETE FROM inbound_message WHERE delivered_at IS NOT NULL")
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.drop_column("delivered_at")
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("sender_case_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("process_key", sa.String(length=80), nullable=True))
        batch_op.create_index("ix_inbound_message_expires", ["expires_at"], unique=False)
        batch_op.create_index("ix_inbound_message_correlation", ["correlation"], unique=False)
    with op.batch_alter_table("process_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version_tag", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("process_version", schema=None) as batch_op:
        batch_op.drop_column("version_tag")
    with op.batch_alter_table("inbound_message", schema=None) as batch_op:
        batch_op.drop_index("ix_inbound_message_correlation")
        batch_op.drop_index("ix_inbound_message_expires")
        batch_op.drop_column("process_key")
        batch_op.drop_column("sender_case_id")
        batch_op.drop_column("expires_at")
        batch_op.add_column(sa.Column("delivered_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("running_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_running_key_case_id"))
    op.drop_table("running_key")
    with op.batch_alter_table("process_start", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_process_start_process_key"))
        batch_op.drop_index("ix_process_start_due")
        batch_op.drop_index("ix_process_start_name")
    op.drop_table("process_start")
