"""organisations that apply

Their people, profile and papers; cases that follow on from others; start links that go on where an
older one ended and know what was answered before.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_case_link_case_id")),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["case_record.id"], name=op.f("fk_case_link_earlier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("case_id", "earlier_id", name=op.f("uq_case_link_case_id")),
    )
    op.create_index(op.f("ix_case_link_earlier_id"), "case_link", ["earlier_id"], unique=False)
    op.create_table(
        "case_organisation",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_case_organisation_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisation.code"],
            name=op.f("fk_case_organisation_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_organisation")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_case_organisation_list",
        "case_organisation",
        ["organisation_code", "case_id"],
        unique=False,
    )
    op.create_table(
        "membership",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_code", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisation.code"],
            name=op.f("fk_membership_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("account_id", "organisation_code", name=op.f("pk_membership")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_membership_organisation_code"), "membership", ["organisation_code"], unique=False
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("organisation_code", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("invited_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("used_by", sa.String(length=80), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisation.code"],
            name=op.f("fk_invitation_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(
        op.f("ix_invitation_organisation_code"), "invitation", ["organisation_code"], unique=False
    )
    op.create_table(
        "profile_field",
        sa.Column("organisation_code", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=300), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"],
            ["organisation.code"],
            name=op.f("fk_profile_field_organisation_code"),
        ),
        sa.PrimaryKeyConstraint("organisation_code", "field", name=op.f("pk_profile_field")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_code", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("lasts_until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_code"], ["organisation.code"], name=op.f("fk_paper_organisation_code")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_paper_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint(
            "organisation_code", "kind", "document_id", name=op.f("uq_paper_organisation_code")
        ),
    )
    op.create_index(op.f("ix_paper_document_id"), "paper", ["document_id"], unique=False)
    op.create_index("ix_paper_list", "paper", ["organisation_code", "kind", "id"], unique=False)
    with op.batch_alter_table("start_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("draft_owner", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("answers", sa.JSON(), nullable=True))
        batch_op.create_index("ix_start_link_email", ["email", "process_key"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("start_link", schema=None) as batch_op:
        batch_op.drop_index("ix_start_link_email")
        batch_op.drop_column("answers")
        batch_op.drop_column("draft_owner")
    op.drop_table("paper")
    op.drop_table("profile_field")
    op.drop_table("invitation")
    op.drop_table("membership")
    op.drop_table("case_organisation")
    op.drop_table("case_link")
