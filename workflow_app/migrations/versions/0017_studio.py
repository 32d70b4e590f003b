"""the studio: drafts of processes, their files and their trail

Revision ID: 0017
Revises: 0016
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RUNNING = sa.text("finished_at IS NULL")
OPEN = sa.text("state IN ('draft', 'review', 'approved')")


def upgrade() -> None:
    _drafts()
    _files()
    _undos()
    _events()
    _plays()
    _proofs()
    _moves()
    _version_scenarios()
    _words()
    with op.batch_alter_table("process_version", schema=None) as batch_op:
        for column in _facts():
            batch_op.add_column(column)
    with op.batch_alter_table("register_definition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sha256", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_case_record_running",
        "case_record",
        ["process_version_id"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def _facts() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.Column("retired_by", sa.String(length=80), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("in_files", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _drafts() -> None:
    op.create_table(
        "design_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_by", sa.String(length=80), nullable=True),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("publish_at", sa.DateTime(), nullable=True),
        sa.Column("publish_by", sa.String(length=80), nullable=True),
        sa.Column("republish", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_version_id"],
            ["process_version.id"],
            name=op.f("fk_design_draft_base_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_draft")),
    )
    op.create_index(op.f("ix_design_draft_key"), "design_draft", ["key"])
    op.create_index(op.f("ix_design_draft_publish_at"), "design_draft", ["publish_at"])
    op.create_index(
        "ix_design_draft_open",
        "design_draft",
        ["key"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _files() -> None:
    op.create_table(
        "design_file",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_file_draft_id")
        ),
        sa.PrimaryKeyConstraint("draft_id", "path", name=op.f("pk_design_file")),
    )


def _undos() -> None:
    op.create_table(
        "design_undo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_undo_draft_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_undo")),
    )
    op.create_index("ix_design_undo_path", "design_undo", ["draft_id", "path", "id"])


def _events() -> None:
    op.create_table(
        "design_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_event_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_design_event_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_event")),
    )
    op.create_index("ix_design_event_key", "design_event", ["key", "id"])
    op.create_index(op.f("ix_design_event_draft_id"), "design_event", ["draft_id"])


def _plays() -> None:
    op.create_table(
        "play",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("log", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["design_draft.id"], name=op.f("fk_play_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_play")),
    )
    op.create_index(op.f("ix_play_draft_id"), "play", ["draft_id"])
    op.create_index(op.f("ix_play_updated_at"), "play", ["updated_at"])


def _proofs() -> None:
    op.create_table(
        "design_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("scenarios", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["design_draft.id"], name=op.f("fk_design_proof_draft_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_design_proof")),
    )
    op.create_index("ix_design_proof_draft_id", "design_proof", ["draft_id", "id"])


def _moves() -> None:
    op.create_table(
        "move_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("mappings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["to_version_id"], ["process_version.id"], name=op.f("fk_move_order_to_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_order")),
    )
    op.create_index("ix_move_order_key", "move_order", ["key", "id"])
    _moved()


def _moved() -> None:
    op.create_table(
        "move_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=80), nullable=True),
        sa.Column("signature", sa.String(length=64), nullable=True),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["move_order.id"], name=op.f("fk_move_item_order_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_move_item_case_id")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["process_version.id"], name=op.f("fk_move_item_from_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move_item")),
        sa.UniqueConstraint("order_id", "case_id", name=op.f("uq_move_item_order_id")),
    )
    op.create_index(op.f("ix_move_item_case_id"), "move_item", ["case_id"])
    op.create_index("ix_move_item_state", "move_item", ["state", "id"])
    op.create_index("ix_move_item_group", "move_item", ["order_id", "verdict", "signature", "id"])


def _version_scenarios() -> None:
    op.create_table(
        "version_scenario",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_version_scenario_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["source_file.sha256"], name=op.f("fk_version_scenario_sha256")
        ),
        sa.PrimaryKeyConstraint("version_id", "path", name=op.f("pk_version_scenario")),
    )


def _words() -> None:
    op.create_table(
        "source_words",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["source_file.sha256"], name=op.f("fk_source_words_sha256")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_source_words")),
    )


def downgrade() -> None:
    op.drop_index("ix_case_record_running", "case_record")
    with op.batch_alter_table("register_definition", schema=None) as batch_op:
        batch_op.drop_column("sha256")
    with op.batch_alter_table("process_version", schema=None) as batch_op:
        for column in _facts():
            batch_op.drop_column(column.name)
    for table in (
        "source_words",
        "version_scenario",
        "move_item",
        "move_order",
        "design_proof",
        "play",
        "design_event",
        "design_undo",
        "design_file",
        "design_draft",
    ):
        op.drop_table(table)
