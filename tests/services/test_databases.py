"""The same tables and the same case on both databases: up, compared with the models, down, up."""

from __future__ import annotations

import uuid

import flask_migrate
import pytest
from sqlalchemy import inspect, select

from tests.support.answers import case_row
from tests.support.installation import make_settings, running_app
from workflow_app.models import Base, db
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.auditing import verify_all

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)

PROCESSES = (
    select(ProcessVersion.key)
    .join(Case, Case.process_version_id == ProcessVersion.id)
    .order_by(Case.id)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """Return the address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server, name = request.getfixturevalue("postgres"), f"e{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def own(names):
    """Return the names without those of the workers' queue, which only PostgreSQL has."""
    queue = {name for name in names if name.startswith("procrastinate_")}
    assert len(queue) == (4 if db.engine.dialect.name == "postgresql" else 0)
    return names - queue


def test_migrations_lead_up_to_the_models_and_back_down_to_nothing(empty, tmp_path):
    with running_app(make_settings(tmp_path, empty)) as app, app.app_context():
        flask_migrate.upgrade()
        assert own(tables()) == set(Base.metadata.tables)
        flask_migrate.check()
        flask_migrate.downgrade(revision="base")
        assert tables() == set()
        flask_migrate.upgrade()
        assert own(tables()) == set(Base.metadata.tables)


def test_every_revision_can_be_taken_back_one_by_one(empty, tmp_path):
    with running_app(make_settings(tmp_path, empty)) as app, app.app_context():
        flask_migrate.upgrade()
        for _ in range(100):
            if not tables():
                break
            flask_migrate.downgrade(revision="-1")
        assert tables() == set()


@BOTH
def test_a_whole_accreditation_ends_in_a_certificate(office):
    player = office.play("accreditation/renewal")
    player._look("at the end", player.scenario.expect, final=True)
    assert player.problems == []
    case = case_row(office, player.case_id)
    assert (case.phase, case.status) == ("finished", "in_force")
    begun = office.read(lambda session: list(session.scalars(PROCESSES)))
    rest = ["body_meeting", "accreditation_renewal", "accreditation_surveillance"]
    assert begun == ["accreditation", *rest]
    with office.acting() as ctx:
        assert verify_all(ctx) == (len(begun), [])
