"""What follows from a case: an objection out of a refused permit, one at a time."""

from __future__ import annotations

import pytest

from tests.services.drawing import form
from tests.services.several import (
    begin,
    cases_of,
    data_of,
    drawn,
    event,
    message,
    properties,
    publish,
    task,
)
from tests.support.answers import open_item
from workflow_app.services.holding import claim_task
from workflow_app.services.links import linked_cases
from workflow_app.services.tasks import complete_task

PERMIT_WORDS = """
case_title = "=subject"
key_holder_role = "applicant"
[statuses]
refused = "Refused"
[follow_ups]
refused = ["objection_lodged", "nothing_of_the_kind"]
[follow_until]
objection_lodged = "=last_day"
"""
OBJECTION_WORDS = """
case_title = "=\\"Objection to \\" + earlier.title"
key_holder_role = "applicant"
[messages]
objection_lodged = "Object to the refusal"
[prefill]
against = "=earlier.number"
"""


def service(key: str, kind: str, **headers: str) -> str:
    told = "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in headers.items())
    return (
        f'<bpmn:serviceTask id="{key}" name="{key}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{kind}"/><zeebe:taskHeaders>{told}</zeebe:taskHeaders>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def permit():
    mark = service("mark", "case.status", status="refused", outcome="refused")
    last = (
        '<bpmn:scriptTask id="last" name="Last day"><bpmn:extensionElements><zeebe:script '
        'expression="=&quot;2026-12-10&quot;" resultVariable="last_day"/>'
        "</bpmn:extensionElements></bpmn:scriptTask>"
    )
    nodes = (service("number", "case.number"), task("first"), last, mark)
    flows = "begin>number number>first first>last last>mark mark>done"
    return drawn("permit", flows, *nodes, more=PERMIT_WORDS)


def objection():
    start = event(
        "startEvent",
        "lodged",
        "message",
        "objection_lodged",
        properties(form="object", by="public", follows="true"),
    )
    source = drawn(
        "objection",
        "lodged>number number>first first>done",
        start,
        service("number", "case.number"),
        task("first"),
        head=message("objection_lodged"),
        more=OBJECTION_WORDS,
    )
    source.files["forms/objection/object.form"] = form(
        {"type": "textfield", "key": "against", "label": "Against", "readonly": True},
        {"type": "textarea", "key": "grounds", "label": "Grounds", "validate": {"required": True}},
    )
    return source


@pytest.fixture
def refused(office):
    """Return a permit that was refused."""
    publish(office, permit(), objection())
    begin(office, "permit", subject="A kiosk")
    case = cases_of(office, "permit")[0]
    item = open_item(office, case.id, "first")
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
        complete_task(ctx, item, {"amount": 1})
    return cases_of(office, "permit")[0]


def keyed(browser, case):
    return browser.get(f"/follow/{case.number}?key={case.secret}")


def test_the_party_objects_in_one_click_from_the_decided_case(visitor, office, refused):
    page = keyed(visitor, refused)
    assert "until 10 December 2026" in page.text
    page = page.click("Object to the refusal")
    assert page.title == "Object to the refusal"
    assert refused.number in page.text
    wrong = page.send({"grounds": ""}, status=422)
    assert wrong.problems == ["Enter “Grounds”"]
    sent = wrong.send({"grounds": "It was a fair kiosk."})
    later = cases_of(office, "objection")[0]
    assert later.number in sent.text
    assert later.title == "Objection to A kiosk"
    assert later.key_holder_email == refused.key_holder_email


def test_both_cases_lead_to_each_other(visitor, office, refused):
    keyed(visitor, refused).click("Object to the refusal").send({"grounds": "It was fair."})
    later = cases_of(office, "objection")[0]
    page = visitor.get(f"/follow/{later.number}")
    assert "This case follows from it" in page.text
    page = page.click(f"{refused.number} {refused.title}")
    assert page.path == f"/follow/{refused.number}"
    assert "Follows from this case" in page.text
    with office.acting() as ctx:
        assert [found.is_later for found in linked_cases(ctx, later.id)] == [False]


def test_the_new_case_remembers_the_number_but_not_all_the_answers(visitor, office, refused):
    keyed(visitor, refused).click("Object to the refusal").send({"grounds": "It was fair."})
    kept = data_of(office, cases_of(office, "objection")[0])["earlier"]
    assert (kept["number"], kept["outcome"]) == (refused.number, "refused")
    assert "answers" not in kept


def test_a_second_objection_is_told_the_number_of_the_first(visitor, office, refused):
    first, second = (keyed(visitor, refused).click("Object to the refusal") for _ in range(2))
    first.send({"grounds": "It was fair."})
    told = second.send({"grounds": "It was fair!"}, status=400)
    assert cases_of(office, "objection")[0].number in told.text
    assert len(cases_of(office, "objection")) == 1
    assert "Object to the refusal" not in keyed(visitor, refused).text


def test_after_the_last_day_the_link_says_so_and_stays(visitor, office, refused, clock):
    office.move_to("2026-12-11T09:00:00+04:00")
    page = keyed(visitor, refused)
    assert "The term ended on 10 December 2026" in page.text
    assert page.click("Object to the refusal").title == "Object to the refusal"


def test_without_the_key_nobody_objects(browser_of, visitor, refused):
    address = f"/follow/{refused.number}/next/objection_lodged"
    assert "number and key" in browser_of().get(address, status=404).text


def test_nothing_follows_while_the_case_runs(visitor, office):
    publish(office, permit(), objection())
    begin(office, "permit", subject="A kiosk")
    case = cases_of(office, "permit")[0]
    assert "Object" not in keyed(visitor, case).text
    visitor.get(f"/follow/{case.number}/next/objection_lodged", status=404)


def test_what_only_follows_is_not_offered_as_a_service(visitor, office, sign_in):
    publish(office, permit(), objection())
    assert "objection" not in visitor.get("/").text
    sign_in("registrar").get("/services/objection/start", status=404)
