"""The values that go in and out of the engine.

Everything is frozen; engine data is JSON, times are aware datetimes in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

    from workflow_app.feel import Expression

Data = dict[str, Any]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Source:
    """The closed set of files of one published version: `key` and path → text."""

    key: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the linter has to say: where, what (a msgid with params) and the way out.

    `column` counts within the expression that the finding is about, from one; `hint` is the word
    that was probably meant there.
    """

    code: str
    severity: Severity
    file: str
    element: str | None
    line: int | None
    message: str
    params: Mapping[str, object] = field(default_factory=dict)
    fix: str
    column: int | None = None
    hint: str | None = None

    def text(self) -> str:
        """Return the sentence in English with its place, for logs and terminals."""
        sentence = self.message % self.params if self.params else self.message
        place = f"{self.file}:{self.line or 0}"
        return f"{place} {self.element or ''}: {sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartForm:
    """A way to start the process: its form, who may use it (`by`), or what it waits for.

    `kind` is the trigger's (“none”, “message”, “signal”, “timer”), `message` the name of a message
    or signal; `timer` is the text as drawn, `time` the same compiled and `timer_form` its form.
    `for_each` gives a list: one case an item, which stands in its data under the name `item`.
    `properties` are all that the event says in its `zeebe:properties`.
    """

    element: str
    name: str
    form: str | None = None
    by: str | None = None
    message: str | None = None
    timer: str | None = None
    for_each: Expression | None = None
    kind: str = "none"
    time: Expression | None = None
    timer_form: str = ""
    item: str = "item"
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskInfo:
    """What a user task's diagram says about it; expressions are evaluated when it opens."""

    element: str
    process: str
    name: str
    form: str | None
    lane: str | None
    assignee: Expression | None
    candidate_groups: Expression | None
    candidate_users: Expression | None
    due: Expression | None
    follow_up: Expression | None
    priority: Expression | None
    headers: Mapping[str, str]
    properties: Mapping[str, str]
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """An operation's answer when the host does it after the commit; `request` is JSON for it."""

    request: Data


class Operations(Protocol):
    """What service tasks may do; the service layer implements it."""

    def call(
        self, kind: str, inputs: Data, headers: Mapping[str, str], data: Data, /
    ) -> Data | Pending | None:
        """Do the operation `kind`; raise OperationFailed to stop.

        BpmnError and BpmnEscalation go to the diagram. Pending leaves the task waiting until
        `finish` brings the result.
        """


class NoOperations:
    """Operations for cases that draw none: every call is refused."""

    def call(
        self, kind: str, _inputs: Data, _headers: Mapping[str, str], _data: Data, /
    ) -> Data | None:
        """Refuse the operation by name."""
        msg = f"the operation “{kind}” is not registered"
        raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Env:
    """What a step needs from outside: the time, FEEL host functions and operations.

    `zone` is where the case's calendar hangs: timers written without a zone mean its clock.
    """

    now: datetime
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    operations: Operations = field(default_factory=NoOperations)
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """A user task that waits for a person; `data` is what its form sees."""

    task_id: str
    element: str
    process: str
    name: str
    lane: str | None
    assignee: str | None
    groups: tuple[str, ...]
    users: tuple[str, ...]
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    form: str | None
    data: Data
    path: tuple[str, ...]


class ClosedTask(NamedTuple):
    """A user task that is no longer open and why (“completed” or “cancelled”)."""

    task_id: str
    element: str
    why: str


class TimerWait(NamedTuple):
    """A timer that runs; `due_at` is aware."""

    task_id: str
    element: str
    process: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWait:
    """A message or signal (`kind`) the case waits for, and the page that sends it.

    `keyed`: a correlation key is drawn; it may give nothing yet.
    """

    task_id: str
    element: str
    process: str
    name: str
    kind: str
    message: str
    correlation: Any
    form: str | None
    by: str | None
    keyed: bool = False


class HistoryEvent(NamedTuple):
    """One line of what happened; `process` is the process id whose diagram has `element`."""

    kind: str
    element: str
    process: str
    name: str
    task_id: str | None
    data: Data | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrown:
    """A message, signal, escalation or error that leaves the case.

    `lives` is how long a message is kept while nobody waits (ISO 8601), where the diagram says it.
    """

    kind: str
    name: str
    payload: Data
    correlation: Any
    element: str
    lives: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """An operation that the host has to do after the commit for the task that waits for it."""

    task_id: str
    element: str
    process: str
    operation: str
    request: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The outcome of one step; `state` is None when the case has ended."""

    state: bytes | None
    finished: bool
    end: str | None
    data: Data
    opened: tuple[OpenTask, ...]
    closed: tuple[ClosedTask, ...]
    timers: tuple[TimerWait, ...]
    subscriptions: tuple[MessageWait, ...]
    history: tuple[HistoryEvent, ...]
    thrown: tuple[Thrown, ...]
    requested: tuple[Requested, ...] = ()
