"""notice.serve: sending a notice to the party and waiting until it counts as served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.ids import random_id
from workflow_app.domain.states import NoticeState, OutboxKind, Service
from workflow_app.domain.text import N_
from workflow_app.engine import Pending
from workflow_app.models.base import table_of
from workflow_app.models.notices import Notice
from workflow_app.services.mails import Recipient, key_holder, write_mail
from workflow_app.services.operations.outgoing import mail_template
from workflow_app.services.outgoing import outbox_row
from workflow_app.services.receipts import Receipt, counts_from

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

KEY_HOLDER = "key_holder"
_notices = table_of(Notice)


def serve_notice(scope: StepScope, call: Call) -> Pending | dict[str, Any]:
    """Send a mail of mails.toml as a notice; gives `served_on`, `served_at`, `served_how`.

    The task waits until it counts as served, unless the header `wait` is “false”: then it gives
    what is presumed. Inputs or headers: `mail`, `notice` (its code within the case), `document`
    (of document.render), and what the mail's text reads. Raises OperationFailed.
    """
    if call.get("to") not in (None, KEY_HOLDER):
        raise OperationFailed(N_("A notice is served on the holder of the case's key only."))
    notice_id = _write(scope, call)
    if str(call.get("wait")).lower() == "false":
        return Receipt(how=Service.EMAIL, at=counts_from(scope.host)).result(scope.host)
    patience = call.patience
    held = {"notice": notice_id, "held": True}
    return Pending({**held, "tries": patience.tries, "pause": patience.pause})


def _write(scope: StepScope, call: Call) -> int:
    """Ask for the notice and for the mail that carries it; returns the notice's id."""
    template, key = mail_template(scope, call), str(call.need("mail"))
    data = {**call.data, **call.inputs}
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
