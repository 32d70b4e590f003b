"""The judges themselves: whatever is tampered with, they say so."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.durability import pairs
from tests.durability.clients import Sent
from tests.durability.promises import broken_deliveries, broken_promises
from tests.support.answers import open_item
from workflow_app.domain.actors import PUBLIC
from workflow_app.services.starting import Opening, start_case, start_form_of
from workflow_app.services.tasks import complete_task

TAMPERED = {
    "UPDATE work_item SET task_id = 'x' || id WHERE state = 'open'": "tasks of",
    "UPDATE answer SET data = '{\"token\": 1}'": "token 1 is there 3 times",
    "DELETE FROM answer WHERE task_id IS NOT NULL": "acknowledged and 0 times there",
    "DELETE FROM due_timer": "timers of",
    "DELETE FROM subscription": "waits of",
    "DELETE FROM history WHERE kind = 'completed'": "breaks at",
    "UPDATE case_record SET history_head = ''": "breaks at",
    "UPDATE case_record SET phase = 'stuck'": "is stuck",
    "UPDATE case_record SET start_word = NULL": "acknowledged and 0 times there",
    "UPDATE outbox SET state = 'waiting'": "is waiting",
    "DELETE FROM sent_mail": "are kept as sent",
    "DELETE FROM outbox WHERE kind = 'mail'": "nobody's mail",
    "UPDATE history SET element = 'asking/x' WHERE element = 'asking/go'": "was thrown",
}


@pytest.fixture
def played(office, clock):
    """Return what was sent while a pair of cases went half its way."""
    pairs.publish(office)
    ids = [_begun(office, key) for key in (pairs.ASKING, pairs.TELLING)]
    sent = [Sent("start", f"{key}-one", 0, 303) for key in (pairs.ASKING, pairs.TELLING)]
    for token, task in ((1, "first"), (2, "each"), (3, "each")):
        _complete(office, ids[0], task, token)
        sent.append(Sent("complete", str(token), token, 303))
    clock.advance(timedelta(seconds=5))
    office.settle()
    _begun(office, pairs.ASKING, "two")
    return sent


def _begun(office, key, pair="one"):
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, key)
        form = start_form_of(published, ctx.actor, by_link=True)
        opening = Opening(published=published, start=form, owner="link:test")
        answers = {"pair": pair, "email": "asker@example.org"}
        return start_case(ctx, opening, answers, once=f"{key}-{pair}").id


def _complete(office, case_id, task, token):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, task), {"token": token})


def judged(office, postbox, sent):
    with office.acting() as ctx:
        found = broken_promises(ctx, sent)
        return [*found, *broken_deliveries(ctx.session, postbox.received)]


def test_they_find_nothing_where_nothing_is_wrong(office, postbox, played):
    assert judged(office, postbox, played) == []


@pytest.mark.parametrize("statement", TAMPERED)
def test_they_find_what_was_tampered_with(office, postbox, played, statement):
    with office.acting() as ctx:
        assert ctx.session.execute(text(statement)).rowcount > 0
    assert TAMPERED[statement] in " ".join(judged(office, postbox, played))


def test_they_find_what_was_refused_and_done_all_the_same_and_mails_that_never_came(
    office, postbox, played
):
    played[-1].status = 409
    postbox.received = Counter()
    found = " ".join(judged(office, postbox, played))
    assert "refused and there" in found
    assert "never arrived" in found
