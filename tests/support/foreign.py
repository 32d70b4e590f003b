"""A diagram with everything that no single tool knows: to be kept, whatever is edited."""

from __future__ import annotations

from pathlib import Path

FOREIGN = Path(__file__).with_name("foreign.bpmn").read_text(encoding="utf-8")
