"""What a browser with the fonts in its cache fetches to show the inbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench import diagrams
from bench.measure import Figure
from workflow_app.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.world import World

STATIC = ROOT / "workflow_app" / "static"
LINKED = re.compile(r"(?:href|src)=\"/static/([^\"?]+\.(?:css|js|svg))")
IMPORTED = re.compile(r"(?:from|import)\"\./([^\"]+\.js)\"")
ROWS = 30


def inbox(world: World) -> Iterator[tuple[str, Figure]]:
    """Fill an inbox page and add up the page and what it links to, as it goes over the wire."""
    with world.unsafe():
        for _ in range(ROWS):
            world.start(diagrams.TWO_TASKS)
    page = world.signed_in().get("/inbox?tab=groups").get_data()
    if page.count(b"/tasks/") < ROWS // 2:
        message = "the inbox that was measured shows no tasks"
        raise RuntimeError(message)
    files = _needed({STATIC / name for name in LINKED.findall(page.decode())})
    total = len(page) + sum(_on_the_wire(path) for path in files)
    note = f"page, {len(files)} style sheets, scripts and pictures; fonts cached"
    yield "inbox_bytes", Figure(value=total, unit="bytes", bar=150_000, note=note)


def _needed(files: set[Path]) -> set[Path]:
    """Add what scripts import at once; what they import later, when asked, is not fetched here."""
    found, waiting = set(files), list(files)
    while waiting:
        path = waiting.pop()
        if path.suffix == ".js":
            fresh = {path.parent / name for name in IMPORTED.findall(path.read_text("utf-8"))}
            waiting += fresh - found
            found |= fresh
    return found


def _on_the_wire(path: Path) -> int:
    packed = path.with_name(path.name + ".br")
    return (packed if packed.exists() else path).stat().st_size
