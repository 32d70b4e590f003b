"""The specification of a process or sub-process: its specs and where tokens begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.specs.events import Listener, Start


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """What SpiffWorkflow calls a workflow spec, with what our driver asks of it.

    `shares`: an embedded sub-process, which has no data of its own. `listeners`: starts of event
    sub-processes that wait from the beginning; `handlers`: those that errors and escalations wake.
    `ways`: the specs that begin a case by a trigger, by the key of `model.Opening`; `asked`: the
    conditional start events.
    `objects`: the data it declares with what they begin as; `gives`: its data outputs, if any.
    """

    task_specs: dict[str, Any]

    def __init__(self, name: str, process: str, *, shares: bool) -> None:
        super().__init__(name=name)
        self.process = process
        self.shares = shares
        self.restless = False
        self.ad_hoc = False
        self.compensator = ""
        self.undoing = ""
        self.entries: dict[str, Element] = {}
        self.listeners: list[Listener] = []
        self.handlers: list[Listener] = []
        self.waiting_entries: frozenset[str] = frozenset()
        self.ways: dict[str, Element] = {}
        self.asked: tuple[Start, ...] = ()
        self.objects: Mapping[str, Any] = {}
        self.gives: frozenset[str] = frozenset()

    def plain_entries(self) -> list[str]:
        """Return the entries that wait for nothing; all where each does (event sub-processes)."""
        plain = [element for element in self.entries if element not in self.waiting_entries]
        return plain or ([] if self.asked else list(self.entries))

    def declare(self, scope: dict[str, Any], owner: dict[str, Any]) -> None:
        """Begin the scope's own data, hiding what stands outside under the same names.

        An embedded sub-process keeps them with its owner; a mapped input of the name fills them.
        """
        holder = owner if self.shares else scope
        for name, begin in self.objects.items():
            holder.setdefault(name, owner.get(name, begin))

    def handed_over(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what a called process gives its caller: its outputs, else all but its objects."""
        if self.gives:
            return {name: item for name, item in data.items() if name in self.gives}
        return {name: item for name, item in data.items() if name not in self.objects}

    def collections(self) -> dict[str, Any]:
        """Return the collections that the case's own process begins with, empty."""
        return {name: [] for name, begin in self.objects.items() if begin is not None}
