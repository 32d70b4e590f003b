"""where entries of registers belong, which of them leave, and where places lie

Revision ID: 0015
Revises: 0014
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_entry = sa.table(
    "register_entry",
    sa.column("id", sa.Integer),
    sa.column("register", sa.String),
    sa.column("data", sa.JSON),
    sa.column("place", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=80), nullable=True))
        batch_op.add_column(
            sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            "ix_register_entry_place", ["register", "place", "superseded_at", "id"]
        )
        batch_op.create_index("ix_register_entry_newest", ["register", "id"])
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.add_column(sa.Column("latitude", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("longitude", sa.Float(), nullable=True))
    op.create_index(
        "ix_case_record_place", "case_record", ["territory_code", "process_version_id", "id"]
    )
    op.create_index("ix_case_record_finished", "case_record", ["finished_at"])
    op.create_index("ix_case_record_started", "case_record", ["started_at"])
    _fill_places()


def _fill_places() -> None:
    """Write beside each entry the territory that its first field of that type names."""
    connection = op.get_bind()
    definitions = connection.execute(sa.text("SELECT key, definition FROM register_definition"))
    for key, stored in definitions.all():
        definition = json.loads(stored) if isinstance(stored, str) else stored
        fields = [f["name"] for f in definition["fields"] if f["type"] == "territory"]
        if not fields:
            continue
        rows = connection.execute(
            sa.select(_entry.c.id, _entry.c.data).where(_entry.c.register == key)
        )
        for entry_id, data in rows.all():
            place = data.get(fields[0])
            same = _entry.c.id == entry_id
            connection.execute(sa.update(_entry).where(same).values(place=place))


def downgrade() -> None:
    op.drop_index("ix_case_record_started", "case_record")
    op.drop_index("ix_case_record_finished", "case_record")
    op.drop_index("ix_case_record_place", "case_record")
    with op.batch_alter_table("territory", schema=None) as batch_op:
        batch_op.drop_column("longitude")
        batch_op.drop_column("latitude")
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_register_entry_newest")
        batch_op.drop_index("ix_register_entry_place")
        batch_op.drop_column("is_hidden")
        batch_op.drop_column("place")
