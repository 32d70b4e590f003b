"""Drafts under two hands at once, on both databases; migrations and words of published files."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, func, select

from workflow_app.domain.errors import Conflict
from workflow_app.models.designing import DesignDraft, SourceWords
from workflow_app.services.designing import drafts
from workflow_app.services.designing.adding import copy_as
from workflow_app.services.designing.errors import HeldBySomebody, LostRace
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.library import index_published, processes_of
from workflow_app.services.designing.sources import published_of, source_of
from workflow_app.services.publishing import digest_of, newest_version

KEY = "publish_decision"
DIAGRAM = f"processes/{KEY}/{KEY}.bpmn"
both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def at_once(*acts):
    """Do things in threads that begin together; return what each gave or raised."""
    gate, done = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        try:
            done[place] = act()
        except Conflict as lost:
            done[place] = lost

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return done


def opened(office, who="designer"):
    with office.acting(who) as ctx:
        return drafts.open_draft(ctx, KEY).id


def test_a_draft_is_published_as_the_same_set_of_files(office):
    draft = opened(office)
    with office.acting("designer") as ctx:
        newest = newest_version(ctx, KEY)
        assert digest_of(source_of(ctx, draft).files) == newest.sha256
        assert published_of(ctx, draft).manifest.title == newest.title
        assert findings_of(ctx, draft) == ()


@both
def test_two_who_open_a_draft_at_once_get_the_same_one(office):
    first, second = at_once(lambda: opened(office), lambda: opened(office, "designer2"))
    assert first == second


@both
def test_of_two_who_save_at_once_one_is_told(office):
    draft = opened(office)

    def save(who, body):
        with office.acting(who) as ctx:
            return drafts.write_file(ctx, draft, DIAGRAM, body, revision=1)

    done = at_once(lambda: save("designer", "one"), lambda: save("designer2", "two"))
    assert {type(one) for one in done} == {int, HeldBySomebody}
    with office.acting("designer") as ctx:
        stored = drafts.read_file(ctx, draft, DIAGRAM)
    assert stored.revision == 2
    assert stored.body == ("one" if done[0] == 2 else "two")


@both
def test_of_two_windows_of_one_person_the_later_save_is_told(office):
    draft = opened(office)

    def save(body):
        with office.acting("designer") as ctx:
            return drafts.write_file(ctx, draft, DIAGRAM, body, revision=1)

    done = at_once(lambda: save("one"), lambda: save("two"))
    assert {type(one) for one in done} == {int, LostRace}


@both
def test_the_library_finds_words_and_counts_cases(office):
    office.play("publish_decision/published_later", until="redact")
    with office.acting("designer") as ctx:
        found = {one.key: one for one in processes_of(ctx, "remove PERSONAL data")}
    assert KEY in found
    assert {one.path for one in found[KEY].found} >= {DIAGRAM}


def test_words_of_files_published_before_there_were_words_are_kept_at_loading(office):
    with office.acting() as ctx:
        ctx.session.execute(delete(SourceWords))
        assert processes_of(ctx, "personal data") == []
        index_published(ctx)
        assert KEY in {one.key for one in processes_of(ctx, "personal data")}
        assert ctx.session.scalar(select(func.count()).select_from(SourceWords)) > 100


def test_a_copy_has_an_id_of_its_own_wherever_the_process_is_named(office):
    draft = opened(office)
    with office.acting("designer") as ctx:
        copy = copy_as(ctx, draft, "publish_twice")
        body = drafts.read_file(ctx, copy.id, "processes/publish_twice/publish_twice.bpmn").body
        assert '<bpmn:process id="publish_twice"' in body
        assert 'processRef="publish_twice"' in body
        assert findings_of(ctx, copy.id) == ()


def test_a_draft_is_given_up_and_its_files_stay_readable(office):
    draft = opened(office)
    with office.acting("designer") as ctx:
        drafts.discard(ctx, draft)
    with office.acting("designer2") as ctx:
        assert drafts.read_file(ctx, draft, DIAGRAM).body
        assert ctx.session.get_one(DesignDraft, draft).state == "discarded"
        with pytest.raises(drafts.NotOpen):
            drafts.write_file(ctx, draft, DIAGRAM, "x", revision=1)
