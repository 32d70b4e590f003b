"""A case's term that begins later than the case: when an application comes at last."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.services.several import begin, drawn, publish, task
from workflow_app.models.case import Case

START = (
    '<bpmn:serviceTask id="clock" name="clock"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="clock.start"/><zeebe:ioMapping>'
    '<zeebe:input source="=number(subject)" target="days"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ("30", "2026-12-23T18:00:00+04:00"),
        # the twelfth day is a Saturday: the term ends on the Monday after
        ("12", "2026-12-07T18:00:00+04:00"),
        ("0", "2026-11-23T18:00:00+04:00"),
    ],
)
def test_a_term_begins_when_the_diagram_says_so(office, days, due):
    publish(office, drawn("later", "begin>clock clock>first first>done", START, task("first")))
    case = begin(office, "later", subject=days)
    found = office.read(lambda s: s.get(Case, case).term_due)
    assert found == datetime.fromisoformat(due)
