"""what a body is called, and who works for it

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("territory_code", sa.String(length=80), nullable=False),
        sa.Column("secretary_role", sa.String(length=80), nullable=False),
        sa.Column("chair_role", sa.String(length=80), nullable=False),
        sa.Column("member_role", sa.String(length=80), nullable=False),
        sa.Column("convened_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_code"], ["territory.code"], name=op.f("fk_body_territory_code")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_body")),
    )


def downgrade() -> None:
    op.drop_table("body")
