"""Rules about events: what they wait for, where they may stand, who catches what."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

SEVERAL = Rule(
    "several-triggers",
    N_("“%(name)s” waits for or throws several things at once, which cannot be run."),
    N_("Draw one event for each."),
    title=N_("An event of several kinds"),
    about=N_("This event holds several definitions in a way that this service does not run."),
    example=N_("One event is to wait for a message and for a time."),
)
KIND = Rule(
    "event-kind",
    N_("“%(name)s” is of kind “%(kind)s”, which cannot stand here."),
    N_("Choose another kind of event; the table of elements in the handbook shows which may be."),
    title=N_("An event where BPMN allows none of its kind"),
    about=N_(
        "Not every kind of event may stand everywhere: errors are caught on borders, links only"
        " lead from one place to another, only ends terminate."
    ),
    example=N_("An end event waits for a time."),
)
ALWAYS = Rule(
    "always-interrupts",
    N_("“%(name)s” is drawn as not interrupting, but a thing of kind “%(kind)s” always does."),
    N_("Draw it as interrupting."),
    title=N_("An event that cannot leave things running"),
    about=N_("After an error, a cancellation or a compensation the activity is over."),
    example=N_("An error event on a border has a dashed line."),
)
WAITS_FOR_NOTHING = Rule(
    "waits-for-nothing",
    N_("Nothing says what “%(name)s” waits for."),
    N_("Choose the message, time, signal or condition in the properties panel."),
    title=N_("A waiting that waits for nothing"),
    about=N_("Without a message, a time, a signal or a condition the case would not wait here."),
    example=N_("A receive task was drawn and its message not chosen."),
)
NAMELESS = Rule(
    "nameless",
    N_("The %(kind)s of “%(name)s” has no name."),
    N_("Give it a name in the properties panel; all without a name would be taken for the same."),
    title=N_("A message or signal without a name"),
    about=N_("Messages and signals find who waits for them by their name."),
    example=N_("A message was created and its name left empty."),
)
LINK = Rule(
    "link-without-target",
    N_("The link “%(name)s” leads nowhere."),
    N_("Draw one catching link event of the same name on the same level."),
    title=N_("A link that leads nowhere"),
    about=N_("A throwing link continues at the one catching link of the same name and level."),
    example=N_("One of a pair of links was renamed."),
)
LINK_SOURCE = Rule(
    "link-without-source",
    N_("Nothing leads to the link “%(name)s”."),
    N_("Draw a throwing link event of the same name on the same level, or remove it."),
    "warning",
    title=N_("A link that nothing leads to"),
    about=N_("A catching link goes on where a throwing one of the same name stopped."),
    example=N_("One of a pair of links was renamed."),
)
BEHIND_EVENTS = Rule(
    "event-gateway-target",
    N_("“%(name)s” follows an event gateway and is no event that can be waited for."),
    N_("Put a catch event or a receive task right behind the gateway."),
    title=N_("A step behind an event gateway that is no event"),
    about=N_("An event gateway lets the first event decide, so events stand right behind it."),
    example=N_("A user task follows an event gateway."),
)
SHARED_TARGET = Rule(
    "event-gateway-shared",
    N_("“%(name)s” follows the event gateway “%(gateway)s”, but another flow leads there too."),
    N_("Draw a second event for the other way."),
    title=N_("An event of an event gateway that others use too"),
    about=N_(
        "When one event of the gateway happens, the others are given up. An event that another"
        " way also waits for cannot be given up."
    ),
    example=N_("A flow leads back to the timer behind an event gateway."),
)
REFERENCE = Rule(
    "missing-reference",
    N_("“%(name)s” refers to a %(kind)s that is not there (“%(reference)s”)."),
    N_("Choose or create it in the properties panel."),
    title=N_("A reference to something that is not there"),
    about=N_(
        "Messages, signals, errors and escalations are defined once and referred to. This one is"
        " not defined, or none was chosen."
    ),
    example=N_("A message was removed, and an event still waits for it."),
)
POINTLESS = Rule(
    "boundary-never",
    N_("“%(name)s” sits on a task that never waits, so it never happens."),
    N_("Attach it to an activity that waits, or remove it."),
    "warning",
    title=N_("An event on a task that never waits"),
    about=N_("The task is done in an instant, so nothing from outside can come in between."),
    example=N_("A timer sits on a script task."),
)
UNCAUGHT = Rule(
    "uncaught-error",
    N_("Nobody catches the error “%(error)s” that “%(name)s” throws; the case would stop there."),
    N_("Put an error boundary event on the activity around it, or use a plain end event."),
    "warning",
    title=N_("An error that nobody catches"),
    about=N_("A thrown error climbs to whoever catches it. With nobody, the case stops with it."),
    example=N_("A called process ends with an error, and the call has no event on its border."),
)
TIMER = Rule(
    "unreadable-timer",
    N_("The timer “%(name)s” has no time that can be read: %(reason)s"),
    N_("Write an ISO 8601 date, duration or repetition, or FEEL after “=”."),
    title=N_("A timer that no calendar can read"),
    about=N_("A timer needs a date, a duration or a repetition, and exactly one of them."),
    example=N_("The duration says “5 days” instead of “P5D”."),
)
NEVER_SENT = Rule(
    "never-sent",
    N_("Nobody sends the message “%(message)s” that “%(name)s” waits for."),
    N_("Give the event a form and who may send it, or draw what sends the message."),
    "warning",
    title=N_("A message that nobody sends"),
    about=N_("No page, no step and no other process sends it, so the case would wait for ever."),
    example=N_("The sending event uses another message with a similar name."),
)
NEVER_RECEIVED = Rule(
    "never-received",
    N_("Nobody waits for the message “%(message)s” that “%(name)s” sends."),
    N_("Draw what waits for it, or remove the sending."),
    "warning",
    title=N_("A message that nobody waits for"),
    about=N_("The message is sent, and no process waits for one of this name."),
    example=N_("The waiting event uses another message with a similar name."),
)
