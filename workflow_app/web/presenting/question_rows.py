"""A form in words as its page shows it: one row a question, and the forms of the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.services.designing.question_commands import name_of
from workflow_app.services.designing.question_fields import (
    ALL,
    HOLDERS,
    SORTS,
    fields_of,
    sort_of,
    values_of,
)
from workflow_app.services.designing.question_places import START
from workflow_app.web.presenting.outline_forms import choice_row, form_rows, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.services.designing.question_places import Placed

#: What a row tells by itself, not among its facts.
UNSHOWN = frozenset({"label", "text", "key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the page is asked for: a question, a command begun, what was typed, what was wrong."""

    at: str = ""
    do: str = ""
    sort: str = ""
    said: Mapping[str, str]
    faults: Mapping[str, Reasoned]
    sent: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRows:
    """Builds the rows of one page; `faults` are what cannot be drawn, by component."""

    parts: tuple[Placed, ...]
    asked: Asked
    faults: Mapping[str, str]

    def rows(self) -> list[dict[str, Any]]:
        """Return {at, number, depth, name, key, sort, facts, fault, chosen} a component."""
        return [self._row(one) for one in self.parts]

    def _row(self, one: Placed) -> dict[str, Any]:
        values = values_of(one.component)
        component = one.component
        return {
            "at": one.at,
            "depth": one.depth,
            "name": name_of(component),
            "key": values.get("key", ""),
            "sort": _(ALL[sort_of(component)].title),
            "facts": list(_facts(one, values)),
            "fault": self.faults.get(str(component.get("id") or component.get("key"))),
            "chosen": one.at == self.asked.at,
        }

    # --- the chosen question -----------------------------------------------------------------

    def chosen(self) -> dict[str, Any] | None:
        """Return the forms of the chosen question, or None where none is chosen."""
        found = next((one for one in self.parts if one.at == self.asked.at), None)
        if found is None or self.asked.do == "add":
            return None
        sent = self.asked.sent and self.asked.do == "change"
        values = values_of(found.component) | (dict(self.asked.said) if sent else {})
        faults = self.asked.faults if sent else {}
        change = form_rows("change", fields_of(found.component), values, faults, {})
        fault = self.asked.faults.get("place") if self.asked.do == "move" else None
        place = self.asked.said.get("place", "") if self.asked.do == "move" else ""
        inside = [one.at for one in self.parts if one.at.startswith(f"{found.at}.")]
        options = self._places({found.at, *inside})
        move = choice_row("move-place", _("New place"), options, place, fault)
        return {"change": change, "move": move, "problems": problems([change, [move]])}

    def begun(self) -> dict[str, Any] | None:
        """Return the form of a question that is being added, or None."""
        sort = SORTS.get(self.asked.sort)
        if self.asked.do != "add" or sort is None:
            return None
        said, faults = self.asked.said, self.asked.faults
        rows = form_rows("add", sort.fields, said, faults, {})
        options = self._places(set())
        default = f"after:{self.asked.at}" if self.asked.at else self._end()
        place = said.get("place", default)
        rows.insert(1, choice_row("add-place", _("Place"), options, place, None))
        return {
            "sort": self.asked.sort,
            "title": _(sort.title),
            "rows": rows,
            "problems": problems([rows]),
        }

    def _end(self) -> str:
        last = next((one.at for one in reversed(self.parts) if not one.depth), "")
        return f"after:{last}" if last else START

    def _places(self, without: set[str]) -> list[dict[str, str]]:
        found = [{"value": START, "label": _("At the beginning")}]
        for one in self.parts:
            if one.at not in without:
                found += list(_beside(one))
        return found


def sorts() -> list[dict[str, str]]:
    """Return what can be added, as options."""
    return [{"value": name, "label": _(sort.title)} for name, sort in SORTS.items()]


def _beside(one: Placed) -> Iterator[dict[str, str]]:
    name = name_of(one.component)
    if one.component.get("type") in HOLDERS:
        yield {"value": f"in:{one.at}", "label": _("Inside “%(name)s”", name=name)}
    yield {"value": f"after:{one.at}", "label": _("After “%(name)s”", name=name)}


def _facts(one: Placed, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for field in fields_of(one.component):
        value = values.get(field.name, "")
        if not value or field.name in UNSHOWN:
            continue
        if field.name == "values":
            value = "; ".join(line.partition(" = ")[2] or line for line in value.split("\n"))
        elif field.options:
            value = _(dict(field.options).get(value, value))
        yield _(field.label), value
