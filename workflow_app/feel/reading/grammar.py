"""The tables of FEEL's grammar: which operators bind how, what ends a range (DMN 1.5 §10.3.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.operators import finite
from workflow_app.feel.runtime import DECIMAL, few_digits

if TYPE_CHECKING:
    from decimal import Decimal

POWERS = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
POWERS |= dict.fromkeys(["=", "!=", "<", "<=", ">", ">="], 3)
POWERS["instance"] = 8
NEGATION = 7
COMPARED = 4
ORDERINGS = ("<=", ">=", "<", ">", "=", "!=")
CONSTANTS = {"true": True, "false": False, "null": None}
# What may follow a bracket that ends a range, and can begin no filter.
CLOSERS = frozenset(
    [
        *[")", ".", "]", "[", ",", "}", ":", "=", "!=", "<", "<=", ">", ">=", "+", "*", "/", "**"],
        *["and", "or", "between", "in", "instance", "then", "else", "return", "satisfies"],
    ]
)


def read_literal(text: str) -> Decimal | None:
    """Read a number written out, to 34 digits; nothing for one that is none (an overflow).

    Raises FeelBudgetExceeded for more than 1,000 digits.
    """
    few_digits(len(text))
    return finite(DECIMAL.create_decimal(text))
