"""Whatever BPMN has, some kind of block draws."""

from __future__ import annotations

from lxml import etree

from tests.engine.walks.drawing import KINDS, TASK, Block, draw
from tests.engine.walks.walking import ALL
from tests.support.bpmn_elements import START, TRIGGERS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PLACES = {
    "intermediateCatchEvent": "catch event",
    "intermediateThrowEvent": "throw event",
    "endEvent": "end event",
}
ACTIVITIES = {
    *("task", "manualTask", "userTask", "scriptTask", "businessRuleTask", "serviceTask"),
    *("sendTask", "receiveTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway"),
    *("eventBasedGateway", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"),
    *("dataObject", "dataInputAssociation", "dataOutputAssociation"),
}


def every_drawing():
    """Yield the elements of every kind in each of its variants."""
    for name in ALL:
        for pick in range(24):
            for path, text in draw(Block(name, pick, (TASK,) * KINDS[name].parts)).items():
                if path.endswith(".bpmn"):
                    yield from etree.fromstring(text.encode()).iter(f"{BPMN}*")


def name_of(event):
    """Return what tests/support/bpmn_elements.py calls an event, None for anything else."""
    tag = event.tag.removeprefix(BPMN)
    kinds = [part.tag.removeprefix(BPMN) for part in event]
    kinds = [kind.removesuffix("EventDefinition") for kind in kinds if "EventDefinition" in kind]
    many = "parallel multiple" if event.get("parallelMultiple") == "true" else "multiple"
    trigger = many if len(kinds) > 1 else (kinds or ["none"])[0]
    trigger = "compensation" if trigger == "compensate" else trigger
    if tag == "startEvent" and event.getparent().get("triggeredByEvent") == "true":
        beside = "not " * (event.get("isInterrupting") == "false")
        return f"{trigger} start of an event sub-process, {beside}interrupting"
    if tag == "boundaryEvent":
        beside = "not " * (event.get("cancelActivity") == "false")
        return f"{trigger} boundary event, {beside}interrupting"
    return f"{trigger} {PLACES[tag]}" if tag in PLACES else None


def test_every_element_is_walked_through():
    drawn = list(every_drawing())
    tags, events = {one.tag.removeprefix(BPMN) for one in drawn}, set(map(name_of, drawn))
    # A process is begun by what comes from outside in the services, whose tests prove that.
    wanted = {
        f"{t} {place}" for t, places in TRIGGERS.items() for place in places if place != START
    }
    assert (sorted(wanted - events), sorted(ACTIVITIES - tags)) == ([], [])
