"""Operations that a scenario lets fail, and publishing that really fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workflow_app.engine import BpmnError
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.services.operations import OPERATIONS, ScopedOperations
from workflow_app.services.operations.call import Call
from workflow_app.services.operations.publishing import publish
from workflow_app.services.scenarios.faults import failing_operations
from workflow_app.services.scenarios.script import Fault


class Scope:
    """A step that stores nothing; `stored` documents are in the database."""

    def __init__(self, stored=0, new=()):
        self.rows = [SimpleNamespace(table=table_of(Document), values={"id": one}) for one in new]
        self.changes = []
        self.case = SimpleNamespace(title="A case", language="en")
        self.ctx = SimpleNamespace(
            now=None,
            session=SimpleNamespace(scalar=lambda _query: stored),
            platform=SimpleNamespace(operations={}),
        )

    def insert(self, table, **values):
        self.rows.append(SimpleNamespace(table=table, values=values))


def asked(**inputs):
    return Call(inputs=inputs, headers={}, data={})


def test_an_operation_fails_as_often_as_the_scenario_says(monkeypatch):
    monkeypatch.setitem(OPERATIONS, "publish", lambda _scope, _call: {"page": 1})
    scope = Scope()
    scope.ctx.platform.operations = failing_operations({"publish": Fault(error="NO", times=2)})
    operations = ScopedOperations(scope)
    for _turn in range(2):
        with pytest.raises(BpmnError) as told:
            operations.call("publish", {}, {}, {})
        assert told.value.code == "NO"
    assert operations.call("publish", {}, {}, {}) == {"page": 1}


@pytest.mark.parametrize(
    ("text", "documents", "stored", "new"),
    [("  ", [], 0, ()), ("A text", [7], 0, ()), ("A text", [7, 8], 1, ()), ("A", [7, 8], 0, (7,))],
)
def test_what_cannot_be_published_throws(text, documents, stored, new):
    with pytest.raises(BpmnError) as told:
        publish(Scope(stored, new), asked(text=text, documents=documents))
    assert told.value.code == "PUBLISH_FAILED"


@pytest.mark.parametrize(
    ("documents", "stored", "new"), [([], 0, ()), ([7], 1, ()), ([7], 0, (7,))]
)
def test_documents_that_are_there_or_just_made_are_published(documents, stored, new):
    scope = Scope(stored, new)
    assert publish(scope, asked(text="A text", documents=documents))["page"]
    assert len(scope.changes) == bool(documents)
