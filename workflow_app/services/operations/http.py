"""http.request: asking another system, after the commit; the task waits for the answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.engine import Pending
from workflow_app.engine.timers import Span, UnreadableTimer

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})
LONGEST = 60.0
USUAL = "PT20S"
TRIES = 5
STATUSES = re.compile(r"\d(?:\d\d|xx)(?:\s*,\s*\d(?:\d\d|xx))*")
MAPPED = re.compile(r"\d(?:\d\d|xx)\s*=\s*[^\s,=]+(?:\s*,\s*\d(?:\d\d|xx)\s*=\s*[^\s,=]+)*")


def ask(_scope: StepScope, call: Call) -> Pending:
    """Make one HTTP request and give `status` and `body` (JSON where the answer is JSON).

    Inputs or headers: `url`, `method`, `body` (sent as JSON), `headers` (a context), `timeout`
    (ISO 8601), `expected` statuses (“200, 404”, “2xx”, which is usual), `error` (“404=NOT_FOUND,
    4xx=REFUSED”: what becomes a BPMN error). Raises OperationFailed for what cannot be read.
    """
    body, patience = call.inputs.get("body"), call.patience
    method = str(call.get("method") or ("GET" if body is None else "POST")).upper()
    if method not in METHODS:
        raise OperationFailed(N_("“%(method)s” is no method of HTTP."), method=method)
    request: dict[str, Any] = {
        "url": str(call.need("url")),
        "method": method,
        "headers": _headers(call),
        "body": body,
        "timeout": _seconds(str(call.get("timeout") or USUAL)),
        "expected": _listed(str(call.get("expected") or "2xx"), STATUSES),
        "error": _listed(str(call.get("error") or ""), MAPPED),
        "tries": patience.tries if patience.tries is not None else TRIES,
        "pause": patience.pause,
    }
    return Pending(request)


def _headers(call: Call) -> dict[str, str]:
    given = call.inputs.get("headers") or {}
    if not isinstance(given, dict):
        raise OperationFailed(N_("The input “headers” must be a context."))
    return {str(name): str(text) for name, text in given.items() if text is not None}


def _seconds(text: str) -> float:
    try:
        return max(1.0, min(Span.parse(text).exact.total_seconds(), LONGEST))
    except UnreadableTimer as wrong:
        raise OperationFailed(N_("“%(text)s” is no ISO 8601 duration."), text=text) from wrong


def _listed(text: str, form: re.Pattern[str]) -> list[str]:
    if text and form.fullmatch(text.strip()) is None:
        raise OperationFailed(N_("“%(text)s” lists no statuses."), text=text)
    return [part.replace(" ", "") for part in text.split(",") if part.strip()]
