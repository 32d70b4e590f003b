"""Every finding has a code of its own, is explained, and is proved by a test."""

from __future__ import annotations

import ast
import re

import pytest

from workflow_app.engine import RULES

CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def rules_made(modules):
    """The codes of all rules that any module makes."""
    for tree in modules.values():
        for node in ast.walk(tree):
            made = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule"
            if made and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_every_rule_has_a_code_of_its_own_and_stands_in_the_catalogue(modules):
    made = list(rules_made(modules))
    assert len(made) > 80
    assert sorted(made) == sorted(RULES)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_is_explained(code):
    rule = RULES[code]
    assert CODE.fullmatch(code)
    told = [rule.title, rule.about, rule.example, rule.fix, rule.message]
    assert all(told)
    assert not any("%(" in text for text in told[:-1]), "only the sentence has placeholders"
    assert rule.about.endswith((".", "”"))
    assert not rule.title.endswith(".")


def test_every_rule_is_triggered_by_a_test(root):
    texts = "\n".join(
        path.read_text("utf-8")
        for folder in ("engine", "services", "durability")
        for path in (root / "tests" / folder).glob("**/test_*.py")
    )
    assert [code for code in RULES if f'"{code}"' not in texts] == []
