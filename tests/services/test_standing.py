"""Standing in for somebody away: what a substitute may do, and that both names are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.services.drawing import FOUR_EYES, begin, publish, two_steps, user_task
from tests.services.test_absence import TODAY
from tests.support.answers import case_row, open_item
from workflow_app.domain.errors import Invalid, NotAllowed
from workflow_app.models.case import Answer, HistoryPayload
from workflow_app.models.desk import Absence
from workflow_app.models.notices import News
from workflow_app.models.people import Account
from workflow_app.models.work import WorkItem
from workflow_app.queries.inbox import Tab, inbox_counts, inbox_page
from workflow_app.services.absences import Leave, end_absence, enter_absence
from workflow_app.services.holding import claim_task, hand_over, release_task
from workflow_app.services.seeding import load_accounts
from workflow_app.services.tasks import complete_task

WEEK = timedelta(days=6)


@pytest.fixture
def deputies(office):
    """Enter two more registrars."""
    roles = [{"role": "registrar", "territory": "AM"}]
    rows = [
        {"username": name, "title": f"Registrar {name}", "email": f"{name}@example.org"}
        for name in ("dina", "emil")
    ]
    with office.acting() as ctx:
        load_accounts(ctx, [{**row, "roles": roles} for row in rows], "no password")


@pytest.fixture
def held(office, deputies):
    """Return the item that the registrar has taken."""
    case = office.play("accreditation/straight", until="check_documents").case_id
    item = open_item(office, case, "check_documents")
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    return item


def away(office, username, *substitutes, first=TODAY, by=None):
    leave = Leave(
        username=username,
        first_day=first,
        last_day=first + WEEK,
        substitutes=substitutes,
        alone=not substitutes,
    )
    with office.acting(by or username) as ctx:
        return enter_absence(ctx, leave)


def item_row(office, item):
    return office.read(lambda session: session.get_one(WorkItem, item))


def news_of(office, username):
    query = select(News.why).join(Account, Account.id == News.account_id)
    return office.read(
        lambda s: list(s.scalars(query.where(Account.username == username).order_by(News.id)))
    )


def payloads(office):
    return office.read(lambda session: list(session.scalars(select(HistoryPayload.payload))))


def complete(office, who, item):
    answers = {"items": [], "complete": True}
    with office.acting(who) as ctx:
        complete_task(ctx, item, answers)


def test_a_substitute_sees_takes_and_does_what_the_absent_one_holds(office, held):
    away(office, "registrar", "dina")
    with office.acting("dina") as ctx:
        assert inbox_counts(ctx.session, ctx.actor)["standing"] == 1
        assert [r.id for r in inbox_page(ctx.session, ctx.actor, Tab.STANDING, None).rows] == [held]
        claim_task(ctx, held)
    row = item_row(office, held)
    assert (row.assignee, row.on_behalf_of) == ("dina", "registrar")
    complete(office, "dina", held)
    row = item_row(office, held)
    assert (row.closed_by, row.on_behalf_of) == ("dina", "registrar")
    answer = office.read(lambda s: s.scalars(select(Answer).order_by(Answer.id.desc())).first())
    assert (answer.actor, answer.on_behalf_of) == ("dina", "registrar")
    assert sum('"on_behalf_of":"registrar"' in text for text in payloads(office)) == 2


def test_doing_without_taking_first_names_both_too(office, held):
    away(office, "registrar", "dina")
    complete(office, "dina", held)
    assert item_row(office, held).on_behalf_of == "registrar"


def test_what_is_given_back_is_the_absent_ones_again(office, held):
    away(office, "registrar", "dina")
    with office.acting("dina") as ctx:
        claim_task(ctx, held)
    with office.acting("dina") as ctx:
        release_task(ctx, held)
    row = item_row(office, held)
    assert (row.assignee, row.on_behalf_of) == ("registrar", None)
    with office.acting("registrar") as ctx:
        assert [r.id for r in inbox_page(ctx.session, ctx.actor, Tab.MINE, None).rows] == [held]


def test_who_came_back_finds_the_substitute_still_able_to_finish(office, held):
    absence = away(office, "registrar", "dina")
    with office.acting("dina") as ctx:
        claim_task(ctx, held)
    with office.acting("registrar") as ctx:
        end_absence(ctx, absence)
    assert office.person("dina").standing == ()
    complete(office, "dina", held)
    assert item_row(office, held).closed_by == "dina"


def drawn(office, second):
    """Return the items of a case of two steps, the first of them completed by the registrar."""
    publish(office, two_steps(second=second))
    case = begin(office)
    item = open_item(office, case, "first")
    return case, item


def test_four_eyes_count_for_both(office, deputies):
    case, item = drawn(office, user_task("second", FOUR_EYES))
    with office.acting("registrar") as ctx:
        claim_task(ctx, item)
    away(office, "registrar", "dina")
    with office.acting("dina") as ctx:
        complete_task(ctx, item, {"amount": 1})
    second = open_item(office, case, "second")
    for barred in ("registrar", "dina"):
        with office.acting(barred) as ctx, pytest.raises(NotAllowed):
            claim_task(ctx, second)
    with office.acting("emil") as ctx:
        claim_task(ctx, second)


def test_nobody_votes_twice_not_even_for_somebody_else(office, deputies):
    each = (
        '<bpmn:userTask id="second" name="Vote"><bpmn:extensionElements><zeebe:userTask/>'
        '<zeebe:formDefinition formId="second"/><zeebe:assignmentDefinition assignee="=who"/>'
        "</bpmn:extensionElements><bpmn:multiInstanceLoopCharacteristics>"
        "<bpmn:extensionElements><zeebe:loopCharacteristics"
        ' inputCollection="=[&#34;registrar&#34;, &#34;dina&#34;]" inputElement="who"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    case, item = drawn(office, each)
    away(office, "registrar", "dina", "emil")
    with office.acting("emil") as ctx:
        complete_task(ctx, item, {"amount": 1})
    theirs = open_item(office, case, "second", "registrar")
    with office.acting("dina") as ctx, pytest.raises(NotAllowed, match="nobody does it twice"):
        claim_task(ctx, theirs)
    with office.acting("emil") as ctx:
        claim_task(ctx, theirs)
    assert item_row(office, theirs).on_behalf_of == "registrar"


def test_a_new_task_of_somebody_away_comes_to_who_acts(office, deputies):
    given = user_task("second", '<zeebe:assignmentDefinition assignee="dina"/>')
    case, item = drawn(office, given)
    away(office, "dina", "emil")
    office.settle()
    before = len(news_of(office, "emil"))
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 1})
    office.settle()
    assert len(news_of(office, "emil")) == before + 1
    assert item_row(office, open_item(office, case, "second")).assignee == "dina"


def test_a_new_task_goes_to_its_group_where_nobody_stands_in(office, deputies):
    given = user_task("second", '<zeebe:assignmentDefinition assignee="dina"/>')
    case, item = drawn(office, given)
    away(office, "dina")
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 1})
    office.settle()
    assert item_row(office, open_item(office, case, "second")).assignee is None
    assert any("is away and nobody stands in: " in why for why in news_of(office, "supervisor"))


def test_nobody_else_may_take_it(office, held):
    away(office, "registrar", "dina")
    with office.acting("emil") as ctx, pytest.raises(Exception, match="took this task"):
        claim_task(ctx, held)


def test_substitutes_are_told_when_named_and_when_it_begins(office, held, clock):
    away(office, "registrar", "dina", first=TODAY + timedelta(days=2))
    assert len(news_of(office, "dina")) == 1
    office.settle()
    assert len(news_of(office, "dina")) == 1
    clock.moment += timedelta(days=2)
    office.settle()
    assert len(news_of(office, "dina")) == 2
    office.settle()
    assert len(news_of(office, "dina")) == 2


def test_a_substitute_whose_absence_begins_passes_it_on(office, held):
    away(office, "registrar", "dina")
    office.settle()
    away(office, "dina", "emil")
    office.settle()
    assert office.person("emil").standing
    assert len(news_of(office, "emil")) == 3
    with office.acting("emil") as ctx:
        claim_task(ctx, held)
    assert item_row(office, held).on_behalf_of == "registrar"


def test_where_the_chain_ends_tasks_go_back_and_the_supervisor_is_told(office, held):
    away(office, "registrar", "dina")
    office.settle()
    away(office, "dina")
    office.settle()
    row = item_row(office, held)
    assert (row.assignee, row.claimed_at) == (None, None)
    assert len(news_of(office, "supervisor")) == 2
    with office.acting("emil") as ctx:
        claim_task(ctx, held)
    assert any("nobody stands in" in text for text in payloads(office))


def test_two_who_stand_in_for_each_other_and_go_leave_nobody(office, held):
    away(office, "registrar", "dina")
    away(office, "dina", "registrar")
    office.settle()
    assert item_row(office, held).assignee is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_day": date(2026, 11, 1)}, "first_day"),
        ({"last_day": date(2026, 11, 22)}, "last_day"),
        ({"last_day": date(2029, 1, 1)}, "last_day"),
        ({"substitutes": ("reviewer1",)}, "substitutes"),
        ({"substitutes": ()}, "substitutes"),
        ({"alone": True}, "substitutes"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(office, deputies, changes, field):
    wish = {"first_day": TODAY, "last_day": TODAY + WEEK, "substitutes": ("dina",)}
    with office.acting("registrar") as ctx, pytest.raises(Invalid) as refused:
        enter_absence(ctx, Leave(username="registrar", **{**wish, **changes}))
    assert refused.value.params["field"] == field


def test_two_absences_may_not_overlap_until_the_first_has_ended(office, deputies):
    first = away(office, "registrar", "dina")
    with pytest.raises(Invalid):
        away(office, "registrar", "dina", first=TODAY + timedelta(days=3))
    with office.acting("registrar") as ctx:
        end_absence(ctx, first)
    away(office, "registrar", "dina", first=TODAY + timedelta(days=3))


def test_a_supervisor_enters_an_absence_and_others_may_not(office, held):
    away(office, "registrar", "dina", by="supervisor")
    entered = office.read(lambda session: session.scalars(select(Absence)).one())
    assert (entered.username, entered.entered_by) == ("registrar", "supervisor")
    with pytest.raises(NotAllowed):
        away(office, "dina", "emil", by="emil")


def test_a_task_goes_to_those_only_who_may_do_it(office, held):
    with office.acting("registrar") as ctx, pytest.raises(Invalid):
        hand_over(ctx, held, "reviewer1", "please")
    with office.acting("supervisor") as ctx:
        hand_over(ctx, held, "dina", "please")
    assert item_row(office, held).assignee == "dina"
    with office.acting("emil") as ctx, pytest.raises(Exception, match="took this task"):
        hand_over(ctx, held, "emil", "mine")
    assert case_row(office, item_row(office, held).case_id).history_seq
