"""Data stores: an arrow from one reads a register, an arrow to one writes it, in the step."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from tests.services.several import begin, cases_of, data_of, drawn, publish, task
from workflow_app.domain.errors import Conflict
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import RegisterEntry
from workflow_app.services.auditing import verify_all
from workflow_app.services.checking import check_source

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
STORE = (
    '<bpmn:dataStoreReference id="st" name="people"><bpmn:extensionElements><zeebe:properties>'
    '<zeebe:property name="register" value="folk"/>{key}</zeebe:properties>'
    "</bpmn:extensionElements></bpmn:dataStoreReference>"
)


def store(key=""):
    said = f'<zeebe:property name="key" value="{key}"/>' if key else ""
    return STORE.format(key=said)


def work(name, inside):
    return f'<bpmn:task id="{name}" name="{name}">{inside}</bpmn:task>'


def out(text, target="st"):
    return (
        f"<bpmn:dataOutputAssociation><bpmn:targetRef>{target}</bpmn:targetRef>"
        f"<bpmn:transformation>{text}</bpmn:transformation></bpmn:dataOutputAssociation>"
    )


def into(name, text=""):
    worked = f"<bpmn:transformation>{text}</bpmn:transformation>" if text else ""
    return (
        f'<bpmn:ioSpecification><bpmn:dataInput id="{name}_i" name="{name}"/>'
        "</bpmn:ioSpecification><bpmn:dataInputAssociation><bpmn:sourceRef>st</bpmn:sourceRef>"
        f"<bpmn:targetRef>{name}_i</bpmn:targetRef>{worked}</bpmn:dataInputAssociation>"
    )


@pytest.fixture
def folk(office):
    """Make the register: its entries are known by their name."""
    definition = {"title": "Folk", "key": "name", "fields": []}
    with office.acting() as ctx:
        ctx.session.add(RegisterDefinition(key="folk", definition=definition))


def entries(office):
    query = select(RegisterEntry).where(RegisterEntry.register == "folk")
    rows = office.read(lambda s: s.scalars(query.order_by(RegisterEntry.version)).all())
    return [(row.key, row.version, row.data, row.superseded_at is None) for row in rows]


@pytest.mark.usefixtures("folk")
@pytest.mark.bpmn("data store reference", "runs")
@BOTH
def test_a_step_writes_an_entry_and_sees_it_itself(office):
    keep = (
        '<bpmn:dataObject id="kept"/><bpmn:dataObjectReference id="kept_ref" dataObjectRef="kept"/>'
    )
    source = drawn(
        "shop",
        "begin>write write>again again>read read>first first>done",
        store(),
        keep,
        work("write", out("={name: subject, age: 1}")),
        work("again", out("={name: subject, age: 2}")),
        work("read", into("found", "=people[name = subject].age") + out("=found", "kept_ref")),
        task("first"),
    )
    publish(office, source)
    begin(office, "shop", subject="ann")
    assert entries(office) == [("ann", 1, {"name": "ann", "age": 2}, True)]
    assert data_of(office, cases_of(office, "shop")[0])["kept"] == [2]
    begin(office, "shop", subject="ann")
    assert [row[1::2] for row in entries(office)] == [(1, False), (2, True)]


@pytest.mark.usefixtures("folk")
def test_a_key_picks_one_entry_or_none(office):
    source = drawn(
        "shop",
        "begin>write write>first first>done",
        store("=subject"),
        work("write", out("={age: 7}")),
        task("first", *()).replace("</bpmn:userTask>", into("found") + "</bpmn:userTask>"),
    )
    publish(office, source)
    begin(office, "shop", subject="ann")
    assert entries(office) == [("ann", 1, {"age": 7}, True)]


@pytest.mark.usefixtures("folk")
@BOTH
def test_cases_that_write_one_entry_at_once_all_write_and_none_is_lost(office):
    source = drawn(
        "shop",
        "begin>write write>first first>done",
        store("ann"),
        work("write", out("={n: subject}")),
        task("first"),
    )
    publish(office, source)

    def act(number):
        for _ in range(20):
            try:
                return begin(office, "shop", subject=f"n{number}")
            except Conflict:
                continue
        raise AssertionError(number)

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(act, number) for number in range(12)]:
            done.result(timeout=60)
    found = entries(office)
    assert [row[1] for row in found] == list(range(1, 13))
    assert [row[3] for row in found] == [False] * 11 + [True]
    assert {row[2]["n"] for row in found} == {f"n{number}" for number in range(12)}
    with office.acting() as ctx:
        assert verify_all(ctx) == (12, [])


@pytest.mark.parametrize("there", [True, False])
def test_a_register_that_is_not_there_is_found_before_publication(office, there):
    if there:
        with office.acting() as ctx:
            ctx.session.add(RegisterDefinition(key="folk", definition={"key": "name"}))
    source = drawn(
        "shop",
        "begin>write write>first first>done",
        store(),
        work("write", out("={name: subject}")),
        task("first"),
    )
    with office.acting() as ctx:
        found = [one for one in check_source(ctx, source) if one.severity == "error"]
    told = [] if there else [("unknown-register", "write", "folk")]
    assert [(one.code, one.element, one.params["register"]) for one in found] == told
