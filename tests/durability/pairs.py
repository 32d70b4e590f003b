"""Two small processes that talk to each other, made to be interrupted.

A pair of cases shares a word. The asking one goes three ways at once (a task, the same task for
two people, a timer), writes a mail, tells the other one, waits for its answer and has a last task.
The telling one waits to be told, has a task, and answers. The asker can be withdrawn from a page.
"""

from __future__ import annotations

from tests.engine.walks.drawing import Canvas, File, extension, refers, timer, whole
from tests.services.drawing import form
from workflow_app.engine import Source
from workflow_app.services.publishing import publish_version

ASKING, TELLING = "asking", "telling"
MANIFEST = """title = "{key}"
prefix = "{prefix}"
case_title = "=pair"
email = "=email"
key_holder_role = "applicant"
[statuses]
submitted = "Submitted"
"""
MAILS = """[moved]
subject = "Moved: {case.number}"
body = "The case {case.title} moved."
"""
PAIR = {"type": "textfield", "key": "pair", "label": "Pair", "validate": {"required": True}}
EMAIL = {"type": "textfield", "key": "email", "label": "E-mail", "properties": {"kind": "email"}}
FORMS = {
    "ask": form(PAIR, EMAIL),
    "work": form({"type": "number", "key": "token", "label": "Token"}),
    "withdraw": form({"type": "textfield", "key": "why", "label": "Why"}),
}
BY_PUBLIC = '<zeebe:properties><zeebe:property name="by" value="public"/></zeebe:properties>'
MAIL = extension(
    '<zeebe:taskDefinition type="notify"/><zeebe:taskHeaders>'
    '<zeebe:header key="mail" value="moved"/><zeebe:header key="to" value="key_holder"/>'
    "</zeebe:taskHeaders>"
)
NUMBER = extension('<zeebe:taskDefinition type="case.number"/>')
WORD = extension('<zeebe:subscription correlationKey="=pair"/>')
EACH = (
    "<bpmn:multiInstanceLoopCharacteristics>"
    + extension('<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="n"/>')
    + "</bpmn:multiInstanceLoopCharacteristics>"
)


def begin(canvas: Canvas) -> str:
    inside = extension('<zeebe:formDefinition formId="ask"/>', BY_PUBLIC)
    return canvas.node("startEvent", inside, 'name="Asked"', "begin")


def task(canvas: Canvas, key: str, extra: str = "") -> str:
    held = extension(
        '<zeebe:userTask/><zeebe:formDefinition formId="work"/>'
        '<zeebe:assignmentDefinition candidateGroups="registrar"/>'
    )
    return canvas.node("userTask", held + extra, f'name="{key.title()}"', key)


def event(canvas: Canvas, tag: str, key: str, what: str) -> str:
    return canvas.node(tag, what, f'name="{key.title()}"', key)


def withdrawing(canvas: Canvas) -> str:
    """Return an event sub-process that a page begins and that ends everything else."""
    inside = Canvas(canvas.file)
    held = extension(
        '<zeebe:properties><zeebe:property name="form" value="withdraw"/>'
        '<zeebe:property name="by" value="applicant"/></zeebe:properties>'
    )
    start = inside.node("startEvent", held + refers("message", "m_withdraw"), "", "withdrawn")
    inside.chain(start, inside.node("endEvent", "", "", "gone"))
    body = "".join(inside.elements)
    return f'<bpmn:subProcess id="withdrawing" triggeredByEvent="true">{body}</bpmn:subProcess>'


def asking(*more: str) -> str:
    """Draw the asking process, with more tasks before its end."""
    canvas = Canvas(File())
    split, join = canvas.node("parallelGateway"), canvas.node("parallelGateway")
    canvas.chain(begin(canvas), canvas.node("serviceTask", NUMBER, "", "number"), split)
    canvas.chain(split, task(canvas, "first"), join)
    canvas.chain(split, task(canvas, "each", EACH), join)
    wait = event(canvas, "intermediateCatchEvent", "wait", timer("timeDuration", "PT1S"))
    canvas.chain(split, wait, join)
    canvas.chain(
        join,
        canvas.node("serviceTask", MAIL, "", "mail"),
        event(canvas, "intermediateThrowEvent", "go", refers("message", "m_go")),
        event(canvas, "intermediateCatchEvent", "answered", refers("message", "m_back")),
        task(canvas, "second"),
        *(task(canvas, one) for one in more),
        canvas.node("serviceTask", MAIL, "", "mail_again"),
        canvas.node("endEvent", "", 'name="Done"', "done"),
    )
    messages = [*both_messages(), message("withdraw")]
    return whole(ASKING, "".join(canvas.elements) + withdrawing(canvas), messages)


def telling() -> str:
    """Draw the telling process."""
    canvas = Canvas(File())
    canvas.chain(
        begin(canvas),
        canvas.node("serviceTask", NUMBER, "", "number"),
        event(canvas, "intermediateCatchEvent", "told", refers("message", "m_go")),
        task(canvas, "tell"),
        event(canvas, "intermediateThrowEvent", "back", refers("message", "m_back")),
        canvas.node("serviceTask", MAIL, "", "mail"),
        canvas.node("endEvent", "", 'name="Done"', "done"),
    )
    return whole(TELLING, "".join(canvas.elements), both_messages())


def message(key: str) -> str:
    return f'<bpmn:message id="m_{key}" name="{key}">{WORD}</bpmn:message>'


def both_messages() -> list[str]:
    return [message("go"), message("back")]


def publish(office) -> None:
    """Publish both processes."""
    _publish(office, ASKING, asking(), 1)
    _publish(office, TELLING, telling(), 1)


def publish_second(office) -> None:
    """Publish a second version of the asking process, with one more task before its end."""
    _publish(office, ASKING, asking("third"), 2)


def _publish(office, key: str, drawn: str, number: int) -> None:
    files = {
        f"processes/{key}/{key}.bpmn": drawn,
        f"processes/{key}/process.toml": MANIFEST.format(key=key, prefix=key[:3].upper()),
        f"processes/{key}/mails.toml": MAILS,
        **{f"forms/{key}/{name}.form": text for name, text in FORMS.items()},
    }
    with office.acting() as ctx:
        publish_version(ctx, Source(key=key, files=files), number=number, by="test")
