"""cases that are migrated, moved and corrected

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OUTBOX = (
    ("task_id", sa.String(length=40)),
    ("element", sa.String(length=300)),
    ("tries", sa.Integer()),
    ("pause", sa.Integer()),
    ("answer", sa.JSON()),
)
INCIDENT = (("why", sa.Text()), ("details", sa.JSON()), ("kind", sa.String(length=80)))


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name, kind in OUTBOX:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("incident", schema=None) as batch_op:
        for name, kind in INCIDENT:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index("ix_incident_open", ["resolved_at", "id"], unique=False)
    op.create_table(
        "case_migration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state_before", sa.LargeBinary(), nullable=False),
        sa.Column("state_after", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_migration_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["process_version.id"],
            name=op.f("fk_case_migration_from_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["process_version.id"], name=op.f("fk_case_migration_to_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_migration")),
    )
    with op.batch_alter_table("case_migration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_migration_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_migration")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_open")
        for name in ("tries", *(name for name, _kind in INCIDENT)):
            batch_op.drop_column(name)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name, _kind in OUTBOX:
            batch_op.drop_column(name)
