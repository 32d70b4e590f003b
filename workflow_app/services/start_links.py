"""Links by mail that open a start form for people without an account."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.register import StartLink
from workflow_app.services.drafts import owner_of
from workflow_app.services.entries import entry_for
from workflow_app.services.opening import Opening, start_form_of
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.taking import newest_taking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

LINK_DAYS = 30
LINK_USED = N_("This link was used already, or it is not complete. Ask for a new one.")
_links = table_of(StartLink)


class LinkExpired(NotFound):
    """A link whose time is over; what was typed under it is kept for the next one."""

    message = N_(
        "This link has expired. Ask for a new one with the same e-mail address: what you typed is "
        "kept."
    )


def send_start_link(
    ctx: Context,
    published: Published,
    email: str,
    answers: Mapping[str, Any] | None = None,
    entry: str | None = None,
) -> None:
    """Send a link that opens the start form; the same words whether or not the address is known.

    It goes on with what was typed under an older link of the same address that was not used.
    `answers` are those to the questions before the form, `entry` is the key of what is applied to.
    """
    token = secrets.token_urlsafe(24)
    ctx.session.execute(
        insert(_links).values(
            digest=_digest(token),
            email=email,
            process_key=published.key,
            language=ctx.language,
            created_at=ctx.now,
            draft_owner=_unfinished(ctx, published.key, email, entry),
            entry=entry,
            answers=dict(answers) if answers else None,
        )
    )
    mail = _mail(ctx, published, email, token)
    ctx.session.execute(insert(outbox).values(**outbox_values(OutboxKind.MAIL, mail, ctx.now)))


def _mail(ctx: Context, published: Published, email: str, token: str) -> dict[str, str]:
    words = Words(ctx.language, published.words.get(ctx.language, {}))
    title = words.text(published.manifest.title)
    return {
        "to": email,
        "language": ctx.language,
        "subject": words.text(N_("Your link to apply: %(title)s"), title=title),
        "text": words.text(
            N_(
                "You asked for a link to apply: %(title)s.\n\n%(link)s\n\n"
                "The link works for 30 days. What you type is saved, so you can stop and come "
                "back by the same link.\n\n"
                "If you did not ask for it, do nothing."
            ),
            title=title,
            link=f"{ctx.platform.settings.base_url}/start/{token}",
        ),
    }


def _unfinished(ctx: Context, key: str, email: str, entry: str | None) -> str | None:
    """Return who owns the draft of the newest link of an address that no case came of."""
    query = select(_links.c.id, _links.c.draft_owner).where(
        _links.c.email == email,
        _links.c.process_key == key,
        _links.c.used_case_id.is_(None),
        _links.c.entry.is_not_distinct_from(entry),
    )
    older = ctx.session.execute(query.order_by(_links.c.id.desc()).limit(1)).first()
    return _draft_owner(ctx, older) if older is not None else None


def open_by_link(ctx: Context, token: str) -> Opening:
    """Return the start form behind a link.

    Raises NotFound when it is unknown, used or expired, NoNewCases.
    """
    link = ctx.session.execute(select(_links).where(_links.c.digest == _digest(token))).first()
    if link is None or link.used_case_id is not None:
        raise NotFound(LINK_USED)
    if (ctx.now - link.created_at).days >= LINK_DAYS:
        raise LinkExpired
    published = newest_taking(ctx, link.process_key)
    start = start_form_of(published, ctx.actor, by_link=True)
    return Opening(
        published=published,
        start=start,
        entry=entry_for(ctx, start, link.entry),
        owner=_draft_owner(ctx, link),
        email=link.email,
        link_id=link.id,
        known=link.answers,
    )


def _draft_owner(ctx: Context, link: Any) -> str:
    return str(link.draft_owner or owner_of(ctx.actor, str(link.id)))


def use_link(ctx: Context, link_id: int, case_id: int) -> None:
    """Note that a case came of a link. Raises NotFound when one did already."""
    unused = update(_links).where(_links.c.id == link_id, _links.c.used_case_id.is_(None))
    hit = ctx.connection.execute(unused.values(used_case_id=case_id))
    if hit.rowcount == 0:
        raise NotFound(LINK_USED)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
