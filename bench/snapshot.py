"""The other side of the ratios: SpiffWorkflow as its manual shows it, a JSON snapshot a step.

The whole case is one row; a step reads it, rebuilds the workflow, completes the task, serializes
the workflow again and commits once. No inbox, no history, no lock, no check of a form.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench import diagrams
from bench.measure import settle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


# Stock, a path of more than 1,000 tasks falls out of sight and the case stalls (engine.md, bug 2):
# lifted, or there would be nothing to measure after 500 turns of a loop.
BpmnTaskIterator.__init__.__defaults__ = (None, 1_000_000, True, False, None)


class Snapshots:
    """Cases of one diagram, a row each, in a SQLite file with the same safety as ours."""

    def __init__(self, path: Path, key: str) -> None:
        self.key = key
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        parser = BpmnParser()
        parser.add_bpmn_str(diagrams.stock(key).encode())
        self.spec = parser.get_spec(key)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        settle(path)
        self.connection.execute("CREATE TABLE snapshot (id INTEGER PRIMARY KEY, state TEXT)")

    def start(self) -> int:
        """Create a case that waits at its first task; returns its id."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        return self._insert(workflow)

    def start_after(self, turns: int, answers: Mapping[str, Any]) -> int:
        """Create a case that has completed so many tasks, saved once."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        for _ in range(turns):
            _complete(workflow, answers)
        return self._insert(workflow)

    def complete(self, case_id: int, answers: Mapping[str, Any]) -> None:
        """Complete the case's open task: one step, one commit."""
        (state,) = self.connection.execute(
            "SELECT state FROM snapshot WHERE id = ?", (case_id,)
        ).fetchone()
        workflow = self.serializer.deserialize_json(state)
        _complete(workflow, answers)
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(
            "UPDATE snapshot SET state = ? WHERE id = ?",
            (self.serializer.serialize_json(workflow), case_id),
        )
        self.connection.execute("COMMIT")

    def size(self, case_id: int) -> int:
        """Return the bytes of one snapshot."""
        row = self.connection.execute(
            "SELECT length(state) FROM snapshot WHERE id = ?", (case_id,)
        ).fetchone()
        return int(row[0])

    def _insert(self, workflow: BpmnWorkflow) -> int:
        cursor = self.connection.execute(
            "INSERT INTO snapshot (state) VALUES (?)", (self.serializer.serialize_json(workflow),)
        )
        return int(cursor.lastrowid or 0)


def _complete(workflow: BpmnWorkflow, answers: Mapping[str, Any]) -> None:
    task = workflow.get_next_task(state=TaskState.READY, manual=True)
    task.data.update(answers)
    task.run()
    workflow.do_engine_steps()
