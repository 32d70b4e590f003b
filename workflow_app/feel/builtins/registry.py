"""Registers standard functions by name and signature, and checks their arguments.

A signature is a row of parameters such as ``"start position: number"``, typed in FEEL's own type
language, with ``|`` between types that will do, ``Null`` among them where null will; ``?`` after
the name makes one optional, ``*`` before it takes all that follow. An argument of a wrong type
gives null, so the functions themselves see only what they announce.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from workflow_app.feel.bounds import HOST_STEPS
from workflow_app.feel.builtins.arguments import UNFIT, Check, check_of
from workflow_app.feel.checking.typing import FeelType, type_of
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
class Parameter:
    """A parameter of a standard function; an argument may be of any of its FEEL types."""

    name: str
    types: tuple[str, ...]
    optional: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a standard function; its result is of one of the FEEL types it gives."""

    parameters: tuple[Parameter, ...]
    gives: tuple[str, ...]
    names: tuple[str, ...]
    checks: tuple[Check, ...]
    needed: frozenset[str]
    required: int
    variadic: bool
    function: Callable[..., object]
    wants_runtime: bool

    def accepts(self, count: int) -> bool:
        """Tell whether it takes this many arguments by position."""
        return count >= self.required and (self.variadic or count <= len(self.names))

    def kind(self, count: int) -> FeelType:
        """Give the type of the function when it takes this many arguments."""
        taken = [each.types for each in self.parameters[:count]]
        taken += [self.parameters[-1].types] * (count - len(taken))
        return FeelType("function", tuple(map(_one_of, [*taken, self.gives])))

    def accepts_names(self, names: set[str]) -> bool:
        """Tell whether it takes these arguments by name."""
        return names <= set(self.names_for(len(names))) and names >= self.needed

    def names_for(self, count: int) -> tuple[str, ...]:
        """Give the names for a number of arguments: the last may be counted, as in n1, n2, n3."""
        if not self.variadic or not self.names[-1].endswith("1"):
            return self.names
        first, stem = self.names[:-1], self.names[-1][:-1]
        return (*first, *(f"{stem}{place}" for place in range(1, count - len(first) + 1)))

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


def _one_of(types: tuple[str, ...]) -> FeelType:
    return type_of(" | ".join(types))


class BuiltinFunction(FeelFunction):
    """A standard function as a value, with all its signatures."""

    __slots__ = ("chapter", "name", "signatures")

    def __init__(self, name: str, chapter: str) -> None:
        self.name = name
        self.chapter = chapter
        self.signatures: list[Signature] = []
        self.parameters = ()

    def add(self, signature: Signature) -> None:
        """Add a way to call it; the first one names the parameters."""
        self.signatures.append(signature)
        self.parameters = self.signatures[0].names

    @override
    def kinds(self, count: int) -> tuple[FeelType, ...] | None:
        """Give its types for so many arguments, one for each way to call it with them."""
        return tuple(each.kind(count) for each in self.signatures if each.accepts(count))

    def prepare(self, count: int) -> Apply:
        """Choose the signature for a number of arguments by position, once."""
        fitting = [each.apply for each in self.signatures if each.accepts(count)]
        return lambda runtime, arguments: _first_fit(fitting, runtime, arguments)

    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Apply to arguments by position."""
        runtime.spend()
        return self.prepare(len(arguments))(runtime, arguments)

    @override
    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Apply to arguments by name; null when no signature has these names."""
        value = self.try_named(runtime, arguments)
        return None if value is UNFIT else value

    def try_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Apply to arguments by name; UNFIT when no signature takes them."""
        given = tuple(arguments)
        # Two ways may have the same names, as with a point and a range; then their order tells.
        for signature in sorted(self.signatures, key=lambda each: each.names != given):
            if signature.accepts_names(set(arguments)):
                value = _apply_named(signature, runtime, arguments)
                if value is not UNFIT:
                    return value
        return UNFIT


def _apply_named(signature: Signature, runtime: Runtime, arguments: dict[str, object]) -> object:
    names = signature.names_for(len(arguments))
    given = [name in arguments for name in names]
    count = len(given) - given[::-1].index(True) if any(given) else 0
    return signature.apply(runtime, [arguments.get(name) for name in names[:count]])


def _first_fit(applies: Sequence[Apply], runtime: Runtime, arguments: Sequence[object]) -> object:
    for apply in applies:
        value = apply(runtime, arguments)
        if value is not UNFIT:
            return value
    return None


_FUNCTIONS: dict[str, BuiltinFunction] = {}


class Chapter:
    """A chapter of DMN 1.5; called, it registers a Python function as a way to call a function."""

    def __init__(self, number: str) -> None:
        self.number = number

    def __call__(
        self, name: str, *parameters: str, gives: str, runtime: bool = False
    ) -> Callable[[Python], Python]:
        """Register under a name, with parameters, and with the FEEL type of what it gives."""

        def register(function: Python) -> Python:
            entry = _FUNCTIONS.setdefault(name, BuiltinFunction(name, self.number))
            entry.add(signature_of(parameters, gives, function, wants_runtime=runtime))
            return function

        return register


def _parameter(declared: str) -> Parameter:
    name, types = declared.split(": ", 1)
    return Parameter(
        name.strip("*?"), tuple(types.split(" | ")), name.endswith("?"), name.startswith("*")
    )


def signature_of(
    declared: Sequence[str], gives: str, function: Callable[..., object], *, wants_runtime: bool
) -> Signature:
    """Read a row of parameters; the function gets the runtime first where it wants it."""
    read = tuple(_parameter(each) for each in declared)
    return Signature(
        parameters=read,
        gives=tuple(gives.split(" | ")),
        names=tuple(each.name for each in read),
        checks=tuple(check_of(each.types, optional=each.optional) for each in read),
        needed=frozenset(
            each.name for each in read if not each.optional and "Null" not in each.types
        ),
        required=sum(1 for each in read if not each.optional),
        variadic=any(each.variadic for each in read),
        function=function,
        wants_runtime=wants_runtime,
    )


def find(name: str) -> BuiltinFunction | None:
    """Give the standard function of that name."""
    return _FUNCTIONS.get(name)


def functions() -> tuple[BuiltinFunction, ...]:
    """Give all standard functions in the order of their names."""
    return tuple(_FUNCTIONS[name] for name in sorted(_FUNCTIONS))


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
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Call the host with Python values; raises FeelError when the host refuses them."""
        runtime.spend(HOST_STEPS)
        given = [give_out(argument, runtime) for argument in arguments]
        try:
            with runtime.excused():
                result = self.function(*given)
        except FeelError:
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise FeelError(FAILED, name=self.name, reason=error) from error
        # What a host makes anew may take the address of a value that is gone.
        return take_in(result)

    @override
    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Call by position in the order given: the host's parameters have no FEEL names."""
        return self.call(runtime, list(arguments.values()))


def host_function(name: str, runtime: Runtime) -> HostFunction | None:
    """Give the function that the host lends under a name."""
    function = runtime.functions.get(name)
    return None if function is None else HostFunction(name, function)
