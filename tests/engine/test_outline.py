"""The outline in words, and the names a version reads."""

from __future__ import annotations

import json

import pytest

from workflow_app.engine import Source, load_program, outline, outline_of_xml


def test_the_outline_follows_the_flow_and_nests_sub_processes(bpmn, play):
    inner = bpmn.sub("S", "start:ss user:A", "ss>A")
    late = bpmn.event(
        "boundaryEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="B"'
    )
    drawing = bpmn.process(
        "p",
        "end:e user:B user:C xor:M xor:G start:s",
        "s>G G>B[=x] G>S! B>M S>M M>C C>e T>C",
        inner + late,
    )
    steps = outline(play(drawing).program)
    order = [step.element for step in steps]
    assert order[:3] == ["s", "G", "B"]
    assert sorted(order) == sorted(["s", "G", "B", "T", "S", "M", "C", "e"])
    assert max(map(order.index, ["B", "S", "T"])) < order.index("M") < order.index("C")
    by_id = {step.element: step for step in steps}
    assert [step.element for step in by_id["S"].steps] == ["ss", "A"]
    assert [following.element for following in by_id["G"].next] == ["B", "S"]
    assert by_id["T"].attached_to == "B"
    assert by_id["T"].kind == "If the time runs out meanwhile"
    assert by_id["M"].kind == "Ways come together"


def test_a_drawing_that_cannot_run_has_an_outline_too(bpmn):
    text = bpmn.process("p", "start:s", "s>C", '<bpmn:complexGateway id="C" name="Odd"/>')
    assert [step.name for step in outline_of_xml("p.bpmn", text)["p"]] == ["", "Odd"]


TOML = """
title = "P"
case_title = "=org_name"
[terms]
A = '=working days(term_days)'
"""
MAILS = """
[received]
subject = "Your application {case.number}"
body = "Dear {applicant_name}"
"""
FORM = {
    "components": [
        {"type": "textfield", "key": "free"},
        {"type": "number", "key": "capacity", "properties": {"check": "capacity <= places"}},
        {"type": "select", "key": "kind", "valuesKey": "kinds"},
        {"type": "textfield", "key": "shown", "readonly": True},
        {"type": "textfield", "key": "why", "conditional": {"hide": "=agreed = true"}},
        {
            "type": "dynamiclist",
            "path": "rows",
            "components": [
                {"type": "textfield", "key": "r", "properties": {"requiredIf": "level > 2"}}
            ],
        },
        {"type": "text", "text": "Hello {{greeted}}"},
    ]
}


def test_only_what_an_expression_reads_enters_engine_data(bpmn):
    task = bpmn.extended("userTask", "A", '<zeebe:assignmentDefinition assignee="=who"/>')
    files = bpmn.files(
        bpmn.process("p", "start:s xor:G end:e end:z", "s>A A>G G>e[=ok] G>z!", task),
        **{
            "processes/p/process.toml": TOML,
            "processes/p/mails.toml": MAILS,
            "forms/p/f.form": json.dumps(FORM),
        },
    )
    read = load_program(Source("p", files)).read_names
    assert read >= {"who", "ok", "org_name", "term_days", "case", "applicant_name", "greeted"}
    assert read >= {"capacity", "places", "kinds", "shown", "agreed", "level"}
    assert not read & {"free", "kind", "why", "rows", "working days"}


@pytest.mark.parametrize(
    ("tag", "together", "words"),
    [
        ("intermediateCatchEvent", "false", "Wait for any of several things"),
        ("intermediateCatchEvent", "true", "Wait until all of several things have happened"),
        ("boundaryEvent", "false", "If any of several things happens meanwhile"),
        ("boundaryEvent", "true", "If all of several things happen meanwhile"),
    ],
)
def test_an_event_of_several_kinds_says_whether_one_is_enough(bpmn, tag, together, words):
    raw = (
        f'<bpmn:{tag} id="X" attachedToRef="A" parallelMultiple="{together}">'
        '<bpmn:messageEventDefinition messageRef="m"/><bpmn:signalEventDefinition signalRef="s"/>'
        f"</bpmn:{tag}>"
    )
    drawing = bpmn.process("p", "start:s user:A", "s>A", raw, bpmn.message("m"))
    steps = outline_of_xml("processes/p/p.bpmn", drawing)["p"]
    assert {step.kind for step in steps if step.element == "X"} == {words}
