"""``for``, ``some``, ``every`` and filters; every turn costs a step (DMN 1.5 §10.3.2.13.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel import nodes
from workflow_app.feel.runtime import DECIMAL, cost_of, whole
from workflow_app.feel.scope import RUNTIME
from workflow_app.feel.temporal.arithmetic import moved
from workflow_app.feel.temporal.values import DAY, Date, DaysTime
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from workflow_app.feel.closures import Code, Environment
    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.scope import Scope

Compile = Callable[[nodes.Node, "Scope"], "Code"]
Source = Callable[["Environment"], Iterable[object] | None]
Sources = tuple[tuple[int, Source], ...]


def compile_for(node: nodes.For, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of ``for``; its results so far are the local name ``partial``."""
    before = scope.collected.weight
    inner, sources = _sources(node.iterators, scope, compile_node)
    partial = inner.define("partial")
    body = compile_node(node.body, inner)
    cost = cost_of(scope.collected.weight - before)

    def run(env: Environment) -> object:
        made: list[object] = []
        outer = env[partial]
        env[partial] = made
        for complete in _combinations(env, sources, cost):
            if not complete:
                return None
            made.append(body(env))
            env[partial] = made
        env[partial] = outer
        return made

    return run


def compile_quantified(node: nodes.Quantified, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of ``some`` or ``every``, in three-valued logic."""
    before = scope.collected.weight
    inner, sources = _sources(node.iterators, scope, compile_node)
    condition = compile_node(node.condition, inner)
    cost = cost_of(scope.collected.weight - before)
    decisive = not node.every

    def run(env: Environment) -> object:
        result: bool | None = not decisive
        for complete in _combinations(env, sources, cost):
            answer = condition(env) if complete else None
            if answer is decisive:
                return decisive
            if not isinstance(answer, bool):
                result = None
        return result

    return run


def _sources(
    iterators: tuple[nodes.Iterator, ...], scope: Scope, compile_node: Compile
) -> tuple[Scope, Sources]:
    inner = scope
    sources = []
    for iterator in iterators:
        source = _source(iterator, inner, compile_node)
        inner = inner.inner()
        sources.append((inner.define(iterator.name), source))
    return inner, tuple(sources)


def _source(iterator: nodes.Iterator, scope: Scope, compile_node: Compile) -> Source:
    start = compile_node(iterator.start, scope)
    if iterator.end is None:
        return lambda env: iterated(start(env), env[RUNTIME])
    end = compile_node(iterator.end, scope)
    return lambda env: _counted(start(env), end(env), env[RUNTIME])


def iterated(value: object, runtime: Runtime) -> Iterable[object] | None:
    """Give what a loop goes through: a list, a range counted out, or one thing; null for null."""
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _counted_range(value, runtime)
    return None if value is None else [value]


def _counted_range(interval: Range, runtime: Runtime) -> Iterable[object] | None:
    counted = _counted(interval.start, interval.end, runtime)
    if counted is None:
        return None
    left_out = []
    if not interval.start_included:
        left_out.append(interval.start)
    if not interval.end_included:
        left_out.append(interval.end)
    return (item for item in counted if item not in left_out)


def _counted(start: object, end: object, runtime: Runtime) -> Iterable[object] | None:
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = whole(start), whole(end)
        if first is None or last is None:
            return None
        step = 1 if first <= last else -1
        return (Decimal(number) for number in range(first, last + step, step))
    if isinstance(start, Date) and isinstance(end, Date):
        return _days(start, end, runtime)
    return None


def _days(start: Date, end: Date, runtime: Runtime) -> Iterator[object]:
    step = 1 if start.ordinal <= end.ordinal else -1
    for distance in range(0, end.ordinal - start.ordinal + step, step):
        runtime.spend(5)
        yield moved(start, DaysTime(distance * DAY))


def _combinations(env: Environment, sources: Sources, cost: int) -> Iterator[bool]:
    """Fill the slots with one combination after another; yields False for what is no list."""
    slot, source = sources[0]
    items = source(env)
    if items is None:
        yield False
        return
    rest = sources[1:]
    runtime = env[RUNTIME]
    for item in items:
        runtime.spend(cost)
        env[slot] = item
        if rest:
            yield from _combinations(env, rest, cost + 1)
        else:
            yield True


def compile_filter(node: nodes.Filter, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of a filter: an index when the brackets hold a number."""
    base = compile_node(node.base, scope)
    index = _fixed_index(node.condition)
    if index is not None:
        return lambda env: at(base(env), index)
    inner = scope.inner()
    slot = inner.define_item()
    before = scope.collected.weight
    condition = compile_node(node.condition, inner)
    cost = cost_of(scope.collected.weight - before)

    def run(env: Environment) -> object:
        return _filtered(env, base(env), slot, (condition, cost))

    return run


def _fixed_index(node: nodes.Node) -> Decimal | None:
    sign = 1
    if isinstance(node, nodes.Negation):
        node, sign = node.operand, -1
    if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal):
        return node.value if sign > 0 else DECIMAL.minus(node.value)
    return None


def at(value: object, index: Decimal) -> object:
    """Give the item at a position counted from one, or from the end when negative; else null."""
    items = value if isinstance(value, list) else [value]
    position = whole(index)
    if not position or abs(position) > len(items):
        return None
    return items[position - 1 if position > 0 else position]


def _filtered(env: Environment, value: object, slot: int, test: tuple[Code, int]) -> object:
    condition, cost = test
    items = _list_to_filter(value)
    kept = []
    runtime = env[RUNTIME]
    outer = env[slot]
    env[slot] = None
    for item in items:
        runtime.spend(cost)
        env[slot] = item
        answer = condition(env)
        if answer is True:
            kept.append(item)
        elif isinstance(answer, Decimal):
            env[slot] = outer
            return at(items, answer)
    if not items and isinstance(condition(env), Decimal):
        return None
    env[slot] = outer
    return kept


def _list_to_filter(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
