"""Rules about activities: compensation, transactions, ad-hoc sub-processes, repetition."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

NO_HANDLER = Rule(
    "no-handler",
    N_("Nothing says how “%(name)s” undoes the activity it sits on."),
    N_("Draw an association from it to an activity that is marked for compensation."),
    title=N_("Compensation without a handler"),
    about=N_(
        "A compensation event on the border of an activity points, by a dotted line, to the"
        " activity that undoes it. Without the line there is nothing to do."
    ),
    example=N_("The handler was drawn beside the task, and the line to it was forgotten."),
)
HANDLER_IN_FLOW = Rule(
    "handler-in-flow",
    N_("“%(name)s” undoes another activity and cannot stand in the normal flow."),
    N_("Remove its sequence flows, or its compensation mark."),
    title=N_("A compensation handler in the normal flow"),
    about=N_("An activity marked for compensation runs only when something is to be undone."),
    example=N_("“Cancel the room” undoes “Book the room”, and a flow leads to it as well."),
)
COMPENSATION_FLOW = Rule(
    "compensation-flow",
    N_("A sequence flow leaves the compensation event “%(name)s”; it is never taken."),
    N_("Draw an association to the handler instead of a flow."),
    title=N_("A flow out of a compensation event"),
    about=N_("Compensation is not a way through the process. Its handler ends where it began."),
    example=N_("A solid arrow was drawn to the handler where a dotted line belongs."),
)
HANDLER_UNUSED = Rule(
    "handler-unused",
    N_("No compensation event points to “%(name)s”, so it never runs."),
    N_("Draw an association to it from the activity that it undoes, or remove it."),
    "warning",
    title=N_("A handler that nothing points to"),
    about=N_("An activity marked for compensation is begun by the event that points to it only."),
    example=N_("The activity that it undid was removed."),
)
COMPENSATES_NOTHING = Rule(
    "compensates-nothing",
    N_("“%(name)s” compensates “%(activity)s”, which cannot be compensated from there."),
    N_("Name an activity of the same level that has a handler, or is a sub-process."),
    title=N_("Compensation of what cannot be compensated"),
    about=N_(
        "An event compensates activities of its own level; inside an event sub-process also those"
        " around it. They need a handler, or are sub-processes or called processes."
    ),
    example=N_("The event names a task inside a sub-process instead of the sub-process."),
)
TWO_COMPENSATORS = Rule(
    "two-compensators",
    N_("“%(name)s” is not the only compensation event sub-process of its level."),
    N_("Draw all that is to be done in one of them."),
    title=N_("Two ways to compensate one sub-process"),
    about=N_("A sub-process is compensated once, by one compensation event sub-process."),
    example=N_("Each of two people drew one."),
)
CANCEL_OUTSIDE = Rule(
    "cancel-outside",
    N_("“%(name)s” cancels a transaction, but stands in none."),
    N_("Draw it inside a transaction, or use a terminate or error end event."),
    title=N_("Cancelling without a transaction"),
    about=N_("A cancel end event ends the transaction around it and undoes what it did."),
    example=N_("A transaction was made an ordinary sub-process, and its cancel event was left."),
)
CANCEL_BOUNDARY = Rule(
    "cancel-boundary",
    N_("“%(name)s” waits for the cancelling of an activity that is no transaction."),
    N_("Attach it to a transaction, or wait for an error."),
    title=N_("A cancel event on what cannot be cancelled"),
    about=N_("Only transactions can be cancelled."),
    example=N_("The event was dropped on a task."),
)
CANCEL_UNCAUGHT = Rule(
    "cancel-uncaught",
    N_("The transaction “%(name)s” can be cancelled, and nothing says how it goes on then."),
    N_("Put a cancel event on its border and draw what follows."),
    title=N_("A cancelled transaction that leads nowhere"),
    about=N_("When everything is undone, the case goes on at the cancel event on the border."),
    example=N_("The path for a rejected payment was not drawn yet."),
)
AD_HOC_EVENT = Rule(
    "ad-hoc-event",
    N_("“%(name)s” begins or ends an ad-hoc sub-process, which has no beginning and no end."),
    N_("Remove it; what nothing leads to begins by itself."),
    title=N_("A start or end event in an ad-hoc sub-process"),
    about=N_("The steps of an ad-hoc sub-process are done in any order, so none is the first."),
    example=N_("An ordinary sub-process was made an ad-hoc one."),
)
COUNT = Rule(
    "repetitions",
    N_("“%(name)s” cannot be repeated “%(count)s” times."),
    N_("Write a number that is not negative, or an expression that gives one."),
    title=N_("A number of repetitions that is none"),
    about=N_("The number says how often the activity runs; it is 0 or more."),
    example=N_("The cardinality is -1."),
)
ENDLESS_LOOP = Rule(
    "endless-loop",
    N_("Nothing ever ends the loop of “%(name)s”."),
    N_("Write its loop condition, or how often it runs at most."),
    title=N_("A loop without an end"),
    about=N_("A loop runs on while its condition is true, or until its maximum is reached."),
    example=N_("The loop marker was added and its settings were left empty."),
)
BEHAVIOUR = Rule(
    "instance-event",
    N_("“%(name)s” throws an event when an instance completes, but none that can be thrown."),
    N_(
        "Name a signal, message, escalation or error event definition, and a condition where asked."
    ),
    title=N_("An event of completing instances that cannot be thrown"),
    about=N_(
        "An activity done several times may throw an event whenever one of its turns completes, at"
        " the first of them, or under a condition. It is caught on the border of the activity."
    ),
    example=N_("The behaviour is Complex and no condition says when."),
)
