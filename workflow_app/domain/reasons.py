"""Why something failed, in a shape that can be stored and told in any language later.

FEEL, DMN, forms, timers and our own rules each raise errors of their own; what they share is
`told()`, a msgid with what fills it. What fills it may be an error again: a step fails for its
expression, the expression for its function. The edge tells all of it (web/presenting/reasons.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

#: An expression as written, and why it failed.
IN_TEXT = N_("%(text)s: %(reason)s")


@runtime_checkable
class Reasoned(Protocol):
    """An error that can be told in another language than the English of its `str()`."""

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Return the msgid of the whole sentence and what fills it."""
        ...


def as_stored(reason: Reasoned) -> dict[str, Any]:
    """Return a reason as JSON: `why`, a msgid, and `details`, with reasons inside in that shape."""
    why, details = reason.told()
    return {"why": why, "details": {name: _detail(value) for name, value in details.items()}}


def _detail(value: object) -> Any:
    if isinstance(value, Reasoned):
        return as_stored(value)
    return value if isinstance(value, (int, float, bool)) else str(value)
