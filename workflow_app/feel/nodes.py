"""The syntax tree of a FEEL text; plain frozen values, made by the parser."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, boolean, null or temporal value written out."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A variable or function, by its normalised name; ``?`` is the tested value."""

    name: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """A member of a context, or a property of a temporal value or range."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A list with a condition or an index in brackets."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function invocation; names are empty for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands joined by an arithmetic, comparison or logical operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """Arithmetic minus before an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class If:
    """A choice between two expressions."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """A loop variable with its list, or with both ends of a range."""

    name: str
    start: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """A list made by evaluating the body for each combination."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """``some`` or ``every`` combination satisfies a condition."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Between:
    """A value lies between two others, ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """A value passes at least one of the tests."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A unary test such as ``< 5``, or as an expression the range it stands for."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type: its name, parameters of a generic one, and members of a context type."""

    name: str
    parameters: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """A value conforms to a type."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context written out; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range written out, with closed or open ends."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter of a function with its type, if one is written."""

    name: str
    type: TypeName | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition; the body of an external one is refused when evaluated."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests:
    """Unary tests of a decision table cell; ``any`` for the dash, ``negated`` for not(…)."""

    items: tuple[Node, ...]
    negated: bool = False
    any: bool = False


Node = (
    Literal
    | Name
    | Path
    | Filter
    | Call
    | Binary
    | Negation
    | If
    | For
    | Quantified
    | Between
    | In
    | Comparison
    | InstanceOf
    | ListOf
    | ContextOf
    | RangeOf
    | Function
    | Tests
)
