"""Rules about what happens on the way: found by walking through all that can happen."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

EXCLUSIVE_PARALLEL = Rule(
    "exclusive-into-parallel",
    N_("“%(name)s” waits for all its ways, but “%(gateway)s” opens only one of them."),
    N_("Bring the ways together with the same kind of gateway that parted them."),
    title=N_("One way is opened, all are waited for"),
    about=N_(
        "An exclusive gateway opens one way. A parallel gateway behind it waits for a token on"
        " each of its ways, so it waits for ever."
    ),
    example=N_("After “approve” or “refuse” both ways come together in a gateway with a plus."),
)
JOIN_DEAD = Rule(
    "join-never-fires",
    N_("“%(name)s” can never go on, because not all its ways can be taken in one case."),
    N_("Look which of its ways are alternatives, and bring those together first."),
    title=N_("A gateway that can never go on"),
    about=N_("Whatever is chosen before it, at least one of its ways stays empty."),
    example=N_("One of the ways into a parallel gateway begins behind that gateway."),
)
DEADLOCK = Rule(
    "deadlock",
    N_("“%(name)s” can wait for ever: nothing more comes after %(path)s."),
    N_("Follow the named steps in the diagram; bring ways together as they were parted."),
    "warning",
    title=N_("A case that can get stuck"),
    about=N_(
        "There is a way through the diagram after which a gateway waits for something that can no"
        " longer come. Whether a case takes that way depends on its conditions."
    ),
    example=N_("One of three parallel ways can end early, and the other two wait for it."),
)
LEFT_WAITING = Rule(
    "left-waiting",
    N_("“%(name)s” is left waiting when “%(end)s” is reached, after %(path)s."),
    N_("Lead the ended way to the gateway, or end the whole case with a terminate end event."),
    "warning",
    title=N_("An end that leaves something waiting"),
    about=N_("One way has come to its end while a gateway waits for it, so the case never closes."),
    example=N_("A parallel way ends with “refused”, and the other ways wait to be joined by it."),
)
DONE_TWICE = Rule(
    "done-twice",
    N_("What follows “%(name)s” can be done twice in one case, after %(path)s."),
    N_("If it should be done once, bring the parallel ways together with a parallel gateway."),
    "warning",
    title=N_("Work that is done twice"),
    about=N_(
        "Two ways that are open at the same time come together where nothing waits for both. Each"
        " of them goes on by itself, and everybody behind is asked twice."
    ),
    example=N_("Two parallel tasks lead straight into the same third task."),
)
PILES_UP = Rule(
    "piles-up",
    N_("Open ways at “%(name)s” can become more and more, after %(path)s."),
    N_("Make sure that each round of the loop closes as many ways as it opens."),
    "warning",
    title=N_("Ways that pile up without end"),
    about=N_("A loop opens more ways than it closes, so each round leaves some behind."),
    example=N_("A flow leads out of a parallel part back to before its beginning."),
)
NEVER_ENDS = Rule(
    "never-ends",
    N_("From “%(name)s” on nothing leads to an end."),
    N_("Draw a way out of the loop."),
    "warning",
    title=N_("A loop without a way out"),
    about=N_("Once a case comes here it goes round for ever, and never closes."),
    example=N_("A gateway at the end of a loop has no way that leaves the loop."),
)
NEVER_COMPLETES = Rule(
    "never-completes",
    N_("Nothing leads on from “%(name)s”, because what is in it never comes to its end."),
    N_("Draw a way to a plain end event in it, or remove the flow that leaves it."),
    "warning",
    title=N_("A sub-process that never completes"),
    about=N_("All ways inside end by an error or get stuck, so the flow behind is never taken."),
    example=N_("The only end event in a sub-process throws an error."),
)
NOT_EXPLORED = Rule(
    "not-explored",
    N_("“%(name)s” has more situations than were looked at (%(seen)s); some may get stuck."),
    N_("Move parts of it into sub-processes, which are looked at one by one."),
    "info",
    title=N_("Too much can happen to look at all of it"),
    about=N_(
        "The diagram is walked through in every way it can go, up to a fixed number of situations."
        " This one has more, so what is said about deadlocks may be incomplete."
    ),
    example=N_("Twelve parallel ways each hold many choices and loops."),
)
APPROXIMATED = Rule(
    "not-followed",
    N_("What happens behind “%(name)s” was not looked at, because it follows a rule of its own."),
    N_("Play the case through by hand, or use plain gateways."),
    "info",
    title=N_("A gateway whose rule is not followed"),
    about=N_(
        "A complex gateway and an ad-hoc sub-process go on by a rule that is written in FEEL. The"
        " walk through all that can happen cannot know it."
    ),
    example=N_("A gateway goes on as soon as two of three opinions are there."),
)
