"""The sentences that people read, as message ids, and the one way to fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable


ENTER = N_("Enter “%(label)s”")
CHOOSE = N_("Choose an answer for “%(label)s”")
CHOOSE_SOME = N_("Choose at least one answer for “%(label)s”")
TICK = N_("Tick the box “%(label)s”")
UPLOAD = N_("Upload a file for “%(label)s”")
ENTER_DATE = N_("Enter a date for “%(label)s”")
ENTER_TIME = N_("Enter a time for “%(label)s”")
ADD_ROW = N_("Add at least one row to “%(label)s”")
ADD_ROWS = N_("“%(label)s” must have at least %(number)d rows")
TOO_MANY_ROWS = N_("“%(label)s” must have at most %(number)d rows")

NOT_A_NUMBER = N_("“%(label)s” must be a number, such as 12")
NOT_WHOLE = N_("“%(label)s” must be a whole number")
TOO_PRECISE = N_("“%(label)s” must have at most %(number)d decimal places")
NOT_MONEY = N_("“%(label)s” must be an amount of money, such as 12 500.50")
NOT_A_DATE = N_("“%(label)s” must be a real date, such as 27 3 2026")
DATE_NEEDS_DAY = N_("“%(label)s” must include a day")
DATE_NEEDS_MONTH = N_("“%(label)s” must include a month")
DATE_NEEDS_YEAR = N_("“%(label)s” must include a year with four digits")
NOT_A_TIME = N_("“%(label)s” must be a time of day, such as 14:30")
NEEDS_TIME = N_("“%(label)s” must include a time of day, such as 14:30")
NEEDS_DATE = N_("“%(label)s” must include a date, such as 27 3 2026")
IN_THE_PAST = N_("“%(label)s” must be today or later")
TOO_SMALL = N_("“%(label)s” must be %(limit)s or more")
TOO_LARGE = N_("“%(label)s” must be %(limit)s or less")
TOO_SHORT = N_("“%(label)s” must have at least %(number)d characters; it has %(length)d")
TOO_LONG = N_("“%(label)s” must have at most %(number)d characters; it has %(length)d")
WRONG_PATTERN = N_("“%(label)s” is not written in the form that is asked for")
UNSEEN = N_(
    "“%(label)s” had characters that nobody sees. They were taken out: read it and send it again"
)
NOT_EMAIL = N_("“%(label)s” must be an email address, such as name@example.org")
NOT_PHONE = N_("“%(label)s” must be a telephone number, such as +374 10 123456")
NOT_A_CHOICE = N_("Choose one of the given answers for “%(label)s”")
CHECK_FAILED = N_("“%(label)s” does not fit the other answers")
SIGN_NAME = N_("Type your full name to sign “%(label)s”")
SIGN_TICK = N_("Tick the box to sign “%(label)s”")
FILES_LOST = N_("A file of “%(label)s” is no longer there; upload it again")
ROW_ERROR = N_("%(list)s, row %(number)d: %(message)s")
NAMED_ROW_ERROR = N_("%(list)s, row %(number)d (%(name)s): %(message)s")

UP_TO = N_("Up to %(number)d characters.")
ERROR = N_("Error")
PROBLEM = N_("There is a problem")
OPTIONAL = N_("%(label)s (optional)")
DAY = N_("Day")
MONTH = N_("Month")
YEAR = N_("Year")
TIME = N_("Time")
DATE_HINT = N_("For example, 27 3 2026")
TIME_HINT = N_("For example, 14:30")
YES = N_("Yes")
NO = N_("No")
NOTHING = N_("Not provided")
PLEASE_CHOOSE = N_("Please choose")
ROW = N_("Row %(number)s")
ROW_NAME = N_("Name")
NAMED_ROW = N_("%(number)s. %(name)s")
ADD = N_("Add a row to “%(label)s”")
REMOVE = N_("Remove")
REMOVE_NAMED = N_("Remove row %(number)s from “%(label)s”")
NO_ROWS = N_("No rows yet.")
REMOVE_FILE = N_("Remove %(name)s")
SIGNATURE = N_("Signature")
FULL_NAME = N_("Your full name")
SIGN_STATEMENT = N_("I sign this with my name. The date and time are added when I submit.")
SIGNED_IN_AS = N_("You are signed in as %(name)s.")
SIGNED = N_("%(name)s, %(at)s")
KILOBYTES = N_("%(number)d kB")
MEGABYTES = N_("%(number).1f MB")

SAVED_AT = N_("Saved %(time)s")
SAVING = N_("Saving…")
NOT_SAVED = N_(
    "Your entries could not be saved. They are still on this page; we keep trying to save them."
)
SAVE_REFUSED = N_(
    "Your entries cannot be saved any more. Copy what you need, then load this page again."
)
ROW_ADDED = N_("Row %(number)s was added")
ROW_REMOVED = N_("The row was removed. Rows left: %(number)s")
UNSAVED = N_("Not saved yet")
SUBMITTING = N_("Sending…")


class Words:
    """Translates message ids and fills in their named placeholders."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._translate = translate

    def __call__(self, message: str, /, **params: object) -> str:
        """Give the sentence for `message`; a label or row name among `params` is text already."""
        text = self._translate(message) if message else ""
        return text % params if params else text
