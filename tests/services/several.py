"""Small processes drawn by the dozen: each with a key of its own, messages between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tests.services.drawing import FORMS, NAMESPACES, START, user_task
from workflow_app.domain.actors import PUBLIC
from workflow_app.engine import Source
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.publishing import load_seed
from workflow_app.services.starting import Opening, start_case, start_form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.installation import Office

MANIFEST = 'title = "{key}"\nprefix = "{prefix}"\nemail = "=email"\n{more}'
USER_TASK = re.compile(r'<bpmn:userTask id="(\w+)"')


def message(name: str, key: str = "") -> str:
    """Return a message with its correlation key (FEEL)."""
    held = f'<zeebe:subscription correlationKey="{key}"/>' if key else ""
    return (
        f'<bpmn:message id="{name}" name="{name}"><bpmn:extensionElements>{held}'
        "</bpmn:extensionElements></bpmn:message>"
    )


def event(tag: str, key: str, kind: str, name: str, extension: str = "") -> str:
    """Return an event that throws or waits for a message or signal."""
    return (
        f'<bpmn:{tag} id="{key}" name="{key}"><bpmn:extensionElements>{extension}'
        f'</bpmn:extensionElements><bpmn:{kind}EventDefinition {kind}Ref="{name}"/></bpmn:{tag}>'
    )


def timer_start(key: str, form: str, text: str, **properties: str) -> str:
    """Return a timer start event."""
    said = "".join(
        f'<zeebe:property name="{name}" value="{value}"/>' for name, value in properties.items()
    )
    return (
        f'<bpmn:startEvent id="{key}" name="{key}"><bpmn:extensionElements><zeebe:properties>{said}'
        f"</zeebe:properties></bpmn:extensionElements><bpmn:timerEventDefinition><bpmn:{form}>"
        f"{text}</bpmn:{form}></bpmn:timerEventDefinition></bpmn:startEvent>"
    )


def payload(**fields: str) -> str:
    """Return the mapping of what a message carries."""
    pairs = "".join(f'<zeebe:input source="={v}" target="{k}"/>' for k, v in fields.items())
    return f"<zeebe:ioMapping>{pairs}</zeebe:ioMapping>"


def properties(**fields: str) -> str:
    pairs = "".join(f'<zeebe:property name="{k}" value="{v}"/>' for k, v in fields.items())
    return f"<zeebe:properties>{pairs}</zeebe:properties>"


def task(name: str, *inside: str) -> str:
    """Return a user task in nobody's lane; the registrar's group may do it."""
    group = '<zeebe:assignmentDefinition candidateGroups="registrar"/>'
    return user_task(name, group, *inside)


def drawn(
    key: str, flows: str, *nodes: str, head: str = "", more: str = "", tag: str = ""
) -> Source:
    """Return the files of one process; ends are drawn where no node of the name is."""
    names = {end for flow in flows.split() for end in flow.split(">")}
    there = {match for node in nodes for match in re.findall(r'id="(\w+)"', node)}
    ends = "".join(f'<bpmn:endEvent id="{name}"/>' for name in sorted(names - there - {"begin"}))
    start = START if "begin" in names and "begin" not in there else ""
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{flow.split(">")[0]}" '
        f'targetRef="{flow.split(">")[1]}"/>'
        for number, flow in enumerate(flows.split())
    )
    tagged = f'<zeebe:versionTag value="{tag}"/>' if tag else ""
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d" '
        f'targetNamespace="http://example.org/{key}">{head}<bpmn:process id="{key}" name="{key}" '
        f'isExecutable="true"><bpmn:extensionElements>{tagged}</bpmn:extensionElements>'
        f"{start}{''.join(nodes)}{ends}{arrows}</bpmn:process></bpmn:definitions>"
    )
    files = {
        f"processes/{key}/{key}.bpmn": text,
        f"processes/{key}/process.toml": MANIFEST.format(key=key, prefix=key.upper(), more=more),
        **{f"forms/{key}/{name}.form": form for name, form in FORMS.items()},
    }
    return Source(key=key, files=files)


def publish(office: Office, *sources: Source) -> list[int]:
    """Publish processes as a load does; returns the ids of their newest versions."""
    with office.acting() as ctx:
        results = [load_seed(ctx, source) for source in sources]
    refused = [finding.text() for result in results for finding in result.findings]
    assert all(result.number for result in results), refused
    newest = select(ProcessVersion.id).order_by(ProcessVersion.number.desc()).limit(1)
    return [
        office.read(lambda s, key=source.key: s.scalar(newest.where(ProcessVersion.key == key)))
        for source in sources
    ]


def begin(office: Office, key: str, **answers: Any) -> int:
    """Start a case of a process as the public does; returns its id."""
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, key)
        start = start_form_of(published, ctx.actor, by_link=True)
        opening = Opening(published=published, start=start, owner=f"link:{key}")
        whole = {"subject": "A case", "email": "asker@example.org", **answers}
        return start_case(ctx, opening, whole).id


def cases_of(office: Office, key: str) -> list[Case]:
    """Return the cases of a process, the oldest first."""
    query = (
        select(Case)
        .join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
        .where(ProcessVersion.key == key)
        .order_by(Case.id)
    )
    return list(office.read(lambda s: s.scalars(query).all()))


def phases(office: Office, key: str) -> list[str]:
    """Return where the cases of a process stand, the oldest first."""
    return [case.phase for case in cases_of(office, key)]


def data_of(office: Office, case: Case) -> Mapping[str, Any]:
    """Return what a running case knows."""
    from workflow_app.engine import case_data  # noqa: PLC0415
    from workflow_app.services.case_store import load_case  # noqa: PLC0415

    with office.acting() as ctx:
        loaded = load_case(ctx, case.id)
        return case_data(loaded.published.program, loaded.state)
