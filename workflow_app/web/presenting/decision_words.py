"""Values and cells of decision tables in words, for readers who know neither FEEL nor JSON."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from babel.lists import format_list
from flask_babel import get_timezone
from flask_babel import gettext as _

from workflow_app.engine.decided import LEFT_OUT, is_left_out
from workflow_app.form_builder.display import Reader, show_plain
from workflow_app.form_builder.text import Words as FormWords
from workflow_app.services.forms import translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflow_app.dmn.drawn import Column, DrawnTable
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

Style = Literal["standard", "or"]
_NUMBER = r"-?\d+(?:\.\d+)?"
_LITERAL = rf'(?:"(?:[^"\\]|\\.)*"|{_NUMBER}|true|false|null)'
_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_SETTING = r'setting\s*\(\s*"([^"\\]*)"\s*\)((?:\.\w+)*)'
_COMPARED = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER}|{_SETTING}|{_NAME})")
_BETWEEN = re.compile(rf"([\[(\]])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])")
_LISTED = re.compile(rf"{_LITERAL}(?:\s*,\s*{_LITERAL})*")
_EXCLUDED = re.compile(rf"not\s*\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*\)")
_INCLUDED = re.compile(rf"list contains\s*\(\s*\?\s*,\s*({_LITERAL})\s*\)")
_EACH = re.compile(_LITERAL)
_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what stands in decisions of one version to one reader."""

    reader: Reader
    statuses: Mapping[str, str]

    def words(self, msgid: str) -> str:
        """Return a text of the version in the reader's language."""
        return self.reader.words(msgid)

    def value(self, value: Any) -> str:
        """Return a value: a status by its word, a mark by what was left out, nothing by a dash."""
        if value is None or value == []:
            return str(_("nothing"))
        if isinstance(value, list):
            return self.listed([self.value(one) for one in value])
        if isinstance(value, dict):
            return _left_out(value) if is_left_out(value) else self._context(value)
        return self._text(value) if isinstance(value, str) else show_plain(value, self.reader)

    def _text(self, value: str) -> str:
        if value in self.statuses:
            return self.words(self.statuses[value])
        said = show_plain(value, self.reader)
        bare = said == value and _CODE.fullmatch(value)
        return self.words(value.replace("_", " ")) if bare else said

    def _context(self, value: Mapping[str, Any]) -> str:
        return "; ".join(f"{name}: {self.value(held)}" for name, held in value.items())

    def outcome(self, gave: Any, columns: Sequence[Column]) -> list[tuple[str, str]]:
        """Return what a row gave as (label, value); one column has no label but the value."""
        if isinstance(gave, dict) and not is_left_out(gave) and len(columns) != 1:
            labels = {column.source: column.label for column in columns}
            return [
                (self.words(labels.get(name) or name), self.value(held))
                for name, held in gave.items()
            ]
        return [("", self.value(gave))]

    def listed(self, parts: Sequence[str], style: Style = "standard") -> str:
        """Return parts as people list them: a, b and c; the style “or” for a, b or c."""
        return format_list(parts, style=style, locale=self.reader.known_locale)

    def cell(self, feel: str) -> tuple[str, bool]:
        """Return a cell in words, and whether it stays as written, being more than a comparison."""
        text = feel.strip()
        ways = (
            *(self._compared, self._between, self._included, self._excluded),
            *(self._list, self._setting),
        )
        said = next(filter(None, (way(text) for way in ways)), None)
        return (feel, True) if said is None else (said, False)

    def over(self, tables: Iterable[DrawnTable]) -> Teller:
        """Return who says the codes of outcomes as statuses where a column gives nothing else."""
        codes: set[str] = set()
        for table in tables:
            for cells in zip(*(row.outputs for row in table.rows), strict=True):
                texts = (cell for cell in cells if cell.startswith('"'))
                given = {cell[1:-1] for cell in texts if _EACH.fullmatch(cell)}
                codes |= given if given <= set(self.statuses) else set()
        return replace(self, statuses={code: self.statuses[code] for code in codes})

    def _compared(self, text: str) -> str | None:
        found = _COMPARED.fullmatch(text)
        if found is None:
            return None
        value = self._literal(found[2])
        said = {
            ">=": _("%(value)s or more", value=value),
            ">": _("more than %(value)s", value=value),
            "<=": _("%(value)s or less", value=value),
            "<": _("less than %(value)s", value=value),
        }
        return str(said[found[1]])

    def _between(self, text: str) -> str | None:
        found = _BETWEEN.fullmatch(text)
        if found is None:
            return None
        low, high = self._literal(found[2]), self._literal(found[3])
        said = {
            (True, True): _("from %(low)s to %(high)s", low=low, high=high),
            (True, False): _("from %(low)s to less than %(high)s", low=low, high=high),
            (False, True): _("more than %(low)s, up to %(high)s", low=low, high=high),
            (False, False): _("more than %(low)s and less than %(high)s", low=low, high=high),
        }
        return str(said[found[1] == "[", found[4] == "]"])

    def _included(self, text: str) -> str | None:
        found = _INCLUDED.fullmatch(text)
        return str(_("includes %(value)s", value=self._literal(found[1]))) if found else None

    def _excluded(self, text: str) -> str | None:
        found = _EXCLUDED.fullmatch(text)
        inner = found and self._list(found[1])
        return str(_("not %(value)s", value=inner)) if inner else None

    def _list(self, text: str) -> str | None:
        if not _LISTED.fullmatch(text):
            return None
        return self.listed([self._literal(one) for one in _EACH.findall(text)], "or")

    def _setting(self, text: str) -> str | None:
        found = re.fullmatch(_SETTING, text)
        return str(_("the setting “%(name)s”", name=found[1] + found[2])) if found else None

    def _literal(self, text: str) -> str:
        if text in _CONSTANTS:
            return self.value(_CONSTANTS[text])
        if text.startswith('"'):
            return self.value(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if re.fullmatch(_NAME, text):
            return text
        if text.startswith("setting"):
            return self._setting(text) or text
        return self.value(float(text) if "." in text else int(text))


def teller(ctx: Context, published: Published) -> Teller:
    """Return who tells the decisions of a version to the present reader."""
    words = FormWords(translator(ctx, published))
    manifests = (published.manifest, *published.manifests.values())
    statuses = dict(ChainMap(*(one.statuses for one in manifests)))
    return Teller(Reader(words, ctx.language, get_timezone()), statuses)


def _left_out(mark: Mapping[str, Any]) -> str:
    size = mark.get("size")
    if mark[LEFT_OUT] == "text":
        return f"{mark['start']}…"
    if mark[LEFT_OUT] == "list":
        return str(_("a list of %(size)s entries", size=size))
    if mark[LEFT_OUT] == "context":
        return str(_("%(size)s values together", size=size))
    return str(_("a value that is not kept"))
