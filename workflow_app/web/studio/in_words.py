"""What pages of a file in words share: a command by a plain form, told where it was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request

from workflow_app.domain.errors import Conflict, DomainError, Invalid, NotFound
from workflow_app.services.designing.step_reading import Untaken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.reasons import Reasoned

REFUSALS = (Invalid, Conflict, NotFound)


def commanded(
    act: Callable[[int], str],
    again: Callable[[Mapping[str, Reasoned], DomainError], str],
    address: Callable[[str], str],
    refusals: tuple[type[DomainError], ...] = REFUSALS,
) -> ResponseReturnValue:
    """Do a command and go to where it happened.

    `act` does it to the text of a revision and says where that is; `again` draws the page with
    what was typed and what was wrong by field, where one of `refusals` was raised.
    """
    try:
        focus = act(request.form.get("revision", 0, type=int))
    except refusals as wrong:
        faults = wrong.fields if isinstance(wrong, Untaken) else {}
        return again(faults, wrong), 409 if isinstance(wrong, Conflict) else 422
    return redirect(address(focus), 303)
