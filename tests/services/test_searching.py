"""Cases are found by their words: the best first, only those that one may see."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from tests.support.answers import case_row
from workflow_app.domain.actors import Actor, Grant
from workflow_app.domain.words import words_in
from workflow_app.models.case import Answer, Case
from workflow_app.models.desk import SearchWord
from workflow_app.queries.searching import find_cases, numbered
from workflow_app.services.background import do_due_thing
from workflow_app.services.indexing import forget_case, index_case, unsearched

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def filed(office):
    """Return the id of a case whose words are in the index."""
    case_id = office.play("accreditation/straight", until="check_documents").case_id
    office.settle()
    return case_id


def found(office, text, who="registrar"):
    actor = office.person(who) if isinstance(who, str) else who
    with office.acting() as ctx:
        return [hit.number for hit in find_cases(ctx.session, actor, words_in(text)).hits]


def test_a_case_is_found_by_beginnings_of_its_words_in_any_case(office, filed):
    number = case_row(office, filed).number
    for text in ("sunny", "DOOR sun", "Sunny Door NGO", number, "charter"):
        assert found(office, text) == [number], text
    assert found(office, "sunny nowhere") == []
    assert found(office, "") == []


def test_a_whole_number_names_the_case_to_those_who_may_see_it(office, filed):
    number = case_row(office, filed).number
    with office.acting() as ctx:
        assert numbered(ctx.session, office.person("registrar"), number.lower()) == number
        assert numbered(ctx.session, office.person("council_member"), number) is None


def test_nobody_finds_what_they_may_not_see(office, filed):
    assert found(office, "sunny", "council_member") == []
    below = Actor("kim", "Kim", 99, (Grant("registrar", "AM/AM-SU/AM-SU-GORIS"),))
    beside = Actor("kim", "Kim", 99, (Grant("registrar", "A"),))
    path = case_row(office, filed).territory_path
    inside = Actor("kim", "Kim", 99, (Grant("registrar", path),))
    assert found(office, "sunny", below) == found(office, "sunny", beside) == []
    assert found(office, "sunny", inside) == [case_row(office, filed).number]


def test_the_title_tells_more_than_an_answer(office, filed):
    other = office.play("accreditation/straight", until="check_documents").case_id
    with office.acting() as ctx:
        ctx.session.execute(update(Case).where(Case.id == other).values(title="Charter House"))
        index_case(ctx, other)
    numbers = [case_row(office, case).number for case in (other, filed)]
    assert found(office, "charter") == numbers
    assert found(office, "sunny charter") in (numbers, numbers[::-1])


def test_a_form_that_was_sent_is_written_once_and_nothing_stays_behind(office, filed):
    with office.acting() as ctx:
        assert unsearched(ctx, 10) == []
        before = ctx.session.scalar(select(func.count()).select_from(SearchWord))
        ctx.session.execute(update(Answer).values(searched=False))
    assert do_due_thing(office.world.context, "search", 0)
    with office.acting() as ctx:
        assert ctx.session.scalar(select(func.count()).select_from(SearchWord)) == before
        forget_case(ctx, filed)
    assert found(office, "sunny") == []


def test_a_case_that_cannot_be_read_keeps_no_other_out(office, filed, monkeypatch):
    other = office.play("accreditation/straight", until="check_documents").case_id
    office.settle()
    with office.acting() as ctx:
        ctx.session.execute(delete(SearchWord))
        ctx.session.execute(update(Answer).values(searched=False))
    indexing = "workflow_app.services.background.index_case"

    def fails(ctx, case_id):
        if case_id == filed:
            raise RuntimeError
        index_case(ctx, case_id)

    monkeypatch.setattr(indexing, fails)
    do_due_thing(office.world.context, "search", 0)
    assert found(office, "sunny") == [case_row(office, other).number]
    with office.acting() as ctx:
        assert unsearched(ctx, 10) == []
