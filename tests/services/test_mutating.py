"""Spoiling a process one place at a time: its scenarios notice, and what they miss is named."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from lxml import etree

from tests.support.installation import ROOT
from workflow_app.config import Settings
from workflow_app.services.closure import Seeds
from workflow_app.services.scenarios.mutating import mutations, survey

KEY = "hear_party"
SHARED = ("roles.toml", "settings.toml", "registers", "demo", "letters")


@pytest.fixture
def settings(tmp_path):
    """Return settings whose folders hold one process and what all share."""
    processes, forms = tmp_path / "processes", tmp_path / "forms"
    for name in (*SHARED, KEY):
        place = ROOT / "processes" / name
        copy = shutil.copytree if place.is_dir() else shutil.copy
        processes.mkdir(exist_ok=True)
        copy(place, processes / name)
    shutil.copytree(ROOT / "forms" / KEY, forms / KEY)
    found = Settings.from_environ({**os.environ, "WORKFLOW_APP_INSTANCE": str(tmp_path)})
    return replace(found, processes=processes, forms=forms)


@pytest.fixture
def seeds(settings):
    return lambda: Seeds.from_folders(settings.processes, settings.forms)


def count(path, name):
    root = etree.parse(str(path)).getroot()
    return sum(1 for e in root.iter("*") if etree.QName(e).localname == name)


def test_every_condition_and_rule_is_spoilt_once_and_each_is_noticed(settings, seeds):
    folder = settings.processes / KEY
    wanted = list(mutations(seeds()))
    conditions = count(folder / f"{KEY}.bpmn", "conditionExpression")
    rules = sum(count(file, "rule") for file in folder.glob("*.dmn"))
    assert len(wanted) == conditions + rules > 4
    assert len({one.text for one in wanted}) == len(wanted)
    assert all(one.text != seeds().files[one.path] for one in wanted)
    found = survey(settings, seeds(), wanted)
    assert (found.problems, found.survivors, found.tried) == ([], [], len(wanted))


def test_what_no_scenario_notices_is_named(settings, seeds):
    for scenario in (settings.processes / KEY / "scenarios").glob("*.yaml"):
        if "table:" not in scenario.read_text(encoding="utf-8"):
            scenario.unlink()
    wanted = list(mutations(seeds()))
    found = survey(settings, seeds(), wanted)
    missed = [one for one in wanted if one.table is None]
    assert found.survivors == missed
    assert all("not(" in one.says for one in missed)


def test_a_scenario_that_fails_by_itself_proves_nothing_and_is_told(settings, seeds):
    path = next((settings.processes / KEY / "scenarios").glob("heard*.yaml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  status: under_review", "  status: nowhere"), encoding="utf-8")
    one = next(wanted for wanted in mutations(seeds()) if wanted.place)
    found = survey(settings, seeds(), [one])
    assert [problem.split(":")[0] for problem in found.problems] == [f"{KEY}/{path.stem}"]
