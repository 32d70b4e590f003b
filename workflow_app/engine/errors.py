"""What the engine refuses, said for people.

`StepFailed` leaves the case where it was; `InvalidSource` keeps a version from running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.errors import Conflict, DomainError
from workflow_app.domain.reasons import Reasoned
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.tokens import Token

PLAIN = "%(reason)s"


class InvalidSource(DomainError):
    """The files of a version cannot run; `findings` say where, why and what to do."""

    message = N_("This version cannot run: %(count)s problems were found. First: %(first)s")

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0].text() if findings else ""
        super().__init__(count=len(findings), first=first)


class StepFailed(DomainError):
    """A step could not be finished; nothing of it happened.

    `why` is a msgid that `details` fill; `reason` is the English sentence they make.
    """

    message = N_("The step “%(element)s” could not run: %(reason)s")

    def __init__(self, element: str, why: str, /, **details: object) -> None:
        self.element = element
        self.why = why
        self.details = details
        self.reason = why % details if details else why
        super().__init__(element=element, reason=DomainError(why, **details))

    @classmethod
    def because(cls, element: str, error: Exception) -> StepFailed:
        """Return the failure of a step for an error, told as the error tells itself."""
        if isinstance(error, Reasoned):
            why, details = error.told()
            return cls(element, why, **details)
        return cls(element, PLAIN, reason=error)


class NotWaiting(Conflict):
    """The case does not wait at this place any more (`task_id`)."""

    message = N_("The case no longer waits at this step.")

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        super().__init__()


class StateUnreadable(DomainError):
    """A stored state was written by a newer or unknown format (params: format)."""

    message = N_("The stored state has format %(format)s, which this version cannot read.")


class BpmnEscalation(Exception):
    """Raised by an operation to escalate; where nothing interrupts it, the task goes on.

    `code` is compared with the escalation code of the events that catch, `text` is for people.
    """

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.text = text
        super().__init__(code, text)


class BpmnError(Exception):
    """Raised by an operation for an error that the diagram may catch at a boundary.

    `code` is compared with the error code of the boundary events, `text` is for people.
    """

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.text = text
        super().__init__(code, text)


class Interrupted(Exception):
    """What an element was evaluating came to nothing; the step goes on without it.

    `error` is what it threw, still to be caught by the diagram; None where an escalation was
    caught that interrupts.
    """

    def __init__(self, token: Token, error: BpmnError | None = None) -> None:
        self.token = token
        self.error = error
        super().__init__(error)
