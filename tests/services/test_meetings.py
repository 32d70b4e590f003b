"""Meetings of bodies: what a body is, who still awaits a decision, which cases know each other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.services.several import begin, cases_of, drawn, event, message, publish
from workflow_app.models.people import Body
from workflow_app.services.links import linked_cases
from workflow_app.services.lookups import look_up, look_up_one
from workflow_app.services.seeding import load_bodies

ROLES = {
    "secretary_role": "registrar",
    "chair_role": "reviewer",
    "member_role": "reviewer",
    "convened_by": "ministry_head",
}
COUNCIL = {
    "key": "council",
    "title": "Council of parents",
    "territory_code": "AM",
    "members": [{"username": "reviewer1", "position": "chair"}],
    **ROLES,
}


def test_a_body_tells_its_roles_and_its_members(office):
    with office.acting() as ctx:
        load_bodies(ctx, [COUNCIL])
    with office.acting() as ctx:
        load_bodies(ctx, [{**COUNCIL, "title": "Another name"}])
        found = look_up_one(ctx, "bodies", "council", path="AM")
        assert found == {
            "value": "council",
            "label": "Council of parents",
            "territory": "AM",
            **ROLES,
        }
        keys = [one["value"] for one in look_up(ctx, "bodies", path="AM")]
        assert {"accreditation_commission", "council"} <= set(keys)
        members = look_up(ctx, "body:council", path="AM")
        assert [(one["value"], one["position"]) for one in members] == [("reviewer1", "chair")]
        assert ctx.session.scalars(select(Body.title).where(Body.key == "council")).one()


@pytest.fixture
def asking(office):
    """Publish a process that looks whether somebody waits, and one that waits."""
    news = message("news", "=subject")
    ask = (
        '<bpmn:serviceTask id="ask" name="Ask"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="message.awaited"/><zeebe:ioMapping>'
        '<zeebe:input source="=subject" target="correlation"/>'
        '<zeebe:output source="=awaited" target="told"/></zeebe:ioMapping>'
        '<zeebe:taskHeaders><zeebe:header key="message" value="news"/></zeebe:taskHeaders>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )
    wait = event("intermediateCatchEvent", "hear", "message", "news")
    publish(
        office,
        drawn("asker", "begin>ask ask>done", ask),
        drawn("hearer", "begin>hear hear>done", wait, head=news),
    )
    return lambda subject: begin(office, "asker", subject=subject)


def awaited(office, case_id):
    from workflow_app.services.scenarios.looks import Look  # noqa: PLC0415

    with office.acting() as ctx:
        return Look(ctx, case_id).data["told"]


def test_a_process_may_ask_whether_a_message_is_awaited(office, asking):
    assert awaited(office, asking("Roof")) is False
    begin(office, "hearer", subject="Roof")
    assert awaited(office, asking("Roof")) is True
    assert awaited(office, asking("Door")) is False


def test_a_meeting_knows_the_cases_of_its_items_and_they_know_it(office):
    office.play("body_meeting/one_agenda")
    meeting, later = cases_of(office, "body_meeting")
    first, second, late = cases_of(office, "body_session")
    with office.acting() as ctx:
        known = [(one.id, one.is_later) for one in linked_cases(ctx, meeting.id)]
        assert known == [(second.id, False), (first.id, False)]
        assert [one.id for one in linked_cases(ctx, second.id)] == [meeting.id]
        assert [one.id for one in linked_cases(ctx, late.id)] == [later.id]
        assert [one.is_later for one in linked_cases(ctx, late.id)] == [True]
