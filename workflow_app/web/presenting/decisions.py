"""A decision explained: a sentence for the timeline, a page with the tables and the rows taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.engine.decided import TableTaken, tables_of
from workflow_app.services.blindness import blind_now
from workflow_app.web.presenting.decision_words import Teller, teller

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from workflow_app.dmn.drawn import Column, DrawnTable, Row
    from workflow_app.queries.case_file import TimelineRow
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

#: Longer tables are shown by the rows that apply, until the reader asks for all of it.
SHORT_TABLE = 25
#: Characters of one value within a sentence.
MAX_WORD = 120


def hidden_processes(ctx: Context, loaded: Loaded) -> frozenset[str]:
    """Return the processes whose decisions would tell of answers that are still blind."""
    return blind_now(ctx, loaded.published, loaded.row.id).processes


def is_hidden(element: str, hidden: Collection[str]) -> bool:
    """Tell whether a decision was taken in one of the processes that are hidden now."""
    return _process(element) in hidden


def _process(element: str) -> str:
    return element.partition("/")[0]


def timeline_entry(
    ctx: Context, loaded: Loaded, row: TimelineRow, hidden: Collection[str]
) -> dict[str, str]:
    """Return what the timeline says of a decision: a sentence, and the page that shows it whole."""
    if not row.data:
        return {}
    if is_hidden(row.element, hidden):
        return {"text": hidden_words()}
    told = _told(ctx, loaded.published, row)
    return {
        "text": f"{told.outcome()} {told.reason(told.own)}" if told.own else told.outcome(),
        "url": url_for("cases.decision", number=loaded.row.number, event=row.seq),
        "link": _("How this was decided"),
    }


def hidden_words() -> str:
    """Return what stands where answers are still blind."""
    return str(_("Hidden until everybody who was asked has answered."))


def decision_page(
    ctx: Context, published: Published, row: TimelineRow, *, whole: bool
) -> dict[str, Any]:
    """Return a decision as its page shows it; `published` is the version that took it."""
    return {"at": row.at, **_shown(_told(ctx, published, row), whole=whole)}


def decision_tried(
    event: Mapping[str, Any], drawn: Mapping[str, DrawnTable], teller: Teller, *, whole: bool
) -> dict[str, Any]:
    """Return a decision that nobody keeps as `decision_page` does, without a time.

    `event` is what history would keep of it, `drawn` the tables of its file.
    """
    return _shown(_Told(event, drawn, teller), whole=whole)


def _told(ctx: Context, published: Published, row: TimelineRow) -> _Told:
    return _Told(row.data, published.tables_of(row.element), teller(ctx, published))


def _shown(told: _Told, *, whole: bool) -> dict[str, Any]:
    others = [table for table in told.tables if table is not told.own]
    return {
        "title": told.title(told.own) if told.own else told.name(),
        "question": told.question(),
        "outcome": told.outcome_rows(),
        "reason": told.reason(told.own) if told.own else None,
        "table": told.table(told.own, whole=whole) if told.own else None,
        "others": [
            {
                "title": told.title(table),
                "reason": told.reason(table),
                "outcome": told.result_of(table),
                "table": told.table(table, whole=whole),
            }
            for table in others
        ],
        "more_tables": told.more_tables,
    }


class _Told:
    """One decision, as history keeps it, with the tables of the file that holds it."""

    def __init__(
        self, event: Mapping[str, Any], drawn: Mapping[str, DrawnTable], teller: Teller
    ) -> None:
        self._event = event
        self._drawn = drawn
        self._say = teller.over(drawn.values())
        self.tables = tables_of(event)
        self.more_tables = bool(event.get("more_tables"))
        decision = event.get("decision")
        last = self.tables[-1] if self.tables else None
        self.own = last if last is not None and last.decision == decision else None

    def drawn(self, table: TableTaken) -> DrawnTable | None:
        """Return the table as drawn, None where its file has it no more."""
        return self._drawn.get(table.table) or self._drawn.get(table.decision)

    def title(self, table: TableTaken) -> str:
        """Return the name of the decision that asked a table."""
        drawn = self.drawn(table)
        return self._say.words((drawn and drawn.title) or table.name)

    def name(self) -> str:
        """Return the name of a decision without a table of its own."""
        return self._say.words(str(self._event.get("decision", "")))

    def question(self) -> str:
        """Return the question that the decision answers, if its file says."""
        drawn = self.drawn(self.own) if self.own else None
        return self._say.words(drawn.question) if drawn and drawn.question else ""

    def outcome_rows(self) -> list[tuple[str, str]]:
        """Return what was decided as (label, value), the label empty where there is one value."""
        drawn = self.drawn(self.own) if self.own else None
        return self._say.outcome(self._event.get("result"), drawn.outputs if drawn else ())

    def outcome(self) -> str:
        """Return what was decided in a sentence."""
        name = self.title(self.own) if self.own else self.name()
        return str(_("“%(name)s” was decided: %(result)s.", name=name, result=self._result()))

    def _result(self) -> str:
        return _joined(self.outcome_rows())

    def result_of(self, table: TableTaken) -> str:
        """Return what a table came to."""
        drawn = self.drawn(table)
        return _joined(self._say.outcome(table.value, drawn.outputs if drawn else ()))

    def reason(self, table: TableTaken) -> str:
        """Return which rows apply and for which inputs."""
        rows = [str(taken.row or self._row_of(table, taken.rule)) for taken in table.rows]
        if not rows:
            return str(_("No row of the table applies."))
        because = self._because(table)
        numbers = self._say.listed(rows)
        if table.more:
            numbers = _("%(rows)s and more", rows=numbers)
        drawn = self.drawn(table)
        if drawn is not None and drawn.hit_policy == "FIRST" and rows != ["1"]:
            return _first(numbers, because)
        if not because:
            return str(
                ngettext(
                    "Row %(rows)s of the table applies.",
                    "Rows %(rows)s of the table apply.",
                    len(rows),
                    rows=numbers,
                )
            )
        return str(
            ngettext(
                "Row %(rows)s of the table applies, because %(inputs)s.",
                "Rows %(rows)s of the table apply, because %(inputs)s.",
                len(rows),
                rows=numbers,
                inputs=because,
            )
        )

    def _because(self, table: TableTaken) -> str:
        """Return the inputs that the rows test; all of them where the rows are not known."""
        drawn = self.drawn(table)
        taken = {taken.rule for taken in table.rows}
        rows = [row for row in drawn.rows if row.id in taken] if drawn else []
        tested = {place for row in rows for place, cell in enumerate(row.tests) if cell}
        said = [
            _("“%(label)s” is %(value)s", label=self._say.words(label), value=self._short(value))
            for place, (label, value) in enumerate(table.inputs)
            if place in tested or not rows
        ]
        return self._say.listed(said) if said else ""

    def _short(self, value: Any) -> str:
        text = self._say.value(value)
        return text if len(text) <= MAX_WORD else f"{text[:MAX_WORD]}…"

    def _row_of(self, table: TableTaken, rule: str) -> int | str:
        drawn = self.drawn(table)
        rows = drawn.rows if drawn else ()
        return next((row.row for row in rows if row.id == rule), rule)

    def table(self, table: TableTaken, *, whole: bool) -> dict[str, Any] | None:
        """Return a table with the rows taken marked; of a long one only those, unless whole."""
        drawn = self.drawn(table)
        if drawn is None:
            return None
        gave = {taken.rule: taken.gave for taken in table.rows}
        short = whole or len(drawn.rows) <= SHORT_TABLE
        rows = [row for row in drawn.rows if short or row.id in gave]
        held = [self._say.value(value) for _label, value in table.inputs]
        inputs = [self._say.words(column.label) for column in drawn.inputs]
        return {
            "inputs": inputs,
            "outputs": [self._say.words(column.label) for column in drawn.outputs],
            "held": held if len(held) == len(inputs) else [],
            "noted": any(row.notes for row in drawn.rows),
            "rows": [self._row(row, drawn, gave) for row in rows],
            "total": len(drawn.rows),
            "complete": len(rows) == len(drawn.rows),
        }

    def _row(self, row: Row, drawn: DrawnTable, gave: Mapping[str, Any]) -> dict[str, Any]:
        applies = row.id in gave
        outputs = [self._say.cell(cell) for cell in row.outputs]
        if applies:
            outputs = self._given(gave[row.id], drawn.outputs)
        return {
            "row": row.row,
            "applies": applies,
            "tests": [self._say.cell(cell) if cell else None for cell in row.tests],
            "outputs": outputs,
            "note": " ".join(self._say.words(note) for note in row.notes),
        }

    def _given(self, gave: Any, columns: Sequence[Column]) -> list[tuple[str, bool]]:
        """Return what a row really gave, a cell for each output column."""
        if len(columns) == 1 or not isinstance(gave, dict):
            return [(self._say.value(gave), False) for _column in columns]
        return [(self._say.value(gave.get(column.source, gave)), False) for column in columns]


def _first(numbers: str, because: str) -> str:
    if not because:
        return str(_("Row %(rows)s of the table applies, since none above it does.", rows=numbers))
    return str(
        _(
            "Row %(rows)s of the table is the first that applies, because %(inputs)s.",
            rows=numbers,
            inputs=because,
        )
    )


def _joined(parts: list[tuple[str, str]]) -> str:
    return "; ".join(f"{label}: {value}" if label else value for label, value in parts)
