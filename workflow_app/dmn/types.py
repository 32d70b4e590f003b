"""Item definitions: types with components, collections and allowed values (DMN 1.5 §7.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.document import child, children, fault, in_feel, name_of, text
from workflow_app.dmn.written import read_written
from workflow_app.feel.errors import FeelError
from workflow_app.feel.reading.cursor import Cursor
from workflow_app.feel.reading.typenames import parse_type
from workflow_app.feel.temporal.values import Date, DateTime
from workflow_app.feel.types import Conforms, compile_type, is_known, or_null
from workflow_app.feel.values import FeelFunction
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn.document import Element
    from workflow_app.dmn.expressions import Compiler
    from workflow_app.feel.nodes import TypeName
    from workflow_app.feel.runtime import Runtime

NO_TYPE = N_("There is no type “%(type)s”.")
TYPE_CIRCLE = N_("The type “%(type)s” is defined by itself.")
TYPE_LANGUAGE = N_("Types are read in FEEL only, not in “%(language)s”.")
TWO_TYPES = N_("There are two types of the name “%(type)s”.")
TYPE_WITHOUT_NAME = N_("A type has no name.")


class Types:
    """The types of one model, by name; those of an imported model have its name before them.

    The types of a model imported without a name (DMN 1.5) are as if they were its own.
    """

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._definitions: dict[str, Element] = {}
        self._made: dict[tuple[str, bool], Conforms] = {}
        self._imported: list[tuple[str, Types]] = []

    def define(self, element: Element) -> None:
        """Add an item definition; raises DmnError for a second of that name, or none."""
        name = name_of(element)
        if not self._compiler.lenient:
            if not name:
                raise fault(TYPE_WITHOUT_NAME, element)
            if name in self._definitions:
                raise fault(TWO_TYPES, element, type=name)
        self._definitions[name] = element

    def include(self, prefix: str, other: Types) -> None:
        """Add the types of an imported model under its name, which may be empty."""
        self._imported.append((prefix, other))

    def find(self, name: str) -> tuple[Types, Element] | None:
        """Give an item definition, and the types of the model that it stands in."""
        return self.lookup(plain(name), [])

    def lookup(self, name: str, seen: list[Types]) -> tuple[Types, Element] | None:
        """Look a name up here and in what is imported, but not in the types already seen."""
        if name in self._definitions:
            return self, self._definitions[name]
        for prefix, other in self._imported:
            if prefix and name.startswith(f"{prefix}."):
                found = other.lookup(name[len(prefix) + 1 :], [])
            elif not prefix and other not in seen:
                found = other.lookup(name, [*seen, self])
            else:
                found = None
            if found is not None:
                return found
        return None

    def check(self) -> None:
        """Raise DmnError for a definition in another language, by itself, or by no type."""
        for name, element in self._definitions.items():
            if not in_feel(element.get("typeLanguage")):
                raise fault(TYPE_LANGUAGE, element, language=element.get("typeLanguage"))
            for each in _definitions_in(element):
                base = _base_name(each)
                if base and not self.is_defined(base):
                    raise fault(NO_TYPE, each, type=base)
            if self.bases(name) is None:
                raise fault(TYPE_CIRCLE, element, type=name)
            # What it allows is compiled now, so that a mistake there is told on reading.
            self.conforms(name)

    def is_defined(self, name: str) -> bool:
        """Tell whether a type is one of FEEL, written out in it, or defined."""
        if is_known(plain(name)) or self.find(name) is not None:
            return True
        written = _written_out(name)
        return written is not None and all(map(self.is_defined, _parts_of(written)))

    def bases(self, name: str) -> list[tuple[Types, Element]] | None:
        """Give a definition and those that it rests on, or nothing when they run in a circle."""
        chain: list[tuple[Types, Element]] = []
        found = self.find(name)
        while found is not None:
            if found in chain:
                return None
            chain.append(found)
            base = _base_name(found[1])
            found = found[0].find(base) if base else None
        return chain

    def allowing(self, name: str | None) -> Iterator[Element]:
        """Give what a type allows, and those that it rests on, nearest first."""
        for _types, element in (self.bases(name) or []) if name else []:
            for each in children(element, "allowedValues", "typeConstraint"):
                if text(each):
                    yield each

    def is_collection(self, name: str) -> bool:
        """Tell whether a type is a list."""
        chain = self.bases(name) or []
        if any(_is_collection(element) for _types, element in chain):
            return True
        last = _base_name(chain[-1][1]) if chain else plain(name)
        return last == "list" or last.startswith("list<")

    def result_of(self, name: str | None) -> str | None:
        """Give the type of what a function type gives; a plain type is its own."""
        function = self.function_item(name)
        return name if function is None else function.get("outputTypeRef")

    def function_item(self, name: str | None) -> Element | None:
        """Give the parameters and the result of a function type; nothing for another type."""
        for _types, element in (self.bases(name) or []) if name else []:
            found = child(element, "functionItem")
            if found is not None:
                return found
        return None

    def structure(self, name: str) -> Conforms | None:
        """Give the test of a defined type without its allowed values, as ``instance of`` asks.

        Raises FeelError for an unknown name unless the model is lenient.
        """
        if self.find(name) is not None:
            return self.conforms(name, strict=False)
        if not self._compiler.lenient:
            raise FeelError(NO_TYPE, type=name)
        return None

    def conforms(self, name: str, *, strict: bool = True) -> Conforms:
        """Give the test of a type; null conforms to every type, and all to an unknown one."""
        key = plain(name), strict
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
        found = self.find(name)
        if found is not None:
            types, element = found
            circular = self.bases(name) is None
            return _anything if circular else types.of_definition(element, strict=strict)
        written = _written_out(name)
        if written is None or name == "Any":
            return _anything
        return or_null(compile_type(written, self.structure))

    def of_definition(self, element: Element, *, strict: bool) -> Conforms:
        """Give the test of an item definition or component, with or without what it allows."""
        item = self._base(element, strict=strict)
        if strict:
            item = self._constrained(element, item)
        whole = _listed(item) if _is_collection(element) else item
        return self._constrained(element, whole, "typeConstraint") if strict else whole

    def _base(self, element: Element, *, strict: bool) -> Conforms:
        components = list(children(element, "itemComponent"))
        if components:
            members = [(name_of(c), self.of_definition(c, strict=strict)) for c in components]
            return _composed(members)
        function = child(element, "functionItem")
        if function is not None:
            return _function_of(len(list(children(function, "parameters"))))
        base = _base_name(element)
        return self.conforms(base, strict=strict) if base else _anything

    def _constrained(
        self, element: Element, base: Conforms, kind: str = "allowedValues"
    ) -> Conforms:
        allowed = child(element, kind)
        if allowed is None or not text(allowed):
            return base
        tests = self._compiler.tests(text(allowed), allowed)

        def conforms(value: object, runtime: Runtime) -> bool:
            runtime.spend()
            return base(value, runtime) and (value is None or tests.run(runtime, {}, value) is True)

        return conforms

    def coerce(self, value: object, name: str | None, runtime: Runtime) -> object:
        """Convert a value to a type where DMN does so unasked; null when it does not conform.

        A text becomes the date, time or duration that it writes out if such a type is asked for
        and the model is not lenient (DMN 1.5 §10.3.2.9.4).
        """
        if not name or value is None:
            return value
        conforms = self.conforms(name)
        if conforms(value, runtime):
            return value
        for candidate in self._candidates(value, name):
            if candidate is not None and conforms(candidate, runtime):
                return candidate
        return None

    def _candidates(self, value: object, name: str) -> Iterator[object]:
        collection = self.is_collection(name)
        if collection and not isinstance(value, list):
            yield [value]
        if not collection and isinstance(value, list) and len(value) == 1:
            yield value[0]
        if isinstance(value, Date):
            yield DateTime(value, 0, 0)
        if not self._compiler.lenient and isinstance(value, str | list | dict):
            # Case data is JSON, which writes dates and durations as texts.
            yield read_written(self, value, name)


def plain(name: str) -> str:
    """Give a type's name without the prefix and the blanks that DMN 1.2 allowed."""
    return " ".join(name.split()).removeprefix("feel:")


def _written_out(name: str) -> TypeName | None:
    """Read a type of FEEL's own, such as ``list<number>``; nothing for any other name."""
    try:
        cursor = Cursor(plain(name), ())
        found = parse_type(cursor)
        cursor.finish()
    except FeelError:
        return None
    return found if is_known(found.name) else None


def _parts_of(written: TypeName) -> Iterator[str]:
    """Give the names of the types that a type written out is made of."""
    for part in (*written.parameters, *(kind for _name, kind in written.members)):
        if part.parameters or part.members:
            yield from _parts_of(part)
        else:
            yield part.name


def _definitions_in(element: Element) -> Iterator[Element]:
    yield element
    for component in children(element, "itemComponent"):
        yield from _definitions_in(component)


def _base_name(element: Element) -> str:
    return plain(text(child(element, "typeRef")))


def _is_collection(element: Element) -> bool:
    return element.get("isCollection") in {"true", "1"}


def _anything(_value: object, _runtime: Runtime) -> bool:
    return True


def _function_of(count: int) -> Conforms:
    def conforms(value: object, _runtime: Runtime) -> bool:
        return value is None or (isinstance(value, FeelFunction) and len(value.parameters) == count)

    return conforms


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
