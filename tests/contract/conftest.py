"""What the contracts look at: the package's files, and one application."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.config import Settings
from workflow_app.factory import create_app

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow_app"


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def package():
    return PACKAGE


@pytest.fixture(scope="session")
def modules():
    """Every module of the package as {path: tree}."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
    assert len(paths) > 100, "the package was not found"
    return {path: ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths}


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'contract.db'}",
        secret_key="contract-tests-only",
        instance=folder,
        files_url=f"file://{folder / 'files'}",
        demo=True,
    )
    return create_app(settings, mailer=MemoryMailer())
