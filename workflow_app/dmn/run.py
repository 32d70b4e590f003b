"""What one evaluation of a model carries along, and the shape of compiled boxed expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

Scope = dict[str, object]
Boxed = Callable[["Run", Scope], object]
# Requirements may be long chains, but each level costs Python frames.
MAX_REQUIREMENTS = 40


@dataclass(slots=True)
class Run:
    """The runtime, the given data, decisions already made, and the rules that matched."""

    runtime: Runtime
    given: Scope
    made: dict[str, object] = field(default_factory=dict)
    matched: list[tuple[str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
