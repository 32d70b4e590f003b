"""BPMN as the program: the only package that knows SpiffWorkflow (design.md §3, §4).

A diagram becomes plain values (`model`), is judged (`lint`), and is built into our own task specs
on SpiffWorkflow's base (`specs`). A step loads the live tokens, runs them until all wait, and
stores them again (`steps`, `run`, `codec`); what finished is history and never kept.

Where data is written: an answer, a result or a payload goes to the scope it came up in. An embedded
sub-process and an event sub-process write into the scope around them; a called process has its own
scope, sees its caller's data, and leaves what it wrote when it ends; one turn of a multi-instance
keeps what it writes, and gives its output element or, where none is drawn, all of it. Mapped inputs
are seen inside only. A caught error or escalation leaves `error` or `escalation` with its `code`
and `text`.
"""

from workflow_app.engine.ahead import Ahead, Ways, ahead
from workflow_app.engine.company import messages_among, names_handed
from workflow_app.engine.contract import (
    ClosedTask,
    Env,
    Finding,
    HistoryEvent,
    MessageWait,
    NoOperations,
    OpenTask,
    Operations,
    Pending,
    Requested,
    Source,
    StartForm,
    Step,
    TaskInfo,
    Thrown,
    TimerWait,
)
from workflow_app.engine.errors import (
    BpmnError,
    BpmnEscalation,
    InvalidSource,
    NotWaiting,
    StateUnreadable,
    StepFailed,
)
from workflow_app.engine.lint.catalogue import RULES
from workflow_app.engine.lint.rules.rule import Rule
from workflow_app.engine.lint.typed import problem_finding, type_of_field
from workflow_app.engine.loading import lint, load_program, messages, names_around, types_written
from workflow_app.engine.outline import NextStep, OutlineStep, outline, outline_of_xml
from workflow_app.engine.program import Program
from workflow_app.engine.resting import go_on, rest
from workflow_app.engine.steps import (
    called_from,
    case_data,
    complete,
    current_scope,
    deliver,
    finish,
    fire_timers,
    retry,
    start,
    waits_for_operation,
)
from workflow_app.engine.timers import Due, Span, UnreadableTimer, first_due

__all__ = [
    "RULES",
    "Ahead",
    "BpmnError",
    "BpmnEscalation",
    "ClosedTask",
    "Due",
    "Env",
    "Finding",
    "HistoryEvent",
    "InvalidSource",
    "MessageWait",
    "NextStep",
    "NoOperations",
    "NotWaiting",
    "OpenTask",
    "Operations",
    "OutlineStep",
    "Pending",
    "Program",
    "Requested",
    "Rule",
    "Source",
    "Span",
    "StartForm",
    "StateUnreadable",
    "Step",
    "StepFailed",
    "TaskInfo",
    "Thrown",
    "TimerWait",
    "UnreadableTimer",
    "Ways",
    "ahead",
    "called_from",
    "case_data",
    "complete",
    "current_scope",
    "deliver",
    "finish",
    "fire_timers",
    "first_due",
    "go_on",
    "lint",
    "load_program",
    "messages",
    "messages_among",
    "names_around",
    "names_handed",
    "outline",
    "outline_of_xml",
    "problem_finding",
    "rest",
    "retry",
    "start",
    "type_of_field",
    "types_written",
    "waits_for_operation",
]
