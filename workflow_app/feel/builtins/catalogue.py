"""The standard functions as data, for the reference, the linter and editors (DMN 1.5 §10.3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.feel.builtins import (
    contexts,
    conversions,
    lists,
    numbers,
    ranges,
    registry,
    temporals,
    texts,
)

if TYPE_CHECKING:
    from workflow_app.feel.builtins.registry import BuiltinFunction, Parameter, Signature

MODULES = (contexts, conversions, lists, numbers, ranges, temporals, texts)
NAMES = registry.known_names()
CHAPTERS = {
    "10.3.4.1": "Conversion functions",
    "10.3.4.2": "Boolean function",
    "10.3.4.3": "String functions",
    "10.3.4.4": "List functions",
    "10.3.4.5": "Numeric functions",
    "10.3.4.6": "Date and time functions",
    "10.3.4.7": "Range functions",
    "10.3.4.8": "Temporal built-in functions",
    "10.3.4.9": "Sort",
    "10.3.4.10": "Context functions",
    "10.3.4.11": "Miscellaneous functions",
}
# What a literal after “@” becomes; no name that anybody can write.
_LITERAL = "@"


@dataclass(frozen=True, slots=True)
class FunctionForm:
    """One way to call a standard function.

    ``gives`` are the FEEL types of its result, most often one; null may come of any. ``about``
    says in one line what it does.
    """

    parameters: tuple[Parameter, ...]
    gives: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    """A standard function with every way to call it, in its chapter of DMN 1.5."""

    name: str
    chapter: str
    heading: str
    forms: tuple[FunctionForm, ...]


def catalogue() -> tuple[FunctionEntry, ...]:
    """Give every standard function, chapter by chapter, each chapter in the order of names."""
    entries = [_entry(each) for each in registry.functions() if each.name != _LITERAL]
    order = list(CHAPTERS)
    return tuple(sorted(entries, key=lambda entry: (order.index(entry.chapter), entry.name)))


def _entry(function: BuiltinFunction) -> FunctionEntry:
    forms = tuple(_form(signature) for signature in function.signatures)
    return FunctionEntry(function.name, function.chapter, CHAPTERS[function.chapter], forms)


def _form(signature: Signature) -> FunctionForm:
    about = (signature.function.__doc__ or "").partition("\n")[0]
    return FunctionForm(signature.parameters, signature.gives, about)
