"""The operation that reads another case: what it was about, what was answered, who took part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.states import CaseState
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.follow_ups import known_data
from workflow_app.services.forms import without_sensitive
from workflow_app.services.taking_part import parts_taken

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_answers = table_of(Answer)


def read_case(scope: StepScope, call: Call) -> dict[str, Any]:
    """Give what is known of the case with the number `number`.

    `found`: its facts, or null; `answers`: the newest answers of the element `element`, else of the
    form that started it, without what the form calls sensitive; `data`: the case's variables, of a
    finished case as they were at its end; `took_part`: usernames.
    """
    number = str(call.need("number"))
    case_id = scope.ctx.session.scalar(select(Case.id).where(Case.number == number))
    if case_id is None:
        return {"found": None, "answers": {}, "data": {}, "took_part": []}
    loaded = load_case(scope.ctx, case_id)
    return {
        "found": _facts(loaded),
        "answers": _answered(scope, loaded, call.get("element")),
        "data": known_data(scope.ctx, loaded),
        "took_part": list(parts_taken(scope.ctx, [number])),
    }


def _facts(loaded: Loaded) -> dict[str, Any]:
    row = loaded.row
    return {
        "number": row.number,
        "process": loaded.published.key,
        "title": row.title,
        "territory": row.territory_code,
        "language": row.language,
        "email": row.key_holder_email,
        "status": row.status,
        "outcome": row.outcome,
        "end": row.end_element,
        "running": row.phase != CaseState.FINISHED,
        "started_at": row.started_at.isoformat(),
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }


def _answered(scope: StepScope, loaded: Loaded, element: str | None) -> dict[str, Any]:
    """Return the newest answers of an element, else the first of the case: those that began it."""
    own = select(_answers.c.form, _answers.c.data).where(_answers.c.case_id == loaded.row.id)
    newest, first = own.order_by(_answers.c.id.desc()), own.order_by(_answers.c.id)
    named = _answers.c.element.endswith(f"/{element}", autoescape=True)
    session = scope.ctx.session
    row = session.execute(newest.where(named)).first() if element else None
    row = row or session.execute(first.where(_answers.c.task_id.is_(None))).first()
    return without_sensitive(loaded.published, row.form, row.data) if row else {}
