"""Deliberately invalid models: each has one fault, and exactly that is found, where it stands.

The families follow the rules that BPMN 2.0.2 states for elements, flows, events and gateways
(§8.3, §10, §13); a valid model of every family stands beside them and must be found clean.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from workflow_app.engine import Source, lint

HEAD = (
    '<?xml version="1.0"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:z="http://camunda.org/schema/zeebe/1.0" xmlns:x="http://example.org/x" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">\n'
)
#: A whole process: what is under test stands between a start, a task and an end.
FRAME = '<startEvent id="s"/>\n{body}\n{end}'
END = '<endEvent id="e"/>\n'


def flow(key: str, source: str, target: str, inside: str = "", more: str = "") -> str:
    return (
        f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}" {more}>'
        f"{inside}</sequenceFlow>\n"
    )


def through(*path: str) -> str:
    """Flows along a path of ids: f1, f2, …"""
    return "".join(flow(f"f{n}", *pair) for n, pair in enumerate(pairwise(path), 1))


def condition(text: str, more: str = "") -> str:
    return f"<conditionExpression {more}>{text}</conditionExpression>"


def event(tag: str, key: str, kind: str, inside: str = "", more: str = "", ref: str = "") -> str:
    said = f'{kind}Ref="{ref}"' if ref else ""
    definition = f"<{kind}EventDefinition {said}>{inside}</{kind}EventDefinition>"
    return f'<{tag} id="{key}" {more}>{definition}</{tag}>\n'


def timer(text: str, form: str = "timeDuration") -> str:
    return f"<{form}>{text}</{form}>"


HOUR = timer("PT1H")
MESSAGE = '<message id="m" name="m"/>\n'
A = '<task id="A"/>\n'
WAIT = event("intermediateCatchEvent", "A", "timer", HOUR)
PERSON = (
    '<userTask id="A"><extensionElements><z:formDefinition formId="f"/>'
    '<z:assignmentDefinition candidateGroups="r"/></extensionElements></userTask>\n'
)
FORM = {"forms/p/f.form": '{"components": []}'}
SE = through("s", "e")
SAE = through("s", "A", "e")


@dataclass(frozen=True)
class Bad:
    """An invalid model: what is drawn, and code and element of the only finding.

    `at` is what stands on the line of the finding; the element's id unless given.
    """

    code: str
    element: str | None
    body: str
    beside: str = ""
    at: str = ""
    after: str = ""
    process: str = 'id="p" isExecutable="true"'
    end: str = END

    @property
    def text(self) -> str:
        drawn = FRAME.format(body=self.body, end=self.end)
        process = f"<process {self.process}>\n{drawn}</process>\n"
        return f"{HEAD}{self.beside}{process}{self.after}</definitions>"

    @property
    def line(self) -> int:
        marker = self.at or f' id="{self.element}"'
        lines = self.text.splitlines()
        return next(number for number, line in enumerate(lines, 1) if marker in line)


def found(text: str, **known: object) -> set[tuple[str, str | None, int | None]]:
    files = {"processes/p/p.bpmn": text} | (FORM if 'formId="f"' in text else {})
    findings = lint(Source("p", files), **known)
    assert all(one.fix and "%(" not in one.text() for one in findings)
    return {(one.code, one.element, one.line) for one in findings}


def xor(*flows: str, more: str = "") -> str:
    """s > G, and what leaves G."""
    return f'<exclusiveGateway id="G" {more}/>\n<task id="A"/>\n<task id="B"/>\n' + "".join(flows)


AE = flow("a", "A", "e")
BE = flow("b", "B", "e")
SG = flow("g", "s", "G")

VALUES = {
    "a word the standard does not know": Bad(
        "not-in-standard", "A", '<task id="A" colour="red"/>\n' + SAE
    ),
    "a misspelt setting": Bad(
        "not-in-standard",
        "b",
        A
        + event("boundaryEvent", "b", "error", more='attachedToRef="A" cancelactivity="true"')
        + SAE,
    ),
    "an element of no standard": Bad("not-in-standard", "k", '<tusk id="k"/>\n' + SE),
    "an element in the wrong place": Bad(
        "not-in-standard", "A", '<task id="A"><timeDuration>PT1H</timeDuration></task>\n' + SAE
    ),
    "a boolean that is none": Bad(
        "bad-value", "A", '<task id="A" isForCompensation="no"/>\n' + SAE
    ),
    "a number that is none": Bad(
        "bad-value",
        "G",
        '<exclusiveGateway id="G" gatewayDirection="Sideways"/>\n' + through("s", "G", "e"),
    ),
    "a flow without a target": Bad(
        "missing-attribute", "f", A + SAE + '<sequenceFlow id="f" sourceRef="A"/>\n'
    ),
    "a flow without a source": Bad(
        "missing-attribute", "f", A + SAE + '<sequenceFlow id="f" targetRef="A"/>\n'
    ),
    "a flow without an id": Bad(
        "missing-id",
        "p",
        A + through("s", "A") + '<sequenceFlow sourceRef="A" targetRef="e"/>\n',
        at="<sequenceFlow s",
    ),
    "an event without an id": Bad(
        "missing-id",
        "p",
        A + '<boundaryEvent attachedToRef="A"><errorEventDefinition/></boundaryEvent>\n' + SAE,
        at="<boundaryEvent",
    ),
    "a process that says it may run in words": Bad(
        "no-process", None, SE, process='id="p" isExecutable="yes"'
    ),
    "two elements of one id": Bad(
        "duplicate-id", "A", A + '<textAnnotation id="A"/>\n' + SAE, at="<textAnnotation"
    ),
    "a script in another language": Bad(
        "foreign-language",
        "A",
        '<scriptTask id="A" scriptFormat="javascript"><script>1</script></scriptTask>\n' + SAE,
    ),
    "a condition in another language": Bad(
        "foreign-language",
        "x",
        xor(
            SG,
            flow("x", "G", "A", condition("true", 'xsi:type="tFormalExpression" language="XPath"')),
            flow("y", "G", "B"),
            AE,
            BE,
            more='default="y"',
        ),
    ),
    "settings of another engine": Bad(
        "foreign-setting", "A", '<task id="A" x:assignee="demo"/>\n' + SAE
    ),
    "elements of another engine": Bad(
        "foreign-setting",
        "A",
        '<task id="A"><extensionElements><x:job/></extensionElements></task>\n' + SAE,
    ),
    "an owner": Bad(
        "setting-ignored", "A", PERSON.replace("</userTask>", "<potentialOwner/></userTask>") + SAE
    ),
    "a flow that is not immediate": Bad(
        "setting-ignored", "x", A + flow("x", "s", "A", more='isImmediate="false"') + AE
    ),
    "a method of transactions": Bad(
        "setting-ignored",
        "A",
        '<transaction id="A" method="##Store"><startEvent id="i"/></transaction>\n' + SAE,
    ),
    "a choreography": Bad(
        "unknown-element",
        "k",
        SE
        + (
            '<callChoreography id="k" initiatingParticipantRef="q"><participantRef>'
            "q</participantRef></callChoreography>\n"
        ),
    ),
}

FLOWS = {
    "a flow to nowhere": Bad("dangling-flow", "x", A + SAE + flow("x", "A", "gone")),
    "a flow from nowhere": Bad("dangling-flow", "x", A + SAE + flow("x", "gone", "A")),
    "a flow to a note": Bad(
        "dangling-flow", "x", A + SAE + flow("x", "A", "n") + '<textAnnotation id="n"/>\n'
    ),
    "a flow into a sub-process": Bad(
        "crossing-flow",
        "x",
        A
        + '<subProcess id="S">\n<startEvent id="i"/><task id="j"/>'
        + flow("ij", "i", "j")
        + "</subProcess>\n"
        + through("s", "A", "S", "e")
        + flow("x", "A", "j"),
    ),
    "a flow out of a sub-process": Bad(
        "crossing-flow",
        "x",
        '<subProcess id="S">\n<startEvent id="i"/>'
        + flow("x", "i", "e")
        + "</subProcess>\n"
        + through("s", "S", "e"),
    ),
    "a flow into another pool": Bad(
        "crossing-flow",
        "x",
        A + SAE + flow("x", "A", "o"),
        after='<process id="q"><task id="o"/></process>',
    ),
    "a flow into a start": Bad(
        "flow-into-start",
        "x",
        '<exclusiveGateway id="G" default="f2"/>\n'
        + through("s", "G", "e")
        + flow("x", "G", "s", condition("true")),
    ),
    "a flow out of an end": Bad(
        "flow-out-of-end",
        "x",
        A + '<endEvent id="E"/>\n' + through("s", "E") + flow("x", "E", "A") + AE,
    ),
    "a flow into a boundary event": Bad(
        "flow-into-start",
        "x",
        PERSON
        + event("boundaryEvent", "b", "timer", HOUR, 'attachedToRef="A"')
        + '<exclusiveGateway id="G" default="f3"/>\n'
        + through("s", "A", "G", "e")
        + flow("x", "G", "b", condition("true")),
    ),
    "a flow into an event sub-process": Bad(
        "flow-into-start",
        "x",
        A
        + '<subProcess id="S" triggeredByEvent="true">\n'
        + event("startEvent", "i", "timer", HOUR)
        + "</subProcess>\n"
        + SAE
        + flow("x", "A", "S"),
    ),
    "a flow out of an event sub-process": Bad(
        "flow-out-of-end",
        "x",
        '<subProcess id="S" triggeredByEvent="true">\n'
        + event("startEvent", "i", "timer", HOUR)
        + "</subProcess>\n"
        + SE
        + flow("x", "S", "e"),
    ),
    "the same flow twice": Bad(
        "double-flow",
        "y",
        A
        + '<endEvent id="E"/>\n'
        + through("s", "A", "e")
        + flow("x", "A", "E")
        + flow("y", "A", "E"),
    ),
    "a default flow of another": Bad(
        "default-elsewhere", "A", '<task id="A" default="f1"/>\n' + SAE
    ),
    "a default flow that is gone": Bad(
        "default-elsewhere", "A", '<task id="A" default="gone"/>\n' + SAE
    ),
    "nothing leads there": Bad("unreachable", "B", '<task id="B"/>\n' + SE),
    "a condition behind a parallel gateway": Bad(
        "idle-condition",
        "G",
        '<parallelGateway id="G"/>\n' + through("s", "G") + flow("x", "G", "e", condition("true")),
    ),
    "a condition on the default flow": Bad(
        "idle-condition",
        "G",
        xor(
            SG,
            flow("x", "G", "A", condition("true")),
            flow("y", "G", "B", condition("true")),
            AE,
            BE,
            more='default="y"',
        ),
    ),
    "a way without a condition": Bad(
        "flow-without-condition",
        "x",
        xor(SG, flow("x", "G", "A"), flow("y", "G", "B"), AE, BE, more='default="y"'),
    ),
    "no way but under conditions": Bad(
        "no-default",
        "G",
        xor(
            SG,
            flow("x", "G", "A", condition("true")),
            flow("y", "G", "B", condition("true")),
            AE,
            BE,
        ),
    ),
    "one way under a condition": Bad(
        "no-default", "A", A + through("s", "A") + flow("x", "A", "e", condition("true"))
    ),
    "a condition that is a number": Bad(
        "not-a-condition",
        "x",
        xor(
            SG,
            flow("x", "G", "A", condition("=5")),
            flow("y", "G", "B"),
            AE,
            BE,
            more='default="y"',
        ),
    ),
    "a condition that is a word": Bad(
        "not-a-condition",
        "x",
        xor(
            SG,
            flow("x", "G", "A", condition('="yes"')),
            flow("y", "G", "B"),
            AE,
            BE,
            more='default="y"',
        ),
    ),
    "a condition that cannot be read": Bad(
        "unreadable-expression",
        "x",
        xor(
            SG,
            flow("x", "G", "A", condition("=1 +")),
            flow("y", "G", "B"),
            AE,
            BE,
            more='default="y"',
        ),
    ),
    "a gateway that says it diverges": Bad(
        "gateway-direction",
        "G",
        '<exclusiveGateway id="G" gatewayDirection="Diverging" default="y"/>\n<task id="A"/>\n'
        + SG
        + flow("x", "G", "A", condition("true"))
        + flow("y", "G", "e")
        + flow("z", "A", "G"),
    ),
    "a gateway that says it converges": Bad(
        "gateway-direction",
        "G",
        xor(
            SG,
            flow("x", "G", "A", condition("true")),
            flow("y", "G", "B"),
            AE,
            BE,
            more='gatewayDirection="Converging" default="y"',
        ),
    ),
}

ESP = '<subProcess id="S" triggeredByEvent="true">\n'
EVENTS = {
    "an end that waits": Bad(
        "event-kind", "E", event("endEvent", "E", "timer", HOUR) + through("s", "E"), end=""
    ),
    "an intermediate error": Bad(
        "event-kind", "A", event("intermediateCatchEvent", "A", "error") + SAE
    ),
    "an intermediate termination": Bad(
        "event-kind", "A", event("intermediateThrowEvent", "A", "terminate") + SAE
    ),
    "a timer that is thrown": Bad(
        "event-kind", "A", event("intermediateThrowEvent", "A", "timer", HOUR) + SAE
    ),
    "a link on a border": Bad(
        "event-kind",
        "b",
        PERSON
        + (
            '<boundaryEvent id="b" attachedToRef="A"><linkEventDefinition name="l"/>'
            "</boundaryEvent>\n"
        )
        + SAE,
    ),
    "a terminating border": Bad(
        "event-kind",
        "b",
        PERSON + event("boundaryEvent", "b", "terminate", more='attachedToRef="A"') + SAE,
    ),
    "an error that leaves things running": Bad(
        "always-interrupts",
        "b",
        PERSON
        + event("boundaryEvent", "b", "error", more='attachedToRef="A" cancelActivity="false"')
        + SAE,
    ),
    "an error sub-process that leaves things running": Bad(
        "always-interrupts",
        "i",
        SE
        + ESP
        + event("startEvent", "i", "error", more='isInterrupting="false"')
        + "</subProcess>\n",
    ),
    "a receive task without a message": Bad(
        "waits-for-nothing", "A", '<receiveTask id="A"/>\n' + SAE
    ),
    "an event that waits for nothing": Bad(
        "waits-for-nothing", "A", '<intermediateCatchEvent id="A"/>\n' + SAE
    ),
    "a condition event without a condition": Bad(
        "waits-for-nothing", "A", event("intermediateCatchEvent", "A", "conditional") + SAE
    ),
    "a message without a name": Bad(
        "nameless",
        "A",
        event("endEvent", "A", "message", ref="m") + through("s", "A"),
        beside='<message id="m"/>\n',
        end="",
    ),
    "a signal without a name": Bad(
        "nameless",
        "A",
        event("endEvent", "A", "signal", ref="g") + through("s", "A"),
        beside='<signal id="g"/>\n',
        end="",
    ),
    "a message that is gone": Bad(
        "missing-reference", "A", event("intermediateThrowEvent", "A", "message", ref="gone") + SAE
    ),
    "a message never chosen": Bad(
        "missing-reference", "A", event("intermediateThrowEvent", "A", "message") + SAE
    ),
    "a signal that is gone": Bad(
        "missing-reference", "A", event("intermediateThrowEvent", "A", "signal", ref="gone") + SAE
    ),
    "an escalation that is gone": Bad(
        "missing-reference",
        "A",
        event("intermediateThrowEvent", "A", "escalation", ref="gone") + SAE,
    ),
    "an error that is gone": Bad(
        "missing-reference",
        "A",
        event("endEvent", "A", "error", ref="gone") + through("s", "A"),
        end="",
    ),
    "an error never chosen": Bad(
        "missing-reference", "A", event("endEvent", "A", "error") + through("s", "A"), end=""
    ),
    "an event definition that is gone": Bad(
        "missing-reference",
        "A",
        (
            '<intermediateThrowEvent id="A">\n<eventDefinitionRef>gone</eventDefinitionRef>'
            "</intermediateThrowEvent>\n"
        )
        + SAE,
    ),
    "a link to nowhere": Bad(
        "link-without-target",
        "A",
        '<intermediateThrowEvent id="A"><linkEventDefinition name="l"/></intermediateThrowEvent>\n'
        + through("s", "A"),
        end="",
    ),
    "an event on a gateway": Bad(
        "detached-boundary",
        "b",
        '<exclusiveGateway id="G"/>\n'
        + event("boundaryEvent", "b", "timer", HOUR, 'attachedToRef="G"')
        + through("s", "G", "e"),
    ),
    "an event on an event": Bad(
        "detached-boundary",
        "b",
        WAIT + event("boundaryEvent", "b", "timer", HOUR, 'attachedToRef="A"') + SAE,
    ),
    "an event on an event sub-process": Bad(
        "detached-boundary",
        "b",
        SE
        + ESP
        + event("startEvent", "i", "timer", HOUR)
        + "</subProcess>\n"
        + event("boundaryEvent", "b", "timer", HOUR, 'attachedToRef="S"'),
    ),
    "an event on a task that never waits": Bad(
        "boundary-never",
        "b",
        A + event("boundaryEvent", "b", "timer", HOUR, 'attachedToRef="A"') + SAE,
    ),
    "a timer without a time": Bad(
        "unreadable-timer", "A", event("intermediateCatchEvent", "A", "timer") + SAE
    ),
    "a timer in words": Bad(
        "unreadable-timer",
        "A",
        event("intermediateCatchEvent", "A", "timer", timer("5 days")) + SAE,
    ),
    "a timer that is a number": Bad(
        "unreadable-timer", "A", event("intermediateCatchEvent", "A", "timer", timer("=5")) + SAE
    ),
    "a thirteenth month": Bad(
        "unreadable-timer",
        "A",
        event("intermediateCatchEvent", "A", "timer", timer("2026-13-01", "timeDate")) + SAE,
    ),
    "a timer in the past": Bad(
        "unreadable-timer", "A", event("intermediateCatchEvent", "A", "timer", timer("-PT5M")) + SAE
    ),
    "a repetition of nothing": Bad(
        "unreadable-timer",
        "A",
        event("intermediateCatchEvent", "A", "timer", timer("R3", "timeCycle")) + SAE,
    ),
    "a timer with two times": Bad(
        "unreadable-timer",
        "A",
        event("intermediateCatchEvent", "A", "timer", HOUR + timer("2027-01-01", "timeDate")) + SAE,
    ),
    "an event gateway before a task": Bad(
        "event-gateway-target",
        "A",
        '<eventBasedGateway id="G"/>\n' + A + through("s", "G", "A", "e"),
    ),
    "an event gateway's event that others use": Bad(
        "event-gateway-shared",
        "A",
        f'<eventBasedGateway id="G"/>\n{WAIT}<exclusiveGateway id="X" default="y"/>\n'
        + through("s", "G", "A", "X")
        + flow("y", "X", "e")
        + flow("z", "X", "A", condition("true")),
    ),
    "a sub-process that begins by waiting": Bad(
        "sub-process-start",
        "i",
        '<subProcess id="A">\n' + event("startEvent", "i", "timer", HOUR) + "</subProcess>\n" + SAE,
    ),
    "an event sub-process that begins at once": Bad(
        "event-sub-process-start", "S", SE + ESP + '<startEvent id="i"/></subProcess>\n'
    ),
    "an event sub-process with two starts": Bad(
        "event-sub-process-start",
        "S",
        SE
        + ESP
        + event("startEvent", "i", "timer", HOUR)
        + event("startEvent", "j", "timer", HOUR)
        + "</subProcess>\n",
    ),
    "an event sub-process without a start": Bad(
        "event-sub-process-start", "S", SE + ESP + '<task id="i"/></subProcess>\n'
    ),
    "a sub-process with nothing in it": Bad(
        "empty-sub-process", "A", '<subProcess id="A"/>\n' + SAE
    ),
    "a message nobody sends": Bad(
        "never-sent",
        "A",
        event("intermediateCatchEvent", "A", "message", ref="m") + SAE,
        beside=MESSAGE,
    ),
}

LOOPS = {
    "over nothing": Bad(
        "loop-without-collection",
        "A",
        '<task id="A"><multiInstanceLoopCharacteristics/></task>\n' + SAE,
    ),
    "two markers": Bad(
        "two-markers",
        "A",
        (
            '<task id="A"><standardLoopCharacteristics loopMaximum="2"/>'
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics></task>\n"
        )
        + SAE,
    ),
    "minus two times": Bad(
        "repetitions",
        "A",
        (
            '<task id="A"><multiInstanceLoopCharacteristics><loopCardinality>'
            "-2</loopCardinality></multiInstanceLoopCharacteristics></task>\n"
        )
        + SAE,
    ),
    "a maximum of minus one": Bad(
        "repetitions",
        "A",
        '<task id="A"><standardLoopCharacteristics loopMaximum="-1"/></task>\n' + SAE,
    ),
    "a script without a script": Bad("no-script", "A", '<scriptTask id="A"/>\n' + SAE),
    "a service without an operation": Bad(
        "unknown-operation", "A", '<serviceTask id="A"/>\n' + SAE
    ),
    "a call of nothing": Bad("unknown-process", "A", '<callActivity id="A"/>\n' + SAE),
    "a decision that is gone": Bad("unknown-decision", "A", '<businessRuleTask id="A"/>\n' + SAE),
    "a task for nobody": Bad(
        "nobody",
        "A",
        (
            '<userTask id="A"><extensionElements><z:formDefinition formId="f"/>'
            "</extensionElements></userTask>\n"
        )
        + SAE,
    ),
    "a task without a form": Bad(
        "no-form", "A", PERSON.replace('<z:formDefinition formId="f"/>', "") + SAE
    ),
    "a form that is gone": Bad("missing-form", "A", PERSON.replace('"f"', '"gone"') + SAE),
}

LANES = (
    '<laneSet id="ls">\n<lane id="l1" name="r"><flowNodeRef>A</flowNodeRef></lane>\n{}</laneSet>\n'
)
SHAPES = (
    (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="di">'
        '<di:BPMNPlane id="pl">\n'
    )
    + "\n".join(f'<di:BPMNShape id="d{key}" bpmnElement="{key}"/>' for key in ("s", "A", "e", "f1"))
    + "\n{}</di:BPMNPlane></di:BPMNDiagram>\n"
)
POOL = '<collaboration id="c"><participant id="P" name="P" processRef="p"/>\n{}</collaboration>\n'
PICTURES = {
    "a node in two lanes": Bad(
        "two-lanes",
        "A",
        LANES.format('<lane id="l2" name="q"><flowNodeRef>A</flowNodeRef></lane>\n') + A + SAE,
        at='id="l2"',
    ),
    "a lane of what is gone": Bad(
        "lane-reference",
        "l2",
        LANES.format('<lane id="l2" name="q"><flowNodeRef>gone</flowNodeRef></lane>\n') + A + SAE,
    ),
    "a flow nobody sees": Bad("not-drawn", "f2", A + SAE, after=SHAPES.format("")),
    "a shape of nothing": Bad(
        "shape-without-element",
        "gone",
        A + SAE,
        after=SHAPES.format(
            '<di:BPMNEdge id="df2" bpmnElement="f2"/><di:BPMNShape id="dg" bpmnElement="gone"/>\n'
        ),
        at='"gone"',
    ),
    "a pool of what is gone": Bad(
        "pool-reference", "Q", SE, after=POOL.format('<participant id="Q" processRef="gone"/>\n')
    ),
    "a message flow to nowhere": Bad(
        "message-flow-end",
        "mf",
        SE,
        after=POOL.format('<messageFlow id="mf" sourceRef="P" targetRef="gone"/>\n'),
    ),
    "a message flow inside a pool": Bad(
        "message-flow-inside",
        "mf",
        A + SAE,
        after=POOL.format('<messageFlow id="mf" sourceRef="s" targetRef="A"/>\n'),
    ),
}

UNDONE = ESP + '<startEvent id="{0}"><compensateEventDefinition/></startEvent></subProcess>\n'
CALL = '<callActivity id="A">\n<extensionElements>\n{}</extensionElements></callActivity>\n'
CALLED = '<z:calledElement processId="q" {}/>\n'
OTHER = '<process id="q"><startEvent id="qs"/></process>'
PANEL = {
    "a setting of the panel that is not read": Bad(
        "extension-ignored",
        "A",
        '<task id="A"><extensionElements>\n<z:adHoc outputCollection="x"/>'
        "</extensionElements></task>\n" + SAE,
        at="<z:adHoc",
    ),
    "a call that keeps its data": Bad(
        "extension-ignored",
        "A",
        CALL.format(CALLED.format('propagateAllChildVariables="false"')) + SAE,
        after=OTHER,
        at="<z:calledElement",
    ),
    "a call that is told nothing": Bad(
        "extension-ignored",
        "A",
        CALL.format(
            CALLED.format('propagateAllParentVariables="false"')
            + '<z:ioMapping><z:output source="=1" target="x"/></z:ioMapping>'
        )
        + SAE,
        after=OTHER,
        at="<z:calledElement",
    ),
}
RULES = {
    "a complex join without a rule": Bad(
        "no-activation",
        "J",
        '<parallelGateway id="F"/>\n<complexGateway id="J"/>\n'
        + through("s", "F", "J", "e")
        + flow("x", "F", "J"),
    ),
    "two ways to undo one sub-process": Bad(
        "two-compensators",
        "T",
        '<subProcess id="A">\n<startEvent id="i"/>\n'
        + UNDONE.format("c")
        + UNDONE.format("k").replace('"S"', '"T"')
        + "</subProcess>\n"
        + SAE,
    ),
}

FAMILIES = PANEL | RULES | VALUES | FLOWS | EVENTS | LOOPS | PICTURES


#: What else is told, because it follows from the fault or stands beside it.
BOTH = {
    "a process that says it may run in words": {("bad-value", "p", 3)},
    "a complex join without a rule": {("not-followed", "J", 6), ("double-flow", "x", 10)},
}


@pytest.mark.parametrize("name", FAMILIES)
def test_the_one_fault_of_a_model_is_found_where_it_stands(name):
    bad = FAMILIES[name]
    expected = (bad.code, bad.element, None if bad.code == "no-process" else bad.line)
    assert found(bad.text) - BOTH.get(name, set()) == {expected}
