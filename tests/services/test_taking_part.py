"""Who took part in a case: what keeps people from judging their own work, and what reads it."""

from __future__ import annotations

import pytest

from tests.services.several import begin, data_of, drawn, event, message, payload, publish, task
from workflow_app.domain.actors import PUBLIC
from workflow_app.models.case import Case
from workflow_app.models.work import WorkItem
from workflow_app.services.lookups import look_up
from workflow_app.services.taking_part import parts_taken
from workflow_app.services.tasks import complete_task

READ = (
    '<bpmn:serviceTask id="look" name="look"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="case.read"/>{headers}<zeebe:ioMapping>'
    '<zeebe:input source="=subject" target="number"/><zeebe:output source="=found" target="found"/>'
    '<zeebe:output source="=answers" target="answers"/><zeebe:output source="=data" target="data"/>'
    '<zeebe:output source="=took_part" target="took_part"/></zeebe:ioMapping>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
HEADERS = '<zeebe:taskHeaders><zeebe:header key="element" value="{0}"/></zeebe:taskHeaders>'


@pytest.fixture
def office(office):
    """Publish a case with two tasks, one that tells another case, and one that reads a case."""
    heard = event("intermediateCatchEvent", "heard", "message", "told")
    tell = payload(votes="[{member: &quot;commission3&quot;}]")
    throw = event("intermediateThrowEvent", "tells", "message", "told_key", tell)
    publish(
        office,
        drawn(
            "work",
            "begin>first first>second second>heard heard>done",
            task("first"),
            task("second"),
            heard,
            head=message("told", "=subject"),
            more='case_title = "=subject"\n',
        ),
        drawn(
            "teller",
            "begin>tells tells>done",
            throw,
            head=message("told_key", "=subject").replace('name="told_key"', 'name="told"'),
        ),
        drawn("reader", "begin>look look>first first>done", READ.format(headers=""), task("first")),
        drawn(
            "closer",
            "begin>look look>first first>done",
            READ.format(headers=HEADERS.format("second")),
            task("first"),
        ),
    )
    return office


def do(office, case_id, who, **answers):
    with office.acting(who) as ctx:
        item = ctx.session.query(WorkItem).filter_by(case_id=case_id, state="open").one()
        complete_task(ctx, item.id, answers)


def known(office, case_id):
    return data_of(office, office.read(lambda s: s.get(Case, case_id)))


def number(office, case_id):
    return office.read(lambda s: s.get(Case, case_id).number)


def taken(office, *cases):
    with office.acting() as ctx:
        parts = parts_taken(ctx, [number(office, one) for one in cases])
    return {name: part.what for name, part in parts.items()}


def people(office, source):
    with office.acting() as ctx:
        return [one["value"] for one in look_up(ctx, source, path="AM/AM-SU/AM-SU-KAPAN")]


def test_a_case_that_nobody_worked_on_has_touched_nobody(office):
    assert taken(office, begin(office, "work", subject="reviewer3")) == {}


def test_who_did_a_task_and_whom_its_answers_name_took_part(office):
    case = begin(office, "work")
    do(office, case, "registrar", amount=1)
    do(office, case, "registrar", remark="reviewer2")
    assert taken(office, case) == {"registrar": "Second step", "reviewer2": "Second step"}


def test_whom_another_case_names_took_part(office):
    case = begin(office, "work", subject="one")
    do(office, case, "registrar", amount=1)
    do(office, case, "registrar", remark="none")
    begin(office, "teller", subject="one")
    office.settle()
    assert set(taken(office, case)) == {"registrar", "commission3"}


def test_people_outside_choose_nobody_to_be_left_out(office):
    case = begin(office, "work", subject="reviewer1")
    with office.acting(PUBLIC) as ctx:
        assert parts_taken(ctx, [number(office, case)]) == {}


def test_the_untouched_of_a_role_and_those_left_out(office):
    case, other = begin(office, "work"), begin(office, "work")
    do(office, case, "registrar", amount=1)
    do(office, case, "registrar", remark="reviewer2")
    do(office, other, "registrar", amount=1)
    do(office, other, "registrar", remark="reviewer1")
    said = number(office, case)
    assert people(office, f"untouched:reviewer:{said}") == ["reviewer1", "reviewer3", "reviewer4"]
    assert people(office, f"touched:reviewer:{said}") == ["reviewer2"]
    both = f"{said} {number(office, other)}"
    assert people(office, f"untouched:reviewer:{both}") == ["reviewer3", "reviewer4"]
    with office.acting() as ctx:
        (one,) = look_up(ctx, f"touched:reviewer:{said}", path="AM/AM-SU/AM-SU-KAPAN")
    assert one["what"] == "Second step"
    assert one["case"] == said
    assert str(one["on"]) == "2026-11-23"


def test_without_a_number_the_case_at_hand_is_meant(office):
    case = begin(office, "work")
    do(office, case, "registrar", amount=1)
    with office.acting() as ctx:
        found = look_up(ctx, "touched:registrar", path="AM", case_id=case)
        assert [one["value"] for one in found] == ["registrar"]
        assert look_up(ctx, "touched:registrar", path="AM") == []


def test_another_case_is_read_with_its_start_and_its_people(office):
    case = begin(office, "work", subject="Sunny Door")
    do(office, case, "registrar", amount=7)
    reader = begin(office, "reader", subject=number(office, case))
    found = known(office, reader)
    assert found["found"]["title"] == "Sunny Door"
    assert found["found"]["running"] is True
    assert found["found"]["process"] == "work"
    assert found["answers"]["subject"] == "Sunny Door"
    assert found["took_part"] == ["registrar"]


def test_a_finished_case_gives_its_last_data_and_the_answers_of_an_element(office):
    case = begin(office, "work", subject="x")
    do(office, case, "registrar", amount=7)
    do(office, case, "registrar", remark="good")
    begin(office, "teller", subject="x")
    office.settle()
    found = known(office, begin(office, "closer", subject=number(office, case)))
    assert found["found"]["running"] is False
    assert found["found"]["end"] == "done"
    assert found["answers"] == {"remark": "good"}
    assert found["data"]["votes"] == [{"member": "commission3"}]


def test_a_number_nobody_has_reads_nothing(office):
    found = known(office, begin(office, "reader", subject="NO-1"))
    assert (found["found"], found["answers"], found["took_part"]) == (None, {}, [])
