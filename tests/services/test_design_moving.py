"""Running cases moved in bulk: looked at in groups, mapped, moved in the background, taken back."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import select, update

from tests.services.design_help import first_version, trail
from tests.services.drawing import KEY, begin, publish, two_steps
from tests.services.test_migrating import REMARKS, RENAMED, events
from tests.services.test_review_races import in_threads
from tests.support.answers import case_row, open_item
from workflow_app.domain.errors import Conflict, Invalid, NotAllowed
from workflow_app.models import db
from workflow_app.models.designing import MoveItem
from workflow_app.models.people import Account
from workflow_app.queries import moving as queries
from workflow_app.services.auditing import verify_all
from workflow_app.services.designing import moving
from workflow_app.services.designing.similar import alike, proposed
from workflow_app.services.migrating import move_case
from workflow_app.services.tasks import complete_task
from workflow_app.web.presenting.moving import pairs

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
WHO = "designer"


def started(office, count=3):
    first_version(office)
    return [begin(office) for _ in range(count)]


def ordered(office, version_id, by=WHO):
    with office.acting(by) as ctx:
        return moving.begin_order(ctx, KEY, version_id)


def items(office, order_id):
    query = select(MoveItem).where(MoveItem.order_id == order_id).order_by(MoveItem.case_id)
    return office.read(lambda s: s.scalars(query).all())


def groups(office, order_id):
    return office.read(lambda s: queries.groups(s, order_id))


def chosen(office, order_id, **which):
    with office.acting(WHO) as ctx:
        return moving.choose(ctx, order_id, "The law changed.", **which)


def complete(office, case_id, step):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, step), {})


@BOTH
def test_cases_are_looked_at_grouped_and_moved(office):
    cases = started(office, 4)
    complete(office, cases[3], "first")
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    order = ordered(office, new)
    office.settle()
    found = groups(office, order)
    assert [(one.verdict, one.count) for one in found] == [("moves", 3), ("moves", 1)]
    assert [one.told["where"] for one in found] == [[f"{KEY}/first"], [f"{KEY}/second"]]
    assert {case_row(office, one).process_version_id for one in cases} != {new}
    with pytest.raises(Invalid), office.acting(WHO) as ctx:
        moving.choose(ctx, order, " ", every=True)
    assert chosen(office, order, signature=found[1].signature) == 1
    assert chosen(office, order, items=[items(office, order)[0].id]) == 1
    office.settle()
    on_new = [case_row(office, one).process_version_id == new for one in cases]
    assert on_new == [True, False, False, True]
    assert chosen(office, order, every=True) == 2
    office.settle()
    assert {case_row(office, one).process_version_id for one in cases} == {new}
    (told,) = events(office, cases[1], "migrated")
    assert told["reason"] == "The law changed."


@BOTH
def test_a_moved_case_is_taken_back_unless_it_has_gone_on(office):
    cases = started(office, 2)
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    order = ordered(office, new)
    office.settle()
    chosen(office, order, every=True)
    office.settle()
    with office.acting(WHO) as ctx:
        moving.take_back(ctx, order, items(office, order)[1].id, "A mistake.")
    assert case_row(office, cases[1]).process_version_id != new
    with pytest.raises(Conflict), office.acting(WHO) as ctx:
        moving.take_back(ctx, order, items(office, order)[1].id, "Once more.")
    complete(office, cases[0], "first")
    with pytest.raises(Conflict, match="moved on"), office.acting(WHO) as ctx:
        moving.take_back(ctx, order, items(office, order)[0].id, "Too late.")
    assert items(office, order)[0].state == moving.MOVED
    assert office.read(lambda s: queries.counts(s, order)) == {"moved": 1, "back": 1}
    kinds = [kind for kind, _who in trail(office)]
    assert kinds == ["cases_looked_at", "cases_ordered", "case_taken_back"]
    with office.acting() as ctx:
        assert verify_all(ctx) == (2, [])


@BOTH
def test_a_step_that_is_gone_is_proposed_mapped_and_moved(office):
    (case_id,) = started(office, 1)
    new = publish(office, RENAMED, number=2, forms={"third": REMARKS["first"]})
    order = ordered(office, new)
    office.settle()
    (group,) = groups(office, order)
    assert group.verdict == "mapping"
    assert chosen_fails(office, order)
    old = case_row(office, case_id).process_version_id
    with office.acting(WHO) as ctx:
        programs = ctx.platform.programs
        before, after = (programs.get(ctx.session, one) for one in (old, new))
        (pair,) = pairs(before, after, {}, [group.told])
        assert (pair.element, pair.chosen) == ("first", "third")
        assert [one.element for one in pair.choices] == ["third", "second"]
        moving.map_elements(ctx, order, old, {"first": "third"})
    office.settle()
    (group,) = groups(office, order)
    assert group.verdict == "moves"
    assert chosen(office, order, every=True) == 1
    office.settle()
    assert open_item(office, case_id, "third")


def chosen_fails(office, order):
    with pytest.raises(Invalid):
        chosen(office, order, every=True)
    return True


def test_what_is_alike_is_told_by_name_neighbours_role_and_kind(office):
    old = first_version(office)
    new = publish(office, RENAMED, number=2, forms={"third": REMARKS["first"]})
    with office.acting() as ctx:
        programs = ctx.platform.programs
        one, two = (programs.get(ctx.session, each).program for each in (old, new))
        same = alike(one, one, "first", ["first", "second"])
        assert [(found.element, found.score == 100) for found in same] == [
            ("first", True),
            ("second", False),
        ]
        assert proposed(same) == "first"
        assert proposed(alike(one, two, "nowhere", ["second"])) is None
        assert proposed([]) is None


@BOTH
def test_a_case_that_changes_meanwhile_is_not_lost(office):
    cases = started(office, 12)
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    order = ordered(office, new)
    office.settle()
    tasks = {one: open_item(office, one, "first") for one in cases}
    chosen(office, order, every=True)

    def one(number):
        if number % 2:
            office.settle()
        else:
            with office.acting("registrar") as ctx:
                complete_task(ctx, tasks[cases[number // 2]], {})

    in_threads(one, 24)
    office.settle()
    assert office.read(lambda s: queries.counts(s, order)) == {"moved": 12}
    for case_id in cases:
        assert case_row(office, case_id).process_version_id == new
        complete(office, case_id, "second")
        assert case_row(office, case_id).phase == "finished"
    with office.acting() as ctx:
        assert verify_all(ctx) == (12, [])


def test_what_cannot_move_any_more_says_why(office):
    cases = started(office, 3)
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    order = ordered(office, new)
    office.settle()
    for step in ("first", "second"):
        complete(office, cases[0], step)
    other = ordered(office, new, by="designer2")
    chosen(office, order, every=True)
    office.settle()
    ended, *moved = items(office, order)
    assert (ended.state, {one.state for one in moved}) == ("failed", {"moved"})
    assert "finished" in ended.told["failure"]["why"]
    office.settle()
    # The later order looked at cases that had left by then.
    assert {one.verdict for one in items(office, other)} == {"cannot"}
    with office.acting(WHO) as ctx:
        assert moving.look_again(ctx, order) == 1
        assert moving.stop(ctx, order) == 0


def test_only_who_supervises_orders_and_only_their_cases(office):
    started(office, 1)
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    with pytest.raises(NotAllowed):
        ordered(office, new, by="registrar")
    order = ordered(office, new)
    with office.acting() as ctx:
        ctx.session.execute(update(Account).where(Account.username == WHO).values(username="left"))
    office.settle()
    (item,) = items(office, order)
    assert item.state == moving.LOOKED
    assert item.verdict == moving.CANNOT


def killed_at(office, monkeypatch, number):
    """Let a process of its own do what is due and be killed (-9) in the middle of a case."""
    child = os.fork()
    if child:
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        return
    with office.app.app_context():
        db.engine.dispose(close=False)
    calls = []

    def move(*given):
        move_case(*given)
        calls.append(given)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(moving, "move_case", move)
    office.settle()
    os._exit(0)


@BOTH
def test_an_order_goes_on_after_a_kill_and_moves_each_case_once(office, monkeypatch):
    cases = started(office, 6)
    new = publish(office, two_steps(between="=1 + 1"), number=2)
    order = ordered(office, new)
    office.settle()
    chosen(office, order, every=True)
    killed_at(office, monkeypatch, 3)
    assert office.read(lambda s: queries.counts(s, order)) == {"moved": 2, "move": 4}
    office.settle()
    assert office.read(lambda s: queries.counts(s, order)) == {"moved": 6}
    assert [len(events(office, one, "migrated")) for one in cases] == [1] * 6
    with office.acting() as ctx:
        assert verify_all(ctx) == (6, [])
