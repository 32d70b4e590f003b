"""Item definitions: types with components, collections and allowed values (DMN 1.5 §7.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.document import child, children, text
from workflow_app.feel.nodes import TypeName
from workflow_app.feel.temporal.text import read_temporal
from workflow_app.feel.temporal.values import Date, DateTime
from workflow_app.feel.types import Conforms, compile_type, is_known, or_null
from workflow_app.feel.values import FeelFunction

if TYPE_CHECKING:
    from workflow_app.dmn.document import Element
    from workflow_app.dmn.expressions import Compiler
    from workflow_app.feel.runtime import Runtime


class Types:
    """The types of one model, by name; those of an imported model have its name before them."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._definitions: dict[str, Element] = {}
        self._made: dict[tuple[str, bool], Conforms] = {}
        self._collections: set[str] = set()

    def define(self, element: Element) -> None:
        """Add an item definition."""
        self._definitions[element.get("name", "")] = element

    def include(self, prefix: str, other: Types) -> None:
        """Add the types of an imported model under its name."""
        for name in other._definitions:
            for strict in (True, False):
                self._made[f"{prefix}.{name}", strict] = other.conforms(name, strict=strict)
            if other.is_collection(name):
                self._collections.add(f"{prefix}.{name}")

    def is_collection(self, name: str) -> bool:
        """Tell whether a type is a list."""
        element = self._definitions.get(name)
        if element is None:
            return name in self._collections or name == "list"
        if element.get("isCollection") == "true":
            return True
        base = child(element, "typeRef")
        return base is not None and text(base) != name and self.is_collection(text(base))

    def result_of(self, name: str | None) -> str | None:
        """Give the type of what a function type gives; a plain type is its own."""
        element = None if name is None else self._definitions.get(name)
        function = None if element is None else child(element, "functionItem")
        return name if function is None else function.get("outputTypeRef")

    def structure(self, name: str) -> Conforms | None:
        """Give the test of a defined type without its allowed values, as ``instance of`` asks."""
        if name in self._definitions or (name, False) in self._made:
            return self.conforms(name, strict=False)
        return None

    def conforms(self, name: str, *, strict: bool = True) -> Conforms:
        """Give the test of a type; null conforms to every type, and all to an unknown one."""
        key = name.removeprefix("feel:"), strict
        if key not in self._made:
            # Set before it is made, since a type may name itself.
            self._made[key] = self._later(key)
            self._made[key] = self._make(key[0], strict=strict)
        return self._made[key]

    def _later(self, key: tuple[str, bool]) -> Conforms:
        def conforms(value: object, runtime: Runtime) -> bool:
            return self._made[key](value, runtime)

        return conforms

    def _make(self, name: str, *, strict: bool) -> Conforms:
        element = self._definitions.get(name)
        if element is not None:
            return self._of_definition(element, strict=strict)
        if not is_known(name) or name == "Any":
            return lambda _value, _runtime: True
        plain = compile_type(TypeName(name))
        return or_null(plain)

    def _of_definition(self, element: Element, *, strict: bool) -> Conforms:
        item = self._base(element, strict=strict)
        if strict:
            item = self._constrained(element, item)
        whole = _listed(item) if element.get("isCollection") == "true" else item
        return self._constrained(element, whole, "typeConstraint") if strict else whole

    def _base(self, element: Element, *, strict: bool) -> Conforms:
        components = list(children(element, "itemComponent"))
        if components:
            members = [
                (c.get("name", ""), self._of_definition(c, strict=strict)) for c in components
            ]
            return _composed(members)
        if child(element, "functionItem") is not None:
            return lambda value, _runtime: value is None or isinstance(value, FeelFunction)
        base = child(element, "typeRef")
        if base is None:
            return lambda _value, _runtime: True
        return self.conforms(text(base), strict=strict)

    def _constrained(
        self, element: Element, base: Conforms, kind: str = "allowedValues"
    ) -> Conforms:
        allowed = child(element, kind)
        if allowed is None or not text(allowed):
            return base
        tests = self._compiler.tests(text(allowed), allowed)

        def conforms(value: object, runtime: Runtime) -> bool:
            runtime.spend()
            return base(value, runtime) and (
                value is None or tests.run(runtime, {}, value) is True
            )

        return conforms

    def coerce(self, value: object, name: str | None, runtime: Runtime) -> object:
        """Convert a value to a type where DMN does so unasked; null when it does not conform.

        A text becomes the date, time or duration that it writes out if such a type is asked for
        and the model is not lenient.
        """
        if name is None or value is None:
            return value
        conforms = self.conforms(name)
        if conforms(value, runtime):
            return value
        candidate = self._candidate(value, name)
        return candidate if candidate is not None and conforms(candidate, runtime) else None

    def _candidate(self, value: object, name: str) -> object:
        if self.is_collection(name):
            return value if isinstance(value, list) else [value]
        if isinstance(value, list):
            return value[0] if len(value) == 1 else None
        if isinstance(value, str) and not self._compiler.lenient:
            # Case data is JSON, which writes dates and durations as texts.
            return read_temporal(value)
        return DateTime(value, 0, 0) if isinstance(value, Date) else None


def _listed(item: Conforms) -> Conforms:
    def conforms(value: object, runtime: Runtime) -> bool:
        if not isinstance(value, list):
            return value is None
        runtime.spend(len(value))
        return all(item(each, runtime) for each in value)

    return conforms


def _composed(members: list[tuple[str, Conforms]]) -> Conforms:
    def conforms(value: object, runtime: Runtime) -> bool:
        if value is None:
            return True
        runtime.spend(len(members))
        return isinstance(value, dict) and all(
            name in value and member(value[name], runtime) for name, member in members
        )

    return conforms
