"""The test of each decision table notices every change of the table that decides otherwise."""

from __future__ import annotations

import copy
import os
import re

import pytest
from lxml import etree

from tests.support.installation import ROOT
from workflow_app.config import Settings
from workflow_app.dmn import load_decisions
from workflow_app.services.closure import Seeds
from workflow_app.services.scenarios.script import TableTest, read_script, scenario_files
from workflow_app.services.scenarios.tables import TableRun
from workflow_app.services.scenarios.world import make_world

FILES = sorted((ROOT / "processes").rglob("*.dmn"))
SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
COMPARED = re.compile(r">=|<=|>|<")
# What earlier rows leave is said again in these cells, so that each row can be read alone.
SAID_AGAIN = {
    "accreditation_outcome_pass_i2",
    "accreditation_outcome_conditional_i2",
    "appeal_admissibility_late_i3",
    "appeal_admissibility_term_unknown_i2",
    "quorum_rule_2_input_1",
    "renewal_route_simplified_i3",
    "visit_required_renewal_i2",
}
# Nothing is at these ends any more: an earlier row took it.
TAKEN_ENDS = {"completeness_rule_2_input_2", "quality_band_unsatisfactory_i1"}
SWAPPED = {">=": ">", "<=": "<", ">": ">=", "<": "<="}


def tag(element, name):
    return [*element.iter(f"{{{SPACE}}}{name}")]


def text(element):
    return "".join(element.itertext()).strip()


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def file(request):
    return request.param


@pytest.fixture
def model(file):
    return etree.fromstring(file.read_bytes())


@pytest.fixture(scope="module")
def tests():
    found = {}
    for key, path in scenario_files(ROOT / "processes", frozenset()):
        script = read_script(path)
        if isinstance(script, TableTest):
            found[key, script.table] = script
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return a world with settings, registers and people, and no process."""
    folder = tmp_path_factory.mktemp("instance")
    settings = Settings.from_environ({**os.environ, "WORKFLOW_APP_INSTANCE": str(folder)})
    with make_world(settings, Seeds({})) as made:
        yield made


@pytest.fixture
def problems(world, file, tests):
    """Return a function that gives what the test of this file says of a model."""
    test = tests[file.parent.name, file.stem]

    def run(model):
        played = TableRun(world, test, load_decisions(etree.tostring(model)))
        played.run()
        assert played.cases == len(test.cases)
        return played.problems

    return run


def ids(model, name):
    return {element.get("id") for element in tag(model, name)}


def changed(model, name, place):
    copied = copy.deepcopy(model)
    return copied, tag(copied, name)[place]


def test_it_passes_with_every_row_hit(model, problems):
    assert problems(model) == []


def test_it_notices_a_row_that_is_gone(model, problems):
    for place in range(len(tag(model, "rule"))):
        without, rule = changed(model, "rule", place)
        rule.getparent().remove(rule)
        assert problems(without), f"row {place + 1}"


def test_it_notices_a_cell_that_lets_all_pass(model, problems):
    missed = []
    for place, cell in enumerate(tag(model, "inputEntry")):
        if text(cell) != "-":
            opened, entry = changed(model, "inputEntry", place)
            tag(entry, "text")[0].text = "-"
            missed += [] if problems(opened) else [cell.get("id")]
    assert set(missed) == SAID_AGAIN & ids(model, "inputEntry")


@pytest.mark.parametrize("part", ["inputEntry", "inputExpression"])
def test_it_notices_a_boundary_that_moved(model, problems, part):
    """A comparison that holds at its end no longer does, and the other way round."""
    missed = []
    for place, cell in enumerate(tag(model, part)):
        if COMPARED.search(text(cell)):
            moved, entry = changed(model, part, place)
            words = tag(entry, "text")[0]
            words.text = COMPARED.sub(lambda found: SWAPPED[found[0]], words.text)
            missed += [] if problems(moved) else [cell.get("id") or words.text]
    assert set(missed) == TAKEN_ENDS & ids(model, part)
