"""The end of a case's term: the head is told before it and when it passed; pauses move both."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import select

from tests.services.drawing import KEY, START, begin, diagram, source, user_task
from tests.support.answers import case_row, open_item
from workflow_app.engine import Source
from workflow_app.models.case import History
from workflow_app.models.notices import News
from workflow_app.models.people import Account
from workflow_app.models.work import DueTimer
from workflow_app.services.publishing import publish_version
from workflow_app.services.tasks import complete_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
MANIFEST = """title = "Two"
prefix = "TWO"
email = "=email"
head = "commission_chair"
[term]
total = "=calendar days(10)"
"""
FORMS = {"first": "first", "second": "second", "third": "second", "fourth": "second"}


def clock(kind, name, **headers):
    said = "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in headers.items())
    return (
        f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="{kind}"/><zeebe:taskHeaders>{said}</zeebe:taskHeaders>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


@pytest.fixture
def running(office):
    """Begin a case whose clock stops after its first task, goes on after the second, and so on."""
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "stop": clock("clock.pause", "stop", reason="missing documents"),
        "second": user_task("second"),
        "go": clock("clock.resume", "go"),
        "more": user_task("more"),
        "extend": clock("clock.extend", "extend", days="20"),
        "ask": user_task("ask"),
        "decide": clock("case.status", "decide", status="refused", outcome="refused"),
        "last": user_task("last"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    names = list(nodes)
    flows = " ".join(f"{a}>{b}" for a, b in pairwise(names))
    whole = source(diagram(nodes, flows))
    form = whole.files[f"forms/{KEY}/second.form"]
    more = {
        f"processes/{KEY}/process.toml": MANIFEST,
        f"forms/{KEY}/last.form": form,
        f"forms/{KEY}/ask.form": whole.files[f"forms/{KEY}/ask.form"],
    }
    with office.acting() as ctx:
        publish_version(ctx, Source(key=KEY, files={**whole.files, **more}), number=1, by="test")
    return begin(office)


def done(office, case_id, task, **answers):
    item = open_item(office, case_id, task)
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, answers)
    office.settle()


def told(office):
    query = select(News.kind, Account.username).join(Account, Account.id == News.account_id)
    return [tuple(row) for row in office.read(lambda s: s.execute(query.order_by(News.id)).all())]


def kinds(office, case_id):
    query = select(History.kind).where(History.case_id == case_id)
    found = office.read(lambda s: s.scalars(query.order_by(History.seq)).all())
    return [kind for kind in found if kind in ("warned", "breached")]


@BOTH
def test_the_head_is_told_when_a_fifth_is_left_and_when_it_passed(office, running, mailer):
    # from Monday nine o'clock to Thursday, 3 December, 18:00: 249 hours, a fifth is 49.8
    office.move_to("2026-12-01T16:11:00+04:00")
    assert told(office) == []
    office.move_to("2026-12-01T16:12:00+04:00")
    assert told(office) == [("warned", "chair")]
    office.move_to("2026-12-03T17:59:00+04:00")
    assert case_row(office, running).breached_at is None
    office.move_to("2026-12-03T18:00:00+04:00")
    assert told(office) == [("warned", "chair"), ("breached", "chair")]
    assert case_row(office, running).breached_at is not None
    office.move_to("2026-12-20T18:00:00+04:00")
    assert kinds(office, running) == ["warned", "breached"]
    assert [mail.to for mail in mailer.sent if "has to be decided" in mail.text] == [
        "chair@example.org"
    ]


@BOTH
def test_both_rest_while_the_clock_stands_and_move_with_it(office, running):
    office.move_to("2026-11-24T09:00:00+04:00")
    done(office, running, "first", amount=1)
    office.move_to("2026-12-08T09:00:00+04:00")
    assert told(office) == []
    done(office, running, "second", remark="x")
    # fourteen days later: the term ends on the 17th
    assert case_row(office, running).term_due.isoformat() == "2026-12-17T14:00:00+00:00"
    office.move_to("2026-12-15T16:11:00+04:00")
    assert told(office) == []
    office.move_to("2026-12-15T16:12:00+04:00")
    assert told(office) == [("warned", "chair")]
    office.move_to("2026-12-17T18:00:00+04:00")
    assert kinds(office, running) == ["warned", "breached"]


def test_an_extension_brings_both_words_anew(office, running):
    done(office, running, "first", amount=1)
    done(office, running, "second", remark="x")
    office.move_to("2026-12-02T09:00:00+04:00")
    assert told(office) == [("warned", "chair")]
    done(office, running, "more", news="x")
    assert case_row(office, running).term_due.isoformat() == "2026-12-23T14:00:00+00:00"
    office.move_to("2026-12-04T09:00:00+04:00")
    assert kinds(office, running) == ["warned"]
    office.move_to("2026-12-23T18:00:00+04:00")
    assert kinds(office, running) == ["warned", "warned", "breached"]


def test_a_case_that_has_its_outcome_needs_no_word(office, running):
    done(office, running, "first", amount=1)
    done(office, running, "second", remark="x")
    done(office, running, "more", news="x")
    done(office, running, "ask", subject="x")
    office.move_to("2027-02-01T18:00:00+04:00")
    assert told(office) == []
    assert case_row(office, running).breached_at is None


def test_a_case_that_ends_leaves_no_word_behind(office, running):
    for task, answers in (
        ("first", {"amount": 1}),
        ("second", {"remark": "x"}),
        ("more", {"news": "x"}),
        ("ask", {"subject": "x"}),
        ("last", {"remark": "x"}),
    ):
        done(office, running, task, **answers)
    assert case_row(office, running).phase == "finished"
    assert office.read(lambda s: s.scalars(select(DueTimer)).all()) == []
