"""The words that stand on a diagram."""

from __future__ import annotations

from workflow_app.engine.labels import drawn_labels

XML = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <bpmn:collaboration id="c"><bpmn:participant id="pool" name="Office"/></bpmn:collaboration>
  <bpmn:process id="p">
    <bpmn:laneSet id="set"><bpmn:lane id="lane" name="clerk"/></bpmn:laneSet>
    <bpmn:userTask id="look" name="Look"/>
    <bpmn:sequenceFlow id="yes" name="Yes" sourceRef="look" targetRef="end"/>
    <bpmn:endEvent id="end"/>
    <bpmn:textAnnotation id="note"><bpmn:text>Within a day</bpmn:text></bpmn:textAnnotation>
  </bpmn:process>
</bpmn:definitions>"""


def test_everything_named_is_found_and_lanes_stand_apart():
    labels = drawn_labels(XML)
    assert labels.names == {"pool": "Office", "look": "Look", "yes": "Yes", "note": "Within a day"}
    assert labels.lanes == {"lane": "clerk"}
