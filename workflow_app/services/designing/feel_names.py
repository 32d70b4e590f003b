"""What the editor of formulas offers: functions, and the names known at an element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.knowing import known_at
from workflow_app.feel import catalogue
from workflow_app.feel.additions import ADDITIONS
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.sources import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.engine.knowing import KnownName
    from workflow_app.feel import Parameter
    from workflow_app.services.context import Context

#: What a case says of itself under `case`.
OF_CASE = ("key", "kind", "language", "number", "territory", "title")


def functions() -> list[dict[str, Any]]:
    """Return every function of FEEL and every one of ours: name, type, params, and what it gives.

    Each way to call a function is an entry of its own.
    """
    standard = [
        _function(entry.name, form.parameters, form.gives)
        for entry in catalogue()
        for form in entry.forms
    ]
    own = [
        _function(name, found.signatures[0].parameters, found.signatures[0].gives)
        for name, found in ADDITIONS.items()
    ]
    return [*own, *standard]


def names_at(ctx: Context, draft_id: int, element: str, path: str = "") -> list[dict[str, Any]]:
    """Return the names that a formula may read at an element of a draft's diagram.

    `path` names one of its diagrams; without it, it is that of the process that the draft is of.
    Each with its type (`detail`), who writes it (`writers`), and its parts (`entries`, behind a
    list's items where `isList`). Raises NotFound.
    """
    key = draft_of(ctx, draft_id).key
    found = known_at(source_of(ctx, draft_id), key, element, file=path)
    return [_name(one) for one in found]


def _function(name: str, parameters: Iterable[Parameter], gives: tuple[str, ...]) -> dict[str, Any]:
    params = [_parameter(each) for each in parameters if not each.optional]
    return {"name": name, "type": "function", "params": params, "detail": " | ".join(gives)}


def _parameter(given: Parameter) -> dict[str, str]:
    name = f"{given.name}{'…' if given.variadic else ''}"
    return {"name": name, "type": " | ".join(given.types)}


def _name(known: KnownName) -> dict[str, Any]:
    parts = [{"name": part.name, "detail": part.kind} for part in known.parts]
    if known.name == "case":
        parts = [{"name": name, "detail": "string"} for name in OF_CASE]
    found: dict[str, Any] = {"name": known.name, "detail": known.kind}
    if parts:
        found |= {"entries": parts, "isList": known.kind.startswith("list")}
    return found | {"writers": list(known.writers)}
