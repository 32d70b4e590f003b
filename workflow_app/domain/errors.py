"""What can go wrong: one class a broken rule, its message a msgid with named placeholders."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class DomainError(Exception):
    """Base of every error that a person may be shown.

    `message` is a msgid, `params` fill its placeholders.
    """

    message: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, text: str | None = None, /, **params: object) -> None:
        self.text = text or self.message
        self.params = params
        super().__init__(self.text % params if params else self.text)

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Return the msgid and what fills it."""
        return self.text, self.params


class NotFound(DomainError):
    """The thing asked for does not exist, or the reader may not know whether it does."""

    message = N_("There is nothing at this address, or you may not see it.")


class NotAllowed(DomainError):
    """The actor lacks a role in the territory, or is kept out by a rule of the diagram."""

    message = N_("You do not have the role that this step asks for in this territory.")


class NotYours(NotAllowed):
    """The actor's account does not open this page or this case."""

    message = N_(
        "Your account may not see or do this. It may belong to another group, or to another place."
    )


class Excluded(NotAllowed):
    """The actor was taken off the case (params: when, reason; `plain` where none was given)."""

    message = N_(
        "You were taken off this case on %(when)s (%(reason)s). Its file and tasks are closed to"
        " you, and somebody else goes on with it."
    )
    plain = N_(
        "You were taken off this case on %(when)s. Its file and tasks are closed to you, and"
        " somebody else goes on with it."
    )


class Sealed(NotAllowed):
    """The actor has to declare something before the case opens (params: item, its id; task)."""

    message = N_("The case file opens to you when you have completed “%(task)s”.")


class Conflict(DomainError):
    """Somebody else was faster; nothing of this attempt was stored."""

    message = N_("Somebody else changed this case in the meantime. Nothing you entered was lost.")


class AlreadyClaimed(Conflict):
    """Another person holds the task (params: who, when)."""

    message = N_("%(who)s took this task on %(when)s.")


class AlreadyCompleted(Conflict):
    """The task was completed before (params: who, when)."""

    message = N_("%(who)s completed this task on %(when)s.")


class NoLongerOpen(Conflict):
    """The case moved on without this task (params: when)."""

    message = N_("The case moved on: this task was closed on %(when)s.")


class Invalid(DomainError):
    """The input breaks a rule."""

    message = N_("The information cannot be accepted as it is.")


class UploadRefused(Invalid):
    """An uploaded file breaks a rule; the message names it."""

    message = N_("The file cannot be accepted.")


class OperationFailed(DomainError):
    """A service task could not do its work; the step does not happen."""

    message = N_("The operation failed: %(reason)s")


class SettingMissing(OperationFailed):
    """A diagram reads a setting that nobody has set (params: key)."""

    message = N_("The setting “%(key)s” has no value for this territory.")


class WrongKey(NotFound):
    """The pair of case number and key does not fit; which of the two is wrong is not told."""

    message = N_("No case has this number and key. Check both and try again.")
