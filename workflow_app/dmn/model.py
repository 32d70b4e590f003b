"""Decision models: requirement graphs of decisions, knowledge and services (DMN 1.5 §6)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.run import Run, TableOutcome
from workflow_app.feel.convert import give_out, take_in
from workflow_app.feel.errors import FeelBudgetExceeded
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workflow_app.dmn.graph import Graph, Node

UNKNOWN = N_("The model has no decision “%(decision)s”.")
NO_SERVICE = N_("The model has no decision service “%(service)s”.")
TOO_DEEP = N_("The decision is nested too deeply to be made.")
_NOTHING: Mapping[str, Callable[..., object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a model: ``name`` is what expressions call it, ``title`` what people do.

    ``inputs`` are the words of its table's input columns and ``outputs`` the names of its output
    columns; both are empty, and the hit policy None, when its logic is no table. ``names`` are the
    variables that it and what it requires read from the data given; ``members`` are those of its
    own that stand within filters only, where each may be a member of the item instead.
    """

    id: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    hit_policy: str | None
    names: frozenset[str]
    members: frozenset[str] = frozenset()
    line: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What a decision came to, and the ids of the rules that matched, in order.

    ``rules`` are those of the decision's own table; ``tables`` are all that took part, in the order
    in which they were asked, its own last: of many the last 100, as far as 100,000 values reach.
    """

    value: object
    rules: tuple[str, ...] = ()
    tables: tuple[TableOutcome, ...] = ()


class DecisionModel:
    """A model ready to decide; made by ``load_decisions``."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.decisions: Mapping[str, Decision] = MappingProxyType(
            {node.id: _described(node.id, graph) for node in graph.decisions()}
        )

    def evaluate(
        self,
        decision_id: str,
        scope: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> DecisionResult:
        """Make a decision, and before it those it requires, from data as FEEL takes it.

        Raises DmnError for an unknown decision, an input not allowed, or rules that clash;
        FeelError when a function of the host fails or a bound is passed.
        """
        if decision_id not in self.decisions:
            raise DmnError(UNKNOWN, element=decision_id, decision=decision_id)
        decide = partial(self.graph.decide, decision_id)
        value, run = _made(decision_id, decide, scope, functions)
        own = (decision_id, self.graph.table_id(decision_id))
        # Its own table is asked last; others, too, may be without an id.
        last = [each for each in (*run.tables,)[-1:] if (each.decision, each.table) == own]
        rules = tuple(rule.id for each in last for rule in each.rules)
        return DecisionResult(value, rules, _given_out(run.tables))

    def serve(
        self,
        service: str,
        inputs: Mapping[str, object],
        functions: Mapping[str, Callable[..., object]] = _NOTHING,
    ) -> DecisionResult:
        """Call a decision service, by its name or id, with its inputs by theirs.

        Gives the output decision, or a context of several by their names; null for an input that
        does not conform to its type. Raises DmnError and FeelError as ``evaluate`` does.
        """
        node = self.graph.named(service, "decisionService")
        if node is None:
            raise DmnError(NO_SERVICE, element=service, service=service)
        value, run = _made(service, partial(_served, self.graph, node), inputs, functions)
        return DecisionResult(value, (), _given_out(run.tables))


def _made(
    element: str,
    make: Callable[[Run], object],
    scope: Mapping[str, object],
    functions: Mapping[str, Callable[..., object]],
) -> tuple[object, Run]:
    runtime = Runtime(functions)
    try:
        given = {name: take_in(value, runtime.imported) for name, value in scope.items()}
        run = Run(runtime, given)
        return give_out(make(run), runtime), run
    except RecursionError:
        raise DmnError(TOO_DEEP, element=element) from None


def _served(graph: Graph, node: Node, run: Run) -> object:
    # A service sees its inputs and nothing else of the data.
    return graph.serve(node, run.within(run.runtime), run.given)


def _given_out(tables: Iterable[TableOutcome]) -> tuple[TableOutcome, ...]:
    """Give the values out as Python has them; what was decided stands, however much was read."""
    # Its own runtime: what a decision may give its host does not shrink by what is told of it.
    runtime = Runtime({})
    told: list[TableOutcome] = []
    with suppress(FeelBudgetExceeded, RecursionError):
        told.extend(_table_out(each, runtime) for each in reversed(tuple(tables)))
    return tuple(reversed(told))


def _table_out(outcome: TableOutcome, runtime: Runtime) -> TableOutcome:
    return replace(
        outcome,
        inputs=_named_out(outcome.inputs, runtime),
        rules=tuple(
            replace(rule, outputs=_named_out(rule.outputs, runtime)) for rule in outcome.rules
        ),
        value=give_out(outcome.value, runtime),
    )


def _named_out(
    values: tuple[tuple[str, object], ...], runtime: Runtime
) -> tuple[tuple[str, object], ...]:
    runtime.hand_out(len(values))
    return tuple((name, give_out(value, runtime)) for name, value in values)


def _described(decision_id: str, graph: Graph) -> Decision:
    node = graph.node(decision_id)
    table = node.table
    return Decision(
        id=node.id,
        name=node.name,
        inputs=tuple(column.label for column in table.inputs) if table else (),
        outputs=tuple(column.name for column in table.outputs) if table else (),
        hit_policy=table.hit_policy if table else None,
        names=graph.names(decision_id),
        members=node.members,
        line=node.line,
        title=node.title,
    )
