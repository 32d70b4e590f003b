"""What fails is kept whole, told once, and goes on when its cause is mended."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.services.drawing import (
    KEY,
    START,
    begin,
    diagram,
    publish,
    script,
    source,
    two_steps,
    user_task,
)
from tests.services.test_review_races import CATCH, MESSAGE
from tests.support.answers import case_row, open_item, wait_for
from workflow_app.domain.actors import PUBLIC, Actor, Grant, Permission
from workflow_app.domain.errors import NotAllowed
from workflow_app.engine import Source, StepFailed
from workflow_app.models.case import Answer, Document, History, Incident
from workflow_app.models.catalogue import Setting
from workflow_app.models.work import DueTimer, Outbox
from workflow_app.services.documents import store_upload
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.kept import Sent
from workflow_app.services.messages import send_message
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.publishing import publish_version
from workflow_app.services.retrying import retry_incident
from workflow_app.services.starting import Opening, open_by_account, start_case, start_form_of
from workflow_app.services.stuck import CaseStuck, record_incident
from workflow_app.services.tasks import complete_task

MISSING = "test.rate"
ASKS = f"=setting(&#34;{MISSING}&#34;)"
END = '<bpmn:endEvent id="done"/>'


def give_value(office):
    with office.acting() as ctx:
        ctx.session.add(Setting(key=MISSING, territory_code="AM", value={"value": 2}))


def retry(office, case_id):
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, case_row(office, case_id).number)


def events(office, case_id, kind):
    query = select(History.seq).where(History.case_id == case_id, History.kind == kind)
    return office.read(lambda s: s.scalars(query).all())


def incidents(office):
    query = select(Incident).where(Incident.resolved_at.is_(None))
    return office.read(lambda s: s.scalars(query).all())


@pytest.fixture
def waiting(office):
    nodes = {"begin": START, "wait": CATCH, "work": script("work", ASKS)}
    nodes |= {"first": user_task("first"), "done": END}
    publish(office, diagram(nodes, "begin>wait wait>work work>first first>done", head=MESSAGE))
    return begin(office, subject="key")


def test_a_message_that_makes_a_case_stuck_is_tried_once_and_not_lost(office, waiting):
    with office.acting() as ctx:
        sent = Sent(message="news", correlation="key", payload={"n": 1}).packed()
        row = outbox_values("message", sent, ctx.now)
        ctx.session.execute(outbox.insert().values(**row))
    office.settle()
    office.settle()
    assert len(events(office, waiting, "stuck")) == 1
    assert case_row(office, waiting).phase == "stuck"
    give_value(office)
    retry(office, waiting)
    assert open_item(office, waiting, "first")
    assert incidents(office) == []
    assert case_row(office, waiting).phase == "open"


def test_an_answer_that_makes_a_case_stuck_is_kept_with_its_files(office, waiting):
    wait = wait_for(office, waiting, "news").task_id
    holder = key_holder_actor(waiting)
    ctx = office.world.context(holder)
    file = store_upload(ctx, BytesIO(b"%PDF-1.4\n%%EOF\n"), "a.pdf", owner=owner_of(holder))
    with pytest.raises(CaseStuck) as caught:
        deliver_answers(ctx, waiting, wait, {"news": "long", "files": [file]})
    ctx.session.rollback()
    record_incident(ctx, caught.value)
    ctx.session.commit()
    ctx.session.close()
    give_value(office)
    retry(office, waiting)
    given = office.read(lambda s: s.scalars(select(Answer).where(Answer.task_id == wait)).one())
    assert (given.actor, given.data["news"]) == (holder.username, "long")
    kept = office.read(lambda s: s.get_one(Document, file["document"]))
    assert (kept.case_id, kept.for_key_holder) == (waiting, True)


def test_what_comes_too_early_and_fails_undoes_no_other_step(office):
    nodes = {"begin": START, "first": user_task("first"), "wait": CATCH}
    nodes |= {"work": script("work", ASKS), "done": END}
    publish(office, diagram(nodes, "begin>first first>wait wait>work work>done", head=MESSAGE))
    case_id = begin(office, subject="key")
    with office.acting() as ctx:
        send_message(ctx, "news", "key", {})
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
    office.settle()
    assert case_row(office, case_id).phase == "stuck"
    give_value(office)
    retry(office, case_id)
    assert case_row(office, case_id).phase == "finished"


TIMER = (
    '<bpmn:boundaryEvent id="late" attachedToRef="first" cancelActivity="false">'
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


def test_a_later_step_puts_timers_of_a_stuck_case_back_in_line(office):
    nodes = {
        "begin": START,
        "split": '<bpmn:parallelGateway id="split"/>',
        "first": user_task("first"),
        "late": TIMER,
        "work": script("work", ASKS),
        "second": user_task("second"),
        "done": END,
        "out": '<bpmn:endEvent id="out"/>',
        "end": '<bpmn:endEvent id="end"/>',
    }
    flows = "begin>split split>first split>second first>done second>out late>work work>end"
    publish(office, diagram(nodes, flows))
    case_id = begin(office)
    office.move_to("2026-11-23T12:00:00+04:00")
    assert case_row(office, case_id).phase == "stuck"
    assert office.read(lambda s: s.scalars(select(DueTimer.id)).all()) == []
    give_value(office)
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "second"), {})
    assert incidents(office) == []
    office.settle()
    assert case_row(office, case_id).phase == "open"
    visited = select(History.element).where(History.element == f"{KEY}/work")
    assert office.read(lambda s: s.scalars(visited).all())


def test_a_term_that_reads_a_missing_setting_makes_the_case_stuck(office):
    terms = f"second = '=working days(setting(\"{MISSING}\"))'"
    publish(office, two_steps(), terms=terms)
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    with pytest.raises(CaseStuck, match=MISSING), office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    give_value(office)
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    assert open_item(office, case_id, "second")


def test_a_start_that_reads_a_missing_setting_fails_with_the_reason(office):
    files = dict(publishable().files)
    manifest = f"processes/{KEY}/process.toml"
    total = f"[term]\ntotal = '=calendar days(setting(\"{MISSING}\"))'\n"
    files[manifest] = files[manifest].replace("[terms]", f"{total}[terms]")
    with office.acting() as ctx:
        publish_version(ctx, Source(key=KEY, files=files), number=1, by="test")
    with pytest.raises(StepFailed, match=MISSING):
        begin(office)


def publishable(bpmn=None):
    return source(bpmn or two_steps())


def test_a_start_reserved_for_a_role_asks_for_it_in_the_cases_territory(office):
    bpmn = two_steps().replace('name="by" value="public"', 'name="by" value="registrar"')
    publish(office, bpmn)
    works = frozenset({Permission.WORK})
    abroad = Actor("x", "X", user_id=9, grants=(Grant("registrar", "GE", permissions=works),))
    for actor, allowed in ((abroad, False), (office.person("registrar"), True)):
        with office.acting(actor) as ctx:
            opening = open_by_account(ctx, KEY)
            if allowed:
                assert start_case(ctx, opening, {"subject": "s"}).id
            else:
                with pytest.raises(NotAllowed):
                    start_case(ctx, opening, {"subject": "s"})


SIGNAL = '<bpmn:signal id="s" name="flood"/>'
LISTEN = (
    '<bpmn:intermediateCatchEvent id="hear" name="Flood">'
    '<bpmn:signalEventDefinition signalRef="s"/></bpmn:intermediateCatchEvent>'
)
TELL = (
    '<bpmn:intermediateThrowEvent id="tell" name="Flood">'
    '<bpmn:signalEventDefinition signalRef="s"/></bpmn:intermediateThrowEvent>'
)


def renamed(bpmn, key):
    files = {p.replace(KEY, key): t.replace(KEY, key) for p, t in publishable(bpmn).files.items()}
    return Source(key=key, files=files)


def begin_of(office, key):
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, key)
        form = start_form_of(published, ctx.actor, by_link=True)
        opening = Opening(published=published, start=form, owner="link:test")
        return start_case(ctx, opening, {"subject": key}).id


def test_a_signal_reaches_every_case_that_waits_for_it_and_only_once(office):
    listening = {"begin": START, "hear": LISTEN, "first": user_task("first"), "done": END}
    telling = {"begin": START, "tell": TELL, "hear": LISTEN, "second": user_task("second")}
    telling["done"] = END
    heard = diagram(listening, "begin>hear hear>first first>done", head=SIGNAL)
    told = diagram(telling, "begin>tell tell>hear hear>second second>done", head=SIGNAL)
    with office.acting() as ctx:
        publish_version(ctx, renamed(heard, "listener"), number=1, by="test")
        publish_version(ctx, renamed(told, "teller"), number=1, by="test")
    listeners = [begin_of(office, "listener") for _ in range(2)]
    teller = begin_of(office, "teller")
    office.settle()
    for case_id in listeners:
        assert open_item(office, case_id, "first")
    # The one that threw it begins to wait afterwards, and does not hear itself.
    with pytest.raises(AssertionError):
        open_item(office, teller, "second")
    late = begin_of(office, "listener")
    office.settle()
    with pytest.raises(AssertionError):
        open_item(office, late, "first")
    assert office.read(lambda s: set(s.scalars(select(Outbox.state)))) == {"done"}
