"""Reads FEEL expressions and unary tests into a syntax tree (DMN 1.5 §10.3.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.bounds import MAX_CHAIN
from workflow_app.feel.errors import Bound, FeelBudgetExceeded
from workflow_app.feel.nodes import (
    Between,
    Binary,
    Call,
    Comparison,
    ContextOf,
    Filter,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    RangeOf,
    Tests,
)
from workflow_app.feel.reading.clauses import CLAUSES, read_clause
from workflow_app.feel.reading.cursor import Cursor
from workflow_app.feel.reading.grammar import (
    CLOSERS,
    COMPARED,
    CONSTANTS,
    NEGATION,
    ORDERINGS,
    POWERS,
    read_literal,
)
from workflow_app.feel.reading.lexer import unescape
from workflow_app.feel.reading.typenames import parse_type
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TOO_MANY_OPERATORS = N_("More than %(limit)s operators stand in one row.")
MIXED_ARGUMENTS = N_("Arguments are given either all by name or all by position.")
NO_KEY = N_("The key of a context entry was expected.")


def parse_expression(text: str, names: Iterable[str] = (), functions: Iterable[str] = ()) -> Node:
    """Read one expression; raises FeelSyntaxError or FeelBudgetExceeded.

    ``names`` may stand wherever a name may; ``functions`` anywhere but behind a point.
    """
    parser = _Parser(Cursor(text, names, functions))
    node = parser.expression()
    parser.cursor.finish()
    return node


def parse_tests(text: str, names: Iterable[str] = (), functions: Iterable[str] = ()) -> Tests:
    """Read the unary tests of a table cell; raises FeelSyntaxError or FeelBudgetExceeded."""
    parser = _Parser(Cursor(text, names, functions))
    tests = parser.unary_tests()
    parser.cursor.finish()
    return tests


# What may follow an operand that binds tighter than every operator.
_FOLLOWING = frozenset([".", "[", "("])


class _Parser:
    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self._endpoint = False
        self._openers: dict[str, Callable[[], Node]] = {
            "(": self._parenthesis,
            "[": self._bracket,
            "]": self._open_range,
            "{": self._context,
            "-": self._negation,
            "?": self._placeholder,
        }
        self._openers |= dict.fromkeys(ORDERINGS, self._comparison)

    # Expressions

    def expression(self, power: int = 0) -> Node:
        cursor = self.cursor
        cursor.deeper()
        start = cursor.tokens[cursor.index].start
        node = self._postfix(self._placed(self._primary(), start))
        if self._power() > power:
            node = self._joined(node, start, power)
        cursor.shallower()
        return node

    def _joined(self, left: Node, start: int, power: int) -> Node:
        """Join what follows to a first operand, as long as it binds tighter than a power."""
        chain = 0
        while (binding := self._power()) > power:
            chain = self._longer(chain)
            left = self._placed(self._infix(left, binding), start)
        return left

    @staticmethod
    def _longer(chain: int) -> int:
        if chain >= MAX_CHAIN:
            raise FeelBudgetExceeded(Bound.NESTING, TOO_MANY_OPERATORS, limit=MAX_CHAIN)
        return chain + 1

    def _power(self) -> int:
        token = self.cursor.tokens[self.cursor.index]
        # No token of another kind has such a text.
        return POWERS.get(token.text, 0)

    def _infix(self, left: Node, power: int) -> Node:
        operator = self.cursor.take().text
        if operator == "between":
            return self._between(left)
        if operator == "in":
            return In(left, self._in_tests())
        if operator == "instance":
            self.cursor.expect("of")
            return InstanceOf(left, parse_type(self.cursor))
        return Binary(operator, left, self.expression(power))

    def _between(self, value: Node) -> Node:
        low = self.expression(COMPARED - 1)
        self.cursor.expect("and")
        return Between(value, low, self.expression(COMPARED - 1))

    def _placed(self, node: Node, start: int) -> Node:
        """Give a node that has just been read its place; what is in brackets keeps its own."""
        if not node.until:
            node.put(start, self.cursor.tokens[self.cursor.index - 1].end)
        return node

    def _primary(self) -> Node:
        token = self.cursor.token
        if token.kind == "name":
            return self._word()
        if token.kind == "op":
            opener = self._openers.get(token.text)
            if opener is not None:
                return opener()
        elif token.kind != "end":
            return self._literal()
        raise self.cursor.unexpected()

    def _literal(self) -> Node:
        token = self.cursor.take()
        if token.kind == "number":
            return Literal(read_literal(token.text))
        if token.kind == "string":
            return Literal(unescape(token.text))
        return Call(Name("@"), (Literal(unescape(token.text[1:].lstrip())),))

    def _word(self) -> Node:
        token = self.cursor.token
        if token.text in CLAUSES and not self._is_name_here(token.text):
            return read_clause(self)
        name = self.cursor.name()
        if name in CONSTANTS:
            return Literal(CONSTANTS[name])
        return Name(name)

    def _is_name_here(self, word: str) -> bool:
        """Tell whether a word that begins a clause is, or begins, a name in this place."""
        if word in {"if", "function"}:
            return False
        known = self.cursor.known_name_length()
        if known > 1 and self.cursor.ahead(known).text != "in":
            return True
        return self.cursor.ahead().kind != "name"

    def _postfix(self, node: Node) -> Node:
        cursor = self.cursor
        chain, start = 0, node.at
        while (following := cursor.tokens[cursor.index].text) in _FOLLOWING:
            chain = self._longer(chain)
            if following == ".":
                cursor.index += 1
                node = Path(node, cursor.name(member=True))
            elif following == "[" and not self._closes_range():
                node = self._filter(node)
            elif following == "(" and not isinstance(node, Literal):
                node = self._call(node)
            else:
                break
            node = self._placed(node, start)
        return node

    def _closes_range(self) -> bool:
        if not self._endpoint:
            return False
        following = self.cursor.ahead()
        return following.kind == "end" or following.text in CLOSERS

    def _filter(self, base: Node) -> Node:
        self.cursor.expect("[")
        self.cursor.filtering(1)
        condition = self.nested()
        self.cursor.filtering(-1)
        self.cursor.expect("]")
        return Filter(base, condition)

    def nested(self) -> Node:
        """Read an expression within brackets, where a bracket opens a filter again."""
        endpoint, self._endpoint = self._endpoint, False
        node = self.expression()
        self._endpoint = endpoint
        return node

    def _call(self, function: Node) -> Node:
        self.cursor.expect("(")
        if self.cursor.accept(")"):
            return Call(function, ())
        name = self._argument_name()
        arguments, names = [self.nested()], [name]
        while self.cursor.accept(","):
            names.append(self._argument_name())
            arguments.append(self.nested())
        self.cursor.expect(")")
        given = tuple(name for name in names if name is not None)
        if given and len(given) != len(arguments):
            raise self.cursor.error(MIXED_ARGUMENTS)
        return Call(function, tuple(arguments), given)

    def _argument_name(self) -> str | None:
        name = self.cursor.name_before(":")
        if name is not None:
            self.cursor.take()
        return name

    # Symbols

    def _placeholder(self) -> Node:
        self.cursor.take()
        return Name("?")

    def _negation(self) -> Node:
        self.cursor.expect("-")
        return Negation(self.expression(NEGATION))

    def _comparison(self) -> Node:
        if self.cursor.touches(*ORDERINGS):
            raise self.cursor.unexpected()
        operator = self.cursor.take().text
        return Comparison(operator, self.expression(COMPARED - 1))

    def _parenthesis(self) -> Node:
        self.cursor.expect("(")
        start = self.nested()
        if self.cursor.accept(".."):
            return self._range_end(start, included=False)
        self.cursor.expect(")")
        return start

    def _open_range(self) -> Node:
        self.cursor.expect("]")
        start = self.nested()
        self.cursor.expect("..")
        return self._range_end(start, included=False)

    def _range_end(self, start: Node, *, included: bool) -> Node:
        outer, self._endpoint = self._endpoint, True
        end = self.expression()
        self._endpoint = outer
        if not self.cursor.at("]", ")", "["):
            raise self.cursor.unexpected()
        closing = self.cursor.take().text
        return RangeOf(start, end, included, closing == "]")

    def _bracket(self) -> Node:
        self.cursor.expect("[")
        if self.cursor.accept("]"):
            return ListOf(())
        first = self.nested()
        if self.cursor.accept(".."):
            return self._range_end(first, included=True)
        items = [first]
        while self.cursor.accept(","):
            items.append(self.nested())
        self.cursor.expect("]")
        return ListOf(tuple(items))

    def _context(self) -> Node:
        self.cursor.expect("{")
        entries = []
        learned = self.cursor.learned
        if not self.cursor.at("}"):
            entries.append(self._entry())
            while self.cursor.accept(","):
                entries.append(self._entry())
        self.cursor.expect("}")
        self.cursor.forget(learned)
        return ContextOf(tuple(entries))

    def _entry(self) -> tuple[str, Node]:
        key = self._key()
        self.cursor.expect(":")
        if self.cursor.at("function"):
            # A function may call itself by the key that it stands under.
            self.cursor.learn(key)
        value = self.nested()
        self.cursor.learn(key)
        return key, value

    def _key(self) -> str:
        if self.cursor.token.kind == "string":
            return unescape(self.cursor.take().text)
        name = self.cursor.name_before(":")
        if name is None:
            raise self.cursor.error(NO_KEY)
        return name

    # Unary tests

    def unary_tests(self) -> Tests:
        if self.cursor.at("-") and self.cursor.ahead().kind == "end":
            self.cursor.take()
            return Tests((), any=True)
        if self.cursor.at("not") and self.cursor.ahead().text == "(":
            return self._negated_tests()
        return Tests(self._test_list())

    def _negated_tests(self) -> Tests:
        start = self.cursor.index
        self.cursor.take()
        self.cursor.take()
        tests = self._test_list()
        self.cursor.expect(")")
        if self.cursor.token.kind == "end":
            return Tests(tests, negated=True)
        # Something follows, so “not” was a function within a longer expression.
        self.cursor.index = start
        return Tests(self._test_list())

    def _test_list(self) -> tuple[Node, ...]:
        tests = [self.nested()]
        while self.cursor.accept(","):
            tests.append(self.nested())
        return tuple(tests)

    def _in_tests(self) -> tuple[Node, ...]:
        start = self.cursor.token.start
        if not self.cursor.accept("("):
            return (self.expression(COMPARED - 1),)
        # Read once, without going back, or nested ones would take twice as long each level.
        first = self.nested()
        if self.cursor.accept(".."):
            first = self._placed(self._range_end(first, included=False), start)
        elif self.cursor.accept(","):
            tests = (first, *self._test_list())
            self.cursor.expect(")")
            return tests
        else:
            self.cursor.expect(")")
        # The brackets were those of an expression, which may go on.
        return (self._joined(self._postfix(first), start, COMPARED - 1),)
