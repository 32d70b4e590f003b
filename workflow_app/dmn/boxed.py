"""Boxed expressions (DMN 1.5 §10.2.1), compiled to functions of a run and a scope."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.dmn.document import Element, child, children, fault, kind, line_of, name_of, text
from workflow_app.dmn.errors import BECAUSE, DmnError
from workflow_app.dmn.functions import BoxedFunction, Definition
from workflow_app.dmn.tables import read_table
from workflow_app.feel.calls import EXTERNAL
from workflow_app.feel.errors import FeelError
from workflow_app.feel.loops import at, iterated
from workflow_app.feel.values import FeelFunction
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.dmn.expressions import Compiler
    from workflow_app.dmn.run import Boxed, Run, Scope
    from workflow_app.dmn.tables import Table
    from workflow_app.dmn.types import Types


NO_PARAMETER = N_("A binding names no parameter.")
NO_PART = N_("A boxed “%(kind)s” has no expression for “%(part)s”.")
NO_NAME = N_("“%(kind)s” has no name.")
NO_VARIABLE = N_("A boxed “%(kind)s” names no variable to go through the list.")
NO_CELL = N_("A row of the relation has %(cells)s cells, but there are %(columns)s columns.")
RESULT_LAST = N_("Only the last entry of a context may be without a name.")
TWICE = N_("“%(name)s” is there twice.")
NO_KIND = N_("“%(kind)s” is no kind of function.")
OTHER_KIND = N_("Functions written in %(kind)s are not called: only FEEL is.")
FUNCTION_KINDS = frozenset(["FEEL", "Java", "PMML"])


class Builder:
    """Compiles the boxed expressions of one model.

    Raises DmnError for what a designer left out, unless the model is lenient: then it is null.
    """

    def __init__(self, compiler: Compiler, types: Types) -> None:
        self.compiler = compiler
        self.types = types
        #: The tables compiled so far, wherever they stand.
        self.tables: list[Table] = []
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

    def _part(self, element: Element, name: str) -> Boxed:
        """Compile a part that must be there."""
        found = child(element, name)
        if found is None or child(found, *self.kinds) is None:
            self._refuse(NO_PART, element, kind=kind(element), part=name)
        return self.within(found)

    def _own(self, element: Element, name: str) -> Boxed:
        """Compile the expression directly below an element, which must be there."""
        if child(element, *self.kinds) is None:
            self._refuse(NO_PART, element, kind=kind(element), part=name)
        return self.within(element)

    def _refuse(self, why: str, element: Element, /, **details: object) -> None:
        if not self.compiler.lenient:
            raise fault(why, element, **details)

    def _placed(self, made: Boxed, element: Element) -> Boxed:
        return placed(made, element, lenient=self.compiler.lenient)

    def boxed(self, element: Element) -> Boxed:
        """Compile a boxed expression, with the conversion to its declared type."""
        made = self.kinds[kind(element)](element)
        if kind(element) == "functionDefinition":
            # Its type is that of a function, which says what its result converts to.
            return made
        return self.typed(made, element.get("typeRef"))

    def typed(self, made: Boxed, type_name: str | None) -> Boxed:
        """Add the conversion to a type, if one is declared."""
        if not type_name:
            return made
        return lambda run, scope: self.types.coerce(made(run, scope), type_name, run.runtime)

    def _literal(self, element: Element) -> Boxed:
        expression = self.compiler.expression(text(child(element, "text")), element)
        return self._placed(lambda run, scope: expression.run(run.runtime, scope), element)

    def _table(self, element: Element) -> Boxed:
        table = read_table(element, self.compiler, self.types)
        self.tables.append(table)
        return self._placed(table.evaluate, element)

    def _context(self, element: Element) -> Boxed:
        holders = list(children(element, "contextEntry"))
        entries = [self._entry(entry) for entry in holders]
        names = [name for name, _value in entries]
        if None in names[:-1]:
            self._refuse(RESULT_LAST, holders[names.index(None)])
        repeated = [place for place, name in enumerate(names) if name in names[:place]]
        if repeated:
            place = repeated[0]
            self._refuse(TWICE, holders[place], name=names[place])
            # As in a context that FEEL writes out (DMN 1.5 §10.3.2.6).
            return _nothing

        def evaluate(run: Run, scope: Scope) -> object:
            run.turn(scope)
            inner, made = dict(scope), {}
            for name, value in entries:
                if name is None:
                    return value(run, inner)
                made[name] = inner[name] = value(run, inner)
            return made

        return evaluate

    def _entry(self, element: Element) -> tuple[str | None, Boxed]:
        variable = child(element, "variable")
        value = self._own(element, "value")
        if variable is None:
            return None, value
        name = self._name_of(variable)
        self.compiler.local.add(name)
        return name, self.typed(value, variable.get("typeRef"))

    def _name_of(self, element: Element) -> str:
        name = name_of(element)
        if not name:
            self._refuse(NO_NAME, element, kind=kind(element))
        return name

    def _list(self, element: Element) -> Boxed:
        items = [self.boxed(item) for item in children(element, *self.kinds)]

        def evaluate(run: Run, scope: Scope) -> object:
            return [item(run, scope) for item in items]

        return evaluate

    def _relation(self, element: Element) -> Boxed:
        columns = [
            (self._name_of(each), each.get("typeRef")) for each in children(element, "column")
        ]
        rows = [self._row(row, columns) for row in children(element, "row")]

        def evaluate(run: Run, scope: Scope) -> object:
            return [{name: cell(run, scope) for name, cell in row} for row in rows]

        return evaluate

    def _row(
        self, element: Element, columns: list[tuple[str, str | None]]
    ) -> list[tuple[str, Boxed]]:
        cells = list(children(element, *self.kinds))
        if len(cells) != len(columns):
            self._refuse(NO_CELL, element, cells=len(cells), columns=len(columns))
        return [
            (name, self.typed(self.boxed(cell), type_name))
            for (name, type_name), cell in zip(columns, cells, strict=False)
        ]

    def _invocation(self, element: Element) -> Boxed:
        function = self._own(element, "function")
        bindings = [self._binding(binding) for binding in children(element, "binding")]

        def evaluate(run: Run, scope: Scope) -> object:
            called = function(run, scope)
            if not isinstance(called, FeelFunction):
                return None
            given = {name: value(run, scope) for name, value in bindings}
            return called.call_named(run.runtime, given)

        return self._placed(evaluate, element)

    def _binding(self, element: Element) -> tuple[str, Boxed]:
        parameter = child(element, "parameter")
        # A binding without an expression gives null (DMN 1.5 §7.3.6).
        value = self.within(element)
        if parameter is None:
            self._refuse(NO_PARAMETER, element)
            return "", value
        return self._name_of(parameter), self.typed(value, parameter.get("typeRef"))

    def function(self, element: Element, function_type: str | None = None) -> Boxed:
        """Compile a function definition, which its own type or another one describes.

        Raises DmnError for one in another language; in a lenient model it fails when it is called.
        """
        item = self.types.function_item(element.get("typeRef") or function_type)
        described = [] if item is None else [p.get("typeRef") for p in children(item, "parameters")]
        formal = list(children(element, "formalParameter"))
        described += [None] * len(formal)
        parameters = tuple(
            (self._name_of(each), each.get("typeRef") or type_name)
            for each, type_name in zip(formal, described, strict=False)
        )
        self._check_kind(element, parameters)
        self.compiler.local |= {name for name, _type in parameters}
        result = None if item is None else item.get("outputTypeRef")
        in_feel = element.get("kind", "FEEL") == "FEEL"
        body = self.within(element) if in_feel else _refused
        made = Definition(parameters, body, result, self.types)
        return lambda run, scope: BoxedFunction(made, (run, scope))

    def _check_kind(self, element: Element, parameters: tuple[tuple[str, str | None], ...]) -> None:
        language = element.get("kind", "FEEL")
        if language != "FEEL":
            known = language in FUNCTION_KINDS
            self._refuse(OTHER_KIND if known else NO_KIND, element, kind=language)
        names = [name for name, _type in parameters]
        for name in names:
            if names.count(name) > 1:
                self._refuse(TWICE, element, name=name)

    def _conditional(self, element: Element) -> Boxed:
        condition, then, otherwise = (self._part(element, part) for part in ("if", "then", "else"))

        def evaluate(run: Run, scope: Scope) -> object:
            chosen = then if condition(run, scope) is True else otherwise
            return chosen(run, scope)

        return evaluate

    def _filter(self, element: Element) -> Boxed:
        source = self._part(element, "in")
        match = self._part(element, "match")
        self.compiler.local.add("item")

        def evaluate(run: Run, scope: Scope) -> object:
            kept, items = [], _items(source(run, scope))
            for item in items:
                members = item if isinstance(item, dict) else {}
                run.turn(scope, members)
                answer = match(run, {**scope, "item": item, **members})
                if isinstance(answer, Decimal):
                    return at(items, answer)
                if answer is True:
                    kept.append(item)
            return kept

        return self._placed(evaluate, element)

    def _for(self, element: Element) -> Boxed:
        name = self._iterated(element)
        source = self._part(element, "in")
        body = self._part(element, "return")

        def evaluate(run: Run, scope: Scope) -> object:
            made: list[object] = []
            items = iterated(source(run, scope), run.runtime)
            if items is None:
                return None
            for item in items:
                run.runtime.room_for_items(len(made))
                run.turn(scope)
                made.append(body(run, {**scope, name: item, "partial": list(made)}))
            return made

        return self._placed(evaluate, element)

    def _quantified(self, element: Element) -> Boxed:
        decisive = kind(element) == "some"
        name = self._iterated(element)
        source = self._part(element, "in")
        condition = self._part(element, "satisfies")

        def evaluate(run: Run, scope: Scope) -> object:
            items = iterated(source(run, scope), run.runtime)
            if items is None:
                return None
            answers = []
            for item in items:
                run.turn(scope)
                answers.append(condition(run, {**scope, name: item}))
            return _quantify(answers, decisive=decisive)

        return self._placed(evaluate, element)

    def _iterated(self, element: Element) -> str:
        name = name_of(element, "iteratorVariable")
        if not name:
            self._refuse(NO_VARIABLE, element, kind=kind(element))
        self.compiler.local |= {name, "partial"}
        return name


def placed(made: Boxed, element: Element, *, lenient: bool) -> Boxed:
    """Let what fails say the element and the line where it did; in a lenient model it is null."""

    def evaluate(run: Run, scope: Scope) -> object:
        try:
            return made(run, scope)
        except FeelError as error:
            found = fault(BECAUSE, element, reason=error)
            found.__cause__ = error
        except DmnError as error:
            found = error.at(element.get("id") or "", line_of(element))
        if not lenient:
            raise found
        run.troubles.append(found)
        return None

    return evaluate


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


def _refused(_run: Run, _scope: Scope) -> object:
    raise FeelError(EXTERNAL)
