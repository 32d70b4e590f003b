"""Cases that nobody starts by hand: by message, by signal, by time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.several import (
    begin,
    cases_of,
    data_of,
    drawn,
    event,
    message,
    payload,
    phases,
    publish,
    task,
    timer_start,
)
from tests.support.answers import open_item
from workflow_app.models.case import History
from workflow_app.models.starts import ProcessStart, RunningKey
from workflow_app.models.work import InboundMessage
from workflow_app.services.case_store import LostRace
from workflow_app.services.kept import Sent
from workflow_app.services.messages import send
from workflow_app.services.publishing import Outcome, load_seed
from workflow_app.services.starts import begin_case, fire_start
from workflow_app.services.tasks import complete_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ORDER = message("order", "=subject")
MERE = message("order")
ALARM = '<bpmn:signal id="alarm" name="alarm"/>'


def ordering(kind="message", name="order", head=ORDER):
    end = event("endEvent", "tell", kind, name, payload(told="subject", from_case="case.number"))
    return drawn("sender", "begin>tell", end, head=head)


def begun(key="shop", *, more="", head=MERE, kind="message", name="order"):
    start = event("startEvent", "came", kind, name)
    return drawn(key, "came>first first>done", start, task("first"), head=head, more=more)


def tell(office, *, key="", **fields):
    with office.acting() as ctx:
        send(ctx, Sent(message="order", correlation=key, payload=fields))
    office.settle()


def starts(office):
    own = select(ProcessStart).where(ProcessStart.process_key == "shop")
    return office.read(lambda s: s.scalars(own).all())


def finish(office, case):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case.id, "first"), {})
    office.settle()


@pytest.mark.bpmn("message start event", "runs")
@BOTH
def test_a_message_starts_a_case_with_what_it_carries(office):
    publish(office, ordering(), begun())
    begin(office, "sender", subject="bread")
    office.settle()
    sender, started = cases_of(office, "sender")[0], cases_of(office, "shop")[0]
    data = data_of(office, started)
    assert (data["told"], data["from_case"]) == ("bread", sender.number)
    assert data["case"]["kind"] == "shop"
    assert started.started_by == "system"
    assert (started.title, started.territory_path) == (sender.title, sender.territory_path)
    assert sender.phase == "finished"
    row = office.read(lambda s: s.scalars(select(History).where(History.kind == "started")).one())
    assert (row.case_id, row.element) == (started.id, "shop/came")


def test_title_and_place_are_the_process_s_where_it_says_so(office):
    more = 'case_title = "=told"\nterritory = "=where"'
    publish(office, begun(more=more))
    tell(office, told="bread", where="AM-ER")
    case = cases_of(office, "shop")[0]
    assert case.title == "bread"
    assert case.territory_code in {"AM", "AM-ER"}


def test_a_start_maps_what_the_message_carries(office):
    mapping = (
        '<zeebe:ioMapping><zeebe:output source="=told + 1" target="more.one"/></zeebe:ioMapping>'
    )
    start = event("startEvent", "came", "message", "order", mapping)
    publish(office, drawn("shop", "came>first first>done", start, task("first"), head=MERE))
    tell(office, told=4)
    assert data_of(office, cases_of(office, "shop")[0])["more"] == {"one": 5}


def test_without_a_key_each_message_starts_a_case(office):
    publish(office, begun())
    tell(office, told="a")
    tell(office, told="b")
    assert [data_of(office, case)["told"] for case in cases_of(office, "shop")] == ["a", "b"]


@BOTH
def test_one_case_a_process_and_key_runs_and_the_next_message_waits_for_its_end(office):
    publish(office, begun())
    for number in (1, 2, 3):
        tell(office, key="k", told=number)
    tell(office, key="other", told=4)
    assert [data_of(office, case)["told"] for case in cases_of(office, "shop")] == [1, 4]
    finish(office, cases_of(office, "shop")[0])
    assert phases(office, "shop") == ["finished", "open", "open"]
    assert data_of(office, cases_of(office, "shop")[2])["told"] == 2
    finish(office, cases_of(office, "shop")[2])
    assert data_of(office, cases_of(office, "shop")[3])["told"] == 3
    finish(office, cases_of(office, "shop")[3])
    finish(office, cases_of(office, "shop")[1])
    assert office.read(lambda s: s.scalars(select(RunningKey)).all()) == []
    assert office.read(lambda s: s.scalars(select(InboundMessage)).all()) == []


def test_a_running_case_that_waits_for_the_message_has_it_before_another_starts(office):
    start = event("startEvent", "came", "message", "order")
    more = event("intermediateCatchEvent", "again", "message", "order")
    source = drawn(
        "shop",
        "came>again again>first first>done",
        start,
        more,
        task("first"),
        head=message("order", "=told"),
    )
    publish(office, source)
    tell(office, key="bread", told="bread")
    tell(office, key="bread", told="bread", more=True)
    assert len(cases_of(office, "shop")) == 1
    assert data_of(office, cases_of(office, "shop")[0])["more"] is True


@BOTH
def test_messages_with_one_key_that_come_at_once_start_one_case(office):
    publish(office, begun())

    def work(number):
        tell(office, key="k", told=number)

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, number) for number in range(12)]:
            done.result(timeout=60)
    office.settle()
    assert len(cases_of(office, "shop")) == 1
    for turn in range(11):
        finish(office, cases_of(office, "shop")[turn])
    told = [data_of(office, c)["told"] for c in cases_of(office, "shop") if c.phase == "open"]
    assert len(told) == 1
    assert len(cases_of(office, "shop")) == 12


def test_every_process_that_begins_with_the_message_starts(office):
    publish(office, begun(), begun("store"))
    tell(office, told="bread")
    assert len(cases_of(office, "shop")) == len(cases_of(office, "store")) == 1


@BOTH
def test_a_message_for_two_processes_comes_to_each_once_however_long_one_is_busy(office):
    publish(office, begun(), begun("store"))
    tell(office, key="k", told=1)
    finish(office, cases_of(office, "store")[0])
    tell(office, key="k", told=2)
    assert (len(cases_of(office, "shop")), len(cases_of(office, "store"))) == (1, 2)
    finish(office, cases_of(office, "shop")[0])
    assert (len(cases_of(office, "shop")), len(cases_of(office, "store"))) == (2, 2)
    assert office.read(lambda s: s.scalars(select(InboundMessage)).all()) == []


@pytest.mark.bpmn("signal start event", "runs")
@pytest.mark.bpmn("signal end event", "runs")
@BOTH
def test_a_signal_starts_a_case_of_every_process_that_begins_with_it(office):
    signalled = {"head": ALARM, "kind": "signal", "name": "alarm"}
    publish(
        office, ordering("signal", "alarm", ALARM), begun(**signalled), begun("store", **signalled)
    )
    begin(office, "sender", subject="fire")
    office.settle()
    for key in ("shop", "store"):
        assert [data_of(office, case)["told"] for case in cases_of(office, key)] == ["fire"]


@pytest.mark.bpmn("several start events", "runs")
def test_a_process_may_begin_in_several_ways(office):
    several = drawn(
        "shop",
        "begin>first came>first first>done",
        event("startEvent", "came", "message", "order"),
        task("first"),
        head=message("order"),
    )
    publish(office, several)
    begin(office, "shop")
    tell(office, told="bread")
    assert [data_of(office, case).get("told") for case in cases_of(office, "shop")] == [
        None,
        "bread",
    ]


def test_the_newest_version_is_started_and_one_that_lost_its_start_is_not(office):
    publish(office, begun())
    publish(office, begun(more='case_title = "=told"'))
    tell(office, told="new")
    assert cases_of(office, "shop")[0].title == "new"
    publish(office, drawn("shop", "begin>first first>done", task("first")))
    with office.acting() as ctx:
        asked = {"process": "shop", "element": "came", "kind": "message", "name": "order"}
        assert begin_case(ctx, {**asked, "data": {}, "sent": None}, None)
    tell(office, told="late")
    assert len(cases_of(office, "shop")) == 1
    assert office.read(lambda s: s.scalars(select(InboundMessage.payload)).all()) == [
        {"told": "late"}
    ]


def test_a_start_that_fails_is_tried_again_and_keeps_no_other_from_starting(office):
    bad = begun(more='case_title = "=1 + date(\\"x\\").no.way(3)"')
    publish(office, bad, begun("store"))
    tell(office, told="bread")
    assert len(cases_of(office, "store")) == 1


@pytest.mark.bpmn("timer start event", "runs")
@BOTH
def test_a_cycle_starts_a_case_each_time_and_what_was_missed_once(office, clock):
    publish(
        office,
        drawn(
            "shop",
            "came>first first>done",
            timer_start("came", "timeCycle", "R/P1D"),
            task("first"),
        ),
    )
    office.settle()
    assert phases(office, "shop") == []
    for days in (1, 1, 30):
        clock.advance(timedelta(days=days))
        office.settle()
    assert len(phases(office, "shop")) == 3
    assert [case.started_by for case in cases_of(office, "shop")] == ["system"] * 3
    clock.advance(timedelta(hours=23))
    office.settle()
    assert len(phases(office, "shop")) == 3


def test_a_cycle_with_an_end_ends(office, clock):
    publish(
        office,
        drawn(
            "shop",
            "came>first first>done",
            timer_start("came", "timeCycle", "R2/P1D"),
            task("first"),
        ),
    )
    for _ in range(5):
        clock.advance(timedelta(days=1))
        office.settle()
    assert len(phases(office, "shop")) == 2


def dated(text="2026-12-01T09:00:00Z", more=""):
    start = timer_start("came", "timeDate", text)
    return drawn("shop", "came>first first>done", start, task("first"), more=more)


def test_a_date_comes_once_and_not_again_by_publishing_it_anew(office, clock):
    publish(office, dated())
    clock.advance(timedelta(days=10))
    office.settle()
    assert len(phases(office, "shop")) == 1
    publish(office, dated(more='case_title = "=\\"again\\""'))
    office.settle()
    assert len(phases(office, "shop")) == 1
    publish(office, dated("2026-12-10T09:00:00Z"))
    clock.advance(timedelta(days=10))
    office.settle()
    assert [case.title for case in cases_of(office, "shop")] == ["shop", "shop"]


def test_publishing_replaces_starts_and_an_unchanged_cycle_keeps_its_rhythm(office, clock):
    def daily(more=""):
        start = timer_start("came", "timeCycle", "R/P1D")
        return drawn("shop", "came>first first>done", start, task("first"), more=more)

    publish(office, daily())
    clock.advance(timedelta(hours=20))
    publish(office, daily('case_title = "=\\"new\\""'))
    assert len(starts(office)) == 1
    clock.advance(timedelta(hours=4))
    office.settle()
    assert [case.title for case in cases_of(office, "shop")] == ["new"]
    publish(office, drawn("shop", "begin>first first>done", task("first")))
    assert starts(office) == []
    clock.advance(timedelta(days=5))
    office.settle()
    assert len(phases(office, "shop")) == 1


@BOTH
def test_a_case_is_started_for_each_item_of_a_list(office, clock):
    start = timer_start(
        "came",
        "timeCycle",
        "R/P1D",
        forEach="=[{n: 1}, {n: 2}, {n: 3}]".replace('"', "&quot;"),
        item="one",
    )
    source = drawn(
        "shop", "came>first first>done", start, task("first"), more='case_title = "=string(one.n)"'
    )
    publish(office, source)
    clock.advance(timedelta(days=1))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(office.settle) for _ in range(4)]:
            done.result(timeout=60)
    office.settle()
    assert sorted(case.title for case in cases_of(office, "shop")) == ["1", "2", "3"]
    clock.advance(timedelta(days=1))
    office.settle()
    assert len(cases_of(office, "shop")) == 6


@BOTH
def test_two_workers_never_fire_one_start_twice(office, clock):
    publish(office, dated())
    clock.advance(timedelta(days=20))
    start_id = office.read(lambda s: s.scalar(select(ProcessStart.id)))

    def fire(_turn):
        try:
            with office.acting() as ctx:
                fire_start(ctx, start_id)
        except LostRace:
            return "lost"
        return "done"

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(fire, range(6)))
    office.settle()
    assert len(cases_of(office, "shop")) == 1


def test_a_list_that_cannot_be_worked_out_waits_for_its_next_time(office, clock):
    start = timer_start("came", "timeCycle", "R/P1D", forEach="=setting(string(1))")
    publish(office, drawn("shop", "came>first first>done", start, task("first")), dated_other())
    clock.advance(timedelta(days=1))
    office.settle()
    assert phases(office, "shop") == []
    assert len(phases(office, "other")) == 1
    due = office.read(
        lambda s: s.scalar(select(ProcessStart.due_at).where(ProcessStart.process_key == "shop"))
    )
    assert due == clock.now() + timedelta(days=1)


def dated_other():
    start = timer_start("came", "timeDuration", "P1D")
    return drawn("other", "came>first first>done", start, task("first"))


def test_a_time_that_nobody_can_read_is_refused_when_it_is_published(office):
    start = timer_start("came", "timeDate", "=&quot;some day&quot;")
    with office.acting() as ctx:
        result = load_seed(ctx, drawn("shop", "came>first first>done", start, task("first")))
    assert result.outcome is Outcome.REFUSED
    assert [(one.element, one.code) for one in result.findings] == [("came", "unreadable-timer")]
    assert starts(office) == []
