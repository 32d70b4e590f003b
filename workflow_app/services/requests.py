"""Operations that tasks wait for: done once the step that asked is committed.

The answer is stored before the case hears of it: a crash in between asks nobody twice, and a
step that fails can be tried again with the answer that came. The other side sees the same
`Idempotency-Key` however often it is asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, update

from workflow_app.adapters.http import HttpAnswer, HttpRefused, HttpRequest, HttpUnavailable
from workflow_app.domain.states import OutboxState
from workflow_app.domain.text import N_
from workflow_app.engine import BpmnError, Env, NotWaiting, Step, finish, waits_for_operation
from workflow_app.services.case_store import Loaded, LostRace, load_case
from workflow_app.services.context import let_go
from workflow_app.services.outgoing import outbox
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.services.context import Context

LATER = frozenset({408, 425, 429})
SHOWN = 200
UNEXPECTED = N_("the answer has status %(status)s: %(text)s")


def handle_operation(ctx: Context, row: Row[Any]) -> bool:
    """Ask, or bring the answer into the case; True when another transaction has to follow.

    Raises HttpRefused, HttpUnavailable, CaseStuck, LostRace.
    """
    case = load_case(ctx, row.case_id)
    if case.row.state is None or not _is_awaited(case, row.task_id):
        return False
    if row.answer is not None:
        bring_answer(ctx, row, row.answer)
        return False
    answer = _ask(ctx, row)
    waiting = (outbox.c.id == row.id, outbox.c.state == OutboxState.WAITING)
    kept = update(outbox).where(*waiting).values(answer=answer)
    if ctx.connection.execute(kept).rowcount != 1:
        raise LostRace
    return True


def _is_awaited(case: Loaded, task_id: str) -> bool:
    return waits_for_operation(case.published.program, case.state, task_id)


def bring_answer(ctx: Context, row: Row[Any], answer: Mapping[str, Any]) -> None:
    """Bring the answer for which a row's task waits into the case. Raises CaseStuck, LostRace."""
    error = answer.get("error")
    outcome = BpmnError(**error) if error else answer["result"]

    def act(current: Loaded, env: Env) -> Step:
        return finish(current.published.program, current.state, row.task_id, outcome, env)

    attempt = Attempt(kind="outgoing", item=row.id, task_id=row.task_id)
    try:
        with sticking(row.case_id, attempt):
            step_case(ctx, lambda: load_case(ctx, row.case_id), act)
    except NotWaiting:
        # A timer or a person was faster: the case went on without the answer.
        return


def _ask(ctx: Context, row: Row[Any]) -> dict[str, Any]:
    wanted = row.payload
    request = HttpRequest(
        method=wanted["method"],
        url=wanted["url"],
        headers=_headers(ctx, row, wanted["headers"]),
        body=_encoded(wanted["body"]),
        timeout=wanted["timeout"],
    )
    let_go(ctx)
    answer = ctx.platform.http.send(request)
    body = _decoded(answer)
    for status, _equals, code in (entry.partition("=") for entry in wanted["error"]):
        if _fits(answer.status, [status]):
            return {"error": {"code": code, "text": _shown(body)}}
    if _fits(answer.status, wanted["expected"]):
        return {"result": {"status": answer.status, "body": body}}
    final = 400 <= answer.status < 500 and answer.status not in LATER
    kind = HttpRefused if final else HttpUnavailable
    raise kind(UNEXPECTED, status=answer.status, text=_shown(body))


def _headers(ctx: Context, row: Row[Any], given: Mapping[str, str]) -> dict[str, str]:
    usual = {
        "Accept": "application/json, */*;q=0.5",
        "Idempotency-Key": f"{ctx.platform.settings.base_url}/outbox/{row.id}",
    }
    if row.payload["body"] is not None:
        usual["Content-Type"] = "application/json"
    named = {name.lower() for name in given}
    return {**{n: t for n, t in usual.items() if n.lower() not in named}, **given}


def _encoded(body: Any) -> bytes | None:
    return None if body is None else json.dumps(body, ensure_ascii=False).encode()


def _decoded(answer: HttpAnswer) -> Any:
    text = answer.body.decode(errors="replace")
    if not answer.content_type.endswith("json"):
        return text
    try:
        return json.loads(text, parse_constant=str) if text else None
    except (ValueError, RecursionError):
        return text


def _fits(status: int, wanted: Iterable[str]) -> bool:
    return any(entry.replace("xx", "") in (str(status), str(status)[0]) for entry in wanted)


def _shown(body: Any) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return text[:SHOWN]
