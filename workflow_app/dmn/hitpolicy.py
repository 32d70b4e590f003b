"""Hit policies and aggregators of decision tables (DMN 1.5 §8.2.8 and §8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workflow_app.dmn.errors import DmnError
from workflow_app.feel import operators
from workflow_app.feel.builtins import lists
from workflow_app.feel.words import N_

Outputs = tuple[object, ...]
# Of rows that clash so many are named; nobody mends more at once.
_SHOWN_ROWS = 10
OVERLAP = N_("Only one rule may match, but rows %(rows)s do.")
DISAGREE = N_("Rules that match must agree, but rows %(rows)s do not.")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: its id, its row counted from one, and what it gives."""

    rule: str
    row: int
    outputs: Outputs


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a hit policy made of the hits: those that count, and whether the result is a list."""

    hits: tuple[Hit, ...]
    many: bool = False


# The values of each output column from the most to the least important.
Priorities = Sequence[Sequence[object]]


def unique(hits: Sequence[Hit], _priorities: Priorities) -> Chosen:
    """Take the only hit; raises DmnError when rules overlap."""
    if len(hits) > 1:
        raise DmnError(OVERLAP, rows=_rows(hits))
    return Chosen(tuple(hits))


def first(hits: Sequence[Hit], _priorities: Priorities) -> Chosen:
    """Take the hit of the uppermost rule."""
    return Chosen(tuple(hits[:1]))


def any_hit(hits: Sequence[Hit], _priorities: Priorities) -> Chosen:
    """Take one of hits that agree; raises DmnError when they do not."""
    for hit in hits[1:]:
        if operators.equal(list(hit.outputs), list(hits[0].outputs)) is not True:
            raise DmnError(DISAGREE, rows=_rows(hits))
    return Chosen(tuple(hits[:1]))


def priority(hits: Sequence[Hit], priorities: Priorities) -> Chosen:
    """Take the hit whose outputs come first in the order of output values."""
    return Chosen(_ordered(hits, priorities)[:1])


def collect(hits: Sequence[Hit], _priorities: Priorities) -> Chosen:
    """Take all hits, in the order of rules."""
    return Chosen(tuple(hits), many=True)


def output_order(hits: Sequence[Hit], priorities: Priorities) -> Chosen:
    """Take all hits, in the order of output values."""
    return Chosen(_ordered(hits, priorities), many=True)


HIT_POLICIES: dict[str, Callable[[Sequence[Hit], Priorities], Chosen]] = {
    "UNIQUE": unique,
    "FIRST": first,
    "ANY": any_hit,
    "PRIORITY": priority,
    "COLLECT": collect,
    "RULE ORDER": collect,
    "OUTPUT ORDER": output_order,
}

#: The letters that a drawn table shows for a policy, and for its aggregation.
SHORT_NAMES: dict[str, tuple[str, str | None]] = {
    "U": ("UNIQUE", None),
    "A": ("ANY", None),
    "P": ("PRIORITY", None),
    "F": ("FIRST", None),
    "R": ("RULE ORDER", None),
    "O": ("OUTPUT ORDER", None),
    "C": ("COLLECT", None),
    "C+": ("COLLECT", "SUM"),
    "C<": ("COLLECT", "MIN"),
    "C>": ("COLLECT", "MAX"),
    "C#": ("COLLECT", "COUNT"),
}


def policy_of(written: str | None) -> tuple[str, str | None]:
    """Give the policy and the aggregation that a table's attribute says, in words or in letters."""
    words = (written or "UNIQUE").strip().replace("_", " ")
    return SHORT_NAMES.get(words, (words, None))


def _rows(hits: Sequence[Hit]) -> str:
    shown = ", ".join(str(hit.row) for hit in hits[:_SHOWN_ROWS])
    return f"{shown} …" if len(hits) > _SHOWN_ROWS else shown


def _ordered(hits: Sequence[Hit], priorities: Priorities) -> tuple[Hit, ...]:
    return tuple(sorted(hits, key=lambda hit: _ranks(hit, priorities)))


def _ranks(hit: Hit, priorities: Priorities) -> list[int]:
    return [
        _rank(output, order) for output, order in zip(hit.outputs, priorities, strict=True) if order
    ]


def _rank(output: object, order: Sequence[object]) -> int:
    for place, value in enumerate(order):
        if operators.equal(output, value) is True:
            return place
    return len(order)


AGGREGATORS: dict[str, Callable[[list[object]], object]] = {
    "SUM": lists.total,
    "MIN": lists.minimum,
    "MAX": lists.maximum,
    "COUNT": lambda items: Decimal(len(items)),
}
