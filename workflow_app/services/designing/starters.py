"""What something new begins with: a whole small process, a form, a table, a letter, a register.

Each is checked without an error as it is made, so a designer changes what runs already.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.designing.errors import KeyUnfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_LANES = 6
NO_LANES = N_("Choose at least one and at most %(limit)s groups of people who work on a case.")
BAD_PREFIX = N_("A prefix of numbers has 2 to 8 capital letters or digits.")
_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:modeler="http://camunda.org/schema/modeler/1.0"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
_WORD = re.compile("[a-z0-9]+")
_NO_LETTERS = re.compile("^[0-9_]+")
_PREFIX = re.compile(r"[A-Z0-9]{2,8}", re.ASCII)
LEFT, TOP, WIDE, HIGH, STEP = 160, 80, 120, 200, 180


#: A table as another tool would begin it: one question, one answer, one row for everything else.
_TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" \
xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" \
xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="{name}_model" name={title} \
namespace="http://camunda.org/schema/1.0/dmn" modeler:executionPlatform="Camunda Cloud" \
modeler:executionPlatformVersion="8.8.0">
  <decision id="{name}" name={title}>
    <variable id="{name}_result" name="{name}" />
    <decisionTable id="{name}_table" hitPolicy="FIRST">
      <input id="{name}_in" label="Answer">
        <inputExpression id="{name}_in_expression" typeRef="string">
          <text>answer</text>
        </inputExpression>
      </input>
      <output id="{name}_out" label="Result" name="{name}" typeRef="string" />
      <rule id="{name}_otherwise">
        <inputEntry id="{name}_otherwise_i1"><text>-</text></inputEntry>
        <outputEntry id="{name}_otherwise_o1"><text>"result"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{name}_diagram">
      <dmndi:DMNShape id="{name}_shape" dmnElementRef="{name}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A role that works on a case: its code, and its title for the name of its first task."""

    role: str
    title: str


def process_files(
    key: str, title: str, prefix: str, lanes: Sequence[Lane], *, is_public: bool
) -> dict[str, str]:
    """Return the files of a process with one task a lane, from its start form to its end.

    A case gets its number first. `is_public`: anybody may start one; else the first lane's people
    do. Raises Invalid.
    """
    if not 1 <= len(lanes) <= MOST_LANES:
        raise Invalid(NO_LANES, limit=MOST_LANES)
    if not _PREFIX.fullmatch(prefix):
        raise Invalid(BAD_PREFIX)
    tasks = [f"step_{number}" for number in range(1, len(lanes) + 1)]
    forms = {
        f"forms/{key}/{task}.form": form_text(task, f"What came out of {task.replace('_', ' ')}")
        for task in tasks
    }
    by = "public" if is_public else lanes[0].role
    return {
        f"processes/{key}/{key}.bpmn": _diagram(key, title, lanes, by),
        f"processes/{key}/process.toml": _manifest(title, prefix),
        f"forms/{key}/start.form": form_text("start", "What is it about?", field="subject"),
        **forms,
    }


