"""Context functions (DMN 1.5 §10.3.4.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.builtins.registry import Chapter

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

builtin = Chapter("10.3.4.10")
Context = dict[str, object]


@builtin("get value", "m: context", "key: string", gives="Any")
def get_value(context: Context, key: str) -> object:
    """Give the member of that key; null when there is none."""
    return context.get(key)


@builtin("get entries", "m: context", gives="list<context>", runtime=True)
def get_entries(runtime: Runtime, context: Context) -> list[Context]:
    """Give a list of contexts with key and value."""
    runtime.room_for_items(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list<context>", gives="context", runtime=True)
def context_of(runtime: Runtime, entries: list[object]) -> Context | None:
    """Make a context of a list with key and value; null for a key twice or an entry unfit."""
    runtime.room_for_items(len(entries))
    made: Context = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, dict) else None
        if not isinstance(key, str) or not isinstance(entry, dict) or "value" not in entry:
            return None
        if key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin(
    "context put", "context: context", "key: string", "value: Any", gives="context", runtime=True
)
def context_put(runtime: Runtime, context: Context, key: str, value: object) -> Context:
    """Give a context with a member added or changed."""
    runtime.room_for_items(len(context))
    return {**context, key: value}


@builtin(
    "context put",
    "context: context",
    "keys: list<string>",
    "value: Any",
    gives="context",
    runtime=True,
)
def context_put_along(
    runtime: Runtime, context: Context, keys: list[object], value: object
) -> Context | None:
    """Give a context with a nested member added or changed.

    Null for no keys, for one that is no text, and for one on the way that leads to no context.
    """
    if not keys or not isinstance(keys[0], str):
        return None
    runtime.room_for_items(len(context))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        return None
    changed = context_put_along(runtime, inner, keys[1:], value)
    return None if changed is None else {**context, keys[0]: changed}


@builtin("context merge", "contexts: list<context>", gives="context", runtime=True)
def context_merge(runtime: Runtime, contexts: list[object]) -> Context | None:
    """Join contexts; where two have the same key, the later one counts."""
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        runtime.room_for_items(len(context))
        merged.update(context)
    return merged
