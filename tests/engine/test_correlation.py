"""Correlation keys drawn in plain BPMN become the key of who waits and who sends (§8.4.2)."""

from __future__ import annotations

import pytest

from workflow_app.engine import InvalidSource

KEYS = [
    pytest.mark.bpmn(name, "runs")
    for name in ("correlation key", "correlation property", "correlation subscription")
]
pytestmark = KEYS


def prop(key, *paths):
    """A property: message id and where it stands in that message."""
    found = "".join(
        f'<bpmn:correlationPropertyRetrievalExpression messageRef="{message}">'
        f"<bpmn:messagePath>{path}</bpmn:messagePath>"
        "</bpmn:correlationPropertyRetrievalExpression>"
        for message, path in paths
    )
    return f'<bpmn:correlationProperty id="{key}" name="{key}">{found}</bpmn:correlationProperty>'


def collaboration(*properties):
    listed = "".join(
        f"<bpmn:correlationPropertyRef>{key}</bpmn:correlationPropertyRef>" for key in properties
    )
    return (
        '<bpmn:collaboration id="col"><bpmn:participant id="part" processRef="p"/>'
        f'<bpmn:correlationKey id="key" name="key">{listed}</bpmn:correlationKey>'
        "</bpmn:collaboration>"
    )


def subscription(**bindings):
    bound = "".join(
        f'<bpmn:correlationPropertyBinding id="b_{key}" correlationPropertyRef="{key}">'
        f'<bpmn:dataPath id="d_{key}">{path}</bpmn:dataPath></bpmn:correlationPropertyBinding>'
        for key, path in bindings.items()
    )
    return (
        '<bpmn:correlationSubscription id="sub" correlationKeyRef="key">'
        f"{bound}</bpmn:correlationSubscription>"
    )


MAPPED = (
    '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=case.number" '
    'target="order.id"/><zeebe:input source="=7" target="order.line"/></zeebe:ioMapping>'
    "</bpmn:extensionElements>"
)
SENDS = (
    f'<bpmn:intermediateThrowEvent id="T">{MAPPED}<bpmn:messageEventDefinition messageRef="m"/>'
    "</bpmn:intermediateThrowEvent>"
)


def test_who_waits_reads_the_key_in_its_data_who_sends_in_the_message(bpmn, play):
    properties = prop("id", ("m", "order.id"))
    raw = SENDS + bpmn.event("intermediateCatchEvent", "W", "message", "m")
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B",
        "s>P P>W P>A A>T W>B",
        raw + subscription(id="wanted"),
        bpmn.message("m") + properties + collaboration("id"),
    )
    case = play(drawing).start({"wanted": "N1", "case": {"number": "N1"}})
    assert case.step.subscriptions[0].correlation == "N1"
    assert case.complete("A").tasks == ["B"]
    other = type(case)(case.program).start({"wanted": "N2", "case": {"number": "N1"}})
    assert other.complete("A").tasks == []
    assert [thrown.correlation for thrown in other.thrown] == ["N1"]


def test_a_key_of_several_properties_is_one_text(bpmn, play):
    properties = prop("id", ("m", "order.id")) + prop("line", ("m", "=order.line"))
    raw = SENDS + '<bpmn:receiveTask id="W" messageRef="m"/>'
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B",
        "s>P P>W P>A A>T W>B",
        raw + subscription(id="=wanted", line="=row"),
        bpmn.message("m") + properties + collaboration("id", "line"),
    )
    case = play(drawing).start({"wanted": "N1", "row": 7, "case": {"number": "N1"}})
    assert case.step.subscriptions[0].correlation == "N1|7"
    assert case.complete("A").tasks == ["B"]


@pytest.mark.bpmn("correlation by subscription key (zeebe)", "runs")
def test_a_subscription_on_the_message_goes_first(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "W", "message", "m")
    drawing = bpmn.process(
        "p",
        "start:s user:B",
        "s>W W>B",
        raw + subscription(id="wanted"),
        bpmn.message("m", "=other") + prop("id", ("m", "x")) + collaboration("id"),
    )
    case = play(drawing).start({"wanted": 1, "other": 2})
    assert case.step.subscriptions[0].correlation == 2


@pytest.mark.parametrize("about", ["another message", "no binding"])
def test_a_key_that_says_nothing_of_the_message_is_none(bpmn, play, about):
    paths = ("n", "x") if about == "another message" else ("m", "x")
    bound = {"id": "wanted"} if about == "another message" else {}
    raw = bpmn.event("intermediateCatchEvent", "W", "message", "m")
    drawing = bpmn.process(
        "p",
        "start:s user:B",
        "s>W W>B",
        raw + subscription(**bound),
        bpmn.message("m") + bpmn.message("n") + prop("id", paths) + collaboration("id"),
    )
    assert play(drawing).start({"wanted": 1}).step.subscriptions[0].correlation is None


def test_a_path_that_is_no_feel_is_refused(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "W", "message", "m")
    drawing = bpmn.process(
        "p",
        "start:s user:B",
        "s>W W>B",
        raw + subscription(id="/order/@id"),
        bpmn.message("m") + prop("id", ("m", "x")) + collaboration("id"),
    )
    with pytest.raises(InvalidSource, match="cannot be read"):
        play(drawing)


def test_a_definition_that_is_not_there_is_refused(bpmn, play):
    reference = "<bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef>"
    raw = f'<bpmn:endEvent id="x">{reference}</bpmn:endEvent>'
    with pytest.raises(InvalidSource) as refused:
        play(bpmn.process("p", "start:s user:A", "s>A A>x", raw))
    assert "missing-reference" in {found.code for found in refused.value.findings}
