"""Signing in: how often one may fail, and the accounts that the demonstration shows."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, make_response, request, session
from flask_limiter.util import get_remote_address
from flask_login import user_logged_out
from sqlalchemy import select

from workflow_app.adapters.words import Words
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.services.context import transaction
from workflow_app.services.seeding import DEMO_PASSWORD
from workflow_app.services.throttling import TooManyAttempts, count_attempt, forget_attempt
from workflow_app.web.current import CASE_KEY, OPENED, context, platform
from workflow_app.web.language import language
from workflow_app.web.outage import is_out
from workflow_app.web.rescue import WORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

#: Failures that one address, one account may have in five minutes.
BY_ADDRESS = 30
BY_ACCOUNT = 10


def guard_sign_in(app: Flask) -> None:
    """Limit failed sign-ins by address and by account, and forget a case's key at the sign-out."""
    view: Any = app.view_functions["security.login"]
    app.view_functions["security.login"] = _limited(view)
    user_logged_out.connect(_forget_keys, app)


def _limited(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    @wraps(view)
    def limited() -> ResponseReturnValue:
        if request.method != "POST":
            return view()
        ctx = context()
        try:
            with transaction(ctx.session):
                attempt = count_attempt(ctx, _limits())
        except TooManyAttempts:
            abort(429)
        answer = make_response(view())
        if answer.status_code in (301, 302, 303):
            with transaction(ctx.session):
                forget_attempt(ctx, attempt)
        return answer

    return limited


def _limits() -> dict[str, int]:
    account = request.form.get("email", "").strip().lower()
    return {f"address {get_remote_address()}": BY_ADDRESS, f"account {account}": BY_ACCOUNT}


def _forget_keys(_app: Flask, **_known: object) -> None:
    for name in (CASE_KEY, OPENED, "started", WORD):
        session.pop(name, None)


def demo_accounts() -> dict[str, Any]:
    """Return names for the sign-in template; nothing outside the demonstration or elsewhere."""
    if not platform().settings.demo or request.endpoint != "security.login" or is_out():
        return {}
    words = Words(language()).text
    rows = context().session.execute(
        select(Account.email, Account.title, RoleDefinition.title.label("role"), Territory.name)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .join(RoleDefinition, RoleDefinition.code == RoleAssignment.role)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .order_by(Account.id)
    )
    accounts = [
        {"email": r.email, "name": words(r.title), "role": words(r.role), "place": words(r.name)}
        for r in rows
    ]
    first = {account["role"]: account for account in reversed(accounts)}
    return {
        "demo_accounts": [a for a in accounts if a is first[a["role"]]],
        "demo_others": [a for a in accounts if a is not first[a["role"]]],
        "demo_password": DEMO_PASSWORD,
    }
