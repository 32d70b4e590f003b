"""Functions that a model defines: boxed ones, business knowledge, decision services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.feel.bounds import SLOTS_PER_STEP
from workflow_app.feel.values import FeelFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workflow_app.dmn.run import Boxed, Run, Scope
    from workflow_app.dmn.types import Types
    from workflow_app.feel.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Definition:
    """What a boxed function definition says: names and types of its parameters, body, result."""

    parameters: tuple[tuple[str, str | None], ...]
    body: Boxed
    result: str | None
    types: Types


class BoxedFunction(FeelFunction):
    """A function definition with the scope where it stands; its parameters may be typed."""

    __slots__ = ("_definition", "_place")

    def __init__(self, definition: Definition, place: tuple[Run, Scope]) -> None:
        self.parameters = tuple(name for name, _type in definition.parameters)
        self._definition = definition
        self._place = place

    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Evaluate the body; null for a wrong number of arguments or one of a wrong type."""
        run, scope = self._place
        made = self._definition
        if len(arguments) != len(self.parameters):
            return None
        runtime.spend(len(scope) // SLOTS_PER_STEP)
        inner = dict(scope)
        for (name, type_name), given in zip(made.parameters, arguments, strict=True):
            inner[name] = made.types.coerce(given, type_name, runtime)
            if inner[name] is None and given is not None:
                return None
        runtime.enter()
        try:
            return made.types.coerce(made.body(run, inner), made.result, runtime)
        finally:
            runtime.leave()


class ServiceFunction(FeelFunction):
    """A decision service as a function of its inputs."""

    __slots__ = ("_evaluate",)

    def __init__(
        self, parameters: tuple[str, ...], evaluate: Callable[[Runtime, Scope], object]
    ) -> None:
        self.parameters = parameters
        self._evaluate = evaluate

    @override
    def call(self, runtime: Runtime, arguments: Sequence[object]) -> object:
        """Evaluate the service; null for a wrong number of arguments."""
        if len(arguments) != len(self.parameters):
            return None
        runtime.enter()
        try:
            return self._evaluate(runtime, dict(zip(self.parameters, arguments, strict=True)))
        finally:
            runtime.leave()
