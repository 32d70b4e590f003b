"""Operations whose effect leaves after the commit: mails, letters, messages to other cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import select

from workflow_app.domain.correlation import key_text
from workflow_app.domain.errors import NotFound, OperationFailed
from workflow_app.domain.ids import random_id
from workflow_app.domain.states import NoticeState, OutboxKind
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.notices import Notice
from workflow_app.models.work import Subscription
from workflow_app.services.kept import Sent, kept_until
from workflow_app.services.mails import Recipient, key_holder, person, role_holders, write_mail
from workflow_app.services.outgoing import outbox_row

if TYPE_CHECKING:
    from workflow_app.services.manifests import MailTemplate
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

KEY_HOLDER = "key_holder"
_documents = table_of(Document)
_notices = table_of(Notice)
_waits = table_of(Subscription)


def notify(scope: StepScope, call: Call) -> None:
    """Write a mail from mails.toml to the key holder, a person or a role's holders.

    A key holder without an address is told by post: whoever keeps the register is asked to do it.
    """
    template = mail_template(scope, call)
    data = {**call.data, **call.inputs}
    if _goes_by_post(scope, call):
        post_notice(scope, template, call)
        return
    for recipient in _recipients(scope, call):
        mail = write_mail(scope, template, recipient, data)
        sent = {**mail, "mail": str(call.need("mail"))}
        outbox_row(scope, OutboxKind.MAIL, sent, call.patience)


def _goes_by_post(scope: StepScope, call: Call) -> bool:
    """Say whether a mail is for a party without an address, and somebody keeps the register."""
    to_party = call.get("to") == KEY_HOLDER and not call.inputs.get("to_user")
    return to_party and not key_holder(scope) and bool(scope.published.manifest.registry)


def post_notice(scope: StepScope, template: MailTemplate, call: Call) -> int:
    """Ask for a notice to the party and for the mail that carries it; returns the notice's id.

    Without an address the mail cannot leave: the notice is told to whoever keeps the register.
    """
    key, data = str(call.need("mail")), {**call.data, **call.inputs}
    nowhere = Recipient("", scope.case.language, _page(scope))
    party = next(iter(key_holder(scope)), nowhere)
    shown = write_mail(scope, template, nowhere, data)
    notice_id = random_id()
    document = call.inputs.get("document")
    scope.insert(
        _notices,
        id=notice_id,
        key=str(call.get("notice") or key),
        element="",
        recipient=party.email or None,
        subject=shown["subject"][:300],
        text=shown["text"],
        language=scope.case.language,
        document_id=int(document) if document is not None else None,
        state=NoticeState.SENDING,
        created_at=scope.ctx.now,
    )
    mail = write_mail(scope, template, party, data)
    outbox_row(scope, OutboxKind.MAIL, {**mail, "mail": key, "notice": notice_id}, call.patience)
    return notice_id


def _page(scope: StepScope) -> str:
    """Return the address of the case's page without its key, which staff must not learn."""
    return f"{scope.ctx.platform.settings.base_url}/follow/{quote(scope.case.number or '')}"


def mail_template(scope: StepScope, call: Call) -> MailTemplate:
    """Return the mail that a drawn operation names. Raises OperationFailed."""
    try:
        return scope.published.mail(str(call.need("mail")))
    except NotFound as exc:
        raise OperationFailed(N_("There is no mail “%(name)s”."), name=call.need("mail")) from exc


def render_document(scope: StepScope, call: Call) -> dict[str, Any]:
    """Make a document row now; its PDF is set after the commit from the letter and these inputs."""
    letter = _letter(scope, str(call.need("letter")))
    # A title among the inputs is the letter's own; what the diagram writes down names the document.
    title = str(call.headers.get("title") or call.get("title") or call.need("letter"))
    number = call.inputs.get("number") or scope.case.number or ""
    row = {
        "id": random_id(),
        "owner": "case",
        "name": f"{str(call.need('letter')).rpartition('/')[2]}-{number}.pdf".replace("/", "-"),
        "title": title,
        "media_type": "application/pdf",
        "size": 0,
        "letter": letter,
        "is_public": call.get("public") == "true",
        "for_key_holder": call.get("key_holder") != "false",
        "created_at": scope.ctx.now,
        "created_by": scope.ctx.actor.username,
    }
    scope.insert(_documents, **row)
    outbox_row(
        scope,
        OutboxKind.DOCUMENT,
        {
            "document": row["id"],
            "version": scope.published.version_id,
            "letter": letter,
            "title": title,
            "language": scope.case.language,
            "data": {**call.inputs, "case": call.data.get("case", {})},
            "check": str(call.inputs.get(call.headers.get("check", "")) or ""),
        },
        call.patience,
    )
    return {"document": row["id"], "name": row["name"], "type": "application/pdf", "size": 0}


def send_message(scope: StepScope, call: Call) -> None:
    """Send a message to whatever case waits for it under the correlation key.

    `timeToLive` (ISO 8601) is how long it is kept while nobody does.
    """
    sent = Sent(
        message=str(call.need("message")),
        correlation=key_text(call.need("correlation")),
        payload=call.inputs.get("payload") or {},
        until=kept_until(call.get("timeToLive"), scope.ctx.now),
    )
    outbox_row(scope, OutboxKind.MESSAGE, sent.packed())


def is_awaited(scope: StepScope, call: Call) -> dict[str, Any]:
    """Tell whether a case waits for a message under a correlation key right now (`awaited`)."""
    named = _waits.c.message == str(call.need("message"))
    keyed = _waits.c.correlation == key_text(call.need("correlation"))
    found = scope.ctx.session.execute(select(_waits.c.id).where(named, keyed).limit(1))
    return {"awaited": found.first() is not None}


def _letter(scope: StepScope, name: str) -> str:
    try:
        return scope.published.letter(name)
    except NotFound as exc:
        raise OperationFailed(N_("There is no letter “%(name)s”."), name=name) from exc


def _recipients(scope: StepScope, call: Call) -> list[Recipient]:
    if call.inputs.get("to_user"):
        return person(scope, str(call.inputs["to_user"]))
    wanted = str(call.need("to"))
    return key_holder(scope) if wanted == KEY_HOLDER else role_holders(scope, wanted)
