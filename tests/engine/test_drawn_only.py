"""What may be drawn and changes nothing: a case goes as if it were not there, and it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from workflow_app.engine import Source, lint
from workflow_app.engine.labels import drawn_labels

DRAWN = "drawn only"
SHORT, FLOWS = "start:s user:A task:B end:e", "s>A A>B B>e"
IN_TASK = '<bpmn:userTask id="A">{}</bpmn:userTask>'
POOL = '<bpmn:collaboration id="co">{}</bpmn:collaboration>'
BOTH_POOLS = (
    '<bpmn:participant id="P1" name="Us" processRef="p"/><bpmn:participant id="P2" name="They"/>'
)


@dataclass(frozen=True)
class Extra:
    """What is added to a plain process: inside it, beside it, in its task, behind it.

    `warns` are the codes of what the linter says of it; `name` is a word that must be shown.
    """

    inside: str = ""
    beside: str = ""
    task: str = ""
    before: str = ""
    old: str = ""
    new: str = ""
    warns: frozenset[str] = frozenset()
    name: str = ""


def ignored(**parts: str) -> Extra:
    return Extra(**parts, warns=frozenset({"setting-ignored"}))


def choreography(inside: str) -> Extra:
    return Extra(beside=f'<bpmn:choreography id="ch">{inside}</bpmn:choreography>')


CHOREOGRAPHY_TASK = (
    '<bpmn:{0} id="ct" name="Ask" initiatingParticipantRef="P1">'
    "<bpmn:participantRef>P1</bpmn:participantRef><bpmn:participantRef>P2</bpmn:participantRef>"
    "</bpmn:{0}>"
)
INTERCHANGE = (
    '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="{0}">'
    '<di:BPMNPlane id="{0}p" bpmnElement="p"/></di:BPMNDiagram>'
)
EXTRAS = {
    "text annotation": Extra(
        '<bpmn:textAnnotation id="x"><bpmn:text>Mind</bpmn:text></bpmn:textAnnotation>', name="Mind"
    ),
    "association": Extra(
        '<bpmn:textAnnotation id="x"/><bpmn:association id="y" sourceRef="A" targetRef="x"/>'
    ),
    "group": Extra('<bpmn:group id="x"/>'),
    "category": Extra(
        '<bpmn:group id="x" categoryValueRef="v"/>',
        beside='<bpmn:category id="c"><bpmn:categoryValue id="v" value="Hot"/></bpmn:category>',
    ),
    "documentation": Extra(task="<bpmn:documentation>Read this</bpmn:documentation>"),
    "extension elements of others": Extra(
        task="<bpmn:extensionElements><o:note xmlns:o='http://example.org/o'/>"
        "</bpmn:extensionElements>",
        warns=frozenset({"foreign-setting"}),
    ),
    "relationship": Extra(
        beside='<bpmn:relationship id="x" type="t"><bpmn:source>p</bpmn:source>'
        "<bpmn:target>p</bpmn:target></bpmn:relationship>"
    ),
    "import": Extra(beside='<bpmn:import importType="t" location="x.xsd" namespace="n"/>'),
    "item definition": Extra(beside='<bpmn:itemDefinition id="x" structureRef="string"/>'),
    "sequence flow isImmediate": Extra(
        old='id="f1"', new='id="f1" isImmediate="false"', warns=frozenset({"setting-ignored"})
    ),
    "resource role": ignored(task='<bpmn:resourceRole id="x" name="r"/>'),
    "performer": ignored(task='<bpmn:performer id="x" name="r"/>'),
    "human performer": ignored(task='<bpmn:humanPerformer id="x" name="r"/>'),
    "potential owner": ignored(task='<bpmn:potentialOwner id="x" name="r"/>'),
    "rendering": ignored(task='<bpmn:rendering id="x"/>'),
    "auditing": Extra(task='<bpmn:auditing id="x"/>'),
    "monitoring": Extra(task='<bpmn:monitoring id="x"/>'),
    "interface and operation": Extra(
        beside='<bpmn:message id="m" name="m"/><bpmn:interface id="x" name="i"><bpmn:operation '
        'id="o" name="o"><bpmn:inMessageRef>m</bpmn:inMessageRef></bpmn:operation></bpmn:interface>'
    ),
    "end point": Extra(beside='<bpmn:endPoint id="x"/>'),
    "collaboration": Extra(beside=POOL.format("")),
    "pool": Extra(beside=POOL.format(BOTH_POOLS), name="Us"),
    "pool without a process": Extra(beside=POOL.format(BOTH_POOLS), name="They"),
    "participant multiplicity": Extra(
        beside=POOL.format(
            '<bpmn:participant id="P1" processRef="p"><bpmn:participantMultiplicity maximum="3"/>'
            "</bpmn:participant>"
        )
    ),
    "message flow": Extra(
        beside=POOL.format(
            BOTH_POOLS + '<bpmn:messageFlow id="mf" name="Letter" sourceRef="A" targetRef="P2"/>'
        ),
        name="Letter",
    ),
    "message flow association": Extra(
        beside=POOL.format(
            '<bpmn:messageFlowAssociation innerMessageFlowRef="a" outerMessageFlowRef="b"/>'
        )
    ),
    "participant association": Extra(
        beside=POOL.format(
            "<bpmn:participantAssociation><bpmn:innerParticipantRef>a</bpmn:innerParticipantRef>"
            "<bpmn:outerParticipantRef>b</bpmn:outerParticipantRef></bpmn:participantAssociation>"
        )
    ),
    "partner entity and partner role": Extra(
        beside='<bpmn:partnerEntity id="x" name="Town"/><bpmn:partnerRole id="y" name="Buyer"/>'
    ),
    "conversation": Extra(beside=POOL.format(BOTH_POOLS + '<bpmn:conversation id="x"/>')),
    "sub-conversation": Extra(beside=POOL.format(BOTH_POOLS + '<bpmn:subConversation id="x"/>')),
    "call conversation": Extra(beside=POOL.format(BOTH_POOLS + '<bpmn:callConversation id="x"/>')),
    "conversation link": Extra(
        beside=POOL.format(
            BOTH_POOLS + '<bpmn:conversation id="x"/>'
            '<bpmn:conversationLink id="y" sourceRef="P1" targetRef="x"/>'
        )
    ),
    "global conversation": Extra(beside='<bpmn:globalConversation id="x"/>'),
    "choreography": choreography(""),
    "choreography task": choreography(CHOREOGRAPHY_TASK.format("choreographyTask")),
    "sub-choreography": choreography(CHOREOGRAPHY_TASK.format("subChoreography")),
    "call choreography": choreography(CHOREOGRAPHY_TASK.format("callChoreography")),
    "global choreography task": Extra(
        beside='<bpmn:globalChoreographyTask id="x" initiatingParticipantRef="P1"/>'
    ),
    "process supports and definitionalCollaborationRef": Extra(
        inside="<bpmn:supports>q</bpmn:supports>",
        beside='<bpmn:collaboration id="co"/>',
        old="isExecutable=",
        new='definitionalCollaborationRef="co" isExecutable=',
    ),
    "lane partitionElement": Extra(
        before='<bpmn:laneSet id="ls"><bpmn:lane id="l" partitionElementRef="A"/></bpmn:laneSet>'
    ),
    "process that is not executable": Extra(
        old="</bpmn:definitions>",
        new='<bpmn:process id="other" isExecutable="false"><bpmn:userTask id="O" name="Theirs"/>'
        "</bpmn:process></bpmn:definitions>",
        name="Theirs",
    ),
    "diagram interchange": Extra(beside=INTERCHANGE.format("d1")),
    "several diagrams in one file": Extra(
        beside=INTERCHANGE.format("d1") + INTERCHANGE.format("d2")
    ),
}


def text_with(bpmn, extra):
    text = bpmn.process("p", SHORT, FLOWS, extra.inside, extra.beside, extra.before)
    if extra.task:
        text = text.replace('<bpmn:userTask id="A"/>', IN_TASK.format(extra.task), 1)
    return text.replace(extra.old, extra.new, 1) if extra.old else text


def played(play, text):
    case = play(text).start()
    case.complete("A", x=1)
    assert case.step.finished
    return [(event.kind, event.element, event.data) for event in case.history], case.data


def marked(names):
    return [pytest.param(name, marks=pytest.mark.bpmn(name, DRAWN)) for name in names]


@pytest.mark.parametrize("name", marked(EXTRAS))
def test_what_is_only_drawn_changes_nothing(bpmn, play, name):
    extra = EXTRAS[name]
    text = text_with(bpmn, extra)
    assert text != bpmn.process("p", SHORT, FLOWS)
    told = {(one.code, one.severity) for one in lint(Source("p", bpmn.files(text)))}
    plain = {("no-form", "warning"), ("nobody", "warning")}
    assert told - plain == {(code, "warning") for code in extra.warns}
    assert played(play, text) == played(play, bpmn.process("p", SHORT, FLOWS))


@pytest.mark.parametrize("name", [name for name, extra in EXTRAS.items() if extra.name])
def test_what_is_only_drawn_is_shown(bpmn, name):
    extra = EXTRAS[name]
    assert extra.name in drawn_labels(text_with(bpmn, extra)).names.values()
