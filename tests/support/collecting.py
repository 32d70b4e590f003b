"""A small process that asks many people: drawn for tests of collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.services.drawing import form
from tests.services.several import begin, drawn, publish, task
from workflow_app.engine import Source
from workflow_app.models.case import Case
from workflow_app.services.collecting.opened import opened_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.installation import Office
    from workflow_app.services.collecting.opened import Opened

KEY = "asking_many"
SECTIONS = [{"value": "goals", "label": "Goals"}, {"value": "money", "label": "Money"}]
REMARK = form(
    {
        "type": "select",
        "key": "section",
        "label": "Section",
        "values": SECTIONS,
        "validate": {"required": True},
    },
    {
        "type": "textarea",
        "key": "text",
        "label": "Remark",
        "validate": {"required": True, "maxLength": 3000},
    },
    {
        "type": "textfield",
        "key": "your_name",
        "label": "Your name, if you like",
        "properties": {"sensitive": "true"},
    },
)
REPLY = form(
    {
        "type": "select",
        "key": "verdict",
        "label": "What becomes of it",
        "values": [{"value": v, "label": v.title()} for v in ("accepted", "rejected", "noted")],
        "validate": {"required": True},
    },
    {
        "type": "textarea",
        "key": "reason",
        "label": "Reason",
        "validate": {"required": True, "maxLength": 2000},
    },
    {"type": "checkbox", "key": "keep_back", "label": "Do not publish the remark"},
)
SCORES = form(
    {
        "type": "dynamiclist",
        "path": "scores",
        "label": "Needs",
        "properties": {"fixedRows": "true", "rowLabel": "=this.title"},
        "components": [
            {"type": "textfield", "key": "code", "label": "Code", "readonly": True},
            {"type": "textfield", "key": "title", "label": "Need", "readonly": True},
            *(
                {
                    "type": "number",
                    "key": key,
                    "label": label,
                    "validate": {"required": True, "min": 1, "max": 5},
                }
                for key, label in (("severity", "{{first_criterion}}"), ("reach", "Reach"))
            ),
        ],
    }
)
NEEDS = (
    "[{code: &quot;N01&quot;, title: &quot;Care at home&quot;}, "
    "{code: &quot;N02&quot;, title: &quot;Day care&quot;}]"
)
HEADERS = {
    "collection": "remarks",
    "form": "remark",
    "answer_form": "reply",
    "title": "Remarks on the draft",
    "show": "answered",
    "answered_by": "registrar",
    "withheld_by": "keep_back",
}


def service(name: str, operation: str, headers: Mapping[str, str], **inputs: str) -> str:
    """Return a service task with constant headers and mapped inputs (FEEL without `=`)."""
    said = "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in headers.items())
    mapped = "".join(f'<zeebe:input source="={v}" target="{k}"/>' for k, v in inputs.items())
    return (
        f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{operation}"/>'
        f"<zeebe:taskHeaders>{said}</zeebe:taskHeaders><zeebe:ioMapping>{mapped}</zeebe:ioMapping>"
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def asking(headers: Mapping[str, str] | None = None, **inputs: str) -> Source:
    """Return the process: open, a task that works on the collection, close, read, one more task."""
    said = {name: text for name, text in {**HEADERS, **(headers or {})}.items() if text}
    key = {"collection": said["collection"]}
    works = (
        '<zeebe:properties><zeebe:property name="collection" '
        f'value="{said["collection"]}"/></zeebe:properties>'
    )
    whole = {**key, "rows": "true", "resultVariable": "came"}
    source = drawn(
        KEY,
        "begin>number number>opens opens>first first>closes closes>reads reads>second second>done",
        service("number", "case.number", {}),
        service("opens", "collection.open", said, **inputs),
        task("first", works),
        service("closes", "collection.close", key),
        service("reads", "collection.read", whole),
        task("second"),
        more='case_title = "=subject"\nkey_holder_role = "applicant"\n',
    )
    texts = {"remark": REMARK, "reply": REPLY, "scores": SCORES}
    forms = {f"forms/{KEY}/{name}.form": text for name, text in texts.items()}
    return Source(key=KEY, files={**source.files, **forms})


def scoring(**inputs: str) -> Source:
    """Return the process with a seat for each of three people, who score two needs."""
    seats = (
        "[{code: &quot;a&quot;, label: &quot;Ani&quot;, email: &quot;ani@example.org&quot;}, "
        "{code: &quot;b&quot;, label: &quot;Bela&quot;, username: &quot;registrar&quot;}, "
        "{code: &quot;c&quot;, label: &quot;Cato&quot;}]"
    )
    headers = {"collection": "workshop", "form": "scores", "answer_form": "", "title": "Scores"}
    data = f"{{scores: {NEEDS}, first_criterion: &quot;How serious it is&quot;}}"
    return asking({**headers, "show": "count"}, **{"seats": seats, "data": data, **inputs})


def opened_case(office: Office, source: Source, **answers: Any) -> tuple[int, str]:
    """Publish the process, start a case of it, and return its id and number."""
    publish(office, source)
    case_id = begin(office, KEY, **answers)
    number = office.read(lambda session: session.get_one(Case, case_id).number)
    return case_id, number


def collection(office: Office, case_id: int, key: str = "remarks") -> Opened:
    """Return the collection as it stands now."""
    with office.acting() as ctx:
        return opened_in(ctx, case_id, key)
