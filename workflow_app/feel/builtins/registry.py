"""Registers standard functions by name and signature, and checks their arguments.

A signature is a row of parameters such as ``"start position: number"``; ``?`` after the name makes
one optional, ``*`` before it takes all that follow. An argument of a wrong type gives null, so the
functions themselves see only what they announce.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from workflow_app.feel.builtins.arguments import CHECKS, UNFIT, Check
from workflow_app.feel.convert import give_out, take_in
from workflow_app.feel.errors import FeelError
from workflow_app.feel.values import FeelFunction
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

FAILED = N_("The function “%(name)s” failed: %(reason)s")
Python = TypeVar("Python", bound=Callable[..., object])
# Items or characters of an argument that cost one step, whatever the function does with them.
_SIZE_PER_STEP = 8
Apply = Callable[["Runtime", Sequence[object]], object]


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a standard function."""

    names: tuple[str, ...]
    checks: tuple[Check, ...]
    required: int
    variadic: bool
    function: Callable[..., object]
    wants_runtime: bool

    def accepts(self, count: int) -> bool:
        """Tell whether it takes this many arguments by position."""
        return count >= self.required and (self.variadic or count <= len(self.names))

    def accepts_names(self, names: set[str]) -> bool:
        """Tell whether it takes these arguments by name."""
        return names <= set(self.names) and names >= set(self.names[: self.required])

    def apply(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Check the arguments and call the function; UNFIT when one is of a wrong type."""
        checks = self.checks
        if self.variadic:
            checks = (*checks, *[checks[-1]] * (len(arguments) - len(checks)))
        fit: list[object] = []
        for check, argument in zip(checks, arguments, strict=False):
            value = check(argument)
            if value is UNFIT:
                return UNFIT
            if type(value) is list or type(value) is str:
                runtime.spend(len(value) // _SIZE_PER_STEP)
            fit.append(value)
        return self.function(runtime, *fit) if self.wants_runtime else self.function(*fit)


class BuiltinFunction(FeelFunction):
    """A standard function as a value, with all its signatures."""

    __slots__ = ("name", "signatures")

    def __init__(self, name: str) -> None:
        self.name = name
        self.signatures: list[Signature] = []
        self.parameters = ()

    def add(self, signature: Signature) -> None:
        """Add a way to call it; the first one names the parameters."""
        self.signatures.append(signature)
        self.parameters = self.signatures[0].names

    def prepare(self, count: int) -> Apply:
        """Choose the signature for a number of arguments by position, once."""
        fitting = [each.apply for each in self.signatures if each.accepts(count)]
        return lambda runtime, arguments: _first_fit(fitting, runtime, arguments)

    @override
    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Apply to arguments by position."""
        runtime.spend()
        return self.prepare(len(arguments))(runtime, arguments)

    @override
    @override
    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Apply to arguments by name; null when no signature has these names."""
        for signature in self.signatures:
            if signature.accepts_names(set(arguments)):
                value = _apply_named(signature, runtime, arguments)
                if value is not UNFIT:
                    return value
        return None


def _apply_named(signature: Signature, runtime: Runtime, arguments: dict[str, object]) -> object:
    given = [name in arguments for name in signature.names]
    count = len(given) - given[::-1].index(True) if any(given) else 0
    ordered = [arguments.get(name) for name in signature.names[:count]]
    return signature.apply(runtime, ordered)


def _first_fit(applies: Sequence[Apply], runtime: Runtime, arguments: Sequence[object]) -> object:
    for apply in applies:
        value = apply(runtime, arguments)
        if value is not UNFIT:
            return value
    return None


_FUNCTIONS: dict[str, BuiltinFunction] = {}


def builtin(name: str, *parameters: str, runtime: bool = False) -> Callable[[Python], Python]:
    """Register a Python function as one signature of a standard function."""

    def register(function: Python) -> Python:
        entry = _FUNCTIONS.setdefault(name, BuiltinFunction(name))
        entry.add(_signature(parameters, function, wants_runtime=runtime))
        return function

    return register


def _signature(
    parameters: Sequence[str], function: Callable[..., object], *, wants_runtime: bool
) -> Signature:
    pairs = [tuple(parameter.split(": ", 1)) for parameter in parameters]
    names = tuple(name.strip("*?") for name, _kind in pairs)
    required = sum(1 for name, _kind in pairs if not name.endswith("?"))
    variadic = any(name.startswith("*") for name, _kind in pairs)
    checks = tuple(
        CHECKS[kind + "?"] if name.endswith("?") else CHECKS[kind] for name, kind in pairs
    )
    return Signature(names, checks, required, variadic, function, wants_runtime)


def find(name: str) -> BuiltinFunction | None:
    """Give the standard function of that name."""
    return _FUNCTIONS.get(name)


def known_names() -> frozenset[str]:
    """Give the names of all standard functions."""
    return frozenset(_FUNCTIONS)


class HostFunction(FeelFunction):
    """A Python function that the host lends to one evaluation."""

    __slots__ = ("function", "name")

    def __init__(self, name: str, function: Callable[..., object]) -> None:
        self.name = name
        self.function = function
        self.parameters = ()

    @override
    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Call the host with Python values; raises FeelError when the host refuses them."""
        runtime.spend()
        try:
            result = self.function(*[give_out(argument, runtime) for argument in arguments])
        except FeelError:
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise FeelError(FAILED, name=self.name, reason=error) from error
        # What a host makes anew may take the address of a value that is gone.
        return take_in(result, {})

    @override
    @override
    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Call by position in the order given: the host's parameters have no FEEL names."""
        return self.call(runtime, list(arguments.values()))


def host_function(name: str, runtime: Runtime) -> HostFunction | None:
    """Give the function that the host lends under a name."""
    function = runtime.functions.get(name)
    return None if function is None else HostFunction(name, function)
