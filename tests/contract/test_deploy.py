"""The files of deploy/: they parse, hang together, and name only what exists."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser

import pytest
import yaml
from gunicorn.config import make_settings as gunicorn_settings

SETTING = re.compile(r"\b(?:WORKFLOW_APP_[A-Z_]+|DATABASE_URL|SECRET_KEY)\b")
FROM_ENVIRONMENT = re.compile(r"\$\{([A-Z_]+)")
HARDENING = {
    "nonewprivileges": "yes",
    "privatetmp": "yes",
    "privatedevices": "yes",
    "protectsystem": "strict",
    "protecthome": "yes",
    "capabilityboundingset": "",
    "systemcallfilter": "@system-service",
}
UNITS = ("workflow-web.service", "workflow-worker@.service", "workflow-backup.service")


@pytest.fixture(scope="module")
def deploy(root):
    return root / "deploy"


@pytest.fixture(scope="module")
def compose(deploy):
    return yaml.safe_load((deploy / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dockerfile(deploy):
    """Return the instructions as [[word, rest]], continued lines joined."""
    text = (deploy / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line.split(maxsplit=1) for line in lines]


def unit(deploy, name):
    parsed = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.read(deploy / "systemd" / name, encoding="utf-8")
    return parsed


def flask_commands(app):
    """Return every command as `worker` or `db backup`."""
    found = set()
    for name, command in app.cli.commands.items():
        found |= {f"{name} {inner}" for inner in getattr(command, "commands", {})} or {name}
    return found


def test_compose_runs_two_servers_two_workers_and_what_they_lean_on(compose):
    services = compose["services"]
    assert set(services) == {"database", "objects", "migrate", "web", "worker", "proxy"}
    for name in ("web", "worker"):
        assert services[name]["deploy"]["replicas"] == 2
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    open_to_all = [name for name, one in services.items() if "ports" in one]
    assert open_to_all == ["proxy"]
    for one in services.values():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("./") or source in compose["volumes"], volume


def test_everything_asked_of_the_environment_is_in_the_example(deploy, compose):
    example = (deploy / "env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert set(FROM_ENVIRONMENT.findall(yaml.safe_dump(compose))) <= known


def test_only_settings_that_exist_are_set(deploy, package):
    known = set(SETTING.findall((package / "config.py").read_text(encoding="utf-8")))
    for path in deploy.rglob("*"):
        if path.is_file():
            named = set(SETTING.findall(path.read_text(encoding="utf-8")))
            assert named <= known, path.name


def test_only_commands_that_exist_are_run(deploy, app):
    texts = [(deploy / "compose.yaml").read_text(encoding="utf-8").replace(",", " ")]
    texts += [(deploy / "systemd" / name).read_text(encoding="utf-8") for name in UNITS]
    run = re.findall(
        r"\bflask (?:--app workflow_app\.wsgi )?((?:db |processes )?\w+)", "\n".join(texts)
    )
    assert {"db upgrade", "processes load", "worker", "db backup"} == set(run)
    assert set(run) <= flask_commands(app)


def test_no_image_names_a_registry(compose, dockerfile):
    images = [one["image"] for one in compose["services"].values()]
    images += [rest.split()[0] for word, rest in dockerfile if word == "FROM"]
    for image in images:
        first, slash, _ = image.partition("/")
        assert not (slash and re.search(r"[.:]|^localhost$", first)), image


def test_the_image_is_built_from_files_that_exist_and_runs_as_nobody_special(root, dockerfile):
    for word, rest in dockerfile:
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (root / source).exists(), source
    users = [rest for word, rest in dockerfile if word == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    installs = " ".join(rest for word, rest in dockerfile if word == "RUN").count("pip install")
    assert installs == " ".join(rest for _, rest in dockerfile).count("--require-hashes")


def test_docker_is_given_what_it_copies_and_nothing_secret(root, dockerfile):
    given = {
        line[1:].split("*")[0]
        for line in (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = {
        source
        for word, rest in dockerfile
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    assert [source for source in copied if not any(source.startswith(g) for g in given)] == []
    assert not {"instance", ".git", ".venv", "tests"} & given


def test_gunicorn_knows_every_line_of_its_configuration(deploy):
    tree = ast.parse((deploy / "gunicorn.conf.py").read_text(encoding="utf-8"))
    names = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert "workers" in names
    assert names <= set(gunicorn_settings())


def test_the_proxy_takes_in_as_much_as_the_application_and_hides_its_health(deploy, app):
    text = (deploy / "Caddyfile").read_text(encoding="utf-8")
    assert app.config["MAX_CONTENT_LENGTH"] == 64 * 1024 * 1024
    assert "max_size 64MB" in text
    hidden = re.search(r"@inside path (.+)", text)
    assert hidden is not None
    served = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("health.")}
    assert set(hidden[1].split()) == served
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_is_hardened_and_runs_as_its_own_user(deploy, name):
    service = unit(deploy, name)["Service"]
    assert {key: service.get(key) for key in HARDENING} == HARDENING
    assert service["user"] == "workflow"
    program = shlex.split(service["execstart"])[0]
    assert program.startswith(("/opt/workflow/.venv/bin/", "/bin/"))


def test_the_backup_has_a_timer(deploy):
    assert unit(deploy, "workflow-backup.timer")["Timer"]["oncalendar"]


def test_systemd_takes_the_units(deploy, tmp_path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is not here: the units are NOT verified by systemd")
    home = tmp_path / "opt"
    (home / ".venv" / "bin").mkdir(parents=True)
    for program in ("gunicorn", "flask"):
        stub = home / ".venv" / "bin" / program
        stub.write_text("#!/bin/sh\n", encoding="utf-8")
        stub.chmod(0o755)
    for path in (deploy / "systemd").iterdir():
        text = path.read_text(encoding="utf-8").replace("/opt/workflow", str(home))
        (tmp_path / path.name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.glob("workflow-*"))
    told = subprocess.run(  # noqa: S603 - the machine's own program
        [systemd, "verify", "--man=no", *units], check=False, capture_output=True, text=True
    )
    ours = [line for line in told.stderr.splitlines() if "workflow-" in line]
    assert ours == []
