"""Who catches: errors and escalations climb, messages and signals are offered to all who wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.contract import Data, Thrown
from workflow_app.engine.specs.element import Element, is_waiting, run_of
from workflow_app.engine.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflow_app.engine.run import Run
    from workflow_app.engine.specs.events import Catch


def throw_up(token: Token, kind: str, code: str | None, text: str = "") -> bool:
    """Let an error or escalation climb until somebody catches it; say whether somebody did.

    First the activity's own boundary events, then event sub-processes of the scope it stands in,
    then the same one scope further out (BPMN 2.0.2 §10.5.1). What interrupts does so at once.
    """
    payload: Data = {kind: {"code": code, "text": text}}
    at: Token | None = token
    while at is not None:
        catcher = match(at.task_spec.boundaries, kind, code)
        if catcher is not None:
            catcher.fire(Token(at.workflow, catcher, at), payload)
            return True
        loop = at.carrier()
        if loop is not None and loop.task_spec.gathers:
            at = loop
            continue
        if _handled(at, kind, code, payload):
            return True
        at = at.workflow.owner
    return False


def _handled(at: Token, kind: str, code: str | None, payload: Data) -> bool:
    """Offer it to the event sub-processes beside; one that threw it itself is not asked."""
    if at.task_spec.by_event:
        return False
    handler = match(at.workflow.spec.handlers, kind, code)
    if handler is None:
        return False
    handler.fire(Token(at.workflow, handler, at.workflow.task_tree), payload)
    return True


def match(catchers: Iterable[Catch], kind: str, code: str | None) -> Catch | None:
    """Return the event for exactly this code, else one that catches any."""
    fitting = [catcher for catcher in catchers if catcher.trigger.kind == kind]
    exact = (catcher for catcher in fitting if catcher.trigger.code == code)
    any_code = (catcher for catcher in fitting if catcher.trigger.code is None)
    return next(exact, None) or next(any_code, None)


def waiting(run: Run, kind: str, name: str) -> Iterator[Token]:
    """Yield the tokens that wait for a message or signal by name."""
    for workflow in run.case.workflows():
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
        Thrown(kind="message", name=name, payload=payload, correlation=key, element=spec.element)
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
