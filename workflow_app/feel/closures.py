"""The closures that simple nodes become; each takes an environment and gives a value."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from workflow_app.feel import operators
from workflow_app.feel.runtime import DECIMAL, Runtime
from workflow_app.feel.scope import RUNTIME
from workflow_app.feel.values import FeelFunction, Range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.feel.checking.typing import FeelType
    from workflow_app.feel.nodes import Function

# The compiler alone knows which slot holds what.
Environment = list[Any]
Code = Callable[[Environment], object]


def constant(value: object) -> Code:
    """Give the same value always."""
    return lambda _env: value


def conjunction(left: Code, right: Code) -> Code:
    """``and`` of three-valued logic; the right side is not read when the left is false."""

    def run(env: Environment) -> object:
        first = left(env)
        if first is False:
            return False
        second = right(env)
        if second is False:
            return False
        return True if first is True and second is True else None

    return run


def disjunction(left: Code, right: Code) -> Code:
    """``or`` of three-valued logic; the right side is not read when the left is true."""

    def run(env: Environment) -> object:
        first = left(env)
        if first is True:
            return True
        second = right(env)
        if second is True:
            return True
        return False if first is False and second is False else None

    return run


def equality(left: Code, right: Code) -> Code:
    """``=`` with a short way for numbers and texts."""

    def run(env: Environment) -> object:
        first, second = left(env), right(env)
        kind = type(first)
        if kind is type(second) and (kind is str or kind is Decimal):
            return first == second
        return operators.equal(first, second, env[RUNTIME])

    return run


def inequality(left: Code, right: Code) -> Code:
    """``!=``, the negation of equality."""

    def run(env: Environment) -> object:
        return operators.holds("!=", left(env), right(env), env[RUNTIME])

    return run


def _ordering(
    operator: str, quick: Callable[[Decimal, Decimal], bool]
) -> Callable[[Code, Code], Code]:
    def make(left: Code, right: Code) -> Code:
        def run(env: Environment) -> object:
            first, second = left(env), right(env)
            if type(first) is Decimal and type(second) is Decimal:
                return quick(first, second)
            return operators.holds(operator, first, second)

        return run

    return make


def addition(left: Code, right: Code) -> Code:
    """``+`` with a short way for numbers."""

    def run(env: Environment) -> object:
        first, second = left(env), right(env)
        if type(first) is Decimal and type(second) is Decimal:
            return operators.finite(DECIMAL.add(first, second))
        return operators.add(first, second, env[RUNTIME])

    return run


def _arithmetic(function: Callable[[object, object], object]) -> Callable[[Code, Code], Code]:
    def make(left: Code, right: Code) -> Code:
        def run(env: Environment) -> object:
            return function(left(env), right(env))

        return run

    return make


def exponentiation(left: Code, right: Code) -> Code:
    """``**``, which costs more steps than other arithmetic."""

    def run(env: Environment) -> object:
        return operators.power(left(env), right(env), env[RUNTIME])

    return run


BINARY: dict[str, Callable[[Code, Code], Code]] = {
    "and": conjunction,
    "or": disjunction,
    "=": equality,
    "!=": inequality,
    "<": _ordering("<", Decimal.__lt__),
    "<=": _ordering("<=", Decimal.__le__),
    ">": _ordering(">", Decimal.__gt__),
    ">=": _ordering(">=", Decimal.__ge__),
    "+": addition,
    "-": _arithmetic(operators.subtract),
    "*": _arithmetic(operators.multiply),
    "/": _arithmetic(operators.divide),
    "**": exponentiation,
}


def negation(operand: Code) -> Code:
    """Arithmetic minus."""

    def run(env: Environment) -> object:
        return operators.negate(operand(env))

    return run


def choice(condition: Code, then: Code, otherwise: Code) -> Code:
    """``if``: anything but true chooses ``else``."""

    def run(env: Environment) -> object:
        return then(env) if condition(env) is True else otherwise(env)

    return run


def between_closure(value: Code, low: Code, high: Code) -> Code:
    """``between`` with both ends included."""

    def run(env: Environment) -> object:
        return operators.between(value(env), low(env), high(env))

    return run


def half_range(operator: str, operand: Code) -> Code:
    """Make the range that a unary comparison stands for as a value (DMN 1.5 §10.3.2.7)."""

    def run(env: Environment) -> object:
        return HALF_RANGES[operator](operand(env))

    return run


HALF_RANGES: dict[str, Callable[[object], object]] = {
    "<": lambda end: Range(None, end, start_included=False, end_included=False),
    "<=": lambda end: Range(None, end, start_included=False, end_included=True),
    ">": lambda start: Range(start, None, start_included=False, end_included=False),
    ">=": lambda start: Range(start, None, start_included=True, end_included=False),
    "=": lambda only: Range(only, only, start_included=True, end_included=True),
    "!=": lambda _other: None,
}


def make_range(start: object, end: object, included: tuple[bool, bool]) -> Range | None:
    """Make a range whose ends are of one ordered type; else null."""
    position = operators.order(start, end)
    if position is None or position > 0:
        return None
    return Range(start, end, *included)


def range_closure(start: Code, end: Code, included: tuple[bool, bool]) -> Code:
    """Make a range written out."""

    def run(env: Environment) -> object:
        return make_range(start(env), end(env), included)

    return run


def context(entries: Sequence[tuple[str, Code, int, bool]], *, duplicates: bool) -> Code:
    """Make a context written out; null when two entries have the same key.

    An entry is a key, its code, its slot, and whether it is a function that may call itself.
    """

    def run(env: Environment) -> object:
        if duplicates:
            return None
        made: dict[str, object] = {}
        for key, code, slot, recursive in entries:
            value = made[key] = env[slot] = code(env)
            if recursive and isinstance(value, Closure):
                value.environment[slot] = value
        return made

    return run


class Closure(FeelFunction):
    """A function defined in FEEL, with the variables it saw where it was defined."""

    __slots__ = ("body", "coercions", "cost", "environment", "kind", "slots", "source")

    def __init__(
        self,
        parameters: tuple[str, ...],
        body: Code,
        slots: tuple[int, ...],
        environment: Environment,
    ) -> None:
        self.parameters = parameters
        self.body = body
        self.slots = slots
        self.environment = environment
        # Steps of a call: the size of the body, and of the environment that is copied for it.
        self.cost = 1
        self.coercions: tuple[Callable[[object, Runtime], tuple[object, bool]] | None, ...] = ()
        self.kind: Callable[[], FeelType] | None = None
        self.source: Function | None = None

    @override
    def kinds(self, count: int) -> tuple[FeelType, ...] | None:
        """Give its type as its parameters declare and its body shows it."""
        if self.kind is None or len(self.slots) != count:
            return super().kinds(count)
        return (self.kind(),)

    @override
    def same_as(self, other: FeelFunction, runtime: Runtime) -> bool:
        """Tell whether another has the same parameters and body, and was defined in one scope."""
        if self is other or not isinstance(other, Closure):
            return self is other
        runtime.spend(self.cost)
        scopes = zip(self.environment, other.environment, strict=False)
        return self.source == other.source and all(mine is theirs for mine, theirs in scopes)

    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Evaluate the body with the arguments in their slots; null for a wrong number of them."""
        if len(arguments) != len(self.slots):
            return None
        env = self.environment.copy()
        env[RUNTIME] = runtime
        for slot, coerce, argument in zip(self.slots, self.coercions, arguments, strict=True):
            value, fits = (argument, True) if coerce is None else coerce(argument, runtime)
            if not fits:
                return None
            env[slot] = value
        runtime.enter(self.cost)
        result = self.body(env)
        runtime.leave()
        return result
