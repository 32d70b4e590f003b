"""Function invocations and definitions (DMN 1.5 §10.3.2.13.1 and §10.3.2.13.3)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from workflow_app.feel import additions
from workflow_app.feel.bounds import SLOTS_PER_STEP
from workflow_app.feel.checking.findings import Names, Notes
from workflow_app.feel.checking.inference import infer
from workflow_app.feel.closures import Closure, constant
from workflow_app.feel.errors import FeelError
from workflow_app.feel.lookups import read
from workflow_app.feel.nodes import Literal, Name
from workflow_app.feel.runtime import Runtime, cost_of
from workflow_app.feel.scope import GLOBALS, RUNTIME
from workflow_app.feel.types import coercion
from workflow_app.feel.values import FeelFunction
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.builtins.registry import BuiltinFunction
    from workflow_app.feel.closures import Code, Environment
    from workflow_app.feel.nodes import Call, Function, Node
    from workflow_app.feel.scope import Scope

    Compile = Callable[[Node, Scope], Code]


EXTERNAL = N_("A function written in another language than FEEL is not run here.")
# Functions of literals alone that always give the same, and take long to.
_READERS = frozenset(["@", "date", "time", "date and time", "duration"])


def compile_call(node: Call, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of an invocation; calling what is no function gives null."""
    arguments = tuple(compile_node(argument, scope) for argument in node.arguments)
    if isinstance(node.function, Name):
        builtin = additions.find(node.function.name)
        if builtin is not None:
            if isinstance(builtin, additions.OwnFunction):
                scope.collected.calls.add(builtin.name)
            return _builtin_call(node, builtin, arguments, scope)
        function = read(node.function.name, scope, called=True)
    else:
        function = compile_node(node.function, scope)
    return _value_call(function, arguments, node.names)


def _builtin_call(
    node: Call, builtin: BuiltinFunction, arguments: tuple[Code, ...], scope: Scope
) -> Code:
    """Call a standard function, unless the scope holds a function of that name.

    A variable named ``count`` or ``date`` that is no function leaves the function callable.
    """
    plain = _folded(node, builtin) or _prepared(builtin, arguments, node.names)
    name = builtin.name
    if scope.is_local(name):
        return _either(read(name, scope, called=True), plain, arguments, node.names)
    replaced = _value_call(lambda env: env[GLOBALS].get(name), arguments, node.names)

    def run(env: Environment) -> object:
        if isinstance(env[GLOBALS].get(name), FeelFunction):
            return replaced(env)
        return plain(env)

    return run


def _either(local: Code, plain: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    """Call a local function, or the standard one where the local value is no function."""
    replaced = _value_call(local, arguments, names)

    def run(env: Environment) -> object:
        return replaced(env) if isinstance(local(env), FeelFunction) else plain(env)

    return run


def _folded(node: Call, builtin: BuiltinFunction) -> Code | None:
    """Read a temporal value that is written out once, when compiling."""
    literals = [each.value for each in node.arguments if isinstance(each, Literal)]
    if builtin.name not in _READERS or node.names or len(literals) < len(node.arguments):
        return None
    return constant(builtin.call(Runtime({}), literals))


def _prepared(
    builtin: BuiltinFunction, arguments: tuple[Code, ...], names: tuple[str, ...]
) -> Code:
    if names:
        return _named_call(lambda _env: builtin, arguments, names)
    apply = builtin.prepare(len(arguments))
    if len(arguments) == 1:
        only = arguments[0]
        return lambda env: apply(env[RUNTIME], (only(env),))
    return lambda env: apply(env[RUNTIME], [argument(env) for argument in arguments])


def _value_call(function: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    if names:
        return _named_call(function, arguments, names)

    def run(env: Environment) -> object:
        value = function(env)
        if not isinstance(value, FeelFunction):
            return None
        return value.call(env[RUNTIME], [argument(env) for argument in arguments])

    return run


def _named_call(function: Code, arguments: tuple[Code, ...], names: tuple[str, ...]) -> Code:
    def run(env: Environment) -> object:
        value = function(env)
        if not isinstance(value, FeelFunction) or len(set(names)) < len(names):
            return None
        given = {name: code(env) for name, code in zip(names, arguments, strict=True)}
        return value.call_named(env[RUNTIME], given)

    return run


def compile_function(node: Function, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of a function definition; an external one is refused when it is reached."""
    if node.external:
        return _refuse
    inner = scope.inner()
    slots = tuple(inner.define(parameter.name) for parameter in node.parameters)
    before = scope.collected.weight
    body = compile_node(node.body, inner)
    cost = cost_of(scope.collected.weight - before)
    names = tuple(parameter.name for parameter in node.parameters)
    coercions = tuple(
        None if parameter.type is None else coercion(parameter.type, scope.collected.types)
        for parameter in node.parameters
    )

    kind = lru_cache(maxsize=1)(lambda: infer(node, Names({}), _unnoted()))

    def run(env: Environment) -> object:
        copied = len(env) // SLOTS_PER_STEP
        env[RUNTIME].spend(1 + copied)
        made = Closure(names, body, slots, env.copy())
        made.cost = cost + copied
        made.coercions = coercions
        made.kind = kind
        made.source = node
        return made

    return run


def _unnoted() -> Notes:
    """Give notes that nobody reads, of a text whose names come from elsewhere."""
    return Notes("", infer, {}, closed=False, calls_closed=False)


def _refuse(_env: Environment) -> object:
    raise FeelError(EXTERNAL)
