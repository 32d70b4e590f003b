"""The locks hold what the manifests ask for, every package with hashes."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)$")


def locked(path):
    """Return {name: [versions]} of a lock, several where they depend on the platform."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if match := PINNED.match(line):
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_dependency_is_locked_at_a_version_that_fits(root, project):
    lock = locked(root / "requirements.lock")
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for requirement in map(Requirement, asked):
        versions = lock.get(canonicalize_name(requirement.name), [])
        assert versions, f"{requirement.name} is not in requirements.lock: make lock"
        assert all(requirement.specifier.contains(v) for v in versions), str(requirement)


def test_node_is_locked(root):
    lock = locked(root / "requirements-node.lock")
    requirement = Requirement((root / "requirements-node.in").read_text(encoding="utf-8").strip())
    assert list(lock) == [requirement.name]
    assert requirement.specifier.contains(lock[requirement.name][0])


def test_the_object_store_s_packages_are_locked_beside_the_others(root):
    lock, others = locked(root / "requirements-s3.lock"), locked(root / "requirements.lock")
    requirement = Requirement((root / "requirements-s3.in").read_text(encoding="utf-8").strip())
    assert requirement.specifier.contains(lock[requirement.name][0])
    shared = set(lock) & set(others)
    assert "fsspec" in shared
    assert {name: lock[name] for name in shared} == {name: others[name] for name in shared}


@pytest.mark.parametrize(
    "name", ["requirements.lock", "requirements-node.lock", "requirements-s3.lock"]
)
def test_every_locked_package_has_a_hash(root, name):
    text = (root / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_browser_packages_are_locked_as_asked_for(root):
    asked = json.loads((root / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    top = lock["packages"][""]
    assert top["dependencies"] == asked["dependencies"]
    unproven = [n for n, one in lock["packages"].items() if n and "integrity" not in one]
    assert unproven == []
