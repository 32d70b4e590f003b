"""Rows in an order that several fields decide, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A field that decides, and whether more of it comes first."""

    field: str
    down: bool


def rank(rows: Sequence[Mapping[str, Any]], rules: Sequence[Rule]) -> list[Mapping[str, Any]]:
    """Return the rows in order; the next rule decides between equals, at last the given order.

    A row without a value comes after all that have one. Raises TypeError for values of one field
    that cannot be compared.
    """
    ranked = list(rows)
    for rule in reversed(rules):
        known = [row for row in ranked if row.get(rule.field) is not None]
        known.sort(key=itemgetter(rule.field), reverse=rule.down)
        ranked = known + [row for row in ranked if row.get(rule.field) is None]
    return ranked
