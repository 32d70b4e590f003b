"""Scenario files as designers edit them: as a table of steps, or as the text itself.

What the table does not show of a step stays as it is; only remarks are lost when a table is saved.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.scenarios.script import Scenario, TableTest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: What a step does, by the name under which a scenario says it.
KINDS = ("task", "message", "advance_to", "advance", "send")
OTHER = "other"
SHOWN = (*KINDS, "as", "answers", "expect")
WIDTH = 96
NO_MAPPING = N_("A scenario is a list of names with values, such as “title: A case is closed”.")
TOO_LARGE = N_("A scenario has at most %(limit)s characters.")
LARGEST = 200_000
_TITLE = re.compile(r"^title:.*$", re.MULTILINE)
_PLACE = re.compile(r"[.\[]?([A-Za-z_]\w*|\d+|\.\.\.)\]?")


class Unreadable(Invalid):
    """A text is no scenario (params: line, from one, 0 where it is nowhere; reason).

    `part` is the field of the table that is meant: its name, or (number of the step, name).
    """

    message = N_("Line %(line)s: %(reason)s")

    def __init__(self, reason: str, line: int = 0, part: str = "") -> None:
        self.part = part
        self.line = line
        super().__init__(line=line, reason=reason)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as the table shows it; `answers`, `expect` and `rest` are YAML.

    `kind` is one of KINDS or OTHER, whose whole step stands in `rest`.
    """

    kind: str = "task"
    name: str = ""
    who: str = ""
    answers: str = ""
    expect: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A scenario as a table: how it begins, its steps, how it ends; `rest` is all else, in YAML."""

    title: str = ""
    clock: str = ""
    element: str = ""
    who: str = ""
    answers: str = ""
    start_rest: str = ""
    expect: str = ""
    rest: str = ""
    steps: tuple[StepRow, ...] = field(default_factory=tuple)


def title_in(text: str) -> str:
    """Return the title that a scenario file gives itself; empty for none that can be read."""
    line = _TITLE.search(text)
    with suppress(Unreadable):
        return str(_mapping(line[0]).get("title") or "") if line else ""
    return ""


def is_sheet(text: str) -> bool:
    """Tell whether a file plays a case, so that it can be shown as a table of steps."""
    try:
        found = _mapping(text)
    except Unreadable:
        return False
    steps = found.get("steps") or []
    return "start" in found and isinstance(found["start"], dict) and isinstance(steps, list)


def sheet_of(text: str) -> Sheet:
    """Return a scenario as a table. Raises Unreadable."""
    found = _mapping(text)
    start = dict(found.get("start") or {})
    others = {n: v for n, v in found.items() if n not in {"title", "clock", "start", "steps"}}
    others.pop("expect", None)
    return Sheet(
        title=str(found.get("title", "")),
        clock=str(found.get("clock", "")),
        element=str(start.pop("element", "") or ""),
        who=str(start.pop("as", "") or ""),
        answers=_yaml(start.pop("answers", None)),
        start_rest=_yaml(start),
        expect=_yaml(found.get("expect")),
        rest=_yaml(others),
        steps=tuple(_row(step) for step in found.get("steps") or []),
    )


def text_of(sheet: Sheet) -> str:
    """Return the file of a table. Raises Unreadable, naming the field that is meant."""
    start = {
        **({"element": sheet.element} if sheet.element else {}),
        **({"as": sheet.who} if sheet.who else {}),
        **_part(sheet.start_rest, "start_rest"),
        **_named("answers", sheet.answers, "answers"),
    }
    said = {
        "title": sheet.title,
        "clock": sheet.clock,
        **_part(sheet.rest, "rest"),
        "start": start,
        "steps": [_step(row, number) for number, row in enumerate(sheet.steps)],
        **_named("expect", sheet.expect, "expect"),
    }
    # A step that says nothing at all would be read as one that does nothing.
    said["steps"] = [step for step in said["steps"] if step]
    return written(said)


def answers_in(text: str, task: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the answers of each step of a file that does a task, the last first, and who does it.

    Steps that are refused or denied are left out, and those that say what others fill in.
    """
    with suppress(Unreadable):
        steps = _mapping(text).get("steps")
        for step in reversed(steps if isinstance(steps, list) else []):
            if isinstance(step, dict) and step.get("task") == task and _is_done(step):
                yield dict(step.get("answers") or {}), str(step.get("as") or "")


def _is_done(step: Mapping[str, Any]) -> bool:
    if "refused" in step or "denied" in step or not isinstance(step.get("answers", {}), dict):
        return False
    return "$" not in written(step)


def typed_answers(text: str) -> dict[str, Any]:
    """Return answers that somebody typed as YAML. Raises Unreadable, naming `answers`."""
    return _part(text, "answers")


def answers_text(answers: Mapping[str, Any]) -> str:
    """Return answers as somebody would type them."""
    return _yaml(dict(answers))


