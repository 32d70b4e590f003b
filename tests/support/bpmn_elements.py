"""Every element of BPMN 2.0.2 by the one name that tests and docs/bpmn.md call it by.

A test that proves what becomes of an element says so with a mark:

    @pytest.mark.bpmn("message boundary event, not interrupting", "runs")

The second word is one of `OUTCOMES`. An element may be proved by several tests, which must agree;
a test may carry several marks; a parametrised test carries its mark in `pytest.param(…, marks=…)`.
`make bpmn-table` collects the marks and writes docs/bpmn.md; a contract test wants it up to date
and every element proved. Names are spelt as `SECTIONS` below spells them. Events are called

    <trigger> start event                                     of a process
    <trigger> start of an event sub-process, interrupting
    <trigger> start of an event sub-process, not interrupting
    <trigger> catch event                                     intermediate
    <trigger> boundary event, interrupting
    <trigger> boundary event, not interrupting
    <trigger> throw event                                     intermediate
    <trigger> end event

with a trigger of `TRIGGERS` (“none”, “message”, “parallel multiple” …) wherever BPMN 2.0.2
(table 10.93) allows it; what it does not allow is no element and has no name here.
"""

from __future__ import annotations

RUNS, DRAWN, REFUSED = OUTCOMES = ("runs", "drawn only", "refused")

START = "start event"
SUB_START = "start of an event sub-process, interrupting"
SUB_START_BESIDE = "start of an event sub-process, not interrupting"
CATCH = "catch event"
BOUNDARY = "boundary event, interrupting"
BOUNDARY_BESIDE = "boundary event, not interrupting"
THROW = "throw event"
END = "end event"
POSITIONS = (START, SUB_START, SUB_START_BESIDE, CATCH, BOUNDARY, BOUNDARY_BESIDE, THROW, END)

_MEANWHILE = (SUB_START, SUB_START_BESIDE, BOUNDARY, BOUNDARY_BESIDE)
_WAITS = (START, *_MEANWHILE, CATCH)

#: Trigger → where BPMN 2.0.2 allows it (table 10.93).
TRIGGERS = {
    "none": (START, THROW, END),
    "message": POSITIONS,
    "timer": _WAITS,
    "error": (SUB_START, BOUNDARY, END),
    "escalation": (*_MEANWHILE, THROW, END),
    "cancel": (BOUNDARY, END),
    "compensation": (SUB_START, BOUNDARY, THROW, END),
    "conditional": _WAITS,
    "link": (CATCH, THROW),
    "signal": POSITIONS,
    "terminate": (END,),
    "multiple": POSITIONS,
    "parallel multiple": _WAITS,
}


def event(trigger: str, position: str) -> str:
    """Return the name of an event."""
    return f"{trigger} {position}"


#: Section → the elements in it, in the order of docs/bpmn.md; events stand in a table of their own.
SECTIONS: dict[str, tuple[str, ...]] = {
    "Activities": (
        "task",
        "user task",
        "manual task",
        "script task",
        "business rule task",
        "service task",
        "send task",
        "receive task",
        "receive task that starts a process",
        "call activity of a process",
        "call activity of a global task",
        "global task",
        "sub-process",
        "event sub-process",
        "nested event sub-process",
        "transaction",
        "ad-hoc sub-process, parallel",
        "ad-hoc sub-process, sequential",
        "ad-hoc completion condition",
        "ad-hoc cancelRemainingInstances",
    ),
    "Markers and attributes of activities": (
        "multi-instance, parallel",
        "multi-instance, sequential",
        "multi-instance over a collection (zeebe)",
        "multi-instance over loopDataInputRef",
        "multi-instance with loopCardinality",
        "multi-instance completionCondition",
        "multi-instance behavior All",
        "multi-instance behavior None",
        "multi-instance behavior One",
        "multi-instance behavior Complex",
        "standard loop, tested after",
        "standard loop, tested before",
        "standard loop with loopMaximum",
        "isForCompensation",
        "startQuantity",
        "completionQuantity",
        "several flows out of an activity",
        "several flows into an activity",
        "activity without an incoming flow",
        "activity without an outgoing flow",
    ),
    "Gateways": (
        "exclusive gateway, diverging",
        "exclusive gateway, converging",
        "parallel gateway, diverging",
        "parallel gateway, converging",
        "inclusive gateway, diverging",
        "inclusive gateway, converging",
        "event-based gateway",
        "event-based gateway that starts a process, exclusive",
        "event-based gateway that starts a process, parallel",
        "complex gateway, diverging",
        "complex gateway, converging",
        "mixed gateway",
    ),
    "Flows": (
        "sequence flow",
        "conditional flow out of a gateway",
        "conditional flow out of an activity",
        "default flow out of a gateway",
        "default flow out of an activity",
        "sequence flow isImmediate",
        "message flow",
        "association",
        "compensation association",
        "data association",
    ),
    "Several starts and ends": (
        "several start events",
        "start event with several outgoing flows",
        "several end events",
        "parallel start events (none)",
        "event defined elsewhere (eventDefinitionRef)",
    ),
    "Data": (
        "data object",
        "data object reference",
        "data object collection",
        "data state",
        "data store",
        "data store reference",
        "property",
        "data input",
        "data output",
        "input set",
        "output set",
        "input output specification",
        "data input association",
        "data output association",
        "association assignment",
        "association transformation",
        "item definition",
        "import",
    ),
    "Artifacts": (
        "text annotation",
        "group",
        "category",
        "documentation",
        "extension elements of others",
        "relationship",
    ),
    "Pools and lanes": (
        "pool",
        "pool without a process",
        "several pools that run",
        "participant multiplicity",
        "lane",
        "nested lane",
        "lane partitionElement",
    ),
    "People and service": (
        "resource role",
        "performer",
        "human performer",
        "potential owner",
        "rendering",
        "interface and operation",
        "end point",
        "auditing",
        "monitoring",
    ),
    "Messages and correlation": (
        "message",
        "signal",
        "error",
        "escalation",
        "correlation key",
        "correlation property",
        "correlation subscription",
        "correlation by subscription key (zeebe)",
    ),
    "Process": (
        "executable process",
        "process that is not executable",
        "process supports and definitionalCollaborationRef",
        "formal expression in FEEL",
        "formal expression in another language",
    ),
    "Conversation and choreography": (
        "collaboration",
        "conversation",
        "sub-conversation",
        "call conversation",
        "conversation link",
        "global conversation",
        "message flow association",
        "participant association",
        "partner entity and partner role",
        "choreography",
        "choreography task",
        "sub-choreography",
        "call choreography",
        "global choreography task",
    ),
    "Drawing": (
        "diagram interchange",
        "several diagrams in one file",
    ),
}

EVENTS = tuple(event(trigger, place) for trigger, places in TRIGGERS.items() for place in places)
ELEMENTS = (*EVENTS, *(name for names in SECTIONS.values() for name in names))
