"""How large a file may be to be looked at while somebody waits, and ids that two files share."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from workflow_app.engine.lint.report import finding_of
from workflow_app.engine.lint.rules import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine import Finding, Rule

#: By suffix: what is counted in a text, at most how many, and the rule about more.
COUNTED: dict[str, tuple[re.Pattern[str], int, Rule]] = {
    ".bpmn": (re.compile(r"<[\w:]*BPMN(?:Shape|Edge)\b"), 2000, limits.TOO_MANY_ELEMENTS),
    ".dmn": (re.compile(r"<(?:\w+:)?rule\b"), 1000, limits.TOO_MANY_RULES),
    ".form": (re.compile(r'"type"\s*:'), 1500, limits.TOO_MANY_FIELDS),
}
_NAMED = {
    ".bpmn": re.compile(r"""<(?:\w+:)?process\s[^>]*?\bid=["']([^"']+)["']"""),
    ".dmn": re.compile(r"""<(?:\w+:)?decision\s[^>]*?\bid=["']([^"']+)["']"""),
}


def fits(path: str, text: str) -> bool:
    """Tell whether a file is small enough to be checked while somebody waits."""
    return not list(limit_findings({path: text}))


def limit_findings(files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is told of files that are too large to be checked."""
    for path, text in files.items():
        counted, most, rule = COUNTED.get(_suffix(path), (None, 0, None))
        if counted is None or rule is None:
            continue
        number = sum(1 for _ in counted.finditer(text))
        if number > most:
            yield finding_of(rule, path, None, None, number=number, limit=most)


def shared_ids(files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is told of processes and decisions that two files define under one id."""
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, text in sorted(files.items()):
        suffix = _suffix(path)
        for key in _NAMED[suffix].findall(text) if suffix in _NAMED else ():
            held[suffix, key].append(path)
    for (_, key), paths in held.items():
        for path in paths[1:]:
            yield finding_of(limits.SHARED_ID, path, key, None, id=key, other=paths[0])


def _suffix(path: str) -> str:
    return path[path.rfind(".") :]
