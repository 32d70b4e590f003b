"""Reads a FEEL text without running it: unknown names, clashes of types, what is always null."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workflow_app.feel.checking.findings import Names, Notes, Problem
from workflow_app.feel.checking.inference import infer
from workflow_app.feel.checking.typing import ANY, FeelType, as_type, may_be
from workflow_app.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.expression import parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Mapping[str, FeelType | str] = MappingProxyType({})


def lint(
    text: str,
    types: Mapping[str, FeelType | str],
    *,
    functions: Mapping[str, FeelType | str] | None = None,
    tests: bool = False,
    wanted: FeelType | str = ANY,
    closed: bool = True,
) -> tuple[Problem, ...]:
    """Give what is wrong with an expression, or with unary tests, in the order of the text.

    ``types`` are the names that the scope will hold, with ``?`` for the tested value, and
    ``functions`` those that the host will lend; a type may be written as FEEL writes it, and is
    Any where it is unknown. ``wanted`` is what the result should be. When not all names can be
    known, ``closed`` is false, and no name is reported as unknown; nor is a function then, unless
    ``functions`` are given.
    """
    try:
        node = parse_text(text, frozenset(types), tests=tests)
    except FeelSyntaxError as error:
        return (_of_syntax(error),)
    except FeelBudgetExceeded as error:
        return (_too_large(error, text),)
    names = Names(dict(types))
    lent = {name: as_type(kind) for name, kind in (functions or {}).items()}
    calls_closed = closed or functions is not None
    notes = Notes(text, infer, lent, closed=closed, calls_closed=calls_closed)
    try:
        given = notes.infer(node, names)
    except RecursionError:
        # A text this deep is refused when it is evaluated, too.
        return ()
    except FeelBudgetExceeded as error:
        # What is written out is read, as it will be when the text is evaluated.
        return (_too_large(error, text),)
    want = as_type(wanted)
    if not tests and not may_be(given, want):
        notes.error(Cause.WRONG_RESULT, words.WRONG_RESULT, node, got=str(given), wanted=str(want))
    return tuple(sorted(notes.problems.values(), key=lambda problem: problem.position))


def infer_type(
    text: str,
    types: Mapping[str, FeelType | str],
    functions: Mapping[str, FeelType | str] = _NOTHING,
) -> FeelType:
    """Give the type of what an expression gives; Any for one that cannot be read."""
    try:
        node = parse_text(text, frozenset(types))
        lent = {name: as_type(kind) for name, kind in functions.items()}
        notes = Notes(text, infer, lent, closed=False, calls_closed=False)
        return notes.infer(node, Names(dict(types)))
    except (FeelSyntaxError, FeelBudgetExceeded, RecursionError):
        return ANY


def _too_large(error: FeelBudgetExceeded, text: str) -> Problem:
    place = (1, 1, 0, text[:40])
    return Problem(Cause.TOO_LARGE, "error", error.why, *place, details=error.details)


def _of_syntax(error: FeelSyntaxError) -> Problem:
    return Problem(
        Cause.SYNTAX,
        "error",
        error.why,
        error.line,
        error.column,
        error.position,
        error.piece,
        error.details,
        error.hint,
    )
