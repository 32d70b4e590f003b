"""Functions and modules stay small: design.md §3."""

from __future__ import annotations

import ast
from statistics import median, quantiles

import pytest


@pytest.fixture(scope="module")
def written(modules):
    """The modules that people write: a migration is a record that Alembic writes."""
    return {path: tree for path, tree in modules.items() if "versions" not in path.parts}


def functions(modules):
    return {
        f"{path.stem}.{node.name}": node.end_lineno - node.lineno + 1
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_module_is_longer_than_400_lines(written):
    long = {p.name: n for p in written if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_no_function_is_longer_than_40_lines(written):
    assert {name: size for name, size in functions(written).items() if size > 40} == {}


def test_most_functions_are_a_few_lines(written):
    sizes = list(functions(written).values())
    assert median(sizes) <= 6
    assert quantiles(sizes, n=10)[-1] <= 18
