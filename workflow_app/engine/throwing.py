"""Who catches: errors and escalations climb, messages and signals are offered to all who wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.engine.contract import Data, Thrown
from workflow_app.engine.errors import Interrupted, StepFailed
from workflow_app.engine.tokens import is_waiting, run_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflow_app.engine.run import Run
    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.specs.events import Catch, Trigger
    from workflow_app.engine.tokens import Token

UNCAUGHT = N_("nobody catches the error %(code)s: %(text)s")
UNCAUGHT_CODE = N_("nobody catches the error %(code)s")


def throw_up(
    token: Token, kind: str, code: str | None, text: str = "", carried: Data | None = None
) -> Catch | None:
    """Let an error or escalation climb until somebody catches it; return who did.

    First the activity's own boundary events, then event sub-processes of the scope it stands in,
    then the same one scope further out (BPMN 2.0.2 §10.5.1). What interrupts does so at once.
    `carried` is what the event was given to take along.
    """
    payload: Data = {**(carried or {}), kind: {"code": code, "text": text}}
    at: Token | None = token
    while at is not None:
        catcher = _offer(at, at.task_spec.boundaries, kind, code, payload)
        if catcher is not None:
            return catcher
        loop = at.carrier()
        if loop is not None and loop.task_spec.gathers:
            at = loop
            continue
        catcher = _offer(at, _handlers(at), kind, code, payload)
        if catcher is not None:
            return catcher
        at = at.workflow.owner
    return None


def _handlers(at: Token) -> list[Catch]:
    """Return the event sub-processes beside that may be asked.

    One that threw it itself is not, and none is while one has interrupted the scope.
    """
    handlers: list[Catch] = at.workflow.spec.handlers
    if not at.task_spec.by_event:
        return handlers
    if at.task_spec.ends_scope:
        return []
    return [each for each in handlers if each.edges[0].target != at.task_spec.name]


def _offer(
    at: Token, catchers: Iterable[Catch], kind: str, code: str | None, payload: Data
) -> Catch | None:
    for catcher, trigger in fitting(catchers, kind, code):
        if catcher.catch(at, trigger, payload):
            return catcher
    return None


def fitting(catchers: Iterable[Catch], kind: str, code: str | None) -> list[tuple[Catch, Trigger]]:
    """Return the events for exactly this code, then those that catch any."""
    found = [
        (catcher, trigger)
        for catcher in catchers
        for trigger in catcher.trigger.each
        if trigger.kind == kind and trigger.code in (code, None)
    ]
    return sorted(found, key=lambda pair: pair[1].code is None) if len(found) > 1 else found


def uncaught(spec: Element, code: str | None, text: str) -> StepFailed:
    """Return the failure of a step whose error nobody catches."""
    if not text:
        return StepFailed(spec.element, UNCAUGHT_CODE, code=code)
    return StepFailed(spec.element, UNCAUGHT, code=code, text=text)


def throw_error(token: Token, code: str, text: str) -> None:
    """Let an error climb from what a token was doing. Raises StepFailed where nobody catches it."""
    if throw_up(token, "error", code, text) is None:
        raise uncaught(token.task_spec, code, text)
    token.cancel()


def escalate(spec: Element, token: Token) -> None:
    """Let the escalations climb that an expression of the token threw.

    Raises Interrupted where one is caught that interrupts.
    """
    run = run_of(token)
    escalated, run.escalated = run.escalated, []
    for code, text in escalated:
        catcher = throw_up(token, "escalation", code, text)
        if catcher is None:
            run.let_out(spec, "escalation", code)
        elif not catcher.stays:
            raise Interrupted(token)


def waiting(run: Run, kind: str, name: str) -> Iterator[Token]:
    """Yield the tokens that wait for a message or signal by name."""
    for workflow in run.case.awake():
        for token in [*workflow.live.values(), *workflow.listeners.values()]:
            trigger = getattr(token.task_spec, "trigger", None)
            wanted = trigger is not None and (trigger.kind, trigger.name) == (kind, name)
            if wanted and is_waiting(token):
                yield token


def send_message(
    spec: Element,
    token: Token,
    name: str,
    payload: Data,
    key: Any,
) -> None:
    """Hand a message to the one who waits for it in this case, else let it leave the case."""
    run = run_of(token)
    for catcher in waiting(run, "message", name):
        if catcher.internal_data.get("key") == key:
            catcher.task_spec.fire(catcher, payload)
            return
    run.thrown.append(
        Thrown(
            kind="message",
            name=name,
            payload=payload,
            correlation=key,
            element=spec.element,
            lives=spec.lives,
        )
    )


def send_signal(spec: Element, token: Token, name: str, payload: Data) -> None:
    """Wake everybody in this case who waits for the signal, and let it leave for other cases."""
    run = run_of(token)
    for catcher in list(waiting(run, "signal", name)):
        if is_waiting(catcher):
            catcher.task_spec.fire(catcher, payload)
    run.thrown.append(
        Thrown(kind="signal", name=name, payload=payload, correlation=None, element=spec.element)
    )
