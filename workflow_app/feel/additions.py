"""Our own functions beside the standard's: terms, calendars, settings, registers, masking.

DMN has no words for what case work asks most. They are called without a prefix; a standard name
always wins. All but ``mask`` are lent by the host with each evaluation. Where a standard function
gives null for an argument it cannot use, these raise FeelError: a term that silently is none would
be missed by nobody until it is too late.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.feel.builtins import registry
from workflow_app.feel.builtins.arguments import UNFIT, check_of
from workflow_app.feel.builtins.registry import BuiltinFunction, host_function, signature_of
from workflow_app.feel.errors import FeelError
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from workflow_app.feel.builtins.registry import Apply, Signature
    from workflow_app.feel.runtime import Runtime

NOT_LENT = N_("The function “%(name)s” works within a case only.")
WRONG_ARGUMENTS = N_("The function “%(name)s” is called as %(usage)s.")
_COVER = "•"
_SHOWN = 4
_SHOWN_SHARE = 3


class OwnFunction(BuiltinFunction):
    """A function of ours, with its one signature and what it gives."""

    __slots__ = ("says",)

    def __init__(self, name: str, signature: Signature, says: str) -> None:
        super().__init__(name, "")
        # What is left out is one thing, a date that turned out null another: it must not be “now”.
        told = tuple(check_of(each.types, optional=False) for each in signature.parameters)
        self.add(replace(signature, checks=told))
        self.says = says

    @override
    def prepare(self, count: int) -> Apply:
        """Give the function for a number of arguments; calling it raises FeelError if unfit."""
        signature = self.signatures[0]

        def apply(runtime: Runtime, arguments: Sequence[object]) -> object:
            fits = signature.accepts(count)
            return self._fit(signature.apply(runtime, arguments) if fits else UNFIT)

        return apply

    @override
    def call_named(self, runtime: Runtime, arguments: dict[str, object]) -> object:
        """Apply to arguments by name; raises FeelError if they do not fit."""
        return self._fit(self.try_named(runtime, arguments))

    def _fit(self, value: object) -> object:
        if value is UNFIT:
            raise FeelError(WRONG_ARGUMENTS, name=self.name, usage=self.usage)
        return value

    @property
    def usage(self) -> str:
        """How it is called, with the names of its parameters."""
        signature = self.signatures[0]
        names = [
            name if place < signature.required else f"[{name}]"
            for place, name in enumerate(signature.names)
        ]
        return f"{self.name}({', '.join(names)})"


_FUNCTIONS: dict[str, OwnFunction] = {}
ADDITIONS: Mapping[str, OwnFunction] = MappingProxyType(_FUNCTIONS)


def _own(
    name: str, parameters: Sequence[str], gives: str, says: str
) -> Callable[[Callable[..., object]], None]:
    def register(function: Callable[..., object]) -> None:
        signature = signature_of(parameters, gives, function, wants_runtime=True)
        _FUNCTIONS[name] = OwnFunction(name, signature, says)

    return register


def _lent(name: str, parameters: Sequence[str], gives: str, says: str) -> None:
    """Register a function that the host lends under its name."""

    def call(runtime: Runtime, *arguments: object) -> object:
        function = host_function(name, runtime)
        if function is None:
            raise FeelError(NOT_LENT, name=name)
        return function.call(runtime, arguments)

    _own(name, parameters, gives, says)(call)


_lent(
    "working days",
    ("days: number", "from?: date | date and time"),
    "date and time",
    N_("The end of the n-th working day from now, or after a day, in the case's calendar."),
)
_lent(
    "calendar days",
    ("days: number", "from?: date | date and time"),
    "date and time",
    N_("The end of the n-th day from now, or after a day; a free day moves on to a worked one."),
)
_lent(
    "is holiday",
    ("date: date | date and time",),
    "boolean",
    N_("Whether a day is a public holiday of the case's country; a weekend alone is none."),
)
_lent(
    "is working day",
    ("date: date | date and time",),
    "boolean",
    N_("Whether offices of the case's country work on a day."),
)
_lent(
    "setting",
    ("key: string",),
    "Any",
    N_("The value of a setting in the case's territory, the nearest one first."),
)
_lent(
    "lookup",
    ("source: string | Null", "key?: Any"),
    "Any",
    N_("The entries of a register or another source as a list, or the one entry with a key."),
)
_lent(
    "throw error",
    ("code: string", "text?: string | Null"),
    "Null",
    N_("Ends the step with an error that the diagram may catch by its code."),
)
_lent(
    "throw escalation",
    ("code: string", "text?: string | Null"),
    "Null",
    N_("Tells the diagram of an escalation that it may catch by its code, and goes on."),
)


@_own(
    "mask",
    ("text: string", "shown?: number"),
    "string",
    N_("The text with its letters and digits covered, but for the last few."),
)
def _mask(runtime: Runtime, text: str, shown: Decimal | None = None) -> str:
    """Cover letters and digits; at most a third of them, and four, stay unless told how many."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    kept = min(_SHOWN, len(places) // _SHOWN_SHARE) if shown is None else max(0, int(shown))
    covered = frozenset(places[: max(0, len(places) - kept)])
    return runtime.text(
        "".join(_COVER if place in covered else each for place, each in enumerate(text))
    )


NAMES = frozenset(_FUNCTIONS)


def find(name: str) -> BuiltinFunction | None:
    """Give the standard function of that name, or else ours."""
    return registry.find(name) or _FUNCTIONS.get(name)
