"""FEEL, the expression language of DMN 1.5 §10: compiled to closures, run within a budget."""

from workflow_app.feel.convert import to_json
from workflow_app.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
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
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "FeelValue",
    "Range",
    "UnaryTests",
    "YearsMonths",
    "compile_expression",
    "compile_unary_tests",
    "to_json",
]
