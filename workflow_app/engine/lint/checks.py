"""All checks in the order a reader wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.text import N_
from workflow_app.engine.contract import Finding

if TYPE_CHECKING:
    from workflow_app.engine.library import Library


def check(
    library: Library,
    roles: frozenset[str] | None = None,
    operations: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """Run every check over the files of one source."""
    return tuple(_unreadable(library))


def _unreadable(library: Library) -> list[Finding]:
    return [
        Finding(
            code="unreadable",
            severity="error",
            file=broken.file,
            element=broken.element,
            line=broken.line,
            message=N_("The file cannot be read: %(reason)s"),
            params={"reason": broken.reason},
            fix=N_("Open the file in its editor and save it again, or mend the named line."),
        )
        for broken in library.broken
    ]
