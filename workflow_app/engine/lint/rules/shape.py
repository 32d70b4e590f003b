"""Rules about shape: flows, borders, starts, lanes."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

DANGLING = Rule(
    "dangling-flow",
    N_("The flow leads from “%(source)s” to “%(target)s”, and one of them is not there."),
    N_("Draw the flow again between two elements of the same level."),
    title=N_("A flow that hangs in the air"),
    about=N_("A flow connects two steps. One end of this one leads to nothing that can be a step."),
    example=N_("A task was removed from the file, and the flow to it was left."),
)
CROSSING = Rule(
    "crossing-flow",
    N_("The flow from “%(source)s” to “%(target)s” crosses a border."),
    N_(
        "Connect the sub-process itself, or use a message between pools; flows stay on their level."
    ),
    title=N_("A flow across a border"),
    about=N_(
        "Flows stay inside one process or sub-process. Into another pool leads a message, out of a"
        " sub-process its own end or an event on its border."
    ),
    example=N_("A flow leads from a task in a sub-process straight to a task outside."),
)
INTO_START = Rule(
    "flow-into-start",
    N_("A flow leads into “%(name)s”, where things only begin."),
    N_("Lead the flow to the step behind it."),
    title=N_("A flow into a beginning"),
    about=N_(
        "Start events, events on a border, event sub-processes and compensation handlers begin by"
        " themselves. No flow leads there."
    ),
    example=N_("To repeat everything, a flow was drawn back to the start event."),
)
OUT_OF_END = Rule(
    "flow-out-of-end",
    N_("A flow leads out of “%(name)s”, where things end."),
    N_("Use an intermediate event, or remove the flow."),
    title=N_("A flow out of an end"),
    about=N_(
        "Nothing follows an end event, a throwing link, an event sub-process or a compensation"
        " handler."
    ),
    example=N_("An end event sends a message, and a task was drawn behind it."),
)
DOUBLE_FLOW = Rule(
    "double-flow",
    N_("Two flows lead from “%(source)s” to “%(target)s”, so it is done twice."),
    N_("Remove one of the two flows."),
    "warning",
    title=N_("The same flow drawn twice"),
    about=N_("Each flow without a condition takes a token along, so what follows is done twice."),
    example=N_("A second flow lies hidden exactly over the first."),
)
DETACHED = Rule(
    "detached-boundary",
    N_("The boundary event “%(name)s” is attached to nothing that can be interrupted."),
    N_("Drop it on the border of an activity."),
    title=N_("An event on no border"),
    about=N_("A boundary event watches the activity on whose border it sits. This one has none."),
    example=N_("The event was attached to a gateway."),
)
UNREACHABLE = Rule(
    "unreachable",
    N_("No path leads to “%(name)s”."),
    N_("Connect it, or remove it."),
    "warning",
    title=N_("A step that no path leads to"),
    about=N_("Cases follow flows from a start event. No case ever comes here."),
    example=N_("The flow to a task was removed and not drawn again."),
)
EMPTY = Rule(
    "empty-sub-process",
    N_("The sub-process “%(name)s” has no place to begin."),
    N_("Draw a start event in it."),
    title=N_("A sub-process without a beginning"),
    about=N_("Nothing in the sub-process can begin, so the case would stop there."),
    example=N_("All steps of the sub-process form a circle."),
)
STARTS = Rule(
    "event-sub-process-start",
    N_("The event sub-process “%(name)s” needs exactly one start event, and that must wait."),
    N_("Give it one message, timer, signal, error, escalation or conditional start event."),
    title=N_("An event sub-process that does not know when to begin"),
    about=N_(
        "An event sub-process begins when its start event happens. With a plain one it would begin"
        " at once, with none never."
    ),
    example=N_("A sub-process was turned into an event sub-process and kept its plain start."),
)
INNER_START = Rule(
    "sub-process-start",
    N_("“%(name)s” begins a sub-process and cannot wait for anything."),
    N_("Use a plain start event, or make the sub-process an event sub-process."),
    title=N_("A sub-process that begins by waiting"),
    about=N_("A sub-process begins when a case comes to it. Its start event waits for nothing."),
    example=N_("A timer start event stands in a plain sub-process."),
)
TOP_START = Rule(
    "start-kind",
    N_("A process cannot begin with a start event of kind “%(kind)s”."),
    N_("Use a plain, message, signal, timer or conditional start event."),
    title=N_("A process that begins with something that cannot begin it"),
    about=N_("Some events exist only inside a running case, so they cannot start one."),
    example=N_("The start event of a process is an error event."),
)
NO_ACTIVATION = Rule(
    "no-activation",
    N_("Nothing says when the complex gateway “%(name)s” goes on."),
    N_("Write its activation condition, such as =activationCount >= 2."),
    title=N_("A complex gateway without its condition"),
    about=N_(
        "A complex gateway that several ways come to waits for its activation condition. The"
        " condition may read activationCount, how many ways have come, or name a flow."
    ),
    example=N_("Two of three opinions are enough, but the gateway does not say so."),
)
DEFAULT_ELSEWHERE = Rule(
    "default-elsewhere",
    N_("The default flow of “%(name)s” (“%(flow)s”) does not leave it."),
    N_("Choose one of its own flows as the default."),
    title=N_("A default flow that leaves something else"),
    about=N_("The default flow is taken if no condition is true. It must be one of its own flows."),
    example=N_("The default flow was removed and drawn again, and so has another id."),
)
TWO_LANES = Rule(
    "two-lanes",
    N_("“%(name)s” stands in the lanes “%(one)s” and “%(other)s” at once."),
    N_("Move it in the modeller, so that it stands in one lane."),
    title=N_("A step in two lanes"),
    about=N_("The lane says who does a task. With two lanes it is chance who is asked."),
    example=N_("A lane was copied in a text editor with all it lists."),
)
LANE_REFERENCE = Rule(
    "lane-reference",
    N_("The lane “%(lane)s” lists “%(node)s”, which is not there."),
    N_("Save the file in a modeller, or remove the line."),
    "warning",
    title=N_("A lane that lists what is gone"),
    about=N_("The lane names a step that is not in this process. The line has no effect."),
    example=N_("A task was removed from the file by hand."),
)
POOL_REFERENCE = Rule(
    "pool-reference",
    N_("The pool “%(name)s” shows the process “%(process)s”, which is not there."),
    N_("Draw the process, or make it an empty pool."),
    "warning",
    title=N_("A pool of a process that is gone"),
    about=N_("The pool names a process that is not in the file, so the pool is shown empty."),
    example=N_("The process was renamed by hand, and the pool still has the old id."),
)
MESSAGE_FLOW = Rule(
    "message-flow-inside",
    N_("The message flow from “%(source)s” to “%(target)s” stays in one pool and does nothing."),
    N_("Draw a sequence flow; messages flow between pools."),
    "warning",
    title=N_("A message flow inside one pool"),
    about=N_("Message flows show what pools tell each other. Inside one they move no case."),
    example=N_("A dashed arrow was drawn between two tasks of the same pool."),
)
MESSAGE_FLOW_END = Rule(
    "message-flow-end",
    N_("The message flow from “%(source)s” to “%(target)s” hangs in the air."),
    N_("Draw it again between two pools or their elements."),
    "warning",
    title=N_("A message flow that hangs in the air"),
    about=N_("One end of the message flow is not in the file, so modellers cannot show it."),
    example=N_("A pool was removed from the file by hand."),
)
