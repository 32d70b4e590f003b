"""Rules about decision tables: what no row answers, what two rows answer, what none reaches."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

GAP = Rule(
    "table-gap",
    N_("The table “%(name)s” has no row for %(example)s."),
    N_("Add a row for these values, or a last row that takes whatever is left."),
    "warning",
    title=N_("Values for which a table has no row"),
    about=N_(
        "For the values of the example no row of the table matches, so that the decision gives"
        " nothing. A dash stands where any value will do."
    ),
    example=N_("One row asks for less than 55, the next for more than 55, and none for 55 itself."),
)
OVERLAP = Rule(
    "table-overlap",
    N_("Rows %(rows)s of the table “%(name)s” both match for %(example)s."),
    N_("Narrow one of the rows, or let the first row that matches win (hit policy “First”)."),
    title=N_("Two rows for the same values"),
    about=N_(
        "The table's hit policy is “Unique”: only one row may match. For the values of the example"
        " two do, and the case would stop there."
    ),
    example=N_("One row takes up to 55, the next takes 55 and more."),
)
CONTRADICTION = Rule(
    "table-contradiction",
    N_("Rows %(rows)s of the table “%(name)s” do not agree for %(example)s."),
    N_("Narrow one of the rows, or let the first row that matches win (hit policy “First”)."),
    title=N_("Two rows that contradict each other"),
    about=N_(
        "Two rows match for the values of the example and give different results, where the hit"
        " policy allows only one row, or rows that agree. The case would stop there."
    ),
    example=N_("One row accepts whoever is over 18, another refuses whoever lives elsewhere."),
)
DEAD_ROW = Rule(
    "table-dead-row",
    N_("Row %(row)s of the table “%(name)s” never matches: “%(cell)s” fits no “%(input)s”."),
    N_("Correct the cell, or remove the row."),
    "warning",
    title=N_("A row that never matches"),
    about=N_(
        "A cell of the row takes no value that its column can have: an interval that ends before it"
        " begins, a value of another type, or one that is not allowed."
    ),
    example=N_("The cell says [70..55]."),
)
REFUSED_OUTPUT = Rule(
    "table-refused-output",
    N_("Row %(row)s of “%(name)s” gives “%(output)s” %(value)s, which the column does not allow."),
    N_("Correct the cell, or add the value to those that the column allows."),
    title=N_("A result that its column does not allow"),
    about=N_(
        "The column lists the values that it may have, or has a type that does, and the row gives"
        " another one. The case would stop there."
    ),
    example=N_("The column allows “approved” and “refused”, and the cell says “aproved”."),
)
NO_ORDER = Rule(
    "table-without-order",
    N_("The table “%(name)s” does not say which of its results comes first."),
    N_("List the values of the output column by their weight, or choose the hit policy “First”."),
    "warning",
    title=N_("Results without an order"),
    about=N_(
        "By its hit policy the table goes by the order in which the values of an output column are"
        " listed, and none is. The order of the rows counts instead."
    ),
    example=N_("The hit policy is “Priority”, and the output column lists no values."),
)
MASKED_ROW = Rule(
    "table-masked-row",
    N_("Row %(row)s of the table “%(name)s” is never reached: row %(by)s takes all before it."),
    N_("Move the row up, or remove it."),
    "warning",
    title=N_("A row behind a wider row"),
    about=N_("The first row that matches wins, and a row above takes every value of this one."),
    example=N_("A row that takes whatever is left stands above the last row."),
)
COVERED_ROW = Rule(
    "table-covered-row",
    N_("Row %(row)s of the table “%(name)s” is never reached: the rows above take all before it."),
    N_("Move the row up, or remove it."),
    "warning",
    title=N_("A row behind rows that leave nothing"),
    about=N_(
        "The first row that matches wins, and the rows above together take every value of this one."
    ),
    example=N_("One row takes less than 10, the next 10 and more, the third 5 to 15."),
)
NO_CATCH_ALL = Rule(
    "table-without-catch-all",
    N_("The table “%(name)s” has no row for whatever the others leave."),
    N_("End the table with a row of dashes, or give its results a default."),
    "warning",
    title=N_("A table without a last resort"),
    about=N_(
        "No row takes what the others leave, a value that was not filled in among it. The decision"
        " gives nothing then."
    ),
    example=N_("One row asks for “yes”, one for “no”, and the answer was left empty."),
)
MERGEABLE = Rule(
    "table-rows-alike",
    N_("Rows %(rows)s of the table “%(name)s” differ in “%(input)s” only."),
    N_("Write one row with both values, parted by a comma."),
    "info",
    title=N_("Rows that could be one"),
    about=N_("The rows give the same and ask for the same in every column but one."),
    example=N_("Two rows give “visit”, one for “home” and one for “day care”."),
)
UNFINISHED = Rule(
    "table-too-large",
    N_("The table “%(name)s” is so large that not all of it was checked."),
    N_("Mend what was found and check again, or part the table into several decisions."),
    "info",
    title=N_("A table that was not checked to the end"),
    about=N_(
        "The check of a table stops after a while, and tells only the first of many findings."
    ),
    example=N_("Thousands of rows overlap each other."),
)
