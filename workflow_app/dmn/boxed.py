"""Boxed expressions (DMN 1.5 §10.2.1), compiled to functions of a run and a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.document import Element, child, children, fault, kind, text
from workflow_app.dmn.functions import BoxedFunction, call_by_name
from workflow_app.dmn.tables import compile_table
from workflow_app.feel.calls import EXTERNAL
from workflow_app.feel.errors import FeelError
from workflow_app.feel.loops import iterated
from workflow_app.feel.values import FeelFunction
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.dmn.expressions import Compiler
    from workflow_app.dmn.run import Boxed, Run, Scope
    from workflow_app.dmn.types import Types


NO_PARAMETER = N_("A binding names no parameter.")


class Builder:
    """Compiles the boxed expressions of one model."""

    def __init__(self, compiler: Compiler, types: Types) -> None:
        self.compiler = compiler
        self.types = types
        self.kinds: dict[str, Callable[[Element], Boxed]] = {
            "literalExpression": self._literal,
            "context": self._context,
            "list": self._list,
            "relation": self._relation,
            "invocation": self._invocation,
            "functionDefinition": self.function,
            "decisionTable": self._table,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }

    def within(self, element: Element | None) -> Boxed:
        """Compile the first boxed expression below an element; none is null."""
        found = None if element is None else child(element, *self.kinds)
        return _nothing if found is None else self.boxed(found)

    def boxed(self, element: Element) -> Boxed:
        """Compile a boxed expression, with the conversion to its declared type."""
        made = self.kinds[kind(element)](element)
        return self.typed(made, element.get("typeRef"))

    def typed(self, made: Boxed, type_name: str | None) -> Boxed:
        """Add the conversion to a type, if one is declared."""
        if type_name is None:
            return made
        return lambda run, scope: self.types.coerce(made(run, scope), type_name, run.runtime)

    def _literal(self, element: Element) -> Boxed:
        expression = self.compiler.expression(text(child(element, "text")), element)
        return lambda run, scope: expression.run(run.runtime, scope)

    def _table(self, element: Element) -> Boxed:
        return compile_table(element, self.compiler, self.types)

    def _context(self, element: Element) -> Boxed:
        entries = [self._entry(entry) for entry in children(element, "contextEntry")]

        def evaluate(run: Run, scope: Scope) -> object:
            inner, made = dict(scope), {}
            for name, value in entries:
                if name is None:
                    return value(run, inner)
                made[name] = inner[name] = value(run, inner)
            return made

        return evaluate

    def _entry(self, element: Element) -> tuple[str | None, Boxed]:
        variable = child(element, "variable")
        value = self.within(element)
        if variable is None:
            return None, value
        name = variable.get("name", "")
        self.compiler.local.add(name)
        return name, self.typed(value, variable.get("typeRef"))

    def _list(self, element: Element) -> Boxed:
        items = [self.boxed(item) for item in children(element, *self.kinds)]
        return lambda run, scope: [item(run, scope) for item in items]

    def _relation(self, element: Element) -> Boxed:
        columns = [column.get("name", "") for column in children(element, "column")]
        rows = [
            [self.boxed(cell) for cell in children(row, *self.kinds)]
            for row in children(element, "row")
        ]
        return lambda run, scope: [
            {name: cell(run, scope) for name, cell in zip(columns, row, strict=False)}
            for row in rows
        ]

    def _invocation(self, element: Element) -> Boxed:
        function = self.within(element)
        bindings = [self._binding(binding) for binding in children(element, "binding")]

        def evaluate(run: Run, scope: Scope) -> object:
            called = function(run, scope)
            if not isinstance(called, FeelFunction):
                return None
            given = {name: value(run, scope) for name, value in bindings}
            return call_by_name(called, run.runtime, given)

        return evaluate

    def _binding(self, element: Element) -> tuple[str, Boxed]:
        parameter = child(element, "parameter")
        if parameter is None:
            raise fault(NO_PARAMETER, element)
        value = self.within(element)
        return parameter.get("name", ""), self.typed(value, parameter.get("typeRef"))

    def function(self, element: Element) -> Boxed:
        """Compile a function definition; one that is not FEEL is refused when it is called."""
        parameters = [
            (parameter.get("name", ""), parameter.get("typeRef"))
            for parameter in children(element, "formalParameter")
        ]
        self.compiler.local |= {name for name, _type in parameters}
        body = self.within(element) if element.get("kind", "FEEL") == "FEEL" else _refuse
        return lambda run, scope: BoxedFunction(parameters, body, (run, scope), self.types)

    def _conditional(self, element: Element) -> Boxed:
        condition, then, otherwise = (
            self.within(child(element, part)) for part in ("if", "then", "else")
        )

        def evaluate(run: Run, scope: Scope) -> object:
            chosen = then if condition(run, scope) is True else otherwise
            return chosen(run, scope)

        return evaluate

    def _filter(self, element: Element) -> Boxed:
        source = self.within(child(element, "in"))
        match = self.within(child(element, "match"))
        self.compiler.local.add("item")

        def evaluate(run: Run, scope: Scope) -> object:
            kept = []
            for item in _items(source(run, scope)):
                run.runtime.spend()
                members = item if isinstance(item, dict) else {}
                if match(run, {**scope, **members, "item": item}) is True:
                    kept.append(item)
            return kept

        return evaluate

    def _for(self, element: Element) -> Boxed:
        name = self._iterated(element)
        source = self.within(child(element, "in"))
        body = self.within(child(element, "return"))

        def evaluate(run: Run, scope: Scope) -> object:
            made: list[object] = []
            items = iterated(source(run, scope), run.runtime)
            if items is None:
                return None
            for item in items:
                run.runtime.room_for_items(len(made))
                run.runtime.spend()
                made.append(body(run, {**scope, name: item, "partial": list(made)}))
            return made

        return evaluate

    def _quantified(self, element: Element) -> Boxed:
        decisive = kind(element) == "some"
        name = self._iterated(element)
        source = self.within(child(element, "in"))
        condition = self.within(child(element, "satisfies"))

        def evaluate(run: Run, scope: Scope) -> object:
            items = iterated(source(run, scope), run.runtime)
            if items is None:
                return None
            answers = []
            for item in items:
                run.runtime.spend()
                answers.append(condition(run, {**scope, name: item}))
            return _quantify(answers, decisive=decisive)

        return evaluate

    def _iterated(self, element: Element) -> str:
        name = element.get("iteratorVariable", "")
        self.compiler.local |= {name, "partial"}
        return name


def _quantify(answers: list[object], *, decisive: bool) -> bool | None:
    if any(answer is decisive for answer in answers):
        return decisive
    return (not decisive) if all(isinstance(answer, bool) for answer in answers) else None


def _items(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _nothing(_run: Run, _scope: Scope) -> object:
    return None


def _refuse(_run: Run, _scope: Scope) -> object:
    raise FeelError(EXTERNAL)