def form_text(name: str, label: str, field: str = "") -> str:
    """Return a form with one text field, as form-js writes it."""
    field = field or f"{name}_note"
    component = {
        "type": "textarea",
        "label": label,
        "key": field,
        "validate": {"required": True, "maxLength": 2000},
        "id": f"{field}_field",
        "layout": {"row": "Row_1", "columns": None},
    }
    whole = {
        "components": [component],
        "type": "default",
        "id": name,
        "executionPlatform": "Camunda Cloud",
        "executionPlatformVersion": "8.7.0",
        "schemaVersion": 16,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def table_text(name: str, title: str) -> str:
    """Return a decision table with one input, one output and a row for everything else."""
    return _TABLE.format(name=name, title=quoteattr(title))


def letter_text(title: str) -> str:
    """Return a letter on the shared letterhead with the facts of its case."""
    return f"""#import "base.typ": *

#show: letter.with(title: t({_typst(title)}))

#facts(
  (t("Case number"), case.at("number", default: "")),
)

#typed(given("text"))
"""


def register_text(title: str) -> str:
    """Return the definition of a register whose entries have a code and a name."""
    return f"""title = {_toml(title)}
key = "code"
public = false

[[fields]]
name = "code"
type = "text"
label = "Code"
required = true

[[fields]]
name = "name"
type = "text"
label = "Name"
public = true
required = true
"""


def key_of(title: str) -> str:
    """Return the key that a title suggests. Raises KeyUnfit where it has no Latin letters."""
    key = _NO_LETTERS.sub("", "_".join(_WORD.findall(title.casefold())))[:40].strip("_")
    if len(key) < 3:
        raise KeyUnfit
    return key


def _manifest(title: str, prefix: str) -> str:
    return f'title = {_toml(title)}\nprefix = {_toml(prefix)}\ncase_title = "=subject"\n'


def _diagram(key: str, title: str, lanes: Sequence[Lane], by: str) -> str:
    nodes = ["start", "number_case", *(f"step_{n}" for n in range(1, len(lanes) + 1)), "end"]
    flows = [(f"{a}_to_{b}", a, b) for a, b in itertools.pairwise(nodes)]
    name = quoteattr(title)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        (
            f'<bpmn:definitions {_NAMESPACES} id="definitions_{key}"'
            ' targetNamespace="http://bpmn.io/schema/bpmn"'
            ' modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.7.0">'
        ),
        f'  <bpmn:collaboration id="collaboration_{key}">',
        f'    <bpmn:participant id="pool_{key}" name={name} processRef="{key}" />',
        "  </bpmn:collaboration>",
        f'  <bpmn:process id="{key}" name={name} isExecutable="true">',
        *_lane_set(key, lanes),
        *_start(by, flows[0][0]),
        *_numbering(flows),
        *(line for n, lane in enumerate(lanes) for line in _task(n, lane, flows)),
        '    <bpmn:endEvent id="end" name="Done">',
        f"      <bpmn:incoming>{flows[-1][0]}</bpmn:incoming>",
        "    </bpmn:endEvent>",
        *(
            f'    <bpmn:sequenceFlow id="{flow}" sourceRef="{a}" targetRef="{b}" />'
            for flow, a, b in flows
        ),
        "  </bpmn:process>",
        *_drawing(key, lanes, flows),
        "</bpmn:definitions>",
    ]
    return "\n".join(lines) + "\n"


