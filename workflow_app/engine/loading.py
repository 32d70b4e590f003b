"""Source → Program, or the reasons why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.errors import InvalidSource
from workflow_app.engine.library import open_library
from workflow_app.engine.lint import check
from workflow_app.engine.lint.flow import messages_of
from workflow_app.engine.lint.reading import names_written
from workflow_app.engine.lint.typed import types_written as types_in
from workflow_app.engine.names import names_read
from workflow_app.engine.program import Program, build_program
from workflow_app.feel.checking.typing import ANY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.contract import Finding, Source
    from workflow_app.feel import FeelType


def load_program(source: Source, *, checked: bool = False) -> Program:
    """Read, check and build one version. Raises InvalidSource with every error found.

    `checked`: it was found to be without errors before, so that it is not looked through again. A
    version that cases run on stays as good as it was, whatever later rules would say of it.
    """
    library = open_library(source)
    found = () if checked else check(library)
    if errors := tuple(finding for finding in found if finding.severity == "error"):
        raise InvalidSource(errors)
    return build_program(library)


def lint(
    source: Source,
    roles: frozenset[str] | None = None,
    operations: frozenset[str] | None = None,
    **known: Any,
) -> tuple[Finding, ...]:
    """Return everything the linter has to say; what is around is checked where given.

    `known`: `settings` and `registers` (keys), `sent` and `received` (names of messages of other
    processes), `given` (names that callers write), `shelf` (a folder of decision tables in which
    no process is drawn yet).
    """
    return check(open_library(source, kept=True), roles, operations, **known)


def types_written(source: Source) -> Mapping[str, FeelType]:
    """Return the types of the names in a case's data, as far as forms alone write them."""
    return types_in(open_library(source, kept=True))


def names_around(source: Source) -> tuple[frozenset[str], Mapping[str, FeelType]]:
    """Return the names that anything in a source reads, and the types of all that it writes."""
    library = open_library(source, kept=True)
    return names_read(library), dict.fromkeys(names_written(library), ANY) | types_in(library)


def messages(source: Source) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of the messages that a version sends, and of those it waits for."""
    return messages_of(open_library(source, kept=True))
