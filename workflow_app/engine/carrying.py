"""What data associations do when a token passes: copy, work out, read a store, write a store.

An incoming association gives the activity a local name before it works, an outgoing one writes
when it completes (BPMN 2.0.2 §10.4.2). One that only joins a name to itself, or to an activity as
a whole, documents the flow: every activity sees the data of the scopes around it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.expressions import formula, optional_value, put
from workflow_app.feel import compile_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Association, DataItem, Node
    from workflow_app.engine.run import Run
    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.tokens import Token
    from workflow_app.feel import Expression

READ, WRITE = "register.read", "register.upsert"
NO_ENTRY = N_("what goes into the register “%(register)s” is no context: %(found)s")


@dataclass(frozen=True, slots=True)
class Store:
    """A register that an association reads or writes; `name` is what its content is called."""

    name: str
    register: str
    key: Expression | None


@dataclass(frozen=True, slots=True)
class Carried:
    """A compiled association: the stores it reads, and its parts (an expression and a name)."""

    stores: tuple[Store, ...]
    parts: tuple[tuple[Expression, str], ...]
    into: Store | None = None


def carried(node: Node, *, incoming: bool) -> tuple[Carried, ...]:
    """Return the associations of a node in one direction that do more than document."""
    found = [_carried(one) for one in node.associations if one.incoming == incoming]
    return tuple(one for one in found if one.parts or one.stores)


def kept_names(node: Node) -> frozenset[str]:
    """Return the properties, and the data outputs that leave through an association only."""
    own = {item.name for item in node.data if item.kind == "property" and node.graph is None}
    outputs = {item.name for item in node.data if item.kind == "output"}
    used = {
        source.name
        for one in node.associations
        if not one.incoming and _carried(one).parts
        for source in one.sources
    }
    return frozenset(outputs & used | own)


def local_names(node: Node) -> frozenset[str]:
    """Return the names that live no longer than the node's token."""
    held = node.graph.data if node.graph is not None else node.data
    own = {item.name for item in held if item.kind in {"object", "property"}}
    brought = {_root(name) for one in carried(node, incoming=True) for _, name in one.parts}
    return frozenset(own | brought) | kept_names(node)


def _carried(one: Association) -> Carried:
    target, sources = one.target, one.sources
    stores = tuple(_store(item, one.key) for item in sources if _is_register(item))
    into = _store(target, one.key) if target is not None and _is_register(target) else None
    return Carried(stores, tuple(_parts(one)), into if not one.incoming else None)


def _parts(one: Association) -> Iterator[tuple[Expression, str]]:
    if one.target is not None and one.target.kind == "store" and not _is_register(one.target):
        return
    name = _target_name(one)
    if one.transformation is not None and name:
        yield formula(one.transformation), name
    for pair in one.assignments:
        if pair.target or name:
            yield formula(pair.source), pair.target or name
    if one.transformation is None and not one.assignments and name:
        yield from ((reading(item.name), name) for item in one.sources if _copies(item, one, name))


def _target_name(one: Association) -> str:
    """Return where the value goes: an arrow to an activity as a whole keeps its source's name."""
    if one.target is not None:
        return one.target.name
    return one.sources[0].name if one.incoming and one.sources else ""


def _copies(item: DataItem, one: Association, name: str) -> bool:
    if item.kind == "store" and not _is_register(item):
        return False
    return item.name != name or (one.target is not None and one.target.kind == "store")


def _is_register(item: DataItem) -> bool:
    return item.kind == "store" and bool(item.register)


def _store(item: DataItem, key: str | None) -> Store:
    return Store(item.name, item.register, optional_value(key or item.key))


def _root(path: str) -> str:
    return path.partition(".")[0]


def reading(name: str) -> Expression:
    """Return the expression that gives a variable, however its name is spelt."""
    return compile_expression(name, frozenset({name}))


def bring(element: Element, token: Token, run: Run, found: Data) -> None:
    """Add what the incoming associations give to `found`, each seeing the ones before it."""
    for one in element.carried_in:
        scope = token.visible() | found
        for store in one.stores:
            held = _read(element, token, run, store, scope)
            scope[store.name] = held
            if not one.parts:
                found[store.name] = held
        for expression, name in one.parts:
            put(found, name, element.give(token, expression, scope))


def _read(element: Element, token: Token, run: Run, store: Store, scope: Data) -> Any:
    asked: Data = {"register": store.register}
    if store.key is not None:
        asked["key"] = element.give(token, store.key, scope)
    answer = run.env.operations.call(READ, asked, {}, scope)
    return answer.get("found") if isinstance(answer, dict) else None


def send(element: Element, token: Token, run: Run) -> Iterator[tuple[str, Any]]:
    """Write into stores what goes there; yield the names and values that variables get."""
    for one in element.carried_out:
        scope = token.visible()
        for store in one.stores:
            scope[store.name] = _read(element, token, run, store, scope)
        if one.into is not None:
            _write(element, token, run, one.into, _entry(one, element, token, scope))
            continue
        for expression, name in one.parts:
            yield name, element.give(token, expression, scope)


def _entry(one: Carried, element: Element, token: Token, scope: Data) -> Any:
    """Return the entry: one whole value, or the fields that assignments name."""
    entry: Data = {}
    for expression, name in one.parts:
        item = element.give(token, expression, scope)
        if one.into is not None and name == one.into.name:
            return item
        put(entry, name, item)
    return entry


def _write(element: Element, token: Token, run: Run, store: Store, entry: Any) -> None:
    if not isinstance(entry, dict):
        told = {"register": store.register, "found": repr(entry)}
        raise StepFailed(element.element, NO_ENTRY, **told)
    scope: Mapping[str, Any] = token.visible() | entry
    key = element.give(token, store.key, scope) if store.key is not None else None
    inputs: Data = {"register": store.register, "entry": entry}
    if key is not None:
        inputs["key"] = key
    result = run.env.operations.call(WRITE, inputs, {}, token.visible())
    happened: Data = {
        "operation": WRITE,
        "headers": {"register": store.register},
        "result": result,
    }
    run.log("operation", element, token, happened)


def initial(items: Iterable[DataItem]) -> dict[str, list[Any] | None]:
    """Return what a scope's own data begin with: a collection is empty, all else is null."""
    own = (item for item in items if item.kind in {"object", "property"})
    return {item.name: [] if item.collection else None for item in own}
