"""BPMN as the program: the only package that knows SpiffWorkflow (design.md §3, §4)."""

from workflow_app.engine.contract import (
    ClosedTask,
    Env,
    Finding,
    HistoryEvent,
    MessageWait,
    NoOperations,
    OpenTask,
    Operations,
    Source,
    StartForm,
    Step,
    TaskInfo,
    Thrown,
    TimerWait,
)
from workflow_app.engine.errors import (
    BpmnError,
    InvalidSource,
    NotWaiting,
    StateUnreadable,
    StepFailed,
)
from workflow_app.engine.loading import lint, load_program
from workflow_app.engine.outline import NextStep, OutlineStep, outline, outline_of_xml
from workflow_app.engine.program import Program
from workflow_app.engine.steps import (
    case_data,
    complete,
    current_scope,
    deliver,
    fire_timers,
    retry,
    start,
)

__all__ = [
    "BpmnError",
    "ClosedTask",
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
    "Program",
    "Source",
    "StartForm",
    "StateUnreadable",
    "Step",
    "StepFailed",
    "TaskInfo",
    "Thrown",
    "TimerWait",
    "case_data",
    "complete",
    "current_scope",
    "deliver",
    "fire_timers",
    "lint",
    "load_program",
    "outline",
    "outline_of_xml",
    "retry",
    "start",
]
