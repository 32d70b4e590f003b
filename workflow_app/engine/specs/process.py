"""The specification of a process or sub-process: its specs and where tokens begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

if TYPE_CHECKING:
    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.specs.events import Listener


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """What SpiffWorkflow calls a workflow spec, with what our driver asks of it.

    `shares`: an embedded sub-process, which has no data of its own. `listeners`: starts of event
    sub-processes that wait from the beginning; `handlers`: those that errors and escalations wake.
    """

    task_specs: dict[str, Any]

    def __init__(self, name: str, process: str, *, shares: bool) -> None:
        super().__init__(name=name)
        self.process = process
        self.shares = shares
        self.restless = False
        self.entries: dict[str, Element] = {}
        self.listeners: list[Listener] = []
        self.handlers: list[Listener] = []
        self.waiting_entries: frozenset[str] = frozenset()

    def plain_entries(self) -> list[str]:
        """Return the entries that wait for nothing; all where each does (event sub-processes)."""
        plain = [element for element in self.entries if element not in self.waiting_entries]
        return plain or list(self.entries)
