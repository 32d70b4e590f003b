"""Operations that a scenario lets fail, so that what the diagram draws for it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine import BpmnError
from workflow_app.services.operations import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import Pending
    from workflow_app.services.operations import Operation
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scenarios.script import Fault
    from workflow_app.services.scope import StepScope


def failing_operations(faults: Mapping[str, Fault]) -> dict[str, Operation]:
    """Return operations by type that throw their BPMN error so many times, then do their work."""
    return {kind: _failing(kind, fault) for kind, fault in faults.items()}


def _failing(kind: str, fault: Fault) -> Operation:
    left = [fault.times]

    def call(scope: StepScope, asked: Call) -> dict[str, Any] | Pending | None:
        if left[0]:
            left[0] -= 1
            raise BpmnError(fault.error, "The scenario lets it fail.")
        return OPERATIONS[kind](scope, asked)

    return call
