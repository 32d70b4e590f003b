"""Texts of a diagram as compiled FEEL, and FEEL values as engine data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import DomainError
from workflow_app.engine.errors import BpmnError
from workflow_app.feel import Expression, FeelError, FeelWarning, compile_expression, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def formula(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """Compile a text that is always FEEL, with or without a leading “=”.

    `names` are those it may read that FEEL would take for an operation, such as `flow-1`.
    """
    return compile_expression(text, names)


def value(text: str) -> Expression:
    """Compile a text that is FEEL after “=”, else the text itself."""
    if text.lstrip().startswith("="):
        return formula(text)
    return formula(json.dumps(text, ensure_ascii=False))


def values(text: str) -> Expression:
    """Compile a text that is FEEL after “=”, else a list of words between commas."""
    if text.lstrip().startswith("="):
        return formula(text)
    words = [word.strip() for word in text.split(",") if word.strip()]
    return formula(json.dumps(words, ensure_ascii=False))


def optional_value(text: str | None) -> Expression | None:
    """Compile with `value` what is there."""
    return value(text) if text else None


def optional_formula(text: str | None) -> Expression | None:
    """Compile with `formula` what is there."""
    return formula(text) if text else None


def evaluate(
    expression: Expression,
    scope: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> Any:
    """Evaluate to JSON; raises FeelError."""
    return to_json(expression.evaluate(scope, functions))


def cause_of(
    expression: Expression,
    scope: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> FeelWarning | None:
    """Return the first error that an expression met on its way to what it gave, if any.

    Evaluates it anew, so this is for failures only.
    """
    try:
        warnings = expression.explain(scope, functions).warnings
    except (FeelError, DomainError, BpmnError):
        return None
    return warnings[0] if warnings else None


def put(data: dict[str, Any], path: str, item: Any) -> None:
    """Write under a dotted name; contexts on the way are copied, never shared."""
    name, _, rest = path.partition(".")
    if not rest:
        data[name] = item
        return
    held = data.get(name)
    inner = dict(held) if isinstance(held, dict) else {}
    put(inner, rest, item)
    data[name] = inner
