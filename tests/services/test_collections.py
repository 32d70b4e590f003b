"""Collections: entries from outside are rows, taken once and in time, and no steps of the case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from tests.services.several import cases_of, data_of
from tests.support.collecting import KEY, asking, collection, opened_case, scoring
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.errors import OperationFailed
from workflow_app.form_builder import TaskForm
from workflow_app.models.case import History
from workflow_app.models.collections import CollectionEntry, CollectionMark
from workflow_app.models.notices import News
from workflow_app.models.work import SentMail, WorkItem
from workflow_app.services.case_store import load_case
from workflow_app.services.collecting.answering import (
    AnswerChanged,
    NotAnswering,
    answer_all,
    entry_of,
    require_answering,
    save_answer,
)
from workflow_app.services.collecting.entering import (
    EnoughForToday,
    EntryChanged,
    Sender,
    contribute,
    entry_form,
)
from workflow_app.services.collecting.opened import CollectionClosed
from workflow_app.services.collecting.seats import (
    renew_link,
    seat_by_code,
    seat_by_token,
    seats_of,
    short_code,
    token_of,
)
from workflow_app.services.lookups import look_up
from workflow_app.services.stuck import CaseStuck
from workflow_app.services.tasks import complete_task


def remark(text="It is too long", section="goals", **more):
    return MultiDict({"section": section, "text": text, **more})


def send(office, case_id, posted=None, *, word="", key="remarks", who=PUBLIC, **sender):
    """Send an entry as a browser does, in a transaction of its own."""
    word = word or f"word-{send.count}"
    send.count += 1
    with office.acting(who) as ctx:
        opened = collection(office, case_id, key)
        said = Sender(word=word, browser=sender.pop("browser", word), **sender)
        return contribute(ctx, opened, posted or remark(), said)


send.count = 0


def rows_of(office, model, *conditions):
    return office.read(lambda s: s.scalars(select(model).where(*conditions)).all())


def complete(office, case_id, who="registrar", **answers):
    """Complete the task of the case that is open."""
    query = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.state == "open")
    item = office.read(lambda session: session.scalar(query))
    with office.acting(who) as ctx:
        complete_task(ctx, item, answers)


@pytest.fixture
def asked(office):
    """Return the id of a case whose collection is open."""
    return opened_case(office, asking())[0]


def test_an_entry_is_a_row_and_no_step_of_the_case(office, asked):
    steps = select(func.count()).select_from(History).where(History.case_id == asked)
    before = office.read(lambda s: s.scalar(steps))
    assert send(office, asked).number == 1
    assert send(office, asked, remark("Another", "money")).number == 2
    assert office.read(lambda s: s.scalar(steps)) == before
    first, second = rows_of(office, CollectionEntry)
    assert (first.data["text"], first.facet) == ("It is too long", "goals")
    assert (second.number, second.facet, second.is_answered) == (2, "money", False)
    assert collection(office, asked).row.entries == 2


def test_only_declared_fields_are_stored(office, asked):
    send(office, asked, remark(role="head", _admin="1"))
    assert set(rows_of(office, CollectionEntry)[0].data) == {"section", "text", "your_name"}


def test_a_text_that_is_too_long_is_refused_and_shown_again(office, asked):
    form = send(office, asked, remark("x" * 3001))
    assert isinstance(form, TaskForm)
    assert form.errors
    assert form.raw()["text"] == ["x" * 3001]
    assert send(office, asked, remark("x" * 3000)).number == 1


def test_the_same_form_again_changes_nothing(office, asked):
    first = send(office, asked, word="one-page")
    again = send(office, asked, word="one-page")
    assert (first.again, again.again) == (False, True)
    assert len(rows_of(office, CollectionEntry)) == 1


def test_a_form_that_came_is_known_after_closing(office, asked):
    send(office, asked, word="one-page")
    complete(office, asked)
    assert send(office, asked, word="one-page").again


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        ("2026-11-30T17:59:59+04:00", True),
        ("2026-11-30T18:00:00+04:00", False),
        ("2026-11-30T18:00:01+04:00", False),
    ],
)
def test_it_closes_to_the_second(office, moment, taken):
    closes = "&quot;2026-11-30T18:00:00+04:00&quot;"
    case_id, _number = opened_case(office, asking(closes=closes))
    office.move_to(moment)
    if taken:
        assert send(office, case_id).number == 1
    else:
        with pytest.raises(CollectionClosed) as closed:
            send(office, case_id)
        assert closed.value.params["when"].isoformat() == "2026-11-30T14:00:00+00:00"
        assert rows_of(office, CollectionMark) == []


def test_a_day_closes_when_it_is_over(office):
    case_id, _number = opened_case(office, asking(closes="date(&quot;2026-11-30&quot;)"))
    office.move_to("2026-11-30T23:59:59+04:00")
    assert send(office, case_id).number == 1
    office.move_to("2026-12-01T00:00:00+04:00")
    with pytest.raises(CollectionClosed):
        send(office, case_id)


def test_a_browser_sends_so_many_a_day(office):
    case_id, _number = opened_case(office, asking({"limit": "2"}))
    for _ in range(2):
        send(office, case_id, browser="mine")
    with pytest.raises(EnoughForToday):
        send(office, case_id, browser="mine")
    assert send(office, case_id, browser="another").number == 3
    office.move_to("2026-11-24T09:00:00+04:00")
    assert send(office, case_id, browser="mine").number == 4


def test_of_an_anonymous_one_nothing_of_the_sender_stays(office):
    case_id, _number = opened_case(office, asking({"anonymous": "true"}))
    send(office, case_id, who="registrar", browser="a-browser")
    (entry,) = rows_of(office, CollectionEntry)
    assert (entry.username, entry.seat_id) == (None, None)
    assert entry.at.isoformat() == "2026-11-22T20:00:00+00:00"  # midnight of the day there
    marks = rows_of(office, CollectionMark)
    assert {mark.day.isoformat() for mark in marks} == {"2026-11-23"}
    assert not any("a-browser" in str(vars(row)) for row in (entry, *marks))


def test_an_account_stands_beside_an_entry_that_is_not_anonymous(office, asked):
    send(office, asked, who="registrar")
    assert rows_of(office, CollectionEntry)[0].username == "registrar"


def test_what_is_read_into_the_case(office, asked):
    for section in ("goals", "goals", "money"):
        send(office, asked, remark(section=section, your_name="Ani"))
    with office.acting("registrar") as ctx:
        opened = collection(office, asked)
        posted = MultiDict({"verdict": "noted", "reason": "It was said before"})
        assert save_answer(ctx, opened, entry_of(ctx, opened, 2), posted, 1) is None
    complete(office, asked)
    came = data_of(office, cases_of(office, KEY)[0])["came"]
    assert (came["count"], came["unanswered"], came["left_out"]) == (3, 2, 0)
    assert came["tally"]["section"]["values"] == {"goals": 2, "money": 1}
    first, second, _third = came["answers"]
    assert first == {
        "no": 1,
        "seat": None,
        "at": "2026-11-23T05:00:00+00:00",
        "answers": {"section": "goals", "text": "It is too long"},
        "answer": None,
    }
    assert second["answer"]["verdict"] == "noted"


def test_closing_keeps_later_entries_out(office, asked):
    send(office, asked)
    complete(office, asked)
    with pytest.raises(CollectionClosed):
        send(office, asked)
    assert collection(office, asked).row.entries == 1


def test_lookups_tell_counts_of_this_case_and_of_another(office, asked):
    send(office, asked)
    number = cases_of(office, KEY)[0].number
    wanted = {"count": 1, "unanswered": 1, "seats": 0, "seats_in": 0, "open": True}
    with office.acting() as ctx:
        (own,) = look_up(ctx, "collection:remarks", path="AM", case_id=asked)
        (other,) = look_up(ctx, f"collection:{number}/remarks", path="AM")
        assert look_up(ctx, "collection:gone", path="AM", case_id=asked) == []
    assert own == other
    assert {name: own[name] for name in wanted} == wanted


def test_a_collection_that_was_not_opened_stops_the_step(office):
    source = asking()
    path = f"processes/{KEY}/{KEY}.bpmn"
    closes = '<zeebe:header key="collection" value="remarks"/></zeebe:taskHeaders><zeebe:ioMapping>'
    worked_out = '</zeebe:taskHeaders><zeebe:ioMapping><zeebe:input source="=subject" target='
    text = source.files[path].replace(closes, f'{worked_out}"collection"/>', 1)
    changed = source.__class__(KEY, {**source.files, path: text})
    case_id, _number = opened_case(office, changed, subject="gone")
    with pytest.raises(CaseStuck) as stuck:
        complete(office, case_id)
    assert "gone" in str(stuck.value.failure.reason)


# Answering


def answer(office, case_id, number, who="registrar", *, seen=None, **changes):
    posted = MultiDict({"verdict": "accepted", "reason": "It is right", **changes})
    with office.acting(who) as ctx:
        opened = collection(office, case_id)
        return save_answer(ctx, opened, entry_of(ctx, opened, number), posted, seen)


def test_two_people_who_answer_one_entry_at_once_do_not_overwrite_each_other(office, asked):
    send(office, asked)
    assert answer(office, asked, 1, seen=1) is None
    with pytest.raises(AnswerChanged):
        answer(office, asked, 1, "reviewer1", seen=1, reason="I thought otherwise")
    (entry,) = rows_of(office, CollectionEntry)
    assert (entry.answered_by, entry.answer["reason"]) == ("registrar", "It is right")
    assert collection(office, asked).row.answered == 1


def test_an_answer_may_be_changed_and_counts_once(office, asked):
    send(office, asked)
    answer(office, asked, 1, seen=1)
    answer(office, asked, 1, seen=2, reason="After all")
    row = collection(office, asked).row
    assert (row.entries, row.answered) == (1, 1)


def test_the_same_answer_for_several_leaves_out_what_changed_meanwhile(office, asked):
    for _ in range(3):
        send(office, asked)
    answer(office, asked, 2, seen=1)
    with office.acting("registrar") as ctx:
        opened = collection(office, asked)
        posted = MultiDict({"verdict": "noted", "reason": "All alike"})
        found = answer_all(ctx, opened, [(1, 1), (2, 1), (3, 1)], posted)
    assert (found.saved, found.changed) == (2, (2,))
    assert collection(office, asked).row.answered == 3


def test_who_neither_has_the_task_nor_the_role_may_not_answer(office, asked):
    with office.acting("officer") as ctx, pytest.raises(NotAnswering):
        require_answering(ctx, load_case(ctx, asked), collection(office, asked))
    with office.acting("registrar") as ctx:
        require_answering(ctx, load_case(ctx, asked), collection(office, asked))


# Seats


@pytest.fixture
def workshop(office):
    """Return the id of a case in which three people score two needs."""
    return opened_case(office, scoring())[0]


def seat(office, case_id, code):
    with office.acting() as ctx:
        opened = collection(office, case_id, "workshop")
        return next(one for one in seats_of(ctx, opened) if one.code == code)


def scored(office, case_id, code, **changes):
    """Return what the seat's page posts, with some scores changed."""
    with office.acting(PUBLIC) as ctx:
        opened = collection(office, case_id, "workshop")
        sender = Sender(word="look-at-it", seat=seat(office, case_id, code))
        drawn = entry_form(ctx, opened, sender).raw()
    posted = MultiDict([(name, text) for name, texts in drawn.items() for text in texts])
    numbers = {f"scores-{row}-{name}": "3" for row in (0, 1) for name in ("severity", "reach")}
    for name, text in {**numbers, **changes}.items():
        posted.setlist(name, [text])
    return posted


