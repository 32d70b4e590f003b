"""What a scenario may expect of decisions: the result, the inputs and the rows."""

from __future__ import annotations

import pytest

from workflow_app.services.scenarios.looks import Look, _decisions
from workflow_app.services.scenarios.script import Expectation

FIRST = {"id": "grade", "table": "t1", "inputs": [["Points", 7]], "rows": [2], "rules": ["r2"],
         "value": "high"}  # fmt: skip
OWN = {"id": "term", "table": "t2", "inputs": [["Grade", "high"], ["Year", 2026]], "rows": [1, 3]}
EVENT = {"decision": "term", "rules": ["a", "c"], "result": [60, 6], "tables": [FIRST, OWN]}
OLD = {"decision": "old", "rules": ["a"], "result": "yes"}


def problems(*wanted):
    look = Look.__new__(Look)
    look.events = [("decision", "ask", EVENT), ("completed", "ask", {}), ("decision", "b", OLD)]
    return list(_decisions(look, Expectation(decisions=list(wanted))))


@pytest.mark.parametrize(
    "wanted",
    [
        {"decision": "term"},
        {"decision": "term", "result": [60, 6], "rows": [1, 3]},
        {"decision": "term", "inputs": {"Year": 2026}},
        {"decision": "grade", "result": "high", "inputs": {"Points": 7}, "rows": [2]},
        {"decision": "old", "result": "yes"},
    ],
)
def test_what_came_about_is_no_problem(wanted):
    assert problems(wanted) == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"decision": "term", "rows": [1]},
        {"decision": "term", "inputs": {"Year": 2025}},
        {"decision": "term", "inputs": {"Month": 1}},
        {"decision": "term", "resutl": [60, 6]},
        {"decision": "other"},
    ],
)
def test_what_came_otherwise_is_told_with_what_was_taken(wanted):
    (told,) = problems(wanted)
    assert "was not taken in order" in told
    assert "'decision': 'term', 'result': [60, 6]" in told


def test_decisions_on_the_way_come_before_the_one_that_asked():
    assert problems({"decision": "grade"}, {"decision": "term"}, {"decision": "old"}) == []
    assert problems({"decision": "term"}, {"decision": "grade"}) != []
