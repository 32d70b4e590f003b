"""Rules about what properties say of a person's task."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

PROPERTY = Rule(
    "property-value",
    N_("The property “%(property)s” of “%(name)s” says “%(value)s”; it is true or false."),
    N_("Write true or false, or remove the property."),
    title=N_("A property with a value that it cannot have"),
    about=N_(
        "A task may say that its answers are blind, that it opens the case file, that it cannot be"
        " undone, or that it is done without network. Each of these is true or false."
    ),
    example=N_("The property “blind” says “yes”."),
)
WHERE = Rule(
    "property-elsewhere",
    N_("The property “%(property)s” says nothing of “%(name)s”: only user tasks have it."),
    N_("Put it on the user task that is meant, or remove it."),
    title=N_("A property on something that is no task for a person"),
    about=N_("Four eyes, blind answers, a sealed file and a final step belong to people's tasks."),
    example=N_("The property “seal” stands on the sub-process around the declaration."),
)
SAME_EYES = Rule(
    "four-eyes-unknown",
    N_("“%(name)s” wants other eyes than “%(task)s”, which is no user task here."),
    N_("Name the ids of user tasks, with spaces between them."),
    title=N_("Four eyes over a task that is not there"),
    about=N_(
        "The property names the tasks whose people may not do this one. A name that leads nowhere"
        " would let everybody do both."
    ),
    example=N_("A task was renamed, and the property still has its old id."),
)
