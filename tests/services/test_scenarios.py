"""Every scenario and table test beside the processes, as `flask processes test` runs them."""

from __future__ import annotations

import os
import re

import pytest

from workflow_app.config import Settings
from workflow_app.services.scenarios import run_all

NEEDED_SHARE = 100


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("instance")
    return run_all(Settings.from_environ({**os.environ, "WORKFLOW_APP_INSTANCE": str(folder)}))


def test_every_scenario_goes_as_it_says(report):
    assert report.failed == 0, "\n".join(report.lines)
    assert report.scenarios >= 150


def test_every_decision_table_has_a_test(report):
    assert report.tables >= 28
    assert report.cases > 10 * report.tables
    assert [line for line in report.lines if line.startswith("without a test")] == []


def test_scenarios_visit_the_diagrams(report):
    shares = [int(m[1]) for line in report.lines if (m := re.search(r"elements, (\d+) %", line))]
    assert len(shares) >= 28
    assert min(shares) >= NEEDED_SHARE
