"""How people want to be told: at once, daily or not, as they say, their role, or the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.states import Wish
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.notices import AccountChoice
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from workflow_app.services.context import Context
    from workflow_app.services.host import Host

PERSONAL = "notices.personal"
OFFERS = "notices.offers"
_choices = table_of(AccountChoice)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wants: of what concerns them by name, and of what their groups are offered.

    None leaves it to the habit of the house.
    """

    personal: Wish | None = None
    offers: Wish | None = None


def chosen(ctx: Context, accounts: Iterable[int]) -> Mapping[int, Wishes]:
    """Return what people have chosen, by account; those who never chose are not there."""
    wanted = list(accounts)
    if not wanted:
        return {}
    query = select(_choices.c.account_id, _choices.c.personal, _choices.c.offers)
    rows = ctx.session.execute(query.where(_choices.c.account_id.in_(wanted)))
    return {row.account_id: Wishes(_wish(row.personal), _wish(row.offers)) for row in rows}


def personal_habit(host: Host) -> Wish:
    """Return how people are told of what concerns them, who have not chosen."""
    return Wish(str(host.setting(PERSONAL)))


def offers_habit(host: Host, role: str | None = None) -> Wish:
    """Return how people are told of what a group is offered: as the role says, else the house."""
    defined = host.ctx.session.get(RoleDefinition, role) if role else None
    said = defined.notify if defined is not None else None
    return Wish(said or str(host.setting(OFFERS)))


def looked_at(ctx: Context, account: int) -> datetime | None:
    """Return when somebody last opened their news."""
    query = select(_choices.c.looked_at).where(_choices.c.account_id == account)
    return ctx.session.scalar(query)


def choose(ctx: Context, account: int, wishes: Wishes) -> None:
    """Keep what somebody chose; their calendar stays."""
    put(ctx, account, personal=wishes.personal, offers=wishes.offers)


def put(ctx: Context, account: int, **values: object) -> None:
    """Change columns of somebody's choices, which there may not have been yet."""
    first = insert_or(ctx.session, _choices).values(
        **{"account_id": account, "calendar": 0, **values}
    )
    ctx.session.execute(first.on_conflict_do_update(index_elements=["account_id"], set_=values))


def _wish(text: str | None) -> Wish | None:
    return Wish(text) if text in set(Wish) else None
