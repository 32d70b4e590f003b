"""What visitors write to whoever runs the service: a mail that leaves after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from workflow_app.adapters.words import Words
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.services.outgoing import outbox, outbox_values

if TYPE_CHECKING:
    from workflow_app.services.context import Context

SUBJECT = N_("Message from a visitor: %(topic)s")
TEXT = N_(
    "%(message)s\n\nWritten on the page: %(page)s\nAnswer to: %(email)s\nLanguage: %(language)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a visitor wrote; `topic` is a msgid, `page` where they were, `email` may be empty."""

    topic: str
    message: str
    page: str = ""
    email: str = ""


def send_message(ctx: Context, message: Message) -> None:
    """Mail a visitor's message to the address of the service, in the service's language."""
    settings = ctx.platform.settings
    words = Words(settings.language)
    told = {
        "message": message.message,
        "page": message.page or "–",
        "email": message.email or "–",
        "language": ctx.language,
    }
    mail = {
        "to": settings.mail_from,
        "language": settings.language,
        "subject": words.text(SUBJECT, topic=words.text(message.topic)),
        "text": words.text(TEXT, **told),
    }
    ctx.session.execute(insert(outbox).values(**outbox_values(OutboxKind.MAIL, mail, ctx.now)))
