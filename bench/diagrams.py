"""The diagrams that are measured, once in our dialect and once in stock SpiffWorkflow's."""

from __future__ import annotations

import json

from workflow_app.engine import Source

LANE = "clerk"
TWO_TASKS = "bench_two_tasks"
FIVE_TASKS = "bench_five_tasks"
LOOP = "bench_loop"
TIMER = "bench_timer"
FIELDS = ("subject", "organisation", "place", "amount", "note")
ANSWERS = {
    "subject": "Day care for children with disabilities",
    "organisation": "Day Care for All, a non-governmental organisation in Kapan",
    "place": "Kapan, 12 Shahumyan Street, ground floor",
    "amount": "1250000",
    "note": "The rooms were seen and measured; the ramp is there, the second exit is not. " * 4,
}

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "gate": "exclusiveGateway",
    "wait": "intermediateCatchEvent",
}
_WAIT = (
    '<bpmn:timerEventDefinition id="hour"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition>"
)
_PATHS = {
    FIVE_TASKS: (
        ("start", "register"),
        ("register", "check"),
        ("check", "gate"),
        ("gate", "check"),
        ("gate", "assess"),
        ("assess", "decide"),
        ("decide", "inform"),
        ("inform", "end"),
    ),
    TWO_TASKS: (("start", "prepare"), ("prepare", "approve"), ("approve", "end")),
    TIMER: (("start", "wait"), ("wait", "check"), ("check", "end")),
    LOOP: (("start", "work"), ("work", "gate"), ("gate", "work"), ("gate", "end")),
}


def source(key: str) -> Source:
    """Return the closed set of files of one process, its tasks' five-field form included."""
    folder = f"processes/{key}"
    return Source(
        key=key,
        files={
            f"{folder}/{key}.bpmn": ours(key),
            f"{folder}/process.toml": f'title = "{key}"\n',
            f"forms/{key}/five.form": form(f"{key}_five"),
        },
    )


def ours(key: str) -> str:
    """Return the diagram with forms, a lane and a FEEL condition."""
    nodes = _nodes(key)
    members = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes)
    lanes = (
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{LANE}">{members}</bpmn:lane>'
        "</bpmn:laneSet>"
    )
    drawn = "".join(_our_node(node) for node in nodes)
    return _definitions(key, lanes + drawn + _flows(key, '= again = "yes"'))


def stock(key: str) -> str:
    """Return the same diagram as plain BPMN with a Python condition."""
    drawn = "".join(_element(node) for node in _nodes(key))
    return _definitions(key, drawn + _flows(key, 'again == "yes"'))


def form(key: str) -> str:
    """Return a form of five text fields."""
    components = [
        {"type": "textfield", "id": f"{name}_field", "key": name, "label": name.capitalize()}
        for name in FIELDS
    ]
    return json.dumps({"type": "default", "schemaVersion": 16, "id": key, "components": components})


def _nodes(key: str) -> list[str]:
    return list(dict.fromkeys(node for flow in _PATHS[key] for node in flow))


def _our_node(node: str) -> str:
    if node == "start":
        properties = (
            '<zeebe:properties><zeebe:property name="form" value="five"/>'
            '<zeebe:property name="by" value="public"/></zeebe:properties>'
        )
    elif node in _TAGS:
        return _element(node, _WAIT if node == "wait" else "")
    else:
        properties = '<zeebe:userTask/><zeebe:formDefinition formId="five"/>'
    return _element(node, f"<bpmn:extensionElements>{properties}</bpmn:extensionElements>")


def _element(node: str, inside: str = "") -> str:
    default = ' default="gate_on"' if node == "gate" else ""
    tag = _TAGS.get(node, "userTask")
    return f'<bpmn:{tag} id="{node}" name="{node}"{default}>{inside}</bpmn:{tag}>'


def _flows(key: str, condition: str) -> str:
    """Draw the flows: the first out of a gateway goes back on a condition, the second goes on."""
    drawn, gates = [], 0
    for source_id, target_id in _PATHS[key]:
        name, inside = f"{source_id}_{target_id}", ""
        if source_id == "gate":
            gates += 1
            name = ("gate_back", "gate_on")[gates - 1]
            if name == "gate_back":
                inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>"
        drawn.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source_id}" '
            f'targetRef="{target_id}">{inside}</bpmn:sequenceFlow>'
        )
    return "".join(drawn)


def _definitions(key: str, body: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="{_BPMN}" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" '
        f'targetNamespace="http://bpmn.io/schema/bpmn"><bpmn:process id="{key}" name="{key}" '
        f'isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    )
