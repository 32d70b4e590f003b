"""Rules about drafts: what is too large to be looked at while somebody waits, shared ids."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

TOO_MANY_ELEMENTS = Rule(
    "too-many-elements",
    N_("The diagram draws %(number)s elements; at most %(limit)s can be checked."),
    N_("Move parts of it into processes of their own and call them."),
    title=N_("A diagram that is too large"),
    about=N_(
        "Nobody can read such a diagram, and it could not be checked while you wait. The file is"
        " kept, but nothing in it was checked and it cannot be published."
    ),
    example=N_("A diagram was exported from a tool that draws every rule as a gateway."),
)
TOO_MANY_FIELDS = Rule(
    "too-many-fields",
    N_("The form has %(number)s fields; at most %(limit)s can be checked."),
    N_("Split it into several forms, or let people add rows to a list."),
    title=N_("A form that is too large"),
    about=N_(
        "A page with so many fields could be neither shown nor filled in. The file is kept, but"
        " nothing in it was checked and it cannot be published."
    ),
    example=N_("A field was copied for every day of several years."),
)
TOO_MANY_RULES = Rule(
    "too-many-rules",
    N_("The tables of this file have %(number)s rules; at most %(limit)s can be checked."),
    N_("Split the table, or keep the values in a register and look them up."),
    title=N_("A decision table that is too large"),
    about=N_(
        "So many rules are data rather than a decision, and gaps and overlaps could not be looked"
        " for while you wait. The file is kept, but nothing in it was checked and it cannot be"
        " published."
    ),
    example=N_("A price list was pasted into a table."),
)
BAD_REGISTER = Rule(
    "register-unreadable",
    N_("The register cannot be read: %(reason)s"),
    N_("Mend the named place; every field needs a name, a type and a label."),
    title=N_("A register that cannot be read"),
    about=N_(
        "The file says what an entry of the register holds. It cannot be understood, so nothing"
        " could be entered, and the draft cannot be published."
    ),
    example=N_("A quotation mark is missing after the title."),
)
SHARED_ID = Rule(
    "shared-id",
    N_("“%(id)s” is defined here and in %(other)s."),
    N_("Give one of the two another id, or remove one file."),
    title=N_("Two files with one id"),
    about=N_(
        "A process or decision is found by its id. When two files define the same one, nobody can"
        " say which is meant."
    ),
    example=N_("A diagram was copied under another name and both files were uploaded."),
)
