"""The seats of a collection when it opens, and the mails with their personal links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.ids import random_id
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.services.collecting.seats import seats, token_of
from workflow_app.services.mails import Recipient, person, write_mail
from workflow_app.services.manifests import MailTemplate
from workflow_app.services.operations.outgoing import mail_template
from workflow_app.services.outgoing import outbox_row

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

MOST = 2_000
NO_MAIL = "none"
NO_LIST = N_("The input “%(name)s” must be a list of contexts with a label each.")
TWICE = N_("Two seats have the code “%(code)s”.")
TOO_MANY = N_("There are %(count)s seats; at most %(most)s can be given.")
USUAL = MailTemplate(
    subject=N_("{title}: your link"),
    body=N_(
        "{seat.label},\n\nyou are asked for your answer: {title}.\n\nThis link is yours alone;"
        " please do not pass it on:\n{link}\n\nYou can change your answer until it closes."
        '{if closes = null then "" else "\\n\\nIt closes on " + closes + "."}'
    ),
)


def new_seats(
    scope: StepScope, call: Call, collection_id: int, known: Any | None
) -> list[dict[str, Any]]:
    """Return the rows of the seats that are not there yet. Raises OperationFailed."""
    given = call.inputs.get("seats") or []
    rows = [_seat(one, place, collection_id) for place, one in enumerate(_list(given), 1)]
    codes = [row["code"] for row in rows]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise OperationFailed(TWICE, code=twice)
    if len(rows) > MOST:
        raise OperationFailed(TOO_MANY, count=len(rows), most=MOST)
    query = select(seats.c.code).where(seats.c.collection_id == collection_id)
    there = set(scope.ctx.session.scalars(query)) if known is not None else set()
    return [row for row in rows if row["code"] not in there]


def invite(scope: StepScope, call: Call, key: str, rows: list[dict[str, Any]]) -> None:
    """Ask for the seats, and for a mail with the personal link where an address is known."""
    for row in rows:
        scope.insert(seats, **row)
    if not rows or call.get("mail") == NO_MAIL:
        return
    template = mail_template(scope, call) if call.get("mail") else USUAL
    settings = scope.ctx.platform.settings
    for row in rows:
        token = token_of(settings.secret_key, row["id"], 0)
        link = f"{settings.base_url}/collect/{scope.case.number}/{key}/{token}"
        told = {
            "title": str(call.get("title") or scope.case.title),
            "seat": {"code": row["code"], "label": row["label"]},
            "closes": call.get("closes"),
        }
        for one in _recipients(scope, row):
            own = Recipient(one.email, one.language, link)
            mail = write_mail(scope, template, own, {**call.data, **call.inputs, **told})
            named = {**mail, "mail": str(call.get("mail") or key)}
            outbox_row(scope, OutboxKind.MAIL, named, call.patience)


def _recipients(scope: StepScope, row: dict[str, Any]) -> list[Recipient]:
    if row["email"]:
        return [Recipient(row["email"], scope.case.language, "")]
    return person(scope, row["username"]) if row["username"] else []


def _list(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise OperationFailed(NO_LIST, name="seats")
    return given


def _seat(one: dict[str, Any], place: int, collection_id: int) -> dict[str, Any]:
    username = one.get("username")
    label = one.get("label") or username
    if not label:
        raise OperationFailed(NO_LIST, name="seats")
    return {
        "id": random_id(),
        "collection_id": collection_id,
        "position": place,
        "code": str(one.get("code") or username or place)[:80],
        "label": str(label)[:300],
        "email": str(one["email"])[:300] if one.get("email") else None,
        "username": str(username)[:80] if username else None,
        "turn": 0,
    }
