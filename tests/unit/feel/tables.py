"""Reads tables of tests: a line each, an expression, ``=>``, and its value as FEEL writes it."""

import pytest


def table(text):
    """Give the rows of a table; empty lines and those that begin with ``#`` are left out."""
    lines = [line.strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    return [pytest.param(*_halves(line), id=line) for line in kept]


def _halves(line):
    expression, arrow, value = line.rpartition(" => ")
    assert arrow, f"no “=>” in {line}"
    return expression.strip(), value.strip()
