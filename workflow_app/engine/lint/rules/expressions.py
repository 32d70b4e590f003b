"""Rules about what an expression means: types, functions, members, what is always null."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

CLASH = Rule(
    "type-clash",
    N_("The expression “%(text)s” cannot be worked out: %(reason)s"),
    N_("Compare and compute values of one kind; turn a text into a date or number first."),
    "warning",
    title=N_("Values that do not go together"),
    about=N_(
        "A text is compared with a number, a date is added to a date, or a function is given"
        " something that it does not take. The result is always nothing."
    ),
    example=N_("A number field is compared with “5” in quotes."),
)
FUNCTION = Rule(
    "unknown-function",
    N_("The expression “%(text)s” calls something that is not there: %(reason)s"),
    N_("Correct the name of the function, or give it the arguments it takes."),
    title=N_("A function that is not called so"),
    about=N_(
        "There is no function of this name, or it takes other arguments. The handbook lists all"
        " functions with their arguments."
    ),
    example=N_("An expression says “cont(items)”, and the function is called “count”."),
)
MEMBER = Rule(
    "unknown-member",
    N_("The expression “%(text)s” asks for something that is not there: %(reason)s"),
    N_("Correct the name behind the point."),
    "warning",
    title=N_("A part that a value does not have"),
    about=N_("A date has a year, a month and a day; a text has no parts. The result is nothing."),
    example=N_("An expression asks a date for its “weekdays” instead of its “weekday”."),
)
NOTHING = Rule(
    "always-nothing",
    N_("The expression “%(text)s” gives nothing: %(reason)s"),
    N_("Correct the part that is named, or take it out."),
    "warning",
    title=N_("An expression that never gives anything"),
    about=N_("Whatever the data, a part of the expression cannot be computed."),
    example=N_("A date is written out that no calendar has, such as the 30th of February."),
)
CELL = Rule(
    "unfit-cell",
    N_("Row %(row)s, column “%(column)s”: “%(text)s” cannot be worked out: %(reason)s"),
    N_("Correct the cell, or the type of its column."),
    "warning",
    title=N_("A cell that never matches or gives nothing"),
    about=N_(
        "A cell is held against the type of its column. This one compares values that do not go"
        " together, calls a function that is not there, or names a date that no calendar has."
    ),
    example=N_("A column of numbers has the text “high” in a cell."),
)
CHOICE = Rule(
    "unknown-choice",
    N_("Row %(row)s, column “%(column)s”: the form never gives “%(value)s”, only %(known)s."),
    N_("Write the value as the form has it, or add the answer to the form."),
    "warning",
    title=N_("A cell that waits for an answer that no form offers"),
    about=N_(
        "The column reads what a form asks as a choice, and the value in the cell is none of its"
        " answers."
    ),
    example=N_("The form offers “approved” and “refused”, and the cell says “aproved”."),
)
