"""What is refused: a version that holds it cannot be published, and the reason names its place."""

from __future__ import annotations

import pytest

from workflow_app.engine import InvalidSource, Source, load_program

XPATH = 'xsi:type="bpmn:tFormalExpression" language="http://www.w3.org/1999/XPath"'
SCRIPT = (
    '<bpmn:scriptTask id="A" scriptFormat="groovy"><bpmn:script>1</bpmn:script></bpmn:scriptTask>'
)
NOT_ALLOWED = {
    # events that BPMN 2.0.2 does not allow: position → triggers
    "startEvent": ("terminate", "cancel", "link", "error", "escalation", "compensate"),
    "intermediateCatchEvent": ("error", "escalation", "cancel", "compensate", "terminate"),
    "intermediateThrowEvent": ("timer", "error", "cancel", "conditional", "terminate"),
    "endEvent": ("timer", "conditional", "link"),
    "boundaryEvent": ("link", "terminate"),
}


def refused(text):
    with pytest.raises(InvalidSource) as caught:
        load_program(Source("p", {"processes/p/p.bpmn": text}))
    return {(one.code, one.element) for one in caught.value.findings}


@pytest.mark.bpmn("formal expression in another language", "refused")
def test_an_expression_in_another_language_is_not_guessed_at(bpmn):
    text = bpmn.process("p", "start:s xor:G end:e end:z", "s>G G>e[x] G>z!")
    text = text.replace("<bpmn:conditionExpression>", f"<bpmn:conditionExpression {XPATH}>")
    assert refused(text) == {("foreign-language", "f2")}
    script = bpmn.process("p", "start:s end:e", "s>A A>e", SCRIPT)
    assert refused(script) == {("foreign-language", "A")}


def test_feel_said_by_name_or_by_its_sign_is_read(bpmn):
    for attributes, condition in (('language="feel"', "x"), (XPATH, "=x")):
        text = bpmn.process("p", "start:s xor:G end:e end:z", f"s>G G>e[{condition}] G>z!")
        text = text.replace(
            "<bpmn:conditionExpression>", f"<bpmn:conditionExpression {attributes}>"
        )
        assert load_program(Source("p", bpmn.files(text))).main == "p"


@pytest.mark.parametrize(
    ("tag", "trigger"), [(tag, kind) for tag, kinds in NOT_ALLOWED.items() for kind in kinds]
)
def test_an_event_that_bpmn_does_not_allow_there_is_refused(bpmn, tag, trigger):
    named = ' name="l"' if trigger == "link" else ""
    definition = f"<bpmn:{trigger}EventDefinition{named}/>"
    host = 'attachedToRef="A"' if tag == "boundaryEvent" else ""
    event = f'<bpmn:{tag} id="x" {host}>{definition}</bpmn:{tag}>'
    flows = {
        "startEvent": "s>A A>e x>A",
        "boundaryEvent": "s>A A>e x>e",
        "endEvent": "s>A A>x",
    }.get(tag, "s>x x>A A>e")
    found = refused(bpmn.process("p", "start:s user:A end:e", flows, event))
    assert {element for _, element in found} <= {"x", "f4"}
    assert {code for code, _ in found} & {"event-kind", "start-kind", "missing-reference"}


@pytest.mark.parametrize("tag", ["choreographyTask", "subChoreography", "callChoreography"])
def test_a_choreography_inside_a_process_is_refused(bpmn, tag):
    part = (
        f'<bpmn:{tag} id="x" initiatingParticipantRef="a"><bpmn:participantRef>a'
        f"</bpmn:participantRef></bpmn:{tag}>"
    )
    assert refused(bpmn.process("p", "start:s end:e", "s>e", part)) == {("unknown-element", "x")}
