"""Telling people of tasks: after the commit, once, as each of them wants it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.services.drawing import begin, publish, two_steps, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.states import Wish
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account
from workflow_app.models.work import WorkItem
from workflow_app.services.announcing import announce, announce_again, unannounced
from workflow_app.services.background import do_due_work
from workflow_app.services.tasks import complete_task
from workflow_app.services.wishes import Wishes, choose

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
NAMED = '<zeebe:assignmentDefinition assignee="=&quot;{}&quot;"/>'
OFFERED = '<zeebe:assignmentDefinition candidateUsers="=[&quot;chair&quot;]"/>'


@pytest.fixture
def wants(office):
    """Return what lets somebody choose how to be told."""

    def wanted(username, **wishes):
        with office.acting() as ctx:
            account = ctx.session.scalar(select(Account.id).where(Account.username == username))
            choose(ctx, account, Wishes(**wishes))

    return wanted


def told(mailer):
    return sorted(mail.to for mail in mailer.sent)


def first_done(office, case_id, who="registrar"):
    item = open_item(office, case_id, "first")
    with office.acting(who) as ctx:
        complete_task(ctx, item, {"amount": 1})
    office.settle()


@BOTH
def test_what_a_group_is_offered_waits_for_the_daily_mail_unless_one_wants_it_at_once(
    office, mailer, wants
):
    publish(office, two_steps())
    begin(office)
    office.settle()
    assert told(mailer) == []
    wants("registrar", offers=Wish.AT_ONCE)
    begin(office)
    office.settle()
    assert told(mailer) == ["registrar@example.org"]
    assert "is open to you and others" in mailer.sent[0].text
    assert mailer.sent[0].subject.startswith("New task: First step, ")


@BOTH
def test_a_task_given_by_name_is_told_to_that_person_alone(office, mailer, wants):
    wants("registrar", offers=Wish.AT_ONCE)
    publish(office, two_steps(second=user_task("second", NAMED.format("chair"))))
    case_id = begin(office)
    office.settle()
    mailer.sent.clear()
    first_done(office, case_id)
    (mail,) = mailer.sent
    assert mail.to == "chair@example.org"
    assert "is yours." in mail.text
    item = open_item(office, case_id, "second")
    assert mail.text.endswith(f"http://localhost/tasks/{item}")


def test_people_offered_a_task_by_name_are_told_as_of_their_own(office, mailer):
    publish(office, two_steps(second=user_task("second", OFFERED)))
    case_id = begin(office)
    first_done(office, case_id)
    assert told(mailer) == ["chair@example.org"]


def test_nobody_is_told_of_what_follows_from_their_own_work(office, mailer):
    publish(office, two_steps(second=user_task("second", NAMED.format("registrar"))))
    case_id = begin(office)
    first_done(office, case_id)
    assert told(mailer) == []


@pytest.mark.parametrize("wish", [Wish.DIGEST, Wish.NONE])
def test_who_wants_no_mail_at_once_gets_none(office, mailer, wants, wish):
    wants("chair", personal=wish)
    publish(office, two_steps(second=user_task("second", NAMED.format("chair"))))
    case_id = begin(office)
    first_done(office, case_id)
    assert told(mailer) == []


def test_a_role_may_have_a_habit_of_its_own(office, mailer):
    with office.acting() as ctx:
        ctx.session.get_one(RoleDefinition, "registrar").notify = Wish.AT_ONCE
    publish(office, two_steps())
    begin(office)
    office.settle()
    assert told(mailer) == ["registrar@example.org"]


def test_the_mail_is_in_the_reader_s_language_with_the_term(office, mailer, wants):
    with office.acting() as ctx:
        ctx.session.execute(
            update(Account).where(Account.username == "registrar").values(language="uk")
        )
    wants("registrar", offers=Wish.AT_ONCE)
    publish(office, two_steps(), terms='first = "=working days(3)"')
    begin(office)
    office.settle()
    (mail,) = mailer.sent
    assert mail.language == "uk"
    assert "26\N{NO-BREAK SPACE}листопада\N{NO-BREAK SPACE}2026" in mail.text


def test_who_was_taken_off_the_case_is_not_told(office, mailer, wants):
    wants("registrar", offers=Wish.AT_ONCE)
    publish(office, two_steps())
    case_id = begin(office)
    with office.acting() as ctx:
        ctx.session.add(
            CaseExclusion(case_id=case_id, username="registrar", by="chair", at=ctx.now, reason="")
        )
    office.settle()
    assert told(mailer) == []


def test_a_task_that_closed_before_is_told_to_nobody(office, mailer, wants):
    wants("registrar", offers=Wish.AT_ONCE)
    publish(office, two_steps())
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 1})
    office.settle()
    assert [mail.subject.split(",")[0] for mail in mailer.sent] == ["New task: Second step"]


def test_two_workers_tell_once_and_a_handover_tells_again(office, mailer):
    publish(office, two_steps(second=user_task("second", NAMED.format("chair"))))
    case_id = begin(office)
    first_done(office, case_id)
    item = open_item(office, case_id, "second")
    with office.acting() as ctx:
        assert unannounced(ctx, 10) == []
        announce(ctx, item)
    office.settle()
    assert told(mailer) == ["chair@example.org"]
    with office.acting() as ctx:
        ctx.session.execute(
            update(WorkItem).where(WorkItem.id == item).values(assignee="reviewer1")
        )
        announce_again(ctx.connection, item)
    office.settle()
    assert told(mailer) == ["chair@example.org", "reviewer1@example.org"]


def test_telling_that_fails_stops_nothing_and_is_not_tried_for_ever(office, mailer, monkeypatch):
    def fail(*_args):
        msg = "broken"
        raise ValueError(msg)

    monkeypatch.setattr("workflow_app.services.background.announce", fail)
    publish(office, two_steps())
    case_id = begin(office)
    assert do_due_work(office.world.context) > 0
    assert do_due_work(office.world.context) == 0
    assert open_item(office, case_id, "first")
    assert case_row(office, case_id).phase == "open"
