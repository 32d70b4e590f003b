"""The syntax tree of a FEEL text; plain frozen values, made by the parser.

Each piece knows where it stands: ``at`` and ``until`` count characters of the text from nought.
Two pieces that say the same are equal wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What every piece of a syntax tree has: its place in the text."""

    at: int = field(default=0, compare=False)
    until: int = field(default=0, compare=False)

    def put(self, at: int, until: int) -> None:
        """Say where the piece stands; only for the parser, while nobody else knows the piece."""
        object.__setattr__(self, "at", at)
        object.__setattr__(self, "until", until)


@dataclass(frozen=True, slots=True)
class Literal(Piece):
    """A number, text, boolean, null or temporal value written out."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Piece):
    """A variable or function, by its normalised name; ``?`` is the tested value."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Piece):
    """A member of a context, or a property of a temporal value or range."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Piece):
    """A list with a condition or an index in brackets."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Piece):
    """A function invocation; names are empty for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary(Piece):
    """Two operands joined by an arithmetic, comparison or logical operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Piece):
    """Arithmetic minus before an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class If(Piece):
    """A choice between two expressions."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Piece):
    """A loop variable with its list, or with both ends of a range."""

    name: str
    start: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Piece):
    """A list made by evaluating the body for each combination."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Piece):
    """``some`` or ``every`` combination satisfies a condition."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Between(Piece):
    """A value lies between two others, ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Piece):
    """A value passes at least one of the tests."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Piece):
    """A unary test such as ``< 5``, or as an expression the range it stands for."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class TypeName(Piece):
    """A type: its name, parameters of a generic one, and members of a context type."""

    name: str
    parameters: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf(Piece):
    """A value conforms to a type."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class ListOf(Piece):
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Piece):
    """A context written out; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Piece):
    """A range written out, with closed or open ends."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Parameter(Piece):
    """A formal parameter of a function with its type, if one is written."""

    name: str
    type: TypeName | None = None


@dataclass(frozen=True, slots=True)
class Function(Piece):
    """A function definition; the body of an external one is refused when evaluated."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests(Piece):
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
