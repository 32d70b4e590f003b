"""Seats: people who have one entry each, reached by a personal link or a short code.

Nothing of a link is stored. It is signed and names the seat and the turn of its link; renewing
raises the turn, and every link and code of before then leads nowhere.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update

from workflow_app.domain.errors import NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.collections import CollectionSeat

if TYPE_CHECKING:
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context

seats = table_of(CollectionSeat)
#: Letters and digits that nobody takes for another one when reading them off paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
NO_SEAT = N_("This link leads nowhere. It may be an old one: ask whoever sent it for the new one.")


def token_of(secret: str, seat_id: int, turn: int) -> str:
    """Return the secret part of a seat's link."""
    return str(_signer(secret).dumps([seat_id, turn]))


def short_code(secret: str, seat_id: int, turn: int) -> str:
    """Return what somebody in the room types instead of following the link."""
    word = f"seat {seat_id} {turn}".encode()
    number = int.from_bytes(hmac.digest(secret.encode(), word, sha256), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def seat_by_token(ctx: Context, opened: Opened, token: str) -> Any:
    """Return the row of the seat that a link is for. Raises NotFound."""
    try:
        signed = _signer(ctx.platform.settings.secret_key).loads(token)
        seat_id, turn = signed
    except (BadSignature, ValueError, TypeError) as wrong:
        raise NotFound(NO_SEAT) from wrong
    query = select(seats).where(seats.c.id == seat_id, seats.c.collection_id == opened.row.id)
    seat = ctx.session.execute(query).first()
    if seat is None or seat.turn != turn:
        raise NotFound(NO_SEAT)
    return seat


def seat_by_code(ctx: Context, opened: Opened, typed: str) -> Any | None:
    """Return the seat whose short code was typed; None where it is nobody's."""
    wanted = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    secret = ctx.platform.settings.secret_key
    found = None
    for seat in seats_of(ctx, opened):
        if hmac.compare_digest(short_code(secret, seat.id, seat.turn), wanted):
            found = seat
    return found


def seat_of_account(ctx: Context, opened: Opened) -> Any | None:
    """Return the seat of whoever is signed in."""
    mine = seats.c.username == ctx.actor.username
    query = select(seats).where(seats.c.collection_id == opened.row.id, mine)
    return ctx.session.execute(query).first() if ctx.actor.is_signed_in else None


def seats_of(ctx: Context, opened: Opened) -> list[Any]:
    """Return the seats in their order."""
    query = select(seats).where(seats.c.collection_id == opened.row.id)
    return list(ctx.session.execute(query.order_by(seats.c.position)))


def renew_link(ctx: Context, opened: Opened, seat_id: int) -> None:
    """Give a seat a new link; the one before leads nowhere from now on."""
    own = (seats.c.id == seat_id, seats.c.collection_id == opened.row.id)
    ctx.session.execute(update(seats).where(*own).values(turn=seats.c.turn + 1))


def link_of(ctx: Context, number: str, key: str, seat: Any) -> str:
    """Return the whole address of a seat's page."""
    settings = ctx.platform.settings
    token = token_of(settings.secret_key, seat.id, seat.turn)
    return f"{settings.base_url}/collect/{number}/{key}/{token}"


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="collection seat")
