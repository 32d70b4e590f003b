"""Compiles the FEEL within a model, with the names that the model itself announces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.dmn.document import child, fault, in_feel
from workflow_app.dmn.errors import BECAUSE
from workflow_app.feel import Expression, FeelError, UnaryTests, compile_expression
from workflow_app.feel.expression import (
    compile_tests_with_types,
    compile_unary_tests,
    compile_with_types,
)
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from workflow_app.dmn.document import Element
    from workflow_app.feel.scope import TypeSource

OTHER_LANGUAGE = N_("Expressions are read in FEEL only, not in “%(language)s”.")
IMPORTED_VALUES = N_("Values imported from another file are not read.")
# Only these two can name a type, and only a type ties a text to its model.
_NAMES_TYPES = re.compile(r"\b(instance|function)\b")


class Compiler:
    """Compiles texts of one model; a lenient one takes a broken expression for null.

    Raises DmnError with the element's id and line when it is not lenient.
    """

    def __init__(self, names: frozenset[str], *, lenient: bool) -> None:
        self.names = names
        self.lenient = lenient
        self.language: str | None = None
        self.types: TypeSource = lambda _name: None
        self._sure: set[str] = set()
        self._unsure: set[str] = set()
        self.local: set[str] = set()

    def start(self) -> None:
        """Begin to collect the names that one element reads."""
        self._sure, self._unsure, self.local = set(), set(), set()

    def free(self) -> tuple[frozenset[str], frozenset[str]]:
        """Give the free names of the element, and those that may be members of a filtered item."""
        names = (self._sure | self._unsure) - self.local
        return frozenset(names), frozenset(names - self._sure)

    def _note(self, made: Expression | UnaryTests) -> None:
        self._sure |= made.names - made.members
        self._unsure |= made.members

    def expression(self, text: str, element: Element) -> Expression:
        """Compile an expression; an empty one is null."""
        try:
            self._refuse_others(element)
            made = self._compiled(text or "null")
        except FeelError as error:
            if not self.lenient:
                raise fault(BECAUSE, element, reason=error) from error
            made = compile_expression("null")
        self._note(made)
        return made

    def _refuse_others(self, element: Element) -> None:
        """Raise FeelError for what is not written in FEEL, or not in the model itself."""
        language = element.get("expressionLanguage") or self.language
        if not in_feel(language):
            raise FeelError(OTHER_LANGUAGE, language=language)
        if child(element, "importedValues") is not None:
            raise FeelError(IMPORTED_VALUES)

    def _compiled(self, text: str) -> Expression:
        if _NAMES_TYPES.search(text):
            return compile_with_types(text, self.names, self.types)
        return compile_expression(text, self.names)

    def tests(self, text: str, element: Element) -> UnaryTests:
        """Compile unary tests; an empty cell lets everything pass."""
        try:
            self._refuse_others(element)
            made = self._compiled_tests(text or "-")
        except FeelError as error:
            if not self.lenient:
                raise fault(BECAUSE, element, reason=error) from error
            made = compile_unary_tests("null")
        self._note(made)
        return made

    def _compiled_tests(self, text: str) -> UnaryTests:
        if _NAMES_TYPES.search(text):
            return compile_tests_with_types(text, self.names, self.types)
        return compile_unary_tests(text, self.names)