def _lane_set(key: str, lanes: Sequence[Lane]) -> Iterator[str]:
    yield f'    <bpmn:laneSet id="lanes_{key}">'
    for number, lane in enumerate(lanes, 1):
        inside = ["start", "number_case"] if number == 1 else []
        inside += [f"step_{number}"] + (["end"] if number == len(lanes) else [])
        yield f'      <bpmn:lane id="lane_{lane.role}" name="{lane.role}">'
        yield from (f"        <bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in inside)
        yield "      </bpmn:lane>"
    yield "    </bpmn:laneSet>"


def _start(by: str, flow: str) -> Iterator[str]:
    yield '    <bpmn:startEvent id="start" name="Asked for">'
    yield "      <bpmn:extensionElements>"
    yield "        <zeebe:properties>"
    yield '          <zeebe:property name="form" value="start" />'
    yield f'          <zeebe:property name="by" value="{by}" />'
    yield "        </zeebe:properties>"
    yield "      </bpmn:extensionElements>"
    yield f"      <bpmn:outgoing>{flow}</bpmn:outgoing>"
    yield "    </bpmn:startEvent>"


def _numbering(flows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield '    <bpmn:serviceTask id="number_case" name="Give the case its number">'
    yield "      <bpmn:extensionElements>"
    yield '        <zeebe:taskDefinition type="case.number" />'
    yield "      </bpmn:extensionElements>"
    yield f"      <bpmn:incoming>{flows[0][0]}</bpmn:incoming>"
    yield f"      <bpmn:outgoing>{flows[1][0]}</bpmn:outgoing>"
    yield "    </bpmn:serviceTask>"


def _task(number: int, lane: Lane, flows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    task = f"step_{number + 1}"
    name = quoteattr(f"Step {number + 1}: {lane.title}")
    yield f'    <bpmn:userTask id="{task}" name={name}>'
    yield "      <bpmn:extensionElements>"
    yield "        <zeebe:userTask />"
    yield f'        <zeebe:formDefinition formId="{task}" />'
    yield "      </bpmn:extensionElements>"
    yield f"      <bpmn:incoming>{flows[number + 1][0]}</bpmn:incoming>"
    yield f"      <bpmn:outgoing>{flows[number + 2][0]}</bpmn:outgoing>"
    yield "    </bpmn:userTask>"


def _drawing(
    key: str, lanes: Sequence[Lane], flows: Sequence[tuple[str, str, str]]
) -> Iterator[str]:
    width = 200 + STEP * (len(lanes) + 2)
    boxes = _boxes(len(lanes))
    yield f'  <bpmndi:BPMNDiagram id="diagram_{key}">'
    yield f'    <bpmndi:BPMNPlane id="plane_{key}" bpmnElement="collaboration_{key}">'
    yield from _shape(f"pool_{key}", (LEFT, TOP, width, HIGH * len(lanes)), ' isHorizontal="true"')
    for number, lane in enumerate(lanes):
        place = (LEFT + 30, TOP + HIGH * number, width - 30, HIGH)
        yield from _shape(f"lane_{lane.role}", place, ' isHorizontal="true"')
    for node, place in boxes.items():
        yield from _shape(node, place)
    for flow, a, b in flows:
        yield from _edge(flow, boxes[a], boxes[b])
    yield "    </bpmndi:BPMNPlane>"
    yield "  </bpmndi:BPMNDiagram>"


def _boxes(lanes: int) -> dict[str, tuple[int, int, int, int]]:
    """Return where each node stands: x, y, width, height."""
    left = LEFT + 100
    first = TOP + HIGH // 2
    boxes = {
        "start": (left, first - 18, 36, 36),
        "number_case": (left + 96, first - 40, WIDE, 80),
    }
    for number in range(1, lanes + 1):
        middle = TOP + HIGH * (number - 1) + HIGH // 2
        boxes[f"step_{number}"] = (left + 96 + STEP * number, middle - 40, WIDE, 80)
    last = TOP + HIGH * (lanes - 1) + HIGH // 2
    return boxes | {"end": (left + 96 + STEP * (lanes + 1), last - 18, 36, 36)}


def _shape(node: str, place: tuple[int, int, int, int], more: str = "") -> Iterator[str]:
    x, y, width, height = place
    yield f'      <bpmndi:BPMNShape id="{node}_di" bpmnElement="{node}"{more}>'
    yield f'        <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" />'
    yield "      </bpmndi:BPMNShape>"


def _edge(flow: str, a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> Iterator[str]:
    yield f'      <bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">'
    yield from (f'        <di:waypoint x="{x}" y="{y}" />' for x, y in _points(a, b))
    yield "      </bpmndi:BPMNEdge>"


def _points(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    begin, end = a[1] + a[3] // 2, b[1] + b[3] // 2
    if begin == end:
        return [(a[0] + a[2], begin), (b[0], end)]
    return [(a[0] + a[2] // 2, a[1] + a[3]), (a[0] + a[2] // 2, end), (b[0], end)]


def _toml(text: str) -> str:
    """Return a text as TOML writes it; its basic strings are escaped as in JSON."""
    return json.dumps(text, ensure_ascii=False)


def _typst(text: str) -> Any:
    return json.dumps(text, ensure_ascii=False)
