"""Compiles the FEEL within a model, with the names that the model itself announces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.document import fault
from workflow_app.feel import Expression, FeelError, UnaryTests, compile_expression
from workflow_app.feel.expression import compile_unary_tests

if TYPE_CHECKING:
    from workflow_app.dmn.document import Element


class Compiler:
    """Compiles texts of one model; a lenient one takes a broken expression for null.

    Raises DmnError with the element's id and line when it is not lenient.
    """

    def __init__(self, names: frozenset[str], *, lenient: bool) -> None:
        self.names = names
        self.lenient = lenient
        self.read: set[str] = set()
        self.local: set[str] = set()

    def expression(self, text: str, element: Element) -> Expression:
        """Compile an expression; an empty one is null."""
        try:
            made = compile_expression(text or "null", self.names)
        except FeelError as error:
            if not self.lenient:
                raise fault(str(error), element) from error
            made = compile_expression("null")
        self.read |= made.names
        return made

    def tests(self, text: str, element: Element) -> UnaryTests:
        """Compile unary tests; an empty cell lets everything pass."""
        try:
            made = compile_unary_tests(text or "-", self.names)
        except FeelError as error:
            if not self.lenient:
                raise fault(str(error), element) from error
            made = compile_unary_tests("null")
        self.read |= made.names
        return made
