"""A draft is checked among all that is published: messages of others, names of its callers."""

from __future__ import annotations

from itertools import pairwise

from tests.services.design_help import FILE, drafted
from tests.services.drawing import KEY, NAMESPACES, diagram, publish, two_steps, user_task
from workflow_app.engine import Source
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.publishing import publish_version

NEWS = '<bpmn:message id="m_news" name="news"/><bpmn:message id="m_back" name="answer"/>'
CALL = (
    '<bpmn:callActivity id="call" name="Call"><bpmn:extensionElements>{}'
    "</bpmn:extensionElements></bpmn:callActivity>"
)
SENT = (
    '<bpmn:sendTask id="tell" name="Tell" messageRef="{}"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="send_message"/></bpmn:extensionElements></bpmn:sendTask>'
)


def caught(name, message):
    return (
        f'<bpmn:intermediateCatchEvent id="{name}" name="{name}"><bpmn:messageEventDefinition '
        f'id="def_{name}" messageRef="{message}"/></bpmn:intermediateCatchEvent>'
    )


def other(key, *nodes):
    """Return a process of another key: a start, the nodes one after the other, an end."""
    names = ["go", *(one for one, _ in nodes), "gone"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="o{at}" sourceRef="{first}" targetRef="{second}"/>'
        for at, (first, second) in enumerate(pairwise(names))
    )
    bpmn = (
        f'<bpmn:definitions {NAMESPACES} id="d" targetNamespace="urn:o">{NEWS}'
        f'<bpmn:process id="{key}" name="Other" isExecutable="true"><bpmn:startEvent id="go"/>'
        f'{"".join(text for _, text in nodes)}<bpmn:endEvent id="gone"/>{flows}'
        "</bpmn:process></bpmn:definitions>"
    )
    manifest = 'title = "Other"\nprefix = "OTH"\ncase_title = "=case.number"\n'
    return {f"processes/{key}/{key}.bpmn": bpmn, f"processes/{key}/process.toml": manifest}


def publish_other(office, key, files):
    with office.acting() as ctx:
        publish_version(ctx, Source(key, files), number=1, by="test", checked=True)


def waiting():
    nodes = {
        "begin": '<bpmn:startEvent id="begin"/>',
        "heard": caught("heard", "m_news"),
        "tell": SENT.format("m_back"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    return diagram(nodes, "begin>heard heard>tell tell>done", head=NEWS)


def told(office, draft_id):
    with office.acting("designer") as ctx:
        found = findings_of(ctx, draft_id)
        return {one.code for one in found if one.file == FILE and one.code.startswith("never-")}


def test_messages_of_other_processes_count(office):
    publish(office, two_steps())
    draft = drafted(office, waiting())
    assert told(office, draft) == {"never-sent", "never-received"}
    speaks = ("speak", SENT.format("m_news").replace("tell", "speak"))
    publish_other(office, "speaker", other("speaker", speaks))
    assert told(office, draft) == {"never-received"}
    publish_other(office, "listener", other("listener", ("hear", caught("hear", "m_back"))))
    assert told(office, draft) == set()


def test_names_that_a_caller_writes_are_known(office):
    publish(office, two_steps())
    nodes = {
        "begin": '<bpmn:startEvent id="begin"/>',
        "way": '<bpmn:exclusiveGateway id="way" default="f2"/>',
        "first": user_task("first"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    asks = diagram(nodes, "begin>way way>first way>done first>done").replace(
        'sourceRef="way" targetRef="first"/>',
        'sourceRef="way" targetRef="first"><bpmn:conditionExpression>=handed = 1'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>",
    )
    draft = drafted(office, asks)
    assert told(office, draft) == {"never-written"}
    script = (
        '<bpmn:scriptTask id="hand"><bpmn:extensionElements><zeebe:script expression="=1" '
        'resultVariable="handed"/></bpmn:extensionElements></bpmn:scriptTask>'
    )
    call = CALL.format(f'<zeebe:calledElement processId="{KEY}"/>')
    publish_other(office, "caller", other("caller", ("hand", script), ("call", call)))
    assert told(office, draft) == set()
