"""A board for people: its cells in words, with who has the task and where to open the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.adapters.words import Words
from workflow_app.domain.boards import Cell, CellState
from workflow_app.domain.text import N_
from workflow_app.queries.case_file import titles
from workflow_app.services.boards import board_of, board_rows
from workflow_app.services.wording import translator
from workflow_app.web.presenting.tasks import role_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.boards import BoardRow, Placed
    from workflow_app.services.context import Context

#: The word of a state, and the mark of a status tag that goes with it.
STATES = {
    CellState.NOT_BEGUN: (N_("Not begun"), "none"),
    CellState.UNDER_WAY: (N_("Under way"), "current"),
    CellState.WAITING: (N_("Waiting"), "waiting"),
    CellState.LATE: (N_("Late"), "overdue"),
    CellState.DONE: (N_("Done"), "done"),
    CellState.LEFT_OUT: (N_("Left out"), "none"),
}


def board_page(ctx: Context, key: str) -> dict[str, Any]:
    """Return the board of a process as the actor may see it. Raises NotFound."""
    published, _board = board_of(ctx, key)
    words, rows = translator(ctx, published), board_rows(ctx, key)
    held = {one.holder for row in rows for one in row.cells if one.holder}
    names = titles(ctx.session, held)
    return {
        "title": words(published.manifest.title),
        "columns": [words(stage.title) for stage in published.manifest.stages],
        "rows": [_row(ctx, row, names) for row in rows],
        "at": ctx.now,
    }


def state_of(cell: Cell) -> dict[str, Any]:
    """Return a cell's state as a word and a mark, with its dates."""
    word, mark = STATES[cell.state]
    return {
        "word": _(word),
        "mark": mark,
        "planned": cell.planned,
        "left": _left(cell),
        "ended": cell.span.ended if cell.span else None,
    }


def _row(ctx: Context, row: BoardRow, names: Mapping[str, str]) -> dict[str, Any]:
    words = Words(ctx.language).text
    return {
        "place": words(row.place.name),
        "url": url_for("places.place", code=row.place.code),
        "cells": [
            {
                **state_of(one.cell),
                "who": _who(ctx, one, names),
                "number": one.number,
                "open_url": url_for("cases.show", number=one.number)
                if one.number and row.may_open
                else None,
            }
            for one in row.cells
        ],
    }


def _who(ctx: Context, one: Placed, names: Mapping[str, str]) -> str | None:
    if one.holder:
        return Words(ctx.language).text(names.get(one.holder, one.holder))
    return role_title(ctx, one.role) if one.role else None


def _left(cell: Cell) -> str | None:
    """Return the days until the planned end in words; None where there is none to speak of."""
    if cell.left is None:
        return None
    if cell.left < 0:
        return str(ngettext("%(num)d day late", "%(num)d days late", -cell.left))
    return str(ngettext("%(num)d day left", "%(num)d days left", cell.left))
