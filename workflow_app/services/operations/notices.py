"""notice.serve: sending a notice to the party and waiting until it counts as served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.states import Service
from workflow_app.domain.text import N_
from workflow_app.engine import Pending
from workflow_app.services.operations.outgoing import KEY_HOLDER, mail_template, post_notice
from workflow_app.services.receipts import Receipt, counts_from

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope


def serve_notice(scope: StepScope, call: Call) -> Pending | dict[str, Any]:
    """Send a mail of mails.toml as a notice; gives `served_on`, `served_at`, `served_how`.

    The task waits until it counts as served, unless the header `wait` is “false”: then it gives
    what is presumed. Inputs or headers: `mail`, `notice` (its code within the case), `document`
    (of document.render), and what the mail's text reads. Raises OperationFailed.
    """
    if call.get("to") not in (None, KEY_HOLDER):
        raise OperationFailed(N_("A notice is served on the holder of the case's key only."))
    notice_id = post_notice(scope, mail_template(scope, call), call)
    if str(call.get("wait")).lower() == "false":
        return Receipt(how=Service.EMAIL, at=counts_from(scope.host)).result(scope.host)
    patience = call.patience
    held = {"notice": notice_id, "held": True}
    return Pending({**held, "tries": patience.tries, "pause": patience.pause})
