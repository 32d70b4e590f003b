"""Decision tables: cells compiled once, rules found by an index or tried in turn (DMN 1.5 §8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, TypeVar

from workflow_app.dmn.document import Element, child, children, fault, line_of, name_of, text
from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.hitpolicy import AGGREGATORS, HIT_POLICIES, Chosen, Hit, policy_of
from workflow_app.dmn.index import LazyIndex
from workflow_app.dmn.run import MatchedRule
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from workflow_app.dmn.expressions import Compiler
    from workflow_app.dmn.index import RuleIndex
    from workflow_app.dmn.run import Run, Scope
    from workflow_app.dmn.types import Types
    from workflow_app.feel import Expression, UnaryTests

T = TypeVar("T")
BAD_INPUT = N_("The input “%(input)s” has a value that the table does not allow.")
NO_INPUT = N_("The input “%(input)s” has no value, and the table does not allow that.")
BAD_OUTPUT = N_("Row %(row)s gives “%(output)s” a value that the table does not allow.")
NO_CHOICE = N_("“%(value)s” is no %(attribute)s of a decision table.")
NO_EXPRESSION = N_("An input column has no expression.")
DASH = N_("A dash is no value; an output that has none is left empty.")
BAD_CELL = N_("Row %(row)s, column “%(column)s”: %(reason)s")
WIDTH = N_("Row %(row)s does not have a cell for every column.")
NO_OUTPUT_NAME = N_("An output column has no name, but there are several.")
SAME_OUTPUT = N_("Two output columns have the name “%(name)s”.")
AGGREGATED = N_("Only a table with one output column can give a sum, a count or an extreme.")


@dataclass(frozen=True, slots=True)
class Input:
    """An input column: what it tests, its words, and the values it allows."""

    label: str
    expression: Expression
    allowed: UnaryTests | None
    type_name: str | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column: its name, its values by importance, and what it gives by default."""

    name: str
    type_name: str | None
    allowed: UnaryTests | None
    values: tuple[object, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: its id, its tests (none for a dash), and its outputs.

    ``annotations`` are the words in the columns beside the outputs, each by the column's name, and
    ``description`` is what was written about the row.
    """

    id: str
    row: int
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Expression, ...]
    annotations: tuple[tuple[str, str], ...] = ()
    description: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled decision table.

    ``names`` are those of its model that the parser has to know; ``index`` finds its rules.
    """

    id: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: str
    aggregation: str | None
    types: Types
    names: frozenset[str]
    index: LazyIndex = field(repr=False, compare=False)

    def evaluate(self, run: Run, scope: Scope) -> object:
        """Decide; null when no rule matches and nothing is given by default.

        Raises DmnError for an input that is not allowed, and for rules that clash.
        """
        values = [self._input(column, run, scope) for column in self.inputs]
        matching = self._matching(values, run, scope)
        if self.hit_policy == "FIRST":
            matching = islice(matching, 1)
        hits = [self._hit(rule, run, scope) for rule in matching]
        try:
            chosen = HIT_POLICIES[self.hit_policy](hits, [column.values for column in self.outputs])
        except DmnError as error:
            raise error.at(self.id) from None
        found = self._result(chosen, run, scope)
        run.record(self.id, self._told(values), tuple(map(self._matched, chosen.hits)), found)
        return found

    def _matching(self, values: list[object], run: Run, scope: Scope) -> Iterator[Rule]:
        """Give the rules that match, in order."""

        def passes(test: UnaryTests, value: object) -> bool:
            return test.run(run.runtime, scope, value) is True

        index = self._index(run)
        if index is not None:
            return (self.rules[place] for place in index.matching(values, passes))
        return (
            rule
            for rule in self.rules
            if all(passes(test, values[place]) for place, test in rule.tests)
        )

    def _index(self, run: Run) -> RuleIndex | None:
        """Give the index; who happens to be first does not pay for its making."""
        if self.index.ready:
            return self.index.get()
        with run.runtime.excused():
            return self.index.get()

    def _told(self, values: list[object]) -> tuple[tuple[str, object], ...]:
        return tuple(
            (column.label, value) for column, value in zip(self.inputs, values, strict=True)
        )

    def _matched(self, hit: Hit) -> MatchedRule:
        names = [column.name for column in self.outputs]
        return MatchedRule(hit.rule, hit.row, tuple(zip(names, hit.outputs, strict=True)))

    def _input(self, column: Input, run: Run, scope: Scope) -> object:
        value = column.expression.run(run.runtime, scope)
        if column.type_name is not None:
            value = self.types.coerce(value, column.type_name, run.runtime)
        if column.allowed is not None and column.allowed.run(run.runtime, scope, value) is not True:
            why = NO_INPUT if value is None else BAD_INPUT
            raise DmnError(why, element=self.id, input=column.label)
        return value

    def _hit(self, rule: Rule, run: Run, scope: Scope) -> Hit:
        values = [output.run(run.runtime, scope) for output in rule.outputs]
        outputs = tuple(
            self.types.coerce(value, column.type_name, run.runtime)
            for value, column in zip(values, self.outputs, strict=True)
        )
        for value, place in zip(outputs, range(len(outputs)), strict=True):
            self._check_output(value, place, rule, run)
        return Hit(rule.id, rule.row, outputs)

    def _check_output(self, value: object, place: int, rule: Rule, run: Run) -> None:
        column = self.outputs[place]
        # An empty cell says that the rule has nothing to give here.
        empty = value is None and rule.outputs[place].text == "null"
        if column.allowed is None or empty:
            return
        if column.allowed.run(run.runtime, {}, value) is True:
            return
        raise DmnError(BAD_OUTPUT, element=rule.id, row=rule.row, output=column.name)

    def _result(self, chosen: Chosen, run: Run, scope: Scope) -> object:
        if not chosen.hits and any(column.default for column in self.outputs):
            default = self._shaped(self._defaults(run, scope))
            return [default] if chosen.many and self.aggregation is None else default
        results = [self._shaped(hit.outputs) for hit in chosen.hits]
        if not chosen.many:
            return results[0] if results else None
        if self.aggregation is None:
            return results
        return AGGREGATORS[self.aggregation](results)

    def _defaults(self, run: Run, scope: Scope) -> tuple[object, ...]:
        return tuple(
            None
            if column.default is None
            else self.types.coerce(
                column.default.run(run.runtime, scope), column.type_name, run.runtime
            )
            for column in self.outputs
        )

    def _shaped(self, outputs: tuple[object, ...]) -> object:
        if len(self.outputs) == 1:
            return outputs[0]
        return {column.name: value for column, value in zip(self.outputs, outputs, strict=True)}


def read_table(element: Element, compiler: Compiler, types: Types) -> Table:
    """Read a decision table with its columns and rules.

    Raises DmnError for a row of the wrong width or a bad cell.
    """
    outputs = tuple(_output(column, compiler, types) for column in children(element, "output"))
    inputs = tuple(_input(column, compiler) for column in children(element, "input"))
    noted = [name_of(column) for column in children(element, "annotation")]
    rules = tuple(
        _rule(rule, row, compiler, (inputs, outputs, noted))
        for row, rule in enumerate(children(element, "rule"), 1)
    )
    hit_policy, aggregation = _policy(element)
    if not compiler.lenient:
        _check_outputs(element, aggregation)
    return Table(
        element.get("id") or "",
        inputs,
        outputs,
        rules,
        hit_policy,
        aggregation,
        types,
        compiler.names,
        LazyIndex([rule.tests for rule in rules], len(inputs), compiler.names),
    )


def _check_outputs(element: Element, aggregation: str | None) -> None:
    """Refuse output columns that the result could not tell apart, or that nothing can add up."""
    columns = list(children(element, "output"))
    if len(columns) < 2:
        return
    if aggregation is not None:
        raise fault(AGGREGATED, element)
    names = [name_of(column) for column in columns]
    for place, column in enumerate(columns):
        if not names[place]:
            raise fault(NO_OUTPUT_NAME, column)
        if names[place] in names[:place]:
            raise fault(SAME_OUTPUT, column, name=names[place])


def _policy(element: Element) -> tuple[str, str | None]:
    """Give the hit policy and the aggregation, written out or as the letters on a drawn table."""
    policy, aggregation = policy_of(element.get("hitPolicy"))
    aggregation = aggregation or element.get("aggregation")
    _check_choice(element, "hitPolicy", policy, HIT_POLICIES)
    # The other policies have no aggregation, whatever the attribute says.
    if policy != "COLLECT" or aggregation is None:
        return policy, None
    _check_choice(element, "aggregation", aggregation, AGGREGATORS)
    return policy, aggregation


def _check_choice(element: Element, attribute: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise fault(NO_CHOICE, element, value=value, attribute=attribute)


def _input(element: Element, compiler: Compiler) -> Input:
    holder = child(element, "inputExpression")
    words = text(holder)
    if not words:
        raise fault(NO_EXPRESSION, element)
    expression = compiler.expression(words, element)
    type_name = None if holder is None else holder.get("typeRef")
    allowed = _allowed(child(element, "inputValues"), compiler)
    return Input(element.get("label") or words, expression, allowed, type_name)


def _allowed(element: Element | None, compiler: Compiler) -> UnaryTests | None:
    if element is None or not text(element):
        return None
    return compiler.tests(text(element), element)


def _output(element: Element, compiler: Compiler, types: Types) -> Output:
    values = child(element, "outputValues")
    default = child(element, "defaultOutputEntry")
    # Where the column itself lists no values, those of its type are in an order as well.
    ordered = values if text(values) else next(types.allowing(element.get("typeRef")), None)
    return Output(
        name_of(element),
        element.get("typeRef"),
        _allowed(values, compiler),
        () if ordered is None else _listed(ordered, compiler),
        None if default is None else compiler.expression(text(default), default),
    )


def _listed(element: Element, compiler: Compiler) -> tuple[object, ...]:
    """Give the output values in their order; none when they are no plain list."""
    try:
        listed = compiler.expression(f"[{text(element)}]", element).run(Runtime({}), {})
    except DmnError:
        return ()
    return tuple(listed) if isinstance(listed, list) else ()


def _read(read: Callable[[str, Element], T], cell: Element, row: int, column: str) -> T:
    """Compile a cell; what is wrong with it is told by its row and column."""
    try:
        return read(text(cell), cell)
    except DmnError as error:
        dash = text(cell) == "-"
        reason = DmnError(DASH) if dash else error.details.get("reason", error)
        raise fault(BAD_CELL, cell, row=row, column=column, reason=reason) from error


def _rule(
    element: Element,
    row: int,
    compiler: Compiler,
    columns: tuple[tuple[Input, ...], tuple[Output, ...], list[str]],
) -> Rule:
    inputs, given, noted = columns
    tests = list(children(element, "inputEntry"))
    outputs = list(children(element, "outputEntry"))
    notes = [text(note) for note in children(element, "annotationEntry")]
    if (len(tests), len(outputs)) != (len(inputs), len(given)):
        raise fault(WIDTH, element, row=row)
    return Rule(
        element.get("id") or str(row),
        row,
        tuple(
            (place, _read(compiler.tests, cell, row, inputs[place].label))
            for place, cell in enumerate(tests)
            if text(cell) not in {"", "-"}
        ),
        tuple(
            _read(compiler.expression, cell, row, column.name)
            for cell, column in zip(outputs, given, strict=True)
        ),
        tuple(zip_longest(noted[: len(notes)], notes, fillvalue="")),
        text(child(element, "description")),
        line_of(element),
    )
