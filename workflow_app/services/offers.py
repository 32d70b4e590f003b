"""In whose lists an open task stands: put there when it opens, moved by claims, gone when closed.

Which lists there are is said in domain.audiences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from workflow_app.domain import audiences
from workflow_app.models.base import table_of
from workflow_app.models.prepared import Prepared
from workflow_app.models.work import WorkItem, WorkItemCandidate, WorkOffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    #: A work item's columns, its candidate groups, its candidate people.
    Offered = tuple[Mapping[str, Any], Sequence[str], Sequence[str]]

_items = table_of(WorkItem)
_offers = table_of(WorkOffer)
_candidates = table_of(WorkItemCandidate)

_OFFER = Prepared(
    insert(_offers).from_select(
        ["audience", "due_at", "work_item_id"],
        select(
            bindparam("list_name", type_=_offers.c.audience.type),
            bindparam("list_due", type_=_offers.c.due_at.type),
            _items.c.id,
        ).where(
            _items.c.case_id == bindparam("case_key"), _items.c.task_id == bindparam("task_key")
        ),
    )
)
_WITHDRAW = Prepared(
    delete(_offers).where(
        _offers.c.work_item_id
        == select(_items.c.id)
        .where(_items.c.case_id == bindparam("case_key"), _items.c.task_id == bindparam("task_key"))
        .scalar_subquery()
    )
)


def offer_new(connection: Connection, opened: Iterable[Offered]) -> None:
    """Put tasks that have just been inserted into the lists of their holder or candidates."""
    rows = [
        {
            "list_name": name,
            "list_due": item["due_at"] or audiences.FAR,
            "case_key": item["case_id"],
            "task_key": item["task_id"],
        }
        for item, groups, users in opened
        for name in _lists(item, groups, users)
    ]
    if rows:
        _OFFER.run(connection, rows)


def _lists(item: Mapping[str, Any], groups: Sequence[str], users: Sequence[str]) -> list[str]:
    if item["assignee"] is not None:
        return [audiences.holder(item["assignee"])]
    return audiences.offered_in(item["territory_path"], groups, users)


def withdraw(connection: Connection, case_id: int, task_ids: Iterable[str]) -> None:
    """Take closed tasks of a case out of every list."""
    _WITHDRAW.run(connection, [{"case_key": case_id, "task_key": task} for task in task_ids])


def offer_again(connection: Connection, item_id: int) -> None:
    """Put an open task into the lists that its row and its candidates now say, and no others."""
    connection.execute(delete(_offers).where(_offers.c.work_item_id == item_id))
    item = dict(connection.execute(select(_items).where(_items.c.id == item_id)).mappings().one())
    named = connection.execute(
        select(_candidates.c.kind, _candidates.c.name).where(_candidates.c.work_item_id == item_id)
    ).all()
    groups = [item["role"]] if item["role"] else []
    groups += [row.name for row in named if row.kind == "group"]
    users = [row.name for row in named if row.kind == "user"]
    offer_new(connection, [(item, groups, users)])
