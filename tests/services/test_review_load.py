"""Loading files that are wrong, commands without a database: named, and the rest goes on."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import delete, select

from tests.services.drawing import KEY, source, two_steps
from tests.support.installation import ROOT, make_settings, running_app
from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.services.closure import Seeds
from workflow_app.services.publishing import Outcome, load_seed
from workflow_app.services.seeding import load_catalogue

BROKEN = {
    "roles without a title": ("roles.toml", '[helper]\npermissions = ["work"]\n', "title"),
    "a permission that is none": (
        "roles.toml",
        '[helper]\ntitle = "H"\npermissions = ["fly"]',
        "fly",
    ),
    "roles that are no TOML": ("roles.toml", "[helper", "roles.toml"),
    "settings without values": ("settings.toml", '[[setting]]\nkey = "a"\n', "value"),
    "no list of settings": ("settings.toml", 'territory = "AM"\n', "setting"),
    "a register without fields": ("registers/people.toml", 'title = "P"\nkey = "n"\n', "fields"),
    "a register's broken rule": (
        "registers/people.toml",
        'title = "P"\nkey = "n"\nfields = []\nin_force = "=1 +"\n',
        "people.toml",
    ),
    "bytes that are no text": ("registers/people.toml", b'title = "\xff"', "people.toml"),
}


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "seeds"
    shutil.copytree(ROOT / "processes", target)
    return target


@pytest.mark.parametrize(("name", "text", "said"), BROKEN.values(), ids=BROKEN)
def test_a_wrong_file_of_the_catalogue_is_named_and_the_rest_is_loaded(
    office, folder, name, text, said
):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with office.acting() as ctx:
        for table in (Setting, RegisterDefinition):
            ctx.session.execute(delete(table))
        refused = load_catalogue(ctx, folder)
    assert [one.params["file"] for one in refused] == [file.name]
    assert said in str(refused[0])
    kept = office.read(
        lambda s: [
            len(s.scalars(select(table)).all())
            for table in (RoleDefinition, Setting, RegisterDefinition)
        ]
    )
    assert kept[0] > 20
    assert (kept[1] > 20) is (name != "settings.toml")
    assert kept[2] >= 1
    assert office.read(lambda s: s.get(RoleDefinition, "helper")) is None


def test_a_process_without_a_manifest_is_refused(office):
    files = {p: t for p, t in source(two_steps()).files.items() if not p.endswith("process.toml")}
    with office.acting() as ctx:
        result = load_seed(ctx, type(source(""))(key=KEY, files=files))
    assert result.outcome is Outcome.REFUSED
    assert any("process.toml" in finding.text() for finding in result.findings)


def test_a_file_that_is_no_text_is_refused_by_name(office, tmp_path):
    processes, forms = tmp_path / "processes", tmp_path / "forms"
    for path, text in source(two_steps()).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (forms / KEY / "first.form").write_bytes(b'{"type": "default", "id": "\xff", "components": []}')
    with office.acting() as ctx:
        result = load_seed(ctx, Seeds.from_folders(processes, forms).source(KEY))
    assert result.outcome is Outcome.REFUSED
    assert any("first.form" in f.text() and "UTF-8" in f.text() for f in result.findings)


@pytest.mark.parametrize("command", [["audit", "verify"], ["demo", "load"], ["processes", "load"]])
def test_commands_say_in_a_sentence_that_there_is_no_database(tmp_path, command):
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    with running_app(settings) as app:
        answer = app.test_cli_runner().invoke(args=command)
    assert answer.exit_code == 1
    assert "flask db upgrade" in answer.output
    assert "Traceback" not in answer.output


def test_the_name_of_those_without_an_account_is_nobodys(app):
    words = ["users", "add", "public", "p@example.org", "P", "--password", "long-enough-word"]
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 2
    assert "no account" in answer.output
