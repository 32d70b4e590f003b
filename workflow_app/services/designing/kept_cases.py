"""Keeping what the test bench showed as a case of the table's test file.

A test file is written by hand, with comments and a layout of its own: a case is added to its list
as one line, and all else stays as it is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.dmn import DmnError
from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.services.designing.bench import try_decision
from workflow_app.services.designing.drafts import draft_of, files_of, write_file
from workflow_app.services.host import Host, home_path
from workflow_app.services.scenarios.script import TableTest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.dmn import DecisionModel
    from workflow_app.services.context import Context
    from workflow_app.services.designing.bench import Tried
    from workflow_app.services.designing.drafts import DraftFile

UNREADABLE = N_("The test file “%(path)s” cannot be read, so nothing can be added to it.")
_CASES = re.compile(r"^cases:[ \t]*(?:#.*)?$")
_ITEM = re.compile(r"^([ \t]*)- ")
_TOP = re.compile(r"^[^\s#-]")


@dataclass(frozen=True, slots=True)
class KeptTests:
    """The test file of a decision, if there is one, and how many cases it has."""

    path: str
    cases: int


def tests_of(ctx: Context, draft_id: int, decision: str) -> KeptTests | None:
    """Return the test file of a decision in a draft."""
    found = _file_of(ctx, draft_id, decision)
    return None if found is None else KeptTests(found[0].path, len(found[1].cases))


def keep_case(
    ctx: Context, draft_id: int, model: DecisionModel, decision: str, tried: Tried, title: str
) -> str:
    """Add what a decision came to as a case of its test file; return that file's path.

    Raises Invalid for a test file that cannot be read, NotOpen, HeldBySomebody, LostRace.
    """
    found = _file_of(ctx, draft_id, decision)
    if found is None:
        return _begin(ctx, draft_id, model, decision, tried, title)
    file, test = found
    case = _case(tried, title, test.inputs)
    text = with_case(file.body, case)
    if _read(text) is None:
        raise Invalid(UNREADABLE, path=file.path)
    write_file(ctx, draft_id, file.path, text, revision=file.revision)
    return file.path


def with_case(text: str, case: Mapping[str, Any]) -> str:
    """Return a test file's text with one case more at the end of its list."""
    lines = text.splitlines()
    start = next((place for place, line in enumerate(lines) if _CASES.match(line)), None)
    if start is None:
        return _rewritten(text, case)
    end = start + 1
    while end < len(lines) and not _TOP.match(lines[end]):
        end += 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    items = (_ITEM.match(line) for line in lines[start + 1 : end])
    indent = next((item[1] for item in items if item), "  ")
    lines.insert(end, f"{indent}- {json.dumps(case, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _rewritten(text: str, case: Mapping[str, Any]) -> str:
    """Return a file whose cases stand in no list of lines, written anew."""
    found: Any = msgspec.yaml.decode(text)
    found["cases"] = [*found.get("cases", []), dict(case)]
    return msgspec.yaml.encode(found).decode()


def _case(tried: Tried, title: str, common: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case as a test file writes it, without the inputs that all its cases have."""
    inputs = {n: v for n, v in tried.data.items() if n not in common or common[n] != v}
    case: dict[str, Any] = {"title": title, "inputs": inputs} if title else {"inputs": inputs}
    if tried.event is None:
        # The line of the file may be another one tomorrow.
        refused = tried.refused
        return case | {"refused": refused.reason if isinstance(refused, DmnError) else str(refused)}
    last = tried.event["tables"][-1:]
    own = [t for t in last if t["id"] == tried.event["decision"] and not t.get("more")]
    case["expect"] = tried.event["result"]
    return case | {"rows": own[0]["rows"]} if own else case


def _begin(
    ctx: Context, draft_id: int, model: DecisionModel, decision: str, tried: Tried, title: str
) -> str:
    """Write a first test file, whose gap is a decision over nothing at all."""
    if decision not in model.decisions:
        raise NotFound
    nothing = try_decision(ctx, model, decision, {})
    test = {
        "table": decision,
        "title": model.decisions[decision].title or decision,
        "clock": Host(ctx, home_path(ctx)).now().replace(microsecond=0).isoformat(),
        "cases": [],
        "gap": _case(nothing, "", {}),
    }
    head = msgspec.yaml.encode({name: test[name] for name in ("table", "title", "clock")}).decode()
    gap = f"gap: {json.dumps(test['gap'], ensure_ascii=False)}\n"
    path = f"processes/{draft_of(ctx, draft_id).key}/scenarios/table_{decision}.yaml"
    taken = files_of(ctx, draft_id).get(path)
    if taken is not None:
        raise Invalid(UNREADABLE, path=path)
    body = with_case(f"{head}cases:\n{gap}", _case(tried, title, {}))
    write_file(ctx, draft_id, path, body, revision=0)
    return path


def _file_of(ctx: Context, draft_id: int, decision: str) -> tuple[DraftFile, TableTest] | None:
    for path, file in files_of(ctx, draft_id).items():
        test = _read(file.body) if path.endswith(".yaml") and decision in file.body else None
        if test is not None and test.table == decision:
            return file, test
    return None


def _read(text: str) -> TableTest | None:
    try:
        return msgspec.convert(msgspec.yaml.decode(text), TableTest)
    except (msgspec.DecodeError, ValueError):
        return None
