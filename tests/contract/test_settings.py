"""Every setting is documented, and nothing is documented that is no setting."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields

import pytest

from workflow_app.config import Settings, SettingsError

NAME = re.compile(r"\b(?:WORKFLOW_APP_[A-Z_]+|DATABASE_URL|SECRET_KEY)\b")


@pytest.fixture(scope="module")
def documented(root):
    return (root / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def variables(package):
    found = set(NAME.findall((package / "config.py").read_text(encoding="utf-8")))
    assert len(found) > 8
    return found - {"WORKFLOW_APP_"}


def test_every_variable_is_documented(variables, documented):
    rows = set(re.findall(r"^\| `([A-Z_]+)`", documented, re.MULTILINE))
    assert rows == variables


def test_every_default_is_documented(documented):
    for one in fields(Settings):
        if one.default is not MISSING and isinstance(one.default, str) and one.default:
            assert f"`{one.default}`" in documented, one.name


def test_all_faults_are_told_at_once(tmp_path):
    wrong = {
        "WORKFLOW_APP_INSTANCE": str(tmp_path),
        "WORKFLOW_APP_DEMO": "perhaps",
        "WORKFLOW_APP_BASE_URL": "ftp://example.org",
        "WORKFLOW_APP_LANGUAGE": "tlh",
    }
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(wrong)
    for name in ("DEMO", "BASE_URL", "LANGUAGE"):
        assert f"WORKFLOW_APP_{name}" in str(caught.value)
