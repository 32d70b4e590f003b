"""Laws of the project that no linter knows."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

# Made of parts, so that this file keeps its own law.
REGISTRIES = [
    "".join(parts)
    for parts in (
        ("py", "pi", ".org"),
        ("python", "hosted", ".org"),
        ("npm", "js", ".org"),
        ("npm", "js", ".com"),
        ("yarn", "pkg", ".com"),
        ("npm", "mirror", ".com"),
    )
]
PRIVATE = ["/" + "work/", "/" + "tmp/w/"]
FOREIGN = {
    ".git", ".venv", "node_modules", "__pycache__", "instance", "dist", ".setup", ".hypothesis",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", "test-results",
}  # fmt: skip
BINARY = {".png", ".jpg", ".woff2", ".ttf", ".mo", ".pdf"}


@pytest.fixture(scope="module")
def texts(root):
    """Every text of the repository as {path: text}; what set-up makes is left out."""
    found = {}
    for place, names, files in os.walk(root):
        names[:] = [name for name in names if name not in FOREIGN]
        for name in files:
            path = Path(place) / name
            if path.suffix not in BINARY:
                found[path.relative_to(root).as_posix()] = path.read_text("utf-8")
    assert "Makefile" in found
    return found


@pytest.mark.parametrize("needle", [*REGISTRIES, *PRIVATE])
def test_no_file_holds_an_address_of_a_registry_or_of_one_machine(texts, needle):
    assert [name for name, text in texts.items() if needle in text] == []


def calls(tree):
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("forbidden", ["eval", "exec", "compile", "__import__"])
def test_no_module_runs_text_as_python(modules, forbidden):
    assert [path.name for path, tree in modules.items() if forbidden in calls(tree)] == []


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_only_the_engine_knows_spiffworkflow(modules, package):
    users = {
        path.relative_to(package).parts[0]
        for path, tree in modules.items()
        if any(name.split(".")[0] == "SpiffWorkflow" for name in imported(tree))
    }
    assert users == {"engine"}


def test_only_the_edges_commit(modules, package):
    committing = {
        path.relative_to(package).as_posix()
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    # The session is what is told to commit, and passes it on to the connection that it lent.
    assert committing == {"services/context.py", "models/session.py"}


@pytest.mark.parametrize("clock", ["now", "utcnow", "today"])
def test_only_the_clock_asks_the_system_for_the_time(modules, package, clock):
    asking = {
        path.relative_to(package).as_posix()
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == clock
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    }
    assert asking <= {"adapters/clock.py"}


def test_no_file_postpones_work(texts):
    marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
    own = {n: t for n, t in texts.items() if n.startswith(("workflow_app/", "bench/", "tools/"))}
    assert [name for name, text in own.items() if any(mark in text for mark in marks)] == []
