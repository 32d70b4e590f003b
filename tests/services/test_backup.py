"""Backups made while people work, restored elsewhere: every chain holds, nothing is half there."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import select, text

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import open_item
from tests.support.installation import Office, make_settings, running_app
from workflow_app.adapters.files import FileStore
from workflow_app.domain.states import WorkState
from workflow_app.engine import current_scope
from workflow_app.models import db
from workflow_app.models.case import Case, History
from workflow_app.models.work import WorkItem
from workflow_app.services.auditing import verify_all
from workflow_app.services.case_store import load_case
from workflow_app.services.tasks import complete_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def two_tasks():
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "second": user_task("second"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    return diagram(nodes, "begin>first first>second second>done")


@pytest.fixture
def elsewhere(request, database, tmp_path_factory):
    """Return the settings of an installation with an empty database of the same kind."""
    folder = tmp_path_factory.mktemp("elsewhere")
    if database.startswith("sqlite"):
        yield make_settings(folder, f"sqlite:///{folder / 'other.db'}")
        return
    server, name = request.getfixturevalue("postgres"), f"r{uuid.uuid4().hex}"
    yield make_settings(folder, server.create(name))
    server.drop(name)


@pytest.fixture
def at_work(office):
    """People who start and complete cases until they are told to stop."""
    publish(office, two_tasks())
    stop, done = threading.Event(), []

    def work():
        while not stop.is_set():
            case_id = begin(office)
            for task in ("first", "second"):
                with office.acting("registrar") as ctx:
                    complete_task(ctx, open_item(office, case_id, task), {"amount": 1})
            done.append(case_id)

    people = [threading.Thread(target=work) for _ in range(3)]
    for person in people:
        person.start()
    yield done
    stop.set()
    for person in people:
        person.join(60)


def run(app, *args):
    return app.test_cli_runner().invoke(args=["db", *map(str, args)])


def disagreements(office):
    """Return the cases whose work items and engine state tell different stories."""
    wrong = []
    with office.acting() as ctx:
        for case in ctx.session.scalars(select(Case)).all():
            items = ctx.session.scalars(select(WorkItem).where(WorkItem.case_id == case.id)).all()
            waiting = [item for item in items if item.state == WorkState.OPEN]
            completed = select(History.seq).where(
                History.case_id == case.id, History.kind == "completed"
            )
            over = case.phase == "finished"
            if len(waiting) != (0 if over else 1):
                wrong.append((case.id, case.phase, len(waiting)))
            if len(ctx.session.scalars(completed).all()) < len(items) - len(waiting):
                wrong.append((case.id, "completed without a trace"))
            for item in waiting:
                loaded = load_case(ctx, case.id)
                current_scope(loaded.published.program, loaded.state, item.task_id)
    return wrong


@BOTH
def test_a_backup_made_under_load_is_one_moment_of_every_case(
    app, office, at_work, elsewhere, tmp_path
):
    while len(at_work) < 5:
        assert threading.active_count() > 1
    file = tmp_path / "moment.backup"
    made = run(app, "backup", file)
    assert made.exit_code == 0, made.output
    seen = len(at_work)
    while len(at_work) < seen + 3:
        assert threading.active_count() > 1
    with running_app(elsewhere, clock=office.clock) as other:
        restored = run(other, "restore", file)
        assert restored.exit_code == 0, restored.output
        assert "0 broken" in restored.output
        there = Office(other, office.clock)
        assert disagreements(there) == []
        cases = there.read(lambda s: s.scalars(select(Case.id)).all())
        assert 5 <= len(cases) <= seen + 3
        with there.acting() as ctx:
            assert verify_all(ctx) == (len(cases), [])
        # Work goes on there: new rows do not collide with restored ones.
        begin(there)


@BOTH
def test_a_full_database_is_replaced_only_when_asked(app, office, tmp_path):
    publish(office, two_tasks())
    begin(office)
    file = tmp_path / "one.backup"
    assert run(app, "backup", file).exit_code == 0
    begin(office)
    refused = run(app, "restore", file)
    assert refused.exit_code == 1
    assert "add --yes" in refused.output
    assert len(office.read(lambda s: s.scalars(select(Case.id)).all())) == 2
    assert run(app, "restore", file, "--yes").exit_code == 0
    assert len(office.read(lambda s: s.scalars(select(Case.id)).all())) == 1


def test_a_backup_is_not_written_over(app, tmp_path):
    file = tmp_path / "kept.backup"
    file.write_text("something dear", encoding="utf-8")
    assert "add --yes" in run(app, "backup", file).output
    assert file.read_text(encoding="utf-8") == "something dear"
    assert run(app, "backup", file, "--yes").exit_code == 0


def test_a_backup_is_readable_by_its_owner_only(app, tmp_path):
    file = tmp_path / "own.backup"
    run(app, "backup", file)
    assert file.stat().st_mode & 0o077 == 0


def test_documents_come_along_when_asked(app, settings, elsewhere, tmp_path):
    store = FileStore.from_url(settings.files_url)
    key = store.put("Վկայական".encode(), suffix=".pdf")
    file = tmp_path / "with.backup"
    assert "Documents are not in it" in run(app, "backup", file).output
    assert "1 documents are in it" in run(app, "backup", file, "--files", "--yes").output
    with running_app(elsewhere) as other:
        assert run(other, "restore", file, "--files").exit_code == 0
    assert FileStore.from_url(elsewhere.files_url).read(key) == "Վկայական".encode()


@pytest.mark.parametrize("harm", ["cut", "changed", "no tar"])
def test_a_damaged_backup_leaves_the_database_as_it_was(app, office, tmp_path, harm):
    publish(office, two_tasks())
    begin(office)
    file = tmp_path / "damaged.backup"
    run(app, "backup", file)
    whole = bytearray(file.read_bytes())
    if harm == "changed":
        whole[len(whole) // 2] ^= 0xFF
    file.write_bytes({"cut": whole[: len(whole) // 2], "no tar": b"hello"}.get(harm, whole))
    refused = run(app, "restore", file, "--yes")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")
    assert "Traceback" not in refused.output
    assert len(office.read(lambda s: s.scalars(select(Case.id)).all())) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_backup_of_the_other_kind_is_refused(app, furnished, tmp_path):
    file = tmp_path / "sqlite.backup"
    with running_app(make_settings(tmp_path, f"sqlite:///{furnished}")) as other:
        assert run(other, "backup", file).exit_code == 0
    assert "this is a backup of sqlite" in run(app, "restore", file, "--yes").output


def test_a_backup_of_an_older_version_says_what_to_do(app, tmp_path):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    file = tmp_path / "older.backup"
    run(app, "backup", file)
    told = run(app, "restore", file, "--yes").output
    assert "flask db upgrade" in told