def check(name: str, text: str) -> None:
    """Raise Unreadable, with its line, for a text that is no scenario file of this name."""
    if len(text) > LARGEST:
        raise Invalid(TOO_LARGE, limit=LARGEST)
    found = _mapping(text)
    if name.startswith("_"):
        return
    kind: type[Any] = TableTest if "table" in found else Scenario
    for part in ("before", "steps"):
        if isinstance(found.get(part), list):
            found[part] = [_without_inclusion(step) for step in found[part]]
    try:
        msgspec.convert(found, kind)
    except (msgspec.ValidationError, ValueError) as wrong:
        raise _at_line(text, str(wrong)) from wrong


def written(said: Mapping[str, Any]) -> str:
    """Return a mapping as a scenario file is written: short lists and mappings on one line."""
    dumped: str = yaml.safe_dump(
        dict(said), allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH
    )
    return dumped


def changed(sheet: Sheet, act: str) -> Sheet:
    """Return a table after a button was pressed: `add:3`, `remove:3`, `up:3` or `down:3`."""
    what, _colon, number = act.partition(":")
    place = min(int(number), len(sheet.steps)) if number.isdecimal() else len(sheet.steps)
    steps = list(sheet.steps)
    if what == "add":
        steps.insert(place, StepRow())
    elif place < len(steps):
        row = steps.pop(place)
        if what in {"up", "down"}:
            steps.insert(max(0, place + (1 if what == "down" else -1)), row)
    return replace(sheet, steps=tuple(steps))


def new_scenario(title: str, clock: str, element: str) -> str:
    """Return the file of a scenario that only begins a case."""
    start = {"element": element, "as": "public", "answers": {}}
    return written({"title": title, "clock": clock, "start": start, "steps": []})


def _row(step: Any) -> StepRow:
    kind = next((one for one in KINDS if isinstance(step, dict) and one in step), OTHER)
    if kind == OTHER or "include" in step:
        return StepRow(OTHER, rest=_yaml(step))
    return StepRow(
        kind=kind,
        name=str(step[kind]),
        who=str(step.get("as", "") or ""),
        answers=_yaml(step.get("answers")),
        expect=_yaml(step.get("expect")),
        rest=_yaml({name: value for name, value in step.items() if name not in SHOWN}),
    )


def _step(row: StepRow, number: int) -> dict[str, Any]:
    at = f"{number}."
    if row.kind == OTHER:
        return _part(row.rest, f"{at}rest")
    answers = _named("answers", row.answers, f"{at}answers")
    expect = _named("expect", row.expect, f"{at}expect")
    said = {row.kind: row.name, **({"as": row.who} if row.who else {}), **answers}
    found = {**said, **_part(row.rest, f"{at}rest"), **expect}
    return {} if not row.name and found.keys() == {row.kind} else found


def _named(name: str, text: str, part: str) -> dict[str, Any]:
    found = _part(text, part)
    return {name: found} if found else {}


def _part(text: str, part: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        return _mapping(text)
    except Unreadable as wrong:
        raise Unreadable(str(wrong.params["reason"]), wrong.line, part) from wrong


def _mapping(text: str) -> dict[str, Any]:
    try:
        found = msgspec.yaml.decode(text)
    except msgspec.DecodeError as wrong:
        line, reason = _mark(text)
        raise Unreadable(reason or str(wrong), line) from wrong
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(str(wrong)) from wrong
    if not isinstance(found, dict):
        raise Unreadable(NO_MAPPING)
    return found


def _mark(text: str) -> tuple[int, str]:
    """Return the line at which a text ceases to be YAML, and why."""
    try:
        for _event in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        return (mark.line + 1 if mark else 0), str(wrong.problem or "")
    except yaml.YAMLError as wrong:
        return 0, str(wrong)
    return 0, ""


def _without_inclusion(step: Any) -> Any:
    """Return a step that stands for an included file's, so that the others keep their numbers."""
    if not isinstance(step, dict):
        return step
    return {} if "include" in step else {n: v for n, v in step.items() if n != "if"}


def _at_line(text: str, reason: str) -> Unreadable:
    """Return a fault of the meaning with the line at which the part of the text begins."""
    said, _at, place = reason.partition(" - at `$")
    if not place:
        return Unreadable(reason)
    parts = _PLACE.findall(place.rstrip("`"))
    return Unreadable(said, _line_of(text, parts), ".".join(parts))


def _line_of(text: str, parts: Sequence[str]) -> int:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for part in parts:
        node = next(_inside(node, part), None)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _inside(node: Any, part: str) -> Iterator[Any]:
    if isinstance(node, yaml.SequenceNode) and part.isdecimal():
        yield from node.value[int(part) : int(part) + 1]
    if isinstance(node, yaml.MappingNode):
        yield from (value for key, value in node.value if key.value == part)


def _yaml(value: Any) -> str:
    return written(value).rstrip("\n") if value else ""
