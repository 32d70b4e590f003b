"""Transactions: cancelled, they undo what they did, then the cancel boundary event goes on.

An error that leaves a transaction (a hazard) interrupts it and undoes nothing (BPMN 2.0.2
§10.3.5 and §13.3.4): that is what every sub-process does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.compensation import undo
from workflow_app.engine.specs.element import Element
from workflow_app.engine.specs.ledger import salvage, take
from workflow_app.engine.specs.scopes import Container
from workflow_app.engine.tokens import Token, case_of, run_of

if TYPE_CHECKING:
    from workflow_app.engine.tokens import Live

CANCELLED = "cancelled"
NO_TRANSACTION = N_("no transaction stands around it that could be cancelled")


class Transaction(Container):
    """A sub-process that can be cancelled as a whole."""

    def roll_back(self, token: Token, thrower: Token) -> None:
        """Stop everything inside, then undo what completed, the latest first."""
        scope = case_of(token).subprocesses[token.id]
        token.internal_data[CANCELLED] = True
        for boundary in token.hanging():
            boundary.cancel()
        salvage(scope, case_of(token).subprocesses)
        scope.shut(spared=thrower)
        undo(scope, take(scope))

    @override
    def returned(self, token: Token, scope: Live) -> None:
        """Complete, or leave by the cancel boundary event."""
        if CANCELLED not in token.internal_data:
            super().returned(token, scope)
            return
        del case_of(token).subprocesses[token.id]
        at = token
        if (carrier := token.carrier()) is not None and carrier.task_spec.turns:
            at = carrier
        for boundary in at.task_spec.boundaries:
            if any(trigger.kind == "cancel" for trigger in boundary.trigger.each):
                boundary.fire(Token(at.workflow, boundary, at), {})
                return
        token.cancel()


class CancelEnd(Element):
    """A cancel end event: it cancels the transaction around it."""

    @override
    def work(self, token: Token) -> bool | None:
        """Roll the transaction back; handlers run before the cancel boundary event goes on."""
        owner = token.workflow.owner
        while owner is not None and not isinstance(owner.task_spec, Transaction):
            owner = owner.workflow.owner
        if owner is None:
            raise StepFailed(self.element, NO_TRANSACTION)
        run_of(token).log("cancel", self, token)
        owner.task_spec.roll_back(owner, token)
        return True