def put(office, case_id, code, **changes):
    sender = {"seat": seat(office, case_id, code), "seen": changes.pop("seen", None)}
    posted = scored(office, case_id, code, **changes)
    return send(office, case_id, posted, key="workshop", **sender)


def test_each_seat_has_one_entry_which_it_may_replace(office, workshop):
    put(office, workshop, "a")
    put(office, workshop, "b")
    put(office, workshop, "a", **{"scores-0-severity": "5"})
    row = collection(office, workshop, "workshop").row
    assert (row.entries, row.seats, row.seats_in) == (2, 3, 2)
    first = rows_of(office, CollectionEntry, CollectionEntry.number == 1)[0]
    assert [line["severity"] for line in first.data["scores"]] == [5, 3]


def test_a_second_device_is_told_before_it_replaces_what_the_first_sent(office, workshop):
    put(office, workshop, "a", seen=0)
    with pytest.raises(EntryChanged):
        put(office, workshop, "a", seen=0)
    put(office, workshop, "a", seen=1)


def test_scores_are_tallied_by_row_and_column(office, workshop):
    put(office, workshop, "a", **{"scores-0-severity": "5"})
    put(office, workshop, "c", **{"scores-0-severity": "2"})
    complete(office, workshop)
    came = data_of(office, cases_of(office, KEY)[0])["came"]
    first, second = came["tally"]["scores"]
    assert (first["row"], second["row"]) == ("N01", "N02")
    assert (first["severity"]["mean"], first["severity"]["spread"]) == (3.5, 2.1213)
    assert first["severity"]["values"] == {"2": 1, "5": 1}
    assert [one["code"] for one in came["seats_missing"]] == ["b"]
    assert [one["seat"] for one in came["answers"]] == ["a", "c"]


