"""Rules about content: expressions, forms, roles, decisions, calls, operations, repetitions."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

FEEL = Rule(
    "unreadable-expression",
    N_("The expression “%(text)s” cannot be read: %(reason)s"),
    N_("Correct the expression; FEEL is described in the handbook."),
    title=N_("An expression that cannot be read"),
    about=N_("Conditions, times and values are written in FEEL. This one breaks its grammar."),
    example=N_("A closing bracket is missing."),
)
NOT_BOOLEAN = Rule(
    "not-a-condition",
    N_("The condition “%(text)s” gives %(found)s, never true or false."),
    N_("Compare it with something, as in “= answer = 5”."),
    title=N_("A condition that is no condition"),
    about=N_("A condition must give true or false. This one always gives something else."),
    example=N_("The condition of a flow says “yes” in quotes."),
)
FORM = Rule(
    "missing-form",
    N_("The form “%(form)s” of “%(name)s” is not there."),
    N_("Create the form, or choose another one."),
    title=N_("A form that is not there"),
    about=N_("The task or event names a form, and there is no form of this name."),
    example=N_("A form was renamed, and the diagram still has its old name."),
)
NO_FORM = Rule(
    "no-form",
    N_("The task “%(name)s” has no form."),
    N_("Choose a form in the properties panel."),
    "warning",
    title=N_("A task without a form"),
    about=N_("Whoever does the task sees a page with nothing to fill in."),
    example=N_("A new task was drawn and its form not chosen."),
)
UNUSED_FORM = Rule(
    "unused-form",
    N_("No task and no event shows the form “%(form)s”."),
    N_("Choose the form where it belongs, or remove it."),
    "warning",
    title=N_("A form that nothing shows"),
    about=N_("The form is kept with the process, but nothing in the process shows it."),
    example=N_("A task was removed, and its form was left."),
)
ROLE = Rule(
    "unknown-role",
    N_("“%(role)s” is no role."),
    N_("Use a role code as the lane's name, or create the role."),
    title=N_("A role that does not exist"),
    about=N_("Nobody holds a role of this code, so nobody would be asked to do the task."),
    example=N_("The lane is called “Registry” and the role's code is “registrar”."),
)
NOBODY = Rule(
    "nobody",
    N_("Nobody is asked to do “%(name)s”."),
    N_("Draw it in a lane, or give it a candidate group."),
    "warning",
    title=N_("A task for nobody"),
    about=N_("The task stands in no lane and names no person and no group."),
    example=N_("A task was drawn outside the lanes."),
)
DECISION = Rule(
    "unknown-decision",
    N_("The decision “%(decision)s” of “%(name)s” is not there."),
    N_("Create the decision table, or choose another one."),
    title=N_("A decision that is not there"),
    about=N_("The task names a decision, and no decision table has this id."),
    example=N_("A decision table was renamed, and the diagram still has its old id."),
)
CALLED = Rule(
    "unknown-process",
    N_("The process “%(process)s” that “%(name)s” calls is not there."),
    N_("Draw the process, or choose another one."),
    title=N_("A called process that is not there"),
    about=N_("The call activity names a process, and no diagram holds a process of this id."),
    example=N_("The called process was renamed."),
)
REGISTER = Rule(
    "unknown-register",
    N_("“%(name)s” reads or writes the register “%(register)s”, which is not there."),
    N_("Choose one of the registers, or make it before this version is published."),
    title=N_("A register that is not there"),
    about=N_(
        "An arrow from or to a data store, or an operation on a register, names a register that"
        " nobody made."
    ),
    example=N_("The data store was drawn with the name of a file cabinet."),
)
NO_VERSION = Rule(
    "no-version",
    N_("“%(name)s” is bound to the version “%(tag)s” of “%(what)s”, and there is none."),
    N_("Bind it to the latest version, or publish a version with this tag."),
    title=N_("A version that is not there"),
    about=N_("A called process, form or decision can be bound to the version with a tag."),
    example=N_("The call activity asks for the version “2024”, and no process has this tag."),
)
OPERATION = Rule(
    "unknown-operation",
    N_("The operation “%(operation)s” of “%(name)s” is not registered."),
    N_("Choose one of the registered operations."),
    title=N_("An operation that does not exist"),
    about=N_("What the system does by itself is a registered operation. This is none."),
    example=N_("The operation's name has a spelling mistake."),
)
SETTING = Rule(
    "unknown-setting",
    N_("There is no setting “%(key)s”, which “%(name)s” reads."),
    N_("Correct the key, or add the setting."),
    title=N_("A setting that does not exist"),
    about=N_("Values that differ by territory are settings. No setting has this key."),
    example=N_("A key was renamed in the list of settings, and an expression has the old one."),
)
SCRIPT = Rule(
    "no-script",
    N_("The script task “%(name)s” has no expression."),
    N_("Write a FEEL expression in the properties panel."),
    title=N_("A script task that does nothing"),
    about=N_("A script task computes something. Without an expression there is nothing to do."),
    example=N_("A script task was drawn and its expression left empty."),
)
LOOP = Rule(
    "loop-without-collection",
    N_("“%(name)s” repeats, but nothing says over what."),
    N_("Name an input collection, or use a loop with a condition or a maximum."),
    title=N_("A repetition without an end"),
    about=N_("A repeated activity needs a list, a number, a condition or a maximum."),
    example=N_("Three lines were drawn on a task and no collection was named."),
)
TWO_MARKERS = Rule(
    "two-markers",
    N_("“%(name)s” is drawn as a loop and as several at once."),
    N_("Choose one of the two markers; put the other on a sub-process around it."),
    title=N_("Two kinds of repetition on one activity"),
    about=N_("An activity is either repeated as a loop or done once for each item of a list."),
    example=N_("A file written by hand holds both markers."),
)
NEVER_WRITTEN = Rule(
    "never-written",
    N_("The condition reads “%(variable)s”, which nothing in this version writes."),
    N_("Correct the name, or add the field to a form."),
    "warning",
    title=N_("A condition on something that nobody fills in"),
    about=N_("No form, script, decision or mapping writes a value of this name."),
    example=N_("A form's field is called “approved”, and the condition asks for “aproved”."),
)
WRITTEN_LATER = Rule(
    "written-later",
    N_("The condition reads “%(variable)s”, which is written only later, by “%(writer)s”."),
    N_("Move the step that writes it before the condition, or ask for something else."),
    "warning",
    title=N_("A condition on something that is filled in later"),
    about=N_("When the condition is asked, no step that writes this value can have been done."),
    example=N_("A gateway asks for the outcome of a review that stands behind it."),
)
NO_CONDITION = Rule(
    "flow-without-condition",
    N_("A flow out of the gateway “%(name)s” has no condition and is not its default."),
    N_("Write the flow's condition, or make it the default flow."),
    title=N_("A way without a condition"),
    about=N_("A choosing gateway must know for each of its ways when it is taken."),
    example=N_("A third way was drawn and its condition forgotten."),
)
NO_DEFAULT = Rule(
    "no-default",
    N_("If no condition is true, the case stops at “%(name)s”."),
    N_("Mark one of its flows as the default flow."),
    "warning",
    title=N_("No way if no condition is true"),
    about=N_("All ways have conditions. If none is true, the case stops and somebody must help."),
    example=N_("Two ways ask for “yes” and for “no”, and the answer was left empty."),
)
IDLE_CONDITION = Rule(
    "idle-condition",
    N_("A condition behind “%(name)s” is never asked."),
    N_("Use an inclusive gateway, or remove the condition."),
    "warning",
    title=N_("A condition that is never asked"),
    about=N_(
        "A parallel gateway opens all its ways, an event gateway waits for events, and a default"
        " flow is taken if all others fail. No condition is asked there."
    ),
    example=N_("A flow behind a parallel gateway has a condition."),
)
DIRECTION = Rule(
    "gateway-direction",
    N_("The gateway “%(name)s” says it is “%(direction)s”, but its flows say otherwise."),
    N_("Draw two gateways, one that brings ways together and one that parts them."),
    "warning",
    title=N_("A gateway that is not what it says"),
    about=N_("The file says whether a gateway parts ways or brings them together."),
    example=N_("A gateway marked as converging has two flows that leave it."),
)
