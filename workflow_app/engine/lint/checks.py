"""All checks in the order a reader wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.lint.completion import check_states
from workflow_app.engine.lint.content import check_content
from workflow_app.engine.lint.errors import check_errors
from workflow_app.engine.lint.flow import check_sense
from workflow_app.engine.lint.report import Report
from workflow_app.engine.lint.structure import check_structure

if TYPE_CHECKING:
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.library import Library


def check(
    library: Library,
    roles: frozenset[str] | None = None,
    operations: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """Run every check over the files of one source; roles and operations where they are given."""
    report = Report(library, roles, operations)
    for family in (check_structure, check_content, check_sense, check_errors, check_states):
        family(report)
    return tuple(report.findings)
