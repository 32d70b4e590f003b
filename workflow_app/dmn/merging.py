"""Rows that say the same but for one column, and so could be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.dmn.tables import Table

# Where rows are tried in order, or each counts, putting them together could change the result.
_ANY_ROWS = frozenset({"UNIQUE", "ANY"})
_NEIGHBOURS = frozenset({"FIRST"})


def mergeable(table: Table) -> list[tuple[int, tuple[int, ...]]]:
    """Give a column and the rows, counted from nought, that differ in that column only.

    Rows whose descriptions or annotations differ say something else to people, and are left alone.
    """
    if table.hit_policy not in _ANY_ROWS | _NEIGHBOURS:
        return []
    cells = [{place: tests.text for place, tests in rule.tests} for rule in table.rules]
    found = []
    for place in range(len(table.inputs)):
        alike: dict[object, list[int]] = {}
        for row, rule in enumerate(table.rules):
            # A dash, or a negation, cannot be joined to others by a comma.
            if place not in cells[row] or cells[row][place].lstrip(" =").startswith("not"):
                continue
            others = tuple(sorted(each for each in cells[row].items() if each[0] != place))
            gives = tuple(output.text for output in rule.outputs)
            said = (others, gives, rule.annotations, rule.description)
            alike.setdefault(said, []).append(row)
        for rows in alike.values():
            found += [(place, group) for group in _groups(rows, table.hit_policy)]
    return sorted(found, key=lambda each: each[1])


def _groups(rows: list[int], hit_policy: str) -> list[tuple[int, ...]]:
    """Give the rows that may be put together, by twos and more."""
    if hit_policy in _ANY_ROWS:
        return [tuple(rows)] if len(rows) > 1 else []
    groups: list[list[int]] = []
    for row in rows:
        if groups and groups[-1][-1] == row - 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [tuple(group) for group in groups if len(group) > 1]
