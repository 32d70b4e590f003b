"""FEEL where SpiffWorkflow expects Python: nothing reaches `eval` or `exec` (engine.md §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from workflow_app.engine.expressions import evaluate, formula

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class FeelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # untyped
    """What SpiffWorkflow's own code would evaluate, should any of it ever ask.

    Our specs hold compiled expressions; this closes the door that the stock engine leaves open.
    """

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Callable[..., object]] | None = None,
    ) -> Any:
        """Evaluate FEEL over the task's data; raises FeelError."""
        return evaluate(formula(expression), context, external_context or {})

    def execute(
        self,
        script: str,
        context: dict[str, Any],
        external_context: Mapping[str, Callable[..., object]] | None = None,
    ) -> bool:
        """Evaluate FEEL and merge the context it gives; raises FeelError or ValueError."""
        found = self.evaluate(script, context, external_context)
        if not isinstance(found, dict):
            msg = "a script must give a context"
            raise ValueError(msg)  # noqa: TRY004 - SpiffWorkflow keeps only ValueError's text
        context.update(found)
        return True

    def call_service(self, _context: dict[str, Any], **_kwargs: object) -> None:
        """Refuse: operations go through the host's `Operations`."""
        msg = "service tasks call registered operations only"
        raise ValueError(msg)
