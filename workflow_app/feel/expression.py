"""Compiled FEEL texts, cached by text, and the one door to their evaluation."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from workflow_app.feel import additions
from workflow_app.feel.builtins import catalogue
from workflow_app.feel.compiler import compile_node
from workflow_app.feel.convert import give_out, take_in
from workflow_app.feel.errors import Bound, FeelBudgetExceeded, FeelSyntaxError
from workflow_app.feel.explaining.blame import JUDGES
from workflow_app.feel.explaining.blame_calls import callee
from workflow_app.feel.explaining.warnings import Explained
from workflow_app.feel.explaining.watching import Trace, Watcher
from workflow_app.feel.reading.parser import parse_expression, parse_tests
from workflow_app.feel.reading.slips import DOUBLED, advised
from workflow_app.feel.runtime import Runtime, cost_of
from workflow_app.feel.scope import Collected, Scope, TypeSource
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.feel.closures import Code
    from workflow_app.feel.nodes import Node

CACHED = 4096
WATCHER = Watcher(JUDGES, callee)
_KNOWN = catalogue.NAMES | additions.NAMES
# Most answers are truth values, texts and numbers, which need no conversion.
_SAME_OUTSIDE = frozenset([bool, str, Decimal, type(None)])
_NOTHING: Mapping[str, Callable[..., object]] = MappingProxyType({})
_TOO_DEEP = N_("The expression is nested too deeply to be evaluated.")


class Compiled:
    """A FEEL text turned into a closure; ``names`` are the variables it reads from the scope.

    ``members`` are those of them that stand within a filter only, where each may be a member of
    the item instead: ``xs[score > limit]`` reads xs, and score and limit from one or the other. A
    standard function's name that is not called is among both too, since ``date`` or ``number`` is
    rather a variable. Standard functions that are called and local variables are in neither;
    ``calls`` are the functions that it calls and that are no standard ones.
    """

    __slots__ = (
        *["_code", "_cost", "_node", "_slots", "_types", "_watched"],
        *["calls", "members", "names", "text"],
    )

    def __init__(self, text: str, node: Node, types: TypeSource | None = None) -> None:
        collected = Collected() if types is None else Collected(types)
        self.text = text
        self._node, self._types = node, types
        self._watched: tuple[Code, int] | None = None
        self._code: Code = compile_node(node, Scope(collected))
        self._slots = collected.slots
        self._cost = cost_of(collected.weight)
        standard = collected.names & catalogue.NAMES
        self.members = frozenset(collected.members - collected.names | standard)
        self.calls = frozenset(collected.calls)
        self.names = frozenset(collected.names) | self.members

    def run(self, runtime: Runtime, scope: Mapping[str, object], tested: object = None) -> object:
        """Evaluate within a runtime that goes on counting; gives a FEEL value.

        Raises FeelBudgetExceeded when the evaluation passes one of its bounds.
        """
        runtime.spend(self._cost)
        environment: list[object] = [None] * self._slots
        environment[0] = runtime
        environment[1] = scope
        environment[2] = tested
        try:
            return self._code(environment)
        except RecursionError:
            raise FeelBudgetExceeded(Bound.NESTING, _TOO_DEEP) from None

    def watch(self, trace: Trace, scope: Mapping[str, object], tested: object = None) -> object:
        """Evaluate as ``run`` does while noting in the trace what each piece of the text gave."""
        if self._watched is None:
            collected = Collected(watch=WATCHER)
            if self._types is not None:
                collected.types = self._types
            self._watched = compile_node(self._node, Scope(collected)), collected.slots
        code, slots = self._watched
        environment: list[object] = [None] * slots
        trace.spend(self._cost)
        environment[:3] = trace, scope, tested
        try:
            return code(environment)
        except RecursionError:
            # Watching needs more of Python's stack than evaluating alone.
            return self.run(Runtime(trace.functions), scope, tested)


class Expression(Compiled):
    """A compiled FEEL expression."""

    def evaluate(
        self,
        scope: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> object:
        """Evaluate to Python's own types where they reach, else FEEL's (see feel.convert).

        Raises FeelError when a function of the host fails, or a clock is needed and not lent;
        FeelBudgetExceeded past a bound.
        """
        runtime = Runtime(functions)
        value = self.run(runtime, scope)
        if type(value) in _SAME_OUTSIDE:
            return value
        try:
            return give_out(value, runtime)
        except RecursionError:
            raise FeelBudgetExceeded(Bound.NESTING, _TOO_DEEP) from None

    def explain(
        self,
        scope: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> Explained:
        """Evaluate as ``evaluate`` does, and tell of each null that came from an error."""
        trace = Trace(functions, self.text)
        value = self.watch(trace, scope)
        try:
            return Explained(give_out(value, trace), tuple(trace.warnings.values()))
        except RecursionError:
            raise FeelBudgetExceeded(Bound.NESTING, _TOO_DEEP) from None


class UnaryTests(Compiled):
    """Compiled unary tests: a cell of a decision table, or a condition on one value."""

    def matches(
        self,
        value: object,
        scope: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> bool:
        """Tell whether a value passes; a test that yields null does not let it pass."""
        runtime = Runtime(functions)
        return self.run(runtime, scope, take_in(value, runtime.imported)) is True

    def explain(
        self,
        value: object,
        scope: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> Explained:
        """Tell whether a value passes, and of each null that came from an error."""
        trace = Trace(functions, self.text)
        passes = self.watch(trace, scope, take_in(value, trace.imported)) is True
        return Explained(passes, tuple(trace.warnings.values()))


def compile_expression(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """Compile an expression, with or without a leading ``=``; cached by text and names.

    ``names`` are those with operators or joining words in them, such as ``profit/loss``, that the
    scope will hold. Raises FeelSyntaxError, or FeelBudgetExceeded for a text beyond all bounds.
    """
    return _expression(text, names)


def compile_with_types(text: str, names: frozenset[str], types: TypeSource) -> Expression:
    """Compile an expression that may name types of a model; not cached.

    Raises FeelSyntaxError, or FeelBudgetExceeded for a text beyond all bounds.
    """
    with _refusing():
        return Expression(text, parse_expression(_body(text), names, _KNOWN), types)


def compile_tests_with_types(text: str, names: frozenset[str], types: TypeSource) -> UnaryTests:
    """Compile unary tests that may name types of a model; not cached.

    Raises FeelSyntaxError, or FeelBudgetExceeded for a text beyond all bounds.
    """
    with _refusing():
        return UnaryTests(text, parse_tests(_body(text), names, _KNOWN), types)


def compile_unary_tests(text: str, names: frozenset[str] = frozenset()) -> UnaryTests:
    """Compile unary tests, with or without a leading ``=``; cached by text and names.

    Raises FeelSyntaxError, or FeelBudgetExceeded for a text beyond all bounds.
    """
    return _unary_tests(text, names)


@lru_cache(maxsize=CACHED)
def _expression(text: str, names: frozenset[str]) -> Expression:
    with _refusing():
        return Expression(text, parse_expression(_body(text), names, _KNOWN))


@lru_cache(maxsize=CACHED)
def _unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    with _refusing():
        return UnaryTests(text, parse_tests(_body(text), names, _KNOWN))


def parse_text(text: str, names: frozenset[str], *, tests: bool = False) -> Node:
    """Read an expression, or unary tests, as they are read before they are compiled.

    Raises FeelSyntaxError, or FeelBudgetExceeded for a text beyond all bounds.
    """
    read = parse_tests if tests else parse_expression
    with _refusing():
        return read(_body(text), names, _KNOWN)


@contextmanager
def _refusing() -> Iterator[None]:
    """Say what is wrong with a text in the words of whoever wrote it."""
    try:
        yield
    except RecursionError:
        raise FeelBudgetExceeded(Bound.NESTING, _TOO_DEEP) from None
    except FeelSyntaxError as error:
        raise advised(error) from None


def _body(text: str) -> str:
    """Blank the leading equals sign, so that columns stay true."""
    stripped = text.lstrip()
    if not stripped.startswith("=") or stripped[:2] in DOUBLED:
        return text
    return text[: len(text) - len(stripped)] + " " + stripped[1:]
