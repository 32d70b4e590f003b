"""What each operation is called and takes, as a designer is offered it; proven against the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that an operation takes.

    `is_input` says that it is worked out from the case's data; else it is a constant of the
    diagram. `needed` ones must be there. `choice` names a list of what exists (“mails”), or is a
    list of words with “|” between them.
    """

    name: str
    is_input: bool = False
    needed: bool = False
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """An operation's title (a msgid), what it takes, and the names of what it gives."""

    title: str
    takes: tuple[Taken, ...]
    gives: tuple[str, ...]


def _note(title: str, takes: str = "", gives: str = "") -> Note:
    return Note(title, tuple(map(_taken, takes.split())), tuple(gives.split()))


def _taken(word: str) -> Taken:
    """Read `!name` (needed), `=name` (worked out), `name:list` (chosen from a list)."""
    named, _, choice = word.partition(":")
    name = named.lstrip("!=")
    marks = named[: len(named) - len(name)]
    return Taken(name, is_input="=" in marks, needed="!" in marks, choice=choice)


YES_NO = "true|false"

NOTES: Mapping[str, Note] = {
    "body.appoint": _note(
        N_("Appoint a body"),
        "!key !=title !secretary_role:roles !chair_role:roles !member_role:roles"
        " !convened_by:roles !=members territory",
        "appointed",
    ),
    "case.number": _note(N_("Give the case its number"), "", "case"),
    "case.status": _note(N_("Set the status of the case"), "!status:statuses outcome"),
    "case.read": _note(N_("Read another case"), "!=number element", "found answers data took_part"),
    "case.exclude": _note(N_("Take somebody off the case"), "!=user =reason"),
    "collection.open": _note(
        N_("Open a collection"),
        "!collection !form:forms answer_form:forms title =closes show:none|count|answered|all"
        " publish_answers:at_once|closing answered_by:roles withheld_by filter"
        f" anonymous:{YES_NO} limit =data =seats mail:mails",
        "collection",
    ),
    "collection.close": _note(N_("Close a collection"), "!collection"),
    "collection.read": _note(
        N_("Read a collection"),
        f"!collection rows:{YES_NO}",
        "count unanswered seats seats_in seats_missing tally answers left_out",
    ),
    "clock.start": _note(N_("Let the term begin"), "!=days"),
    "clock.pause": _note(N_("Stop the clock of the case"), "reason"),
    "clock.resume": _note(N_("Let the clock of the case go on"), "reason"),
    "clock.extend": _note(N_("Extend the term"), "!=days"),
    "number.next": _note(N_("Take the next number of a series"), "!series", "number"),
    "notify": _note(N_("Send a mail"), "!mail:mails !to:recipients =to_user notice"),
    "notice.serve": _note(
        N_("Serve a notice"),
        f"!mail:mails notice =document wait:{YES_NO} to:key_holder",
        "served_on served_at served_how",
    ),
    "calendar.event": _note(
        N_("Put a date into calendars"),
        "!=starts !=title =place =people role:roles key =cancelled",
    ),
    "document.render": _note(
        N_("Make a document from a letter"),
        f"!letter:letters !title public:{YES_NO} key_holder:{YES_NO} check =number",
        "document name",
    ),
    "message.send": _note(
        N_("Send a message to another case"),
        "!message:messages !=correlation =payload timeToLive",
    ),
    "message.awaited": _note(
        N_("Ask whether a message is awaited"), "!message:messages !=correlation", "awaited"
    ),
    "register.read": _note(N_("Read a register"), "!register:registers =key", "found"),
    "register.upsert": _note(
        N_("Write into a register"), "!register:registers !=entry =key", "key version"
    ),
    "register.import": _note(
        N_("Bring a table into a register"),
        "!register:registers !=file !=digest =source",
        "new changed",
    ),
    "table.read": _note(
        N_("Judge an uploaded table"),
        "!register:registers !=file",
        "count new changed same fault_count faults sample digest",
    ),
    "publish": _note(N_("Publish a page"), "kind !=title !=text =documents", "page"),
    "http.request": _note(
        N_("Ask another system"),
        "!=url method:GET|POST|PUT|PATCH|DELETE =body =headers expected error timeout",
        "status body",
    ),
    "people.allocate": _note(
        N_("Give work to people"),
        "!=items !=people =groups !=each !=seed",
        "allocated load unplaced",
    ),
    "list.rank": _note(N_("Put rows in order"), "!=rows !=by", "ranked"),
    "money.allot": _note(
        N_("Give money down a ranking"), "!=requests !=available =per_holder", "results left"
    ),
}
