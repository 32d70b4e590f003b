"""the workers' queue on PostgreSQL, failed attempts to sign in on both databases

Procrastinate brings its own tables; they are PostgreSQL's only. A trigger lays a nudge beside every
new item of the outbox, in the transaction that writes the item and without another statement from
us; while no worker lives nobody would ever take the nudges away, so none are made.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUDGE = """
CREATE FUNCTION nudge_for_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
    ) THEN
        INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
        SELECT 'due', 'due', 'case-' || case_id, 'outgoing-' || id,
               jsonb_build_object('kind', 'outgoing', 'thing', id)
        FROM fresh
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER nudge_for_outbox AFTER INSERT ON outbox
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION nudge_for_outbox();
"""
FORGET = """
DROP TRIGGER nudge_for_outbox ON outbox;
DROP FUNCTION nudge_for_outbox();
"""
#: Every function that procrastinate makes begins with its name; its triggers go with them.
FORGET_QUEUE = """
DO $$
DECLARE
    made text;
BEGIN
    FOR made IN
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || made || ' CASCADE';
    END LOOP;
END;
$$;
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers;
DROP TYPE procrastinate_job_to_defer_v1;
DROP TYPE procrastinate_job_status;
DROP TYPE procrastinate_job_event_type;
"""


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_who", "sign_in_failure", ["who", "at"])
    _run(SchemaManager.get_schema() + NUDGE)


def downgrade() -> None:
    _run(FORGET + FORGET_QUEUE)
    op.drop_index("ix_sign_in_failure_who", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")


def _run(statements: str) -> None:
    """Run statements as they stand, on PostgreSQL only: a % in them is no parameter."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execution_options(no_parameters=True).exec_driver_sql(statements)
