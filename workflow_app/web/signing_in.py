"""What the sign-in page of the demonstration shows: its accounts, one a role."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import select

from workflow_app.adapters.words import Words
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.services.seeding import DEMO_PASSWORD
from workflow_app.web.current import context, platform
from workflow_app.web.language import language


def demo_accounts() -> dict[str, Any]:
    """Return names for the sign-in template; nothing outside the demonstration or elsewhere."""
    if not platform().settings.demo or request.endpoint != "security.login":
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
