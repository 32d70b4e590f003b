"""Decision tables in words as their page shows them, and the forms of the chosen part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.services.designing.table_parts import (
    FIELDS,
    INPUT,
    NOTE,
    OUTPUT,
    POLICIES,
    ROW,
    Part,
    decision_of,
    fields_of_row,
    label_of,
    part_at,
    parts_of,
    source_of,
    tables_in,
    values_of,
    values_of_row,
)
from workflow_app.web.presenting.outline_forms import form_rows, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.engine.drawing.sheet import Sheet
    from workflow_app.services.designing.table_parts import Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the page is asked for: a part, a command begun, what was typed, what was wrong."""

    at: str = ""
    do: str = ""
    kind: str = ""
    said: Mapping[str, str]
    faults: Mapping[str, Reasoned]


@dataclass(frozen=True, slots=True)
class TablePage:
    """Builds what the page shows of a file."""

    sheet: Sheet
    asked: Asked
    marks: Mapping[str, list[dict[str, Any]]]

    def tables(self) -> list[dict[str, Any]]:
        """Return each table: {at, title, policy, columns, rows, chosen}."""
        return [self._table(one, str(n)) for n, one in enumerate(tables_in(self.sheet), 1)]

    def _table(self, table: Element, at: str) -> dict[str, Any]:
        decision = decision_of(table)
        policy = table.get("hitPolicy") or "UNIQUE"
        return {
            "at": at,
            "title": decision.get("name") or decision.get("id") or at,
            "policy": _(dict(POLICIES).get(policy, policy)),
            "columns": [*self._columns(table, INPUT, at), *self._columns(table, OUTPUT, at)],
            "rows": list(self._rows(table, at)),
            "chosen": self.asked.at == at,
        }

    def _columns(self, table: Element, sort: str, above: str) -> Iterator[dict[str, Any]]:
        for number, column in enumerate(parts_of(table, sort), 1):
            at = f"{above}.{sort}{number}"
            yield {
                "at": at,
                "name": label_of(column, sort),
                "source": source_of(column, sort),
                "gives": sort == OUTPUT,
                "chosen": self.asked.at == at,
            }

    def _rows(self, table: Element, above: str) -> Iterator[dict[str, Any]]:
        fields = fields_of_row(table)
        for number, row in enumerate(parts_of(table, ROW), 1):
            at, cells = f"{above}.{ROW}{number}", values_of_row(row)
            yield {
                "at": at,
                "number": number,
                "tests": _said(fields, cells, INPUT),
                "gives": _said(fields, cells, OUTPUT),
                "note": cells[NOTE.name],
                "findings": self.marks.get(row.get("id") or "", []),
                "chosen": self.asked.at == at,
            }

    def forms(self) -> dict[str, Any] | None:
        """Return the form of the chosen part, or of what is being added to it; None without."""
        if not self.asked.at:
            return None
        part = part_at(self.sheet, self.asked.at)
        adding = self.asked.do == "add" and self.asked.kind in {INPUT, OUTPUT, ROW}
        sort = self.asked.kind if adding else part.sort
        fields = fields_of_row(part.table) if sort == ROW else FIELDS[sort]
        before = {} if adding else values_of(part)
        prefix = "add" if adding else "change"
        rows = form_rows(prefix, fields, before | dict(self.asked.said), self.asked.faults, {})
        return {
            "rows": rows,
            "do": prefix,
            "kind": sort,
            "title": _title(part, sort, adding=adding),
            "problems": problems([rows]),
        }


def _title(part: Part, sort: str, *, adding: bool) -> str:
    if adding:
        new = {INPUT: _("Add a condition"), OUTPUT: _("Add a result"), ROW: _("Add a row")}
        return str(new[sort])
    old = {INPUT: _("Change this column"), OUTPUT: _("Change this column")}
    row = _("Change row %(number)s", number=part.number)
    return str({**old, ROW: row, "table": _("Change this table")}[sort])


def _said(fields: Any, cells: Mapping[str, str], sort: str) -> list[tuple[str, str]]:
    """Return the cells of one sort with their headings; those that take anything are left out."""
    own = [one for one in fields if one.name.startswith(sort) and one is not NOTE]
    return [(one.label, cells[one.name]) for one in own if cells.get(one.name)]
