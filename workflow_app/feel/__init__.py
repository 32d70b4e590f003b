"""FEEL, the expression language of DMN 1.5 §10: compiled to closures, run within a budget.

Scope and functions are given as Python has them (int, float, str, bool, None, list, dict, dates),
and results come out so: numbers as Decimal, temporal values as those of ``datetime``, lists as
list, contexts as dict. Only what Python lacks comes out as FEEL's own: ``YearsMonths``, ``Range``,
functions, dates beyond the year 9999, durations finer than a microsecond. ``to_json`` turns any of
it into JSON.

What goes wrong inside an expression (a wrong type, a missing name, a division by zero) is null, as
the standard has it. Errors are for texts that are no FEEL, for bounds that are passed, and for
functions of the host that fail; each is a ValueError with one sentence.
"""

from workflow_app.feel.builtins.catalogue import FunctionEntry, FunctionForm, catalogue
from workflow_app.feel.builtins.registry import Parameter
from workflow_app.feel.checking.findings import Problem
from workflow_app.feel.checking.linting import lint
from workflow_app.feel.checking.typing import FeelType, type_of
from workflow_app.feel.convert import to_json
from workflow_app.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
from workflow_app.feel.explaining.warnings import Explained, FeelWarning
from workflow_app.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from workflow_app.feel.temporal.values import YearsMonths
from workflow_app.feel.values import Range

FeelValue = object

__all__ = [
    "Explained",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "FeelType",
    "FeelValue",
    "FeelWarning",
    "FunctionEntry",
    "FunctionForm",
    "Parameter",
    "Problem",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "catalogue",
    "compile_expression",
    "compile_unary_tests",
    "lint",
    "to_json",
    "type_of",
]
