"""What a decision tells of the tables that took part in it."""

import datetime as dt
from decimal import Decimal

from workflow_app.dmn import MatchedRule, TableOutcome, load_decisions
from workflow_app.dmn.run import MAX_TABLES

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'
GRADE = """
<decision id="grade" name="Grade"><decisionTable id="t1" hitPolicy="FIRST">
  <input label="Points"><inputExpression><text>score</text></inputExpression></input>
  <output name="grade"/>
  <rule id="low"><inputEntry><text>&lt; 5</text></inputEntry>
    <outputEntry><text>"low"</text></outputEntry></rule>
  <rule id="high"><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>"high"</text></outputEntry></rule>
</decisionTable></decision>"""
TERM = """
<decision id="term" name="Term">
 <informationRequirement id="q"><requiredDecision href="#grade"/></informationRequirement>
 <decisionTable id="t2" hitPolicy="COLLECT">
  <input><inputExpression><text>Grade</text></inputExpression></input>
  <input label="Day"><inputExpression><text>day</text></inputExpression></input>
  <output name="months"/><output name="until"/>
  <rule id="a"><inputEntry><text>"high"</text></inputEntry><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>60</text></outputEntry><outputEntry><text>day</text></outputEntry></rule>
  <rule id="b"><inputEntry><text>"low"</text></inputEntry><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>12</text></outputEntry><outputEntry><text>day</text></outputEntry></rule>
  <rule id="c"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>6</text></outputEntry><outputEntry><text>day</text></outputEntry></rule>
 </decisionTable></decision>"""


def model(*parts):
    return load_decisions("".join((HEAD, *parts, "</definitions>")).encode())


def test_every_table_tells_its_inputs_its_rules_and_its_value_in_order():
    day = dt.date(2026, 11, 22)
    result = model(GRADE, TERM).evaluate("term", {"score": 7, "day": day})
    seven, sixty, six = Decimal(7), Decimal(60), Decimal(6)
    high = MatchedRule("high", 2, (("grade", "high"),))
    assert result.tables == (
        TableOutcome("grade", "t1", (("Points", seven),), (high,), "high"),
        TableOutcome(
            "term", "t2", (("Grade", "high"), ("Day", day)),
            (
                MatchedRule("a", 1, (("months", sixty), ("until", day))),
                MatchedRule("c", 3, (("months", six), ("until", day))),
            ),
            [{"months": sixty, "until": day}, {"months": six, "until": day}],
        ),
    )  # fmt: skip
    assert result.rules == ("a", "c")


def test_rules_are_of_the_own_table_though_no_table_has_an_id():
    found = model(GRADE.replace(' id="t1"', ""), TERM.replace(' id="t2"', ""))
    result = found.evaluate("term", {"score": 7, "day": dt.date(2026, 11, 22)})
    assert result.rules == ("a", "c")
    assert [each.table for each in result.tables] == ["", ""]


def test_a_table_without_a_match_is_told_too():
    xml = GRADE.replace("<text>-</text>", "<text>&gt; 9</text>")
    (only,) = model(xml).evaluate("grade", {"score": 7}).tables
    assert (only.inputs, only.rules, only.value) == ((("Points", Decimal(7)),), (), None)


SERVICE = """
<decisionService id="s" name="graded">
  <outputDecision href="#grade"/><inputData href="#score"/></decisionService>
<inputData id="score" name="score"/>
<decision id="asked" name="Asked">
 <knowledgeRequirement id="k"><requiredKnowledge href="#s"/></knowledgeRequirement>
 <literalExpression><text>for n in numbers return graded(n)</text></literalExpression></decision>"""


def test_the_tables_of_a_service_are_told_and_of_many_the_last():
    found = model(GRADE, SERVICE).evaluate("asked", {"numbers": list(range(MAX_TABLES + 20))})
    assert len(found.value) == MAX_TABLES + 20
    asked = [int(each.inputs[0][1]) for each in found.tables]
    assert asked == list(range(20, MAX_TABLES + 20))
    assert {each.decision for each in found.tables} == {"grade"}


LARGE = """
<decision id="large" name="Large"><decisionTable id="t3">
  <input><inputExpression><text>numbers</text></inputExpression></input>
  <output name="size"/>
  <rule id="r"><inputEntry><text>count(?) > 1</text></inputEntry>
    <outputEntry><text>count(numbers)</text></outputEntry></rule>
</decisionTable></decision>"""


def test_what_is_told_never_makes_a_decision_fail():
    row = [list(range(400)) for _ in range(300)]
    found = model(LARGE).evaluate("large", {"numbers": row})
    assert (found.value, found.rules, found.tables) == (Decimal(300), ("r",), ())
