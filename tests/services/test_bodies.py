"""Bodies that a process seats, and people who are looked up in another place."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.services.drawing import START, begin, diagram, publish, user_task
from workflow_app.engine import StepFailed
from workflow_app.feel import compile_expression
from workflow_app.models.people import Body
from workflow_app.services.host import Host

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
KEY = "coordination_AM-SU-TEGH"
HEADERS = {
    "key": KEY,
    "title": "Coordination body of Tegh",
    "secretary_role": "psp_coordinator",
    "chair_role": "council_member",
    "member_role": "council_member",
    "convened_by": "la_head",
}
TWO = '[{username: "syunik_member2", position: "chair"}, {username: "syunik_member1"}]'


def appoint(members, **headers):
    """Draw the service task that seats these members (FEEL)."""
    said = "".join(
        f'<zeebe:header key="{name}" value="{value}"/>'
        for name, value in (HEADERS | headers).items()
    )
    source = members.replace('"', "&quot;")
    return (
        '<bpmn:serviceTask id="seat" name="Seat"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="body.appoint"/><zeebe:ioMapping>'
        f'<zeebe:input source="={source}" target="members"/></zeebe:ioMapping>'
        f"<zeebe:taskHeaders>{said}</zeebe:taskHeaders></bpmn:extensionElements></bpmn:serviceTask>"
    )


def seat(office, members, number=1, **headers):
    nodes = {"begin": START, "seat": appoint(members, **headers), "first": user_task("first")}
    publish(office, diagram(nodes, "begin>seat seat>first"), number=number)
    begin(office)


def asked(office, text, path="AM"):
    with office.acting() as ctx:
        return compile_expression(text).evaluate({}, Host(ctx, path).functions)


def sitting(office, key=KEY):
    return [(m["value"], m["position"]) for m in asked(office, f'lookup("body:{key}")')]


@BOTH
def test_a_body_is_founded_and_then_seated_anew(office):
    seat(office, TWO, territory="AM-SU-TEGH")
    assert sitting(office) == [("syunik_member2", "chair"), ("syunik_member1", "member")]
    seat(office, '[{username: "syunik_member3", position: "chair"}]', 2, title="Council of Tegh")
    assert sitting(office) == [("syunik_member3", "chair")]
    with office.acting() as ctx:
        body = ctx.session.scalar(select(Body).where(Body.key == KEY))
        assert body.title == "Council of Tegh"
        assert body.convened_by == "la_head"


def test_other_bodies_keep_their_members(office):
    before = sitting(office, "coordination_AM-SU-GORIS")
    seat(office, TWO)
    assert sitting(office, "coordination_AM-SU-GORIS") == before
    assert len(before) == 9


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ('[{username: "syunik_member1", position: "member"}]', "exactly one chair"),
        (TWO.replace("}]", ', position: "chair"}]'), "exactly one chair"),
        ("[]", "exactly one chair"),
        ('[{username: "nobody_here", position: "chair"}]', "nobody_here"),
        (TWO.replace("syunik_member1", "syunik_member2"), "account of their own"),
    ],
)
def test_what_cannot_be_seated_is_refused(office, members, reason):
    with pytest.raises(StepFailed, match=reason):
        seat(office, members)
    assert sitting(office) == []


def test_people_of_another_place_are_found_from_anywhere(office):
    heads = asked(office, 'lookup("role:la_head@AM-SU-TEGH").value')
    assert heads == ["tegh_head"]
    assert asked(office, 'lookup("role:la_head")', "AM/AM-SU/AM-SU-TEGH")[0]["value"] == "tegh_head"
    assert asked(office, 'lookup("role:la_head")') == []
    assert asked(office, 'lookup("role:la_head@no-such-place")') == []
    assert asked(office, 'lookup("free:la_head@AM-SU-TEGH")')[0]["open"] == 0


def test_territories_are_found_by_flag_and_level(office):
    targets = asked(office, 'lookup("territories:#target").label')
    assert targets == ["Goris", "Kajaran", "Kapan", "Meghri", "Sisian", "Tatev", "Tegh"]
    assert asked(office, 'lookup("territories:#no-such-flag")') == []
    assert "Dilijan" in asked(office, 'lookup("territories:community").label')


def test_open_cases_of_a_process_are_found_from_without(office):
    publish(office, diagram({"begin": START, "first": user_task("first")}, "begin>first"))
    assert asked(office, 'lookup("cases:two_steps")') == []
    begin(office)
    assert asked(office, 'count(lookup("cases:two_steps"))') == 1
    assert asked(office, 'lookup("cases:another_one")') == []
