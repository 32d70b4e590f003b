"""What decisions write has the types of their output columns; dates are texts in a case's data."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, lint

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">
<decision id="d" name="d"><decisionTable id="t" hitPolicy="{policy}">
<input label="Score"><inputExpression><text>score</text></inputExpression></input>{outputs}
<rule id="r1"><inputEntry><text>-</text></inputEntry>{cells}</rule>
</decisionTable></decision></definitions>"""
ONE = [("band", "string", '"high"')]
TWO = [*ONE, ("months", "number", "60"), ("until", "date", "today()"), ("more", "tOwn", "null")]


def told(bpmn, condition, outputs=ONE, policy="FIRST", result="outcome"):
    written = f' resultVariable="{result}"' if result else ""
    rule = bpmn.extended(
        "businessRuleTask", "A", f'<zeebe:calledDecision decisionId="d"{written}/>'
    )
    flows = f"s>A A>G G>B[{condition}] G>e! B>e"
    text = bpmn.process("p", "start:s xor:G user:B end:e", flows, rule)
    own = '<itemDefinition name="tOwn"><typeRef>Any</typeRef></itemDefinition>'
    table = TABLE.format(
        policy=policy,
        outputs="".join(f'<output name="{n}" typeRef="{t}"/>' for n, t, _ in outputs),
        cells="".join(f"<outputEntry><text>{c}</text></outputEntry>" for *_, c in outputs),
    ).replace("<decision ", f"{own}<decision ", 1)
    found = lint(Source("p", bpmn.files(text) | {"processes/p/d.dmn": table}))
    return [one.code for one in found if one.element == "f3"]


@pytest.mark.parametrize(
    ("condition", "outputs", "policy", "result", "codes"),
    [
        ('=outcome = "high"', ONE, "FIRST", "outcome", []),
        ("=outcome > 5", ONE, "FIRST", "outcome", ["type-clash"]),
        ("=outcome", ONE, "FIRST", "outcome", ["not-a-condition"]),
        ('=d = "high"', ONE, "FIRST", "", []),
        ("=d > 5", ONE, "FIRST", "", ["type-clash"]),
        ("=outcome.months > 5", TWO, "FIRST", "outcome", []),
        ("=outcome.month > 5", TWO, "FIRST", "outcome", ["unknown-member"]),
        ('=outcome.months = "60"', TWO, "FIRST", "outcome", ["type-clash"]),
        ("=outcome.until > today()", TWO, "FIRST", "outcome", ["type-clash"]),
        ("=date(outcome.until) > today()", TWO, "FIRST", "outcome", []),
        ("=outcome.more > 5", TWO, "FIRST", "outcome", []),
        ("=months > 5", TWO, "FIRST", "", []),
        ('=months = "60"', TWO, "FIRST", "", ["type-clash"]),
        ("=count(outcome) > 0", ONE, "COLLECT", "outcome", []),
        ('=outcome = "high"', ONE, "COLLECT", "outcome", ["type-clash"]),
    ],
)
def test_what_a_decision_gives_is_known(bpmn, condition, outputs, policy, result, codes):
    assert told(bpmn, condition, outputs, policy, result) == codes
