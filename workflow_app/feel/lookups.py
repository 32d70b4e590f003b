"""Reads variables and paths (DMN 1.5 §10.3.2.5); an unknown name gives null."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from workflow_app.feel import additions
from workflow_app.feel.builtins import registry
from workflow_app.feel.convert import AS_THEY_ARE, take_in
from workflow_app.feel.operators import finite
from workflow_app.feel.properties import member
from workflow_app.feel.runtime import DECIMAL
from workflow_app.feel.scope import GLOBALS, RUNTIME, TESTED, Scope

if TYPE_CHECKING:
    from workflow_app.feel.closures import Code, Environment

_MISSING = object()
# Integers of fewer bits are converted without a look at their size.
_QUICK_BITS = 64


def read(name: str, scope: Scope, *, called: bool = False) -> Code:
    """Make the closure that reads a variable, or a function about to be called, by its name."""
    if name == "?":
        return _slot(TESTED)
    found = scope.find(name, called=called)
    outermost = _global(name) if found.slot is None else _local(name, found.slot)
    return _from_items(name, found.items, outermost) if found.items else outermost


def _slot(slot: int) -> Code:
    return lambda env: env[slot]


def _local(name: str, slot: int) -> Code:
    if name != "partial":
        return _slot(slot)

    def read_copy(env: Environment) -> object:
        value = env[slot]
        if type(value) is list:
            # The list still grows, and must not come to hold itself.
            env[RUNTIME].room_for_items(len(value))
            return value.copy()
        return value

    return read_copy


def _global(name: str) -> Code:
    builtin = additions.find(name)
    if "." in name and builtin is None:
        return _dotted(name)
    missing = _spelled_apart(name)

    def read_scope(env: Environment) -> object:
        value = env[GLOBALS].get(name, _MISSING)
        kind = type(value)
        if kind in AS_THEY_ARE:
            return value
        if kind is int and value.bit_length() < _QUICK_BITS:
            return finite(DECIMAL.create_decimal(value))
        if value is _MISSING:
            return missing(env) if builtin is None else builtin
        return take_in(value, env[RUNTIME].imported)

    return read_scope


def _spelled_apart(name: str) -> Code:
    """Look a name up that the scope has not: with its accents apart, then among functions."""
    apart = unicodedata.normalize("NFD", name)

    def run(env: Environment) -> object:
        if apart != name and apart in env[GLOBALS]:
            return take_in(env[GLOBALS][apart], env[RUNTIME].imported)
        return registry.host_function(name, env[RUNTIME])

    return run


def _dotted(name: str) -> Code:
    """Read a name with points in it, or else follow it as a path."""
    first, *steps = name.split(".")
    followed = path_of(_global(first.strip()), tuple(step.strip() for step in steps))

    def run(env: Environment) -> object:
        if name in env[GLOBALS]:
            return take_in(env[GLOBALS][name], env[RUNTIME].imported)
        return followed(env)

    return run


def _from_items(name: str, items: tuple[int, ...], outermost: Code) -> Code:
    spellings = dict.fromkeys([name, unicodedata.normalize("NFD", name)])

    def run(env: Environment) -> object:
        for slot in items:
            item = env[slot]
            if type(item) is dict:
                for spelling in spellings:
                    if spelling in item:
                        return item[spelling]
        return outermost(env)

    return run


def path_of(base: Code, steps: tuple[str, ...]) -> Code:
    """Make the closure that follows member names from a value."""

    def run(env: Environment) -> object:
        value = base(env)
        for step in steps:
            value = member(value, step, env[RUNTIME])
        return value

    return run


def read_path(name: str, steps: tuple[str, ...], scope: Scope) -> Code:
    """Make the closure that follows member names from a variable.

    Contexts of the host's scope are walked as they are, so that one member of a large case costs
    no conversion of the rest.
    """
    found = scope.find(name)
    if found.items or found.slot is not None or name == "?":
        return path_of(read(name, scope), steps)
    outermost = path_of(_global(name), steps)
    one_spelling = all(step.isascii() for step in steps)

    def run(env: Environment) -> object:
        value = env[GLOBALS].get(name)
        for step in steps:
            if type(value) is not dict or not (one_spelling or step in value):
                return outermost(env)
            value = value.get(step)
        return value if type(value) in AS_THEY_ARE else take_in(value, env[RUNTIME].imported)

    return run
