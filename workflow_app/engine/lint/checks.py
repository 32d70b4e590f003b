"""All checks in the order a reader wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.lint.activities import check_activities
from workflow_app.engine.lint.cells import check_cells
from workflow_app.engine.lint.collections import check_collections
from workflow_app.engine.lint.completion import check_states
from workflow_app.engine.lint.connections import check_connections
from workflow_app.engine.lint.content import check_content
from workflow_app.engine.lint.drawing import check_drawing
from workflow_app.engine.lint.errors import check_errors
from workflow_app.engine.lint.flow import check_sense
from workflow_app.engine.lint.picture import check_picture
from workflow_app.engine.lint.properties import check_properties
from workflow_app.engine.lint.report import Report
from workflow_app.engine.lint.structure import check_structure
from workflow_app.engine.lint.tables import check_tables
from workflow_app.engine.lint.typed import check_meaning

if TYPE_CHECKING:
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.library import Library


def check(
    library: Library,
    roles: frozenset[str] | None = None,
    operations: frozenset[str] | None = None,
    **known: Any,
) -> tuple[Finding, ...]:
    """Run every check over the files of one source; `known` is what `Report` may be told."""
    report = Report(library, roles, operations, **known)
    for family in (
        check_structure,
        check_drawing,
        check_connections,
        check_picture,
        check_activities,
        check_properties,
        check_content,
        check_collections,
        check_meaning,
        check_cells,
        check_tables,
        check_sense,
        check_errors,
        check_states,
    ):
        family(report)
    return tuple(report.findings)
