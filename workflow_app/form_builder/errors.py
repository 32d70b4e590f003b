"""What can be wrong with a form file and with its rules at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Stands for a component where the whole form is meant.
WHOLE_FORM = "form"


class FormError(ValueError):
    """A form file cannot be used: the component, and why, a msgid that the details fill."""

    message = N_("%(component)s: %(reason)s")

    def __init__(self, component: str, why: str, /, **details: object) -> None:
        self.component = component
        self.because = DomainError(why, **details)
        self.reason = str(self.because)
        super().__init__(f"{component}: {self.reason}")

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Return the msgid and what fills it."""
        return self.message, {"component": self.component, "reason": self.because}


class FormRuleError(RuntimeError):
    """A rule that the designer wrote failed while somebody used the form.

    `because` is an error that can be told in other languages; `reason` is its English sentence.
    """

    message = N_("%(component)s: %(rule)s: %(reason)s")

    def __init__(self, component: str, rule: str, because: Exception) -> None:
        self.component = component
        self.rule = rule
        self.because = because
        self.reason = str(because)
        super().__init__(f"{component}: {rule}: {self.reason}")

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Return the msgid and what fills it."""
        details = {"component": self.component, "rule": self.rule, "reason": self.because}
        return self.message, details
