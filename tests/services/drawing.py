"""Small processes drawn for one test: a start form, two tasks, and what stands between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflow_app.domain.actors import PUBLIC
from workflow_app.engine import Source
from workflow_app.services.publishing import publish_version
from workflow_app.services.starting import Opening, start_case, start_form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.installation import Office

KEY = "two_steps"
NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
MANIFEST = """title = "Two steps"
prefix = "TWO"
case_title = "=subject"
email = "=email"
key_holder_role = "applicant"
[terms]
{terms}
[statuses]
submitted = "Submitted"
"""


def form(*fields: Mapping[str, Any]) -> str:
    """Return a form-js file."""
    return json.dumps({"type": "default", "schemaVersion": 16, "components": list(fields)})


FORMS = {
    "ask": form(
        {"type": "textfield", "key": "subject", "label": "Subject", "validate": {"required": True}},
        {"type": "textfield", "key": "email", "label": "E-mail", "properties": {"kind": "email"}},
    ),
    "first": form({"type": "number", "key": "amount", "label": "Amount"}),
    "second": form({"type": "textfield", "key": "remark", "label": "Remark"}),
    "more": form({"type": "textfield", "key": "news", "label": "News"}),
}


def user_task(name: str, *extra: str) -> str:
    """Return a user task with the form of the same name."""
    inside = "".join([f'<zeebe:formDefinition formId="{name}"/>', *extra])
    return (
        f'<bpmn:userTask id="{name}" name="{name.title()} step"><bpmn:extensionElements>'
        f"<zeebe:userTask/>{inside}</bpmn:extensionElements></bpmn:userTask>"
    )


FOUR_EYES = '<zeebe:properties><zeebe:property name="fourEyes" value="first"/></zeebe:properties>'
START = (
    '<bpmn:startEvent id="begin" name="Asked"><bpmn:extensionElements>'
    '<zeebe:formDefinition formId="ask"/><zeebe:properties>'
    '<zeebe:property name="by" value="public"/></zeebe:properties>'
    "</bpmn:extensionElements></bpmn:startEvent>"
)


def diagram(nodes: Mapping[str, str], flows: str, *, head: str = "") -> str:
    """Draw nodes (id → XML) in the registrar's lane; flows as `begin>first first>second`."""
    refs = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in nodes)
    lanes = f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="registrar">{refs}</bpmn:lane>'
    arrows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{flow.split(">")[0]}" '
        f'targetRef="{flow.split(">")[1]}"/>'
        for number, flow in enumerate(flows.split())
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d" '
        f'targetNamespace="http://example.org/two">{head}<bpmn:process id="{KEY}" '
        f'name="Two steps" isExecutable="true">{lanes}</bpmn:laneSet>'
        f"{''.join(nodes.values())}{arrows}</bpmn:process></bpmn:definitions>"
    )


def two_steps(*, second: str = "", between: str = "") -> str:
    """Return a diagram of two tasks, with a script task between them if one is given."""
    nodes = {"begin": START, "first": user_task("first"), "second": second or user_task("second")}
    flows = "begin>first first>second second>done"
    if between:
        nodes["work"] = script("work", between)
        flows = "begin>first first>work work>second second>done"
    nodes["done"] = '<bpmn:endEvent id="done" name="Done"/>'
    return diagram(nodes, flows)


def script(name: str, expression: str) -> str:
    """Return a script task that sets `result`."""
    return (
        f'<bpmn:scriptTask id="{name}" name="Work it out"><bpmn:extensionElements>'
        f'<zeebe:script expression="{expression}" resultVariable="result"/>'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )


def source(bpmn: str, *, terms: str = "", forms: Mapping[str, str] | None = None) -> Source:
    """Return the closed set of files of the process."""
    files = {
        f"processes/{KEY}/{KEY}.bpmn": bpmn,
        f"processes/{KEY}/process.toml": MANIFEST.format(terms=terms),
        **{f"forms/{KEY}/{name}.form": text for name, text in {**FORMS, **(forms or {})}.items()},
    }
    return Source(key=KEY, files=files)


def publish(office: Office, bpmn: str, *, number: int = 1, **options: Any) -> int:
    """Publish the process and return its version's id."""
    with office.acting() as ctx:
        return publish_version(ctx, source(bpmn, **options), number=number, by="test")


def begin(office: Office, **answers: Any) -> int:
    """Start a case as the public does; returns its id."""
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, KEY)
        start = start_form_of(published, ctx.actor, by_link=True)
        opening = Opening(published=published, start=start, owner="link:test")
        whole = {"subject": "A case", "email": "asker@example.org", **answers}
        return start_case(ctx, opening, whole).id
