"""Unary tests: the cells of decision tables and the right side of ``in`` (DMN 1.5 §10.3.2.13.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel import operators
from workflow_app.feel.nodes import (
    Between,
    Binary,
    Call,
    Comparison,
    In,
    InstanceOf,
    Name,
    Quantified,
    RangeOf,
)
from workflow_app.feel.placeholder import mentions_tested
from workflow_app.feel.scope import RUNTIME, TESTED
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.closures import Code, Environment
    from workflow_app.feel.nodes import Node, Tests
    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.scope import Scope

    Compile = Callable[[Node, Scope], Code]
    Test = Callable[[Environment, object], bool | None]
    # Compares the tested value with what the test comes to.
    Judge = Callable[[object, object, Runtime], bool | None]


# Expressions that come to true or false, among the operators those below.
_CONDITIONS = (Between, Binary, In, InstanceOf, Quantified)
_TRUTHS = frozenset(["and", "or", "=", "!=", "<", "<=", ">", ">="])


def compile_tests(node: Tests, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure that tests the value in the place of ``?``; true, false or null."""
    if node.any:
        return lambda _env: True
    test = _any_of([_test(item, scope, compile_node) for item in node.items])
    if not node.negated:
        return lambda env: test(env, env[TESTED])

    def negated(env: Environment) -> object:
        answer = test(env, env[TESTED])
        return None if answer is None else not answer

    return negated


def compile_in(node: In, scope: Scope, compile_node: Compile) -> Code:
    """Make the closure of ``in``, which puts its left side in the place of ``?``."""
    value = compile_node(node.value, scope)
    test = _any_of([_test(item, scope, compile_node) for item in node.tests])

    def run(env: Environment) -> object:
        tested, outer = value(env), env[TESTED]
        env[TESTED] = tested
        answer = test(env, tested)
        env[TESTED] = outer
        return answer

    return run


def _any_of(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def run(env: Environment, value: object) -> bool | None:
        result: bool | None = False
        for test in tests:
            answer = test(env, value)
            if answer is True:
                return True
            if answer is None:
                result = None
        return result

    return run


def _test(node: Node, scope: Scope, compile_node: Compile) -> Test:
    if isinstance(node, Comparison):
        operand = compile_node(node.operand, scope)
        operator = node.operator
        return lambda env, value: operators.holds(operator, value, operand(env), env[RUNTIME])
    code = compile_node(node, scope)
    judge = _judge_of(node)
    return lambda env, value: judge(value, code(env), env[RUNTIME])


def _judge_of(node: Node) -> Judge:
    """Say how a test judges a value by what the node comes to."""
    if isinstance(node, RangeOf):
        return _within
    if mentions_tested(node) and not isinstance(node, Name):
        return _truth
    if isinstance(node, Call):
        return _answered
    is_condition = isinstance(node, _CONDITIONS) and getattr(node, "operator", "=") in _TRUTHS
    return _decided if is_condition else fits


def _within(value: object, interval: object, runtime: Runtime) -> bool | None:
    if not isinstance(interval, Range):
        return None
    return fits(value, interval, runtime)


def _truth(_value: object, answer: object, _runtime: Runtime) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _decided(value: object, answer: object, runtime: Runtime) -> bool | None:
    """Let a condition that does not look at the value decide, unless the value is boolean too."""
    if isinstance(value, bool) and isinstance(answer, bool):
        return value is answer
    return _truth(value, answer, runtime)


def _answered(value: object, answer: object, runtime: Runtime) -> bool | None:
    """Let a function that answers with true or false decide like a condition."""
    if isinstance(answer, bool) and not isinstance(value, bool):
        return answer
    return fits(value, answer, runtime)


def fits(value: object, candidate: object, runtime: Runtime) -> bool | None:
    """Tell whether a value equals a candidate, lies in it, or is in its list."""
    if isinstance(candidate, Range) and not isinstance(value, Range):
        return operators.in_range(value, candidate)
    if isinstance(candidate, list):
        return _fits_list(value, candidate, runtime)
    if candidate is None or value is None:
        return candidate is value
    return operators.equal(value, candidate, runtime)


def _fits_list(value: object, candidates: list[object], runtime: Runtime) -> bool:
    runtime.spend(len(candidates) // 4)
    if isinstance(value, list) and operators.equal(value, candidates, runtime):
        return True
    return any(fits(value, candidate, runtime) is True for candidate in candidates)
