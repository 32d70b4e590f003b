"""Decision tables of a draft as the studio shows them: rows with what is wrong, and the bench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import get_timezone, ngettext
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.form_builder.display import Reader
from workflow_app.form_builder.text import Words as FormWords
from workflow_app.web.presenting.decision_words import Teller
from workflow_app.web.presenting.decisions import SHORT_TABLE, decision_tried
from workflow_app.web.presenting.design_forms import use_rows
from workflow_app.web.presenting.reasons import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.dmn.drawn import DrawnTable, Row
    from workflow_app.engine import Finding
    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.bench import Asked, Entered, Tried
    from workflow_app.services.designing.tables import ListedTable, TableLook

GRAVEST = ("error", "warning", "info")
#: Rows of a table that are drawn on a page without the editor.
MOST_DRAWN = 300


def table_rows(draft: DesignDraft, listed: Iterable[ListedTable]) -> list[dict[str, Any]]:
    """Return the files of decisions of a draft as rows: {name, url, decisions}."""
    return [
        {
            "name": one.name,
            "url": url_for("studio_tables.edit", draft_id=draft.id, name=one.name),
            "decisions": [
                {
                    "title": each.title,
                    "rows": ngettext("%(num)s row", "%(num)s rows", each.rows)
                    if each.rows is not None
                    else _("a formula"),
                    "uses": use_rows(draft, each.uses),
                }
                for each in one.decisions
            ],
        }
        for one in listed
    ]


def drawn_decisions(look: TableLook, teller: Teller) -> list[dict[str, Any]]:
    """Return the tables of a file as they are drawn, with what is wrong in each row."""
    tables = {id(table): table for table in look.drawn.values()}
    marks = row_marks(look)
    return [drawn_table(table, teller, marks) for table in tables.values()]


def row_marks(look: TableLook) -> dict[str, str]:
    """Return the gravest severity told of each row, by the row's id."""
    found: dict[str, str] = {}
    for finding in look.findings:
        for row in _rows_of(finding, look.drawn):
            known = found.get(row, finding.severity)
            found[row] = min(known, finding.severity, key=GRAVEST.index)
    return found


def rows_counted(params: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the rows of a table that a finding speaks of, counted from one."""
    counted = " ".join(str(params.get(name, "")) for name in ("rows", "row", "by"))
    return sorted({int(word) for word in counted.replace(",", " ").split() if word.isdecimal()})


def _rows_of(finding: Finding, drawn: Mapping[str, DrawnTable]) -> set[str]:
    """Return the ids of the rows that a finding is about: its element's, and those it counts."""
    own, numbers = finding.element, rows_counted(finding.params)
    tables = (one.rows for one in drawn.values() if any(row.id == own for row in one.rows))
    return {row.id for row in next(tables, ()) if row.row in numbers or row.id == own}


def drawn_table(table: DrawnTable, teller: Teller, marks: Mapping[str, str]) -> dict[str, Any]:
    """Return a table as pages draw it, with what is said of some rows, by their ids."""
    shown = table.rows[:MOST_DRAWN]
    return {
        "id": table.id,
        "title": teller.words(table.title),
        "question": teller.words(table.question) if table.question else "",
        "policy": table.hit_policy,
        "inputs": [teller.words(column.label) for column in table.inputs],
        "outputs": [teller.words(column.label) for column in table.outputs],
        "rows": [_row(row, teller, marks) for row in shown],
        "noted": any(row.notes for row in shown),
        "total": len(table.rows),
        "complete": len(shown) == len(table.rows),
    }


def _row(row: Row, teller: Teller, marks: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": row.row,
        "mark": marks.get(row.id),
        "tests": [teller.cell(cell) if cell else None for cell in row.tests],
        "outputs": [teller.cell(cell) for cell in row.outputs],
        "note": " ".join(teller.words(note) for note in row.notes),
    }


def draft_teller(ctx: Context, draft: DesignDraft) -> Teller:
    """Return who tells the decisions of a draft to the present reader."""
    words = Words(ctx.language, draft.words.get(ctx.language, {}))
    return Teller(Reader(FormWords(words.text), ctx.language, get_timezone()), {})


def bench_fields(
    asked: Iterable[Asked], given: Mapping[str, str], entered: Entered | None
) -> list[dict[str, Any]]:
    """Return what the bench asks for: {id, name, label, kind, choices, only, value, error}."""
    faults = entered.faults if entered else {}
    return [
        {
            "id": f"bench-{number}",
            "name": f"in-{one.name}",
            "path": one.name,
            "label": one.label,
            "kind": one.kind,
            "choices": one.choices,
            "only": one.only,
            "value": given.get(one.name, ""),
            "error": said(faults[one.name]) if one.name in faults else None,
        }
        for number, one in enumerate(asked)
    ]


def tried_shown(tried: Tried, look: TableLook, teller: Teller) -> dict[str, Any]:
    """Return what a decision came to, as studio/_bench.html tells it.

    {refused: str|None, decision: as case/decision.html, matched: [row ids], missed: [{row, cells}]}
    """
    if tried.event is None:
        reason = said(tried.refused) if tried.refused else ""
        return {"refused": reason, "decision": None, "matched": [], "missed": []}
    decision = decision_tried(tried.event, look.drawn, teller, whole=False)
    own = look.drawn.get(str(tried.event["decision"]))
    matched = [rule for table in tried.event["tables"] for rule in table.get("rules", [])]
    return {
        "refused": None,
        "decision": decision,
        "matched": [*tried.event["rules"], *matched],
        "missed": _missed(tried, own, teller) if own else [],
    }


def _missed(tried: Tried, table: DrawnTable, teller: Teller) -> list[dict[str, Any]]:
    """Return the rows that do not apply, each with the cells that keep it from it."""
    return [
        {
            "row": row.row,
            "cells": [
                {
                    "label": teller.words(table.inputs[place].label),
                    "cell": teller.cell(row.tests[place]),
                }
                for place in tried.missed[row.row]
                if place < len(row.tests)
            ],
        }
        for row in table.rows
        if row.row in tried.missed
    ][:SHORT_TABLE]
