"""The operations that give work to people, put rows in order and give money to requests."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from workflow_app.domain.allocation import Item, Person, allocate
from workflow_app.domain.allotment import Request, allot
from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.ranking import Rule, rank
from workflow_app.domain.text import N_
from workflow_app.feel import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

UNREADABLE = N_("“%(given)s” is not a number.")
TWICE = N_("“%(name)s” is given twice.")


def allocate_people(_scope: StepScope, call: Call) -> dict[str, Any]:
    """Give each item so many people, evenly and without conflicts; see domain.allocation.

    Inputs: `items` [{key, apart}], `people` [{username, belongs, relations, capacity}], `groups`
    (lists of names: who belongs to one of them is tied to the others of its list), `each` (a
    whole number), `seed` (a text). Gives `allocated` [{key, people, tied}] (`tied`: who
    has a conflict with it), `load` [{username, count}], `unplaced` [{key, missing, reason,
    suitable}]. Raises OperationFailed for what is missing, is no number, or is given twice.
    """
    items = [
        Item(key=str(one["key"]), apart=_names(one.get("apart"))) for one in call.need("items")
    ]
    groups = [_names(one) for one in call.get("groups") or ()]
    people = [_person(one, groups) for one in call.get("people") or ()]
    each, seed = int(_number(call.need("each"))), str(call.need("seed"))
    try:
        found = allocate(items, people, each=each, seed=seed)
    except ValueError as twice:
        raise OperationFailed(TWICE, name=twice) from twice
    return {
        "allocated": [
            {
                "key": item.key,
                "people": found.people[item.key],
                "tied": [person.username for person in people if person.is_tied_to(item)],
            }
            for item in items
        ],
        "load": [{"username": name, "count": count} for name, count in found.load.items()],
        "unplaced": [asdict(one) for one in found.unplaced],
    }


def rank_rows(_scope: StepScope, call: Call) -> dict[str, Any]:
    """Put rows in order; see domain.ranking.

    Inputs: `rows` (contexts), `by` [{field, order}], the first rule deciding first; `order` is
    "up" or "down" (more comes first). Gives `ranked`: the rows with their `place`, from one.
    """
    rules = [Rule(field=str(one["field"]), down=one["order"] == "down") for one in call.need("by")]
    ranked = rank(call.get("rows") or [], rules)
    return {"ranked": [{**row, "place": place} for place, row in enumerate(ranked, 1)]}


def allot_money(_scope: StepScope, call: Call) -> dict[str, Any]:
    """Give money down a ranking while it lasts; see domain.allotment.

    Inputs: `requests` [{key, amount, holder}] in the order of the ranking, `available`,
    `per_holder` (at most so many awards each; none: any). Gives `results`, for each request in
    turn "awarded", "partial", "reserve" or "capped", and `left`. Raises OperationFailed for what
    is no number.
    """
    asked = [
        Request(key=str(r["key"]), amount=_number(r["amount"]), holder=str(r["holder"]))
        for r in call.get("requests") or []
    ]
    per_holder = call.get("per_holder")
    found = allot(
        asked,
        _number(call.need("available")),
        per_holder=None if per_holder is None else int(_number(per_holder)),
    )
    return {"results": found.results, "left": to_json(found.left)}


def _person(given: dict[str, Any], groups: Sequence[frozenset[str]]) -> Person:
    capacity, own = given.get("capacity"), _names(given.get("belongs"))
    tied = _names([*(given.get("relations") or ()), given["username"]])
    return Person(
        username=str(given["username"]),
        relations=tied.union(own, *(group for group in groups if group & own)),
        capacity=None if capacity is None else int(_number(capacity)),
    )


def _names(given: Iterable[Any] | None) -> frozenset[str]:
    """Return names as they are compared: neither capitals nor spaces around them count."""
    return frozenset(name for one in given or () if (name := str(one or "").strip().casefold()))


def _number(given: Any) -> Decimal:
    """Return what was given as a decimal, to the cent as it was written."""
    try:
        number = Decimal(str(given))
    except InvalidOperation as wrong:
        raise OperationFailed(UNREADABLE, given=given) from wrong
    if not number.is_finite():
        raise OperationFailed(UNREADABLE, given=given)
    return number
