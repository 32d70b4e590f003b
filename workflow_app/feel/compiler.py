"""Turns a syntax tree into Python closures over an environment of slots (DMN 1.5 §10.3.2.13).

An environment is a list: the runtime, the host's scope, the tested value, then local variables.
A closure takes it and gives the value. Nothing is looked up by attribute in Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel import closures, lookups, loops
from workflow_app.feel.calls import compile_call, compile_function
from workflow_app.feel.nodes import (
    Between,
    Binary,
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    Function,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Tests,
)
from workflow_app.feel.operators import negate
from workflow_app.feel.scope import RUNTIME
from workflow_app.feel.tests import compile_in, compile_tests
from workflow_app.feel.types import compile_type, is_mapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.closures import Code, Environment
    from workflow_app.feel.scope import Scope


def compile_node(node: Node, scope: Scope) -> Code:
    """Turn one node of the tree, with all below it, into a closure."""
    scope.collected.weight += 1
    code = _COMPILERS[type(node)](node, scope)
    watch = scope.collected.watch
    return code if watch is None else watch(node, code, scope)


def _literal(node: Literal, _scope: Scope) -> Code:
    return closures.constant(node.value)


def _name(node: Name, scope: Scope) -> Code:
    return lookups.read(node.name, scope)


def _path(node: Path, scope: Scope) -> Code:
    if scope.collected.watch is not None:
        # Each step is a piece of its own, which may be to blame.
        return lookups.path_of(compile_node(node.base, scope), (node.name,))
    steps = [node.name]
    base = node.base
    while isinstance(base, Path):
        steps.append(base.name)
        base = base.base
    steps.reverse()
    if isinstance(base, Name):
        return lookups.read_path(base.name, tuple(steps), scope)
    return lookups.path_of(compile_node(base, scope), tuple(steps))


def _binary(node: Binary, scope: Scope) -> Code:
    left, right = compile_node(node.left, scope), compile_node(node.right, scope)
    return closures.BINARY[node.operator](left, right)


def _negation(node: Negation, scope: Scope) -> Code:
    if isinstance(node.operand, Literal):
        return closures.constant(negate(node.operand.value))
    return closures.negation(compile_node(node.operand, scope))


def _if(node: If, scope: Scope) -> Code:
    return closures.choice(
        compile_node(node.condition, scope),
        compile_node(node.then, scope),
        compile_node(node.otherwise, scope),
    )


def _between(node: Between, scope: Scope) -> Code:
    parts = (compile_node(part, scope) for part in (node.value, node.low, node.high))
    return closures.between_closure(*parts)


def _comparison(node: Comparison, scope: Scope) -> Code:
    return closures.half_range(node.operator, compile_node(node.operand, scope))


def _range(node: RangeOf, scope: Scope) -> Code:
    return closures.range_closure(
        compile_node(node.start, scope),
        compile_node(node.end, scope),
        (node.start_included, node.end_included),
    )


def _list(node: ListOf, scope: Scope) -> Code:
    items = tuple(compile_node(item, scope) for item in node.items)

    def run(env: Environment) -> object:
        return [item(env) for item in items]

    return run


def _context(node: ContextOf, scope: Scope) -> Code:
    inner = scope.inner()
    compiled = []
    for key, value in node.entries:
        recursive = isinstance(value, Function)
        if recursive:
            # A function may call itself, so its key is known within its own body.
            inner.define(key)
        code = compile_node(value, inner)
        slot = inner.slots[key] if recursive else inner.define(key)
        compiled.append((key, code, slot, recursive))
    return closures.context(tuple(compiled), duplicates=len(dict(node.entries)) < len(compiled))


def _instance_of(node: InstanceOf, scope: Scope) -> Code:
    value, conforms = (
        compile_node(node.value, scope),
        compile_type(node.type, scope.collected.types),
    )

    mapped = is_mapped(node.type, scope.collected.types)

    def run(env: Environment) -> object:
        return conforms(value(env), env[RUNTIME]) if mapped else None

    return run


def _filter(node: Filter, scope: Scope) -> Code:
    return loops.compile_filter(node, scope, compile_node)


def _for(node: For, scope: Scope) -> Code:
    return loops.compile_for(node, scope, compile_node)


def _quantified(node: Quantified, scope: Scope) -> Code:
    return loops.compile_quantified(node, scope, compile_node)


def _call(node: Call, scope: Scope) -> Code:
    return compile_call(node, scope, compile_node)


def _function(node: Function, scope: Scope) -> Code:
    return compile_function(node, scope, compile_node)


def _in(node: In, scope: Scope) -> Code:
    return compile_in(node, scope, compile_node)


def _tests(node: Tests, scope: Scope) -> Code:
    return compile_tests(node, scope, compile_node)


_COMPILERS: dict[type, Callable[..., Code]] = {
    Literal: _literal,
    Name: _name,
    Path: _path,
    Filter: _filter,
    Call: _call,
    Binary: _binary,
    Negation: _negation,
    If: _if,
    For: _for,
    Quantified: _quantified,
    Between: _between,
    In: _in,
    Comparison: _comparison,
    InstanceOf: _instance_of,
    ListOf: _list,
    ContextOf: _context,
    RangeOf: _range,
    Function: _function,
    Tests: _tests,
}
