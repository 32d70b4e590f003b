"""Tables as they are drawn, for whoever shows them."""

import pytest

from workflow_app.dmn import DmnError
from workflow_app.dmn.drawn import Column, Row, drawn_tables, said

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="x" name="m">'
TABLE = """<decisionTable id="t" hitPolicy="FIRST">
  <input label="Points"><inputExpression><text>score.percent</text></inputExpression></input>
  <input><inputExpression><text>years</text></inputExpression></input>
  <output name="grade" label="Grade"/><output name="months"/>
  <annotation name="why"/>
  <rule id="low"><description>Too little</description>
    <inputEntry><text>&lt; 5</text></inputEntry><inputEntry><text>-</text></inputEntry>
    <outputEntry><text>"low"</text></outputEntry><outputEntry><text>null</text></outputEntry>
    <annotationEntry><text>Article 5</text></annotationEntry></rule>
  <rule><inputEntry><text></text></inputEntry><inputEntry><text>[1..3)</text></inputEntry>
    <outputEntry><text>"high"</text></outputEntry><outputEntry><text>60</text></outputEntry></rule>
</decisionTable>"""


def drawn(body):
    return drawn_tables(f"{HEAD}{body}</definitions>".encode())


def test_a_table_is_found_by_its_id_and_by_its_decision():
    question = "<question>Which grade?</question>"
    found = drawn(f'<decision id="d" name="The grade">{question}{TABLE}</decision>')
    assert set(found) == {"t", "d"}
    assert found["d"] is found["t"]
    table = found["t"]
    assert (table.title, table.question, table.hit_policy) == ("The grade", "Which grade?", "FIRST")
    assert table.inputs == (Column("Points", "score.percent"), Column("years", "years"))
    assert table.outputs == (Column("Grade", "grade"), Column("months", "months"))
    assert table.rows == (
        Row("low", 1, ("< 5", ""), ('"low"', "null"), ("Too little", "Article 5")),
        Row("2", 2, ("", "[1..3)"), ('"high"', "60"), ()),
    )


@pytest.mark.parametrize(
    ("said", "policy"),
    [('hitPolicy="F"', "FIRST"), ('hitPolicy="C+"', "COLLECT"), ("", "UNIQUE")],
)
def test_a_policy_is_told_in_words(said, policy):
    table = TABLE.replace('hitPolicy="FIRST"', said)
    found = drawn(f'<decision id="d" name="D">{table}</decision>')
    assert found["t"].hit_policy == policy


def test_a_table_within_other_logic_stands_under_its_own_id_only():
    entry = f"<contextEntry>{TABLE}</contextEntry>"
    found = drawn(f'<decision id="d" name="D"><context>{entry}</context></decision>')
    assert set(found) == {"t"}
    assert found["t"].title == "D"
    knowledge = f"<encapsulatedLogic>{TABLE}</encapsulatedLogic>"
    found = drawn(f'<businessKnowledgeModel id="k" name="K">{knowledge}</businessKnowledgeModel>')
    assert (set(found), found["t"].title) == ({"t"}, "")


def test_the_mark_of_a_source_is_not_shown():
    marked = TABLE.replace("Too little", "Too little. [A] assumption;\n settings [K] term")
    assert drawn(marked.replace("Article 5", "[P 6]"))["t"].rows[0].notes == ("Too little.",)


@pytest.mark.parametrize("note", ["From [1..5] on", "See [the law] first", "[a] or [b]"])
def test_other_brackets_belong_to_a_note(note):
    assert said(note) == note


def test_a_file_that_is_no_model_is_refused():
    with pytest.raises(DmnError):
        drawn_tables(b"<html/>")