def test_links_and_codes_lead_to_the_seat_until_they_are_renewed(office, workshop, settings):
    ani = seat(office, workshop, "a")
    token = token_of(settings.secret_key, ani.id, ani.turn)
    code = short_code(settings.secret_key, ani.id, ani.turn)
    with office.acting() as ctx:
        opened = collection(office, workshop, "workshop")
        assert seat_by_token(ctx, opened, token).code == "a"
        assert seat_by_code(ctx, opened, f" {code[:3].lower()} {code[3:]}").code == "a"
        assert seat_by_code(ctx, opened, "") is None
        renew_link(ctx, opened, ani.id)
        assert seat_by_code(ctx, opened, code) is None
        with pytest.raises(Exception, match="leads nowhere"):
            seat_by_token(ctx, opened, token)


def test_seats_with_an_address_get_their_link_by_mail(office, workshop, settings):
    office.settle()
    mails = rows_of(office, SentMail, SentMail.case_id == workshop)
    assert "ani@example.org" in {mail.recipient for mail in mails}
    ani = seat(office, workshop, "a")
    text = next(mail.text for mail in mails if mail.recipient == "ani@example.org")
    assert token_of(settings.secret_key, ani.id, ani.turn) in text


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_many_who_send_in_the_same_moment_are_all_there_once(office, asked):
    together = Barrier(12)

    def one(number):
        together.wait()
        # The last two are one page, sent twice.
        return send(office, asked, word=f"phone-{min(number, 10)}")

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(one, range(12)))
    assert sorted(taken.again for taken in found) == [False] * 11 + [True]
    numbers = [entry.number for entry in rows_of(office, CollectionEntry)]
    assert sorted(numbers) == list(range(1, 12))
    assert collection(office, asked).row.entries == 11


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_two_phones_of_one_seat_in_the_same_moment_are_one_entry(office, workshop):
    together = Barrier(2)
    posted = scored(office, workshop, "a")
    own = seat(office, workshop, "a")

    def one(number):
        together.wait()
        try:
            return send(
                office, workshop, posted, key="workshop", word=f"phone-{number}", seat=own, seen=0
            )
        except EntryChanged:
            return None

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(one, range(2)))
    assert found.count(None) == 1
    row = collection(office, workshop, "workshop").row
    assert (row.entries, row.seats_in) == (1, 1)
    assert len(rows_of(office, CollectionEntry)) == 1


