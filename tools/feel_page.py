"""Write the tables of docs/feel.md that the code itself knows best.

python -m tools.feel_page           write them
python -m tools.feel_page --check   fail if one is out of date
"""

from __future__ import annotations

import re
import sys
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.parity import DIFFERENT
from workflow_app.feel import bounds, catalogue
from workflow_app.feel.additions import ADDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflow_app.feel import FunctionEntry, Parameter

PAGE = Path(__file__).resolve().parent.parent / "docs" / "feel.md"


def functions() -> Iterator[str]:
    """Yield the reference of the standard's functions, a table a chapter."""
    for heading, entries in groupby(catalogue(), key=lambda entry: entry.heading):
        rows = [row for entry in entries for row in _forms(entry)]
        yield f"### {heading}\n"
        yield _table(["call", "gives", ""], rows)


def _forms(entry: FunctionEntry) -> Iterator[list[str]]:
    for form in entry.forms:
        given = ", ".join(map(_parameter, form.parameters))
        yield [f"`{entry.name}({given})`", f"`{_types(form.gives)}`", form.about.replace("``", "`")]


def _parameter(parameter: Parameter) -> str:
    words = f"{parameter.name}: {_types(parameter.types)}"
    if parameter.variadic:
        return f"{words}, …"
    return f"[{words}]" if parameter.optional else words


def _types(types: Iterable[str]) -> str:
    return " or ".join(types)


def own() -> Iterator[str]:
    """Yield the table of our own functions."""
    rows = []
    for name, function in ADDITIONS.items():
        form = function.signatures[0]
        given = ", ".join(map(_parameter, form.parameters))
        rows.append([f"`{name}({given})`", f"`{_types(form.gives)}`", function.says])
    yield _table(["call", "gives", ""], rows)


def limits() -> Iterator[str]:
    """Yield the table of bounds that stands where they are set."""
    yield "\n".join(row for row in (bounds.__doc__ or "").splitlines() if row.startswith("|"))


def browser() -> Iterator[str]:
    """Yield where the browser's FEEL differs, by reason."""
    reasons: dict[str, list[str]] = {}
    for text, reason in DIFFERENT.items():
        reasons.setdefault(reason, []).append(f"`{text}`")
    yield _table(["why", "examples"], [[why, ", ".join(found)] for why, found in reasons.items()])


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


SECTIONS = {"functions": functions, "own": own, "bounds": limits, "browser": browser}


def renewed(page: str) -> str:
    """Return the page with every table written anew."""
    for name, write in SECTIONS.items():
        body = "\n".join(write()).strip()
        marks = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        page = marks.sub(partial(_between, body), page)
    return page


def _between(body: str, marks: re.Match[str]) -> str:
    return f"{marks[1]}{body}\n{marks[2]}"


def main() -> int:
    """Run from the command line."""
    held = PAGE.read_text(encoding="utf-8")
    written = renewed(held)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(written, encoding="utf-8")
        return 0
    if held != written:
        print("docs/feel.md is out of date: make feel-page", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
