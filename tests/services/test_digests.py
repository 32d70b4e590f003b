"""The daily mail: once a working day, in the reader's words, and none where there is nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from tests.services.drawing import begin, publish, two_steps, user_task
from tests.support.answers import open_item
from workflow_app.domain.states import Wish
from workflow_app.models.notices import Digest, DigestRound
from workflow_app.models.notices import News as NewsRow
from workflow_app.models.people import Account, RoleAssignment
from workflow_app.services.background import do_due_thing, due_things
from workflow_app.services.digests import ensure_rounds
from workflow_app.services.news import News, tell
from workflow_app.services.tasks import complete_task
from workflow_app.services.wishes import Wishes, choose

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
CHAIR = user_task("second", '<zeebe:assignmentDefinition assignee="=&quot;chair&quot;"/>')
TERMS = 'first = "=working days(1)"\nsecond = "=working days(1)"'


@pytest.fixture
def daily(office):
    """Let the countries have their rounds, as the commands that load do.

    Of the demonstration's many people only two are here: each day writes to everybody.
    """
    with office.acting() as ctx:
        ensure_rounds(ctx)
        others = Account.username.not_in(["registrar", "chair"])
        ctx.session.execute(update(Account).where(others).values(active=False))
    return office


def mails_to(mailer, who):
    return [mail for mail in mailer.sent if mail.to == f"{who}@example.org"]


def wishing(office, username, **wishes):
    with office.acting() as ctx:
        account = ctx.session.scalar(select(Account.id).where(Account.username == username))
        choose(ctx, account, Wishes(**wishes))


@BOTH
def test_it_leaves_at_the_hour_of_the_next_working_day_and_once(daily, mailer):
    publish(daily, two_steps())
    begin(daily)
    daily.settle()
    daily.move_to("2026-11-24T07:59:00+04:00")
    assert mails_to(mailer, "registrar") == []
    daily.move_to("2026-11-24T08:00:00+04:00")
    (mail,) = mails_to(mailer, "registrar")
    assert "New for your groups\n- First step, " in mail.text
    assert "/account/notifications" in mail.text
    daily.move_to("2026-11-24T17:00:00+04:00")
    daily.move_to("2026-11-25T08:00:00+04:00")
    assert len(mails_to(mailer, "registrar")) == 1


def test_there_is_none_on_a_day_that_is_not_worked(daily, mailer):
    daily.move_to("2026-11-27T08:00:00+04:00")
    publish(daily, two_steps())
    begin(daily)
    daily.move_to("2026-11-28T09:00:00+04:00")
    daily.move_to("2026-11-29T09:00:00+04:00")
    assert mails_to(mailer, "registrar") == []
    daily.move_to("2026-11-30T08:00:00+04:00")
    assert len(mails_to(mailer, "registrar")) == 1


def test_each_country_has_its_own_hour_and_days(daily, office):
    daily.move_to("2026-11-20T12:00:00+04:00")
    with office.acting() as ctx:
        ctx.session.execute(update(DigestRound).values(next_at=ctx.now, last_at=ctx.now))
    daily.settle()
    rounds = office.read(
        lambda s: s.execute(select(DigestRound.country, DigestRound.next_at)).all()
    )
    # Monday the 23rd is Saint George's Day in Georgia
    assert {row.country: row.next_at for row in rounds} == {
        "AM": datetime.fromisoformat("2026-11-23T08:00:00+04:00"),
        "GE": datetime.fromisoformat("2026-11-24T08:00:00+04:00"),
        "UA": datetime.fromisoformat("2026-11-23T08:00:00+02:00"),
    }


def test_nobody_is_written_to_without_anything_to_tell(daily, mailer):
    daily.move_to("2026-11-24T08:00:00+04:00")
    assert mailer.sent == []
    assert daily.read(lambda s: s.scalar(select(func.count()).select_from(Digest))) == 0


@BOTH
def test_what_one_holds_is_told_as_due_soon_then_as_overdue(daily, mailer):
    publish(daily, two_steps(second=CHAIR), terms=TERMS)
    case_id = begin(daily)
    item = open_item(daily, case_id, "first")
    with daily.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 1})
    daily.settle()
    daily.move_to("2026-11-24T08:00:00+04:00")
    (first,) = [mail for mail in mails_to(mailer, "chair") if "Your tasks on" in mail.subject]
    assert first.text.startswith("Due soon, held by you\n- Second step, ")
    assert "24\N{NO-BREAK SPACE}November\N{NO-BREAK SPACE}2026, 18:00" in first.text
    daily.move_to("2026-11-25T08:00:00+04:00")
    last = mails_to(mailer, "chair")[-1]
    assert last.text.startswith("Overdue, held by you\n- Second step, ")


def test_what_nobody_took_in_time_is_told_to_its_group(daily, mailer):
    publish(daily, two_steps(), terms=TERMS)
    begin(daily)
    daily.settle()
    daily.move_to("2026-11-25T08:00:00+04:00")
    assert (
        "Overdue, and nobody has taken it\n- First step" in mails_to(mailer, "registrar")[-1].text
    )


def test_news_wait_for_it_where_one_wants_them_together(daily, mailer):
    wishing(daily, "chair", personal=Wish.DIGEST)
    told = News(
        kind="mention", why="%(who)s mentions you: %(text)s", details={"who": "A", "text": "b"}
    )
    with daily.acting() as ctx:
        tell(ctx, ["chair", "registrar"], told, path="AM")
    daily.settle()
    assert mails_to(mailer, "chair") == []
    assert [mail.subject for mail in mails_to(mailer, "registrar")] == ["A mentions you: b"]
    daily.move_to("2026-11-24T08:00:00+04:00")
    assert "News\n- A mentions you: b" in mails_to(mailer, "chair")[0].text
    daily.move_to("2026-11-25T08:00:00+04:00")
    assert len(mails_to(mailer, "chair")) == 1
    assert daily.read(lambda s: s.scalars(select(NewsRow.mail)).all()) == ["", ""]


def test_who_wants_nothing_gets_nothing(daily, mailer):
    wishing(daily, "registrar", personal=Wish.NONE, offers=Wish.NONE)
    publish(daily, two_steps(), terms=TERMS)
    begin(daily)
    daily.settle()
    mailer.sent.clear()
    daily.move_to("2026-11-26T08:00:00+04:00")
    assert [m for m in mails_to(mailer, "registrar") if "Your tasks on" in m.subject] == []


def test_what_was_told_at_once_is_not_new_again(daily, mailer):
    wishing(daily, "registrar", offers=Wish.AT_ONCE)
    publish(daily, two_steps())
    begin(daily)
    daily.settle()
    daily.move_to("2026-11-24T08:00:00+04:00")
    assert [mail.subject.split(",")[0] for mail in mails_to(mailer, "registrar")] == [
        "New task: First step"
    ]


def test_two_workers_write_it_once(daily, mailer):
    publish(daily, two_steps())
    begin(daily)
    daily.settle()
    daily.clock.moment = datetime.fromisoformat("2026-11-24T08:00:00+04:00")
    contexts = daily.world.context
    rounds = [thing for thing in due_things(contexts, limit=100) if thing.kind == "round"]
    for thing in [*rounds, *rounds]:
        do_due_thing(contexts, thing.kind, thing.id)
    owed = [thing for thing in due_things(contexts, limit=100) if thing.kind == "digest"]
    assert owed
    for thing in [*owed, *owed]:
        do_due_thing(contexts, thing.kind, thing.id)
    daily.settle()
    assert len(mails_to(mailer, "registrar")) == 1


def test_a_long_list_is_cut_and_counted(daily, mailer):
    publish(daily, two_steps())
    for _ in range(23):
        begin(daily)
    daily.settle()
    daily.move_to("2026-11-24T08:00:00+04:00")
    text = mails_to(mailer, "registrar")[0].text
    assert text.count("\n- First step") == 20
    assert "… and 3 more" in text


def test_a_place_that_one_has_left_is_read_no_more(daily, mailer):
    publish(daily, two_steps())
    begin(daily)
    with daily.acting() as ctx:
        ctx.session.execute(
            update(RoleAssignment)
            .where(RoleAssignment.role == "registrar")
            .values(valid_until=datetime(2026, 11, 23).date())  # noqa: DTZ001 - a day
        )
    daily.settle()
    daily.move_to("2026-11-24T08:00:00+04:00")
    assert mails_to(mailer, "registrar") == []