def test_seats_and_no_names_do_not_go_together(office):
    source = scoring()
    path = f"processes/{KEY}/{KEY}.bpmn"
    shown = '<zeebe:header key="show" value="count"/>'
    text = source.files[path].replace(
        shown, f'{shown}<zeebe:header key="anonymous" value="true"/>', 1
    )
    with pytest.raises(Exception, match="cannot be anonymous"):
        opened_case(office, source.__class__(KEY, {**source.files, path: text}))


# Telling officers


def test_officers_are_told_at_most_once_an_hour(office, asked):
    def told():
        office.settle()
        who = office.person("registrar").user_id
        return len(rows_of(office, News, News.kind == "collection", News.account_id == who))

    send(office, asked)
    assert told() == 1
    for _ in range(3):
        send(office, asked)
    assert told() == 1
    office.move_to("2026-11-23T09:59:59+04:00")
    assert told() == 1
    office.move_to("2026-11-23T10:00:00+04:00")
    assert told() == 2


def test_without_a_number_nothing_opens(office):
    source = asking()
    path = f"processes/{KEY}/{KEY}.bpmn"
    text = source.files[path].replace('type="case.number"', 'type="case.status"')
    text = text.replace(
        "<zeebe:taskHeaders></zeebe:taskHeaders>",
        '<zeebe:taskHeaders><zeebe:header key="status" value="new"/></zeebe:taskHeaders>',
        1,
    )
    with pytest.raises(Exception, match="needs its number") as failed:
        opened_case(office, source.__class__(KEY, {**source.files, path: text}))
    assert isinstance(failed.value.params.get("reason", failed.value), (OperationFailed, Exception))
