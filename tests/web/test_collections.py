"""Collections in a browser without JavaScript: sent, answered, read, by people without accounts."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import insert, select, update

from tests.support.collecting import asking, collection, opened_case, scoring
from tests.support.counting import statements_of
from workflow_app.domain.actors import PUBLIC
from workflow_app.models.collections import Collection, CollectionEntry
from workflow_app.models.work import WorkItem
from workflow_app.services.collecting.entering import Sender, take
from workflow_app.services.collecting.seats import seats_of, short_code, token_of
from workflow_app.services.tasks import complete_task

REMARK = {"section": "goals", "text": "The bus comes too late"}


@pytest.fixture
def place(office):
    """Return the address of a collection that is open, and its case's id."""
    case_id, number = opened_case(office, asking())
    return f"/collect/{number}/remarks", case_id


@pytest.fixture
def workshop(office):
    """Return the address of a collection with three seats, and its case's id."""
    case_id, number = opened_case(office, scoring())
    return f"/collect/{number}/workshop", case_id


def entries(office):
    return office.read(lambda s: s.scalars(select(CollectionEntry)).all())


def seat(office, case_id, code, settings):
    """Return the path of a seat's own page below its collection, and its short code."""
    with office.acting() as ctx:
        found = seats_of(ctx, collection(office, case_id, "workshop"))
    one = next(row for row in found if row.code == code)
    secret = settings.secret_key
    return token_of(secret, one.id, one.turn), short_code(secret, one.id, one.turn)


def complete(office, case_id):
    query = select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.state == "open")
    item = office.read(lambda session: session.scalar(query))
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {})
    return item


# Outside


def test_somebody_without_an_account_sends_an_entry(visitor, office, place):
    page = visitor.get(place[0])
    assert page.title == "Remarks on the draft"
    assert "0 entries" in page.text
    done = page.send(REMARK)
    assert "Thank you. What you sent has arrived." in done.soup.get_text()
    assert "1 entry" in done.text
    assert [entry.data["text"] for entry in entries(office)] == [REMARK["text"]]


def test_a_page_sent_twice_is_one_entry(visitor, office, place):
    page = visitor.get(place[0])
    page.send(REMARK)
    page.send(REMARK)
    assert len(entries(office)) == 1


def test_a_text_that_is_too_long_stands_on_the_page_again(visitor, office, place):
    page = visitor.get(place[0]).send({**REMARK, "text": "x" * 3001}, status=422)
    assert page.problems
    assert "3000" in page.problems[0].replace(",", "").replace("\xa0", "")
    assert page.one("textarea").string.strip() == "x" * 3001
    assert entries(office) == []


def test_a_megabyte_from_a_robot_is_refused_in_words(visitor, office, place):
    page = visitor.get(place[0]).send({**REMARK, "text": "x" * 1_000_000}, status=422)
    assert page.problems
    assert entries(office) == []


@pytest.mark.parametrize("path", ["/collect/gone/remarks", "{}x", "{}/room/x", "{}/AAAA.bbbb"])
def test_an_unknown_collection_is_a_page(visitor, place, path):
    assert visitor.get(path.format(place[0]), status=404).title


def test_what_came_too_late_is_said_and_stays_on_the_page(visitor, office, place):
    page = visitor.get(place[0])
    complete(office, place[1])
    late = page.send(REMARK, status=409)
    assert "What you sent was not taken" in late.text
    assert late.one("textarea").string.strip() == REMARK["text"]
    assert late.all("main button[type=submit]:not(.govuk-visually-hidden)") == []
    assert "Nothing is taken any more" in visitor.get(place[0]).text
    assert entries(office) == []


def test_switching_the_language_keeps_what_was_typed(visitor, place):
    page = visitor.get(place[0])
    tag = page.form("form#main-form")
    tag.setlist("text", ["Half a remark"])
    tag.add("_lang", "en")
    again = visitor.post(place[0], tag)
    assert again.one("textarea").string.strip() == "Half a remark"


def test_answers_are_public_as_soon_as_they_are_saved(visitor, sign_in, place):
    visitor.get(place[0]).send({**REMARK, "your_name": "Ani"})
    assert REMARK["text"] not in visitor.get(place[0]).text
    answer_first(sign_in("registrar"), place)
    page = visitor.get(place[0])
    assert REMARK["text"] in page.text
    assert "We asked for another bus" in page.text
    assert "Ani" not in page.text


def test_answers_wait_for_the_closing_where_it_says_so(visitor, sign_in, office):
    case_id, number = opened_case(office, asking({"publish_answers": "closing"}))
    place = (f"/collect/{number}/remarks", case_id)
    visitor.get(place[0]).send(REMARK)
    answer_first(sign_in("registrar"), place)
    assert REMARK["text"] not in visitor.get(place[0]).text
    complete(office, case_id)
    assert REMARK["text"] in visitor.get(place[0]).text


def test_an_entry_that_is_withheld_is_not_published(visitor, sign_in, place):
    visitor.get(place[0]).send(REMARK)
    answer_first(sign_in("registrar"), place, keep_back="true")
    page = visitor.get(place[0])
    assert REMARK["text"] not in page.text
    assert "is not published" in page.text
    assert "We asked for another bus" in page.text


def test_the_data_say_no_more_than_the_page(visitor, sign_in, place):
    visitor.get(place[0]).send({**REMARK, "your_name": "Ani"})
    visitor.get(place[0]).send({**REMARK, "text": "Second"})
    answer_first(sign_in("registrar"), place)
    told = json.loads(visitor.client.get(f"{place[0]}.json").get_data(as_text=True))
    assert (told["count"], told["open"], told["next"]) == (2, True, None)
    (one,) = told["entries"]
    assert one["entry"] == REMARK
    assert one["answer"]["verdict"] == "accepted"
    assert one["day"] == "2026-11-23"


@pytest.mark.parametrize("show", ["none", "count"])
def test_nothing_of_an_entry_is_shown_unless_it_says_so(visitor, office, show):
    _case, number = opened_case(office, asking({"show": show, "anonymous": "true"}))
    place = f"/collect/{number}/remarks"
    assert "nothing about you" in visitor.get(place).text
    page = visitor.get(place).send(REMARK)
    assert ("1 entry" in page.text) == (show == "count")
    assert REMARK["text"] not in visitor.get(place).text
    told = json.loads(visitor.client.get(f"{place}.json").get_data(as_text=True))
    assert (told["count"], "entries" in told) == (1 if show == "count" else None, False)
    listed = place in visitor.client.get("/places/AM").get_data(as_text=True)
    assert listed == (show == "count")


# Browsers that had no network


def kept(browser, place, word, **fields):
    door = json.loads(browser.client.get(f"{place}/kept").get_data(as_text=True))
    sent = {**REMARK, **fields, "_form": "1", "csrf_token": door["csrf"], "_kept": word}
    answer = browser.client.post(f"{place}/kept", data=sent)
    return answer.status_code, answer.get_json(silent=True)


def test_what_a_browser_kept_is_taken_once(visitor, office, place):
    assert kept(visitor, place[0], "word-of-a-browser") == (200, {"done": place[0]})
    assert kept(visitor, place[0], "word-of-a-browser") == (200, {"done": place[0]})
    assert len(entries(office)) == 1


def test_what_a_browser_kept_and_is_wrong_is_shown_with_what_is_wrong(visitor, office, place):
    status, said = kept(visitor, place[0], "word-of-a-browser", section="")
    assert (status, said) == (422, {"wrong": f"{place[0]}?check=1"})
    page = visitor.get(said["wrong"])
    assert page.problems
    assert page.one("textarea").string.strip() == REMARK["text"]
    assert entries(office) == []


def test_what_a_browser_kept_too_long_is_refused_with_the_reason(visitor, office, place):
    complete(office, place[1])
    status, said = kept(visitor, place[0], "word-of-a-browser")
    assert status == 409
    assert "closed" in said["refused"]


def test_a_kept_entry_without_a_word_is_refused(visitor, place):
    assert kept(visitor, place[0], "short")[0] == 400


# Seats

SCORES = {f"scores-{row}-{name}": "4" for row in (0, 1) for name in ("severity", "reach")}


def test_a_code_leads_to_ones_own_page_and_scores_can_be_changed(
    visitor, office, workshop, settings
):
    _token, code = seat(office, workshop[1], "a", settings)
    front = visitor.get(workshop[0])
    assert "0 of 3 are in" in front.text
    wrong = front.send({"code": "AAAAAA"}, form=".app-code", status=422)
    assert wrong.problems == ["No seat has this code. Check it and try again."]
    mine = visitor.get(workshop[0]).send({"code": code.lower()}, form=".app-code")
    assert "Ani" in mine.text
    done = mine.send(SCORES)
    assert "1 of 3 are in" in done.text
    assert "Care at home" in done.text
    assert "How serious it is" in done.text
    done.click("Change what you sent").send({"scores-0-severity": "1"})
    (entry,) = entries(office)
    assert [row["severity"] for row in entry.data["scores"]] == [1, 4]


def test_two_devices_on_one_seat_are_told_of_each_other(browser_of, office, workshop, settings):
    token, _code = seat(office, workshop[1], "a", settings)
    first, second = (browser_of().get(f"{workshop[0]}/{token}") for _ in range(2))
    first.send(SCORES)
    told = second.send({**SCORES, "scores-0-severity": "2"}, status=409)
    assert "also sent from another device" in told.text
    assert told.value("scores-0-severity") == "2"
    told.send()
    (entry,) = entries(office)
    assert entry.data["scores"][0]["severity"] == 2


def test_a_seat_is_no_other_collections_seat(visitor, office, workshop, place, settings):
    token, _code = seat(office, workshop[1], "a", settings)
    assert visitor.get(f"{place[0]}/{token}", status=404).title


def test_whom_a_seat_is_for_finds_it_on_the_first_page(sign_in, workshop):
    desk = sign_in("registrar").get("/inbox")
    assert "Your answer is wanted" in desk.text
    mine = desk.click("Scores")
    assert "Bela" in mine.text
    mine.send(SCORES)
    assert "Your answer is wanted" not in desk.browser.get("/inbox").text


def test_a_room_sees_how_many_are_in_and_nothing_else(visitor, office, workshop, settings):
    token, _code = seat(office, workshop[1], "c", settings)
    visitor.get(f"{workshop[0]}/{token}").send(SCORES)
    page = visitor.get(f"{workshop[0]}/room")
    assert "1 of 3 are in" in page.text
    live = json.loads(visitor.client.get(f"{workshop[0]}/live").get_data(as_text=True))
    assert live == {"open": True, "text": "1 of 3 are in"}
    picture = visitor.client.get(f"{workshop[0]}/code.svg").get_data(as_text=True)
    assert picture.startswith("<?xml")


def test_nobody_reads_scores_before_the_scoring_is_closed(
    sign_in, office, visitor, workshop, settings
):
    token, _code = seat(office, workshop[1], "a", settings)
    visitor.get(f"{workshop[0]}/{token}").send({**SCORES, "scores-0-severity": "2"})
    number = workshop[0].split("/")[2]
    path = f"/cases/{number}/collections/workshop"
    desk = sign_in("registrar")
    open_page = desk.get(path)
    assert "1 of 3 are in" in open_page.text
    assert "is read when this is closed" in open_page.text
    assert desk.get(f"{path}/1", status=404).title
    assert len(desk.client.get(f"{path}.csv").get_data(as_text=True).splitlines()) == 1
    complete(office, workshop[1])
    assert "is read when this is closed" not in desk.get(path).text
    assert len(desk.client.get(f"{path}.csv").get_data(as_text=True).splitlines()) == 2


def test_links_are_for_whoever_runs_it(sign_in, office, workshop, settings):
    number = workshop[0].split("/")[2]
    path = f"/cases/{number}/collections/workshop/seats"
    page = sign_in("registrar").get(path)
    _token, code = seat(office, workshop[1], "c", settings)
    assert code in page.text
    page.send(form=f"form:has(input[value='{seat_id(office, workshop, 'c')}'])")
    assert seat(office, workshop[1], "c", settings)[1] != code
    assert sign_in("officer").get(path, status=404).title


def seat_id(office, workshop, code):
    with office.acting() as ctx:
        found = seats_of(ctx, collection(office, workshop[1], "workshop"))
    return next(row.id for row in found if row.code == code)


# The office

ANSWER = {"verdict": "accepted", "reason": "We asked for another bus"}


def case_page(place):
    return f"/cases/{place[0].split('/')[2]}/collections/remarks"


def answer_first(browser, place, **changes):
    return browser.get(f"{case_page(place)}/1").send({**ANSWER, **changes})


def test_the_task_shows_what_is_not_answered_and_leads_there(visitor, sign_in, office, place):
    for text in ("One", "Two"):
        visitor.get(place[0]).send({**REMARK, "text": text})
    item = office.read(lambda s: s.scalar(select(WorkItem.id).where(WorkItem.state == "open")))
    registrar = sign_in("registrar")
    task = registrar.get(f"/tasks/{item}")
    assert "2 without an answer" in task.text
    assert "Two" in task.text
    entry = registrar.get(f"{case_page(place)}/1")
    following = entry.browser.post(
        entry.address, {**entry.form("form#main-form"), **ANSWER, "_next": "1"}
    )
    assert following.title == "Number 2"
    assert "1 without an answer" in registrar.get(f"/tasks/{item}").text


def test_several_get_the_same_answer(visitor, sign_in, office, place):
    for text in ("One", "Two", "Three"):
        visitor.get(place[0]).send({**REMARK, "text": text})
    registrar = sign_in("registrar")
    page = registrar.get(f"{case_page(place)}/same?_e=1:1&_e=3:1")
    assert "2 entries get this answer" in page.text
    assert page.send({"verdict": "noted"}, status=422).problems
    answer_first(registrar, (place[0], place[1]))
    done = page.send(ANSWER)
    assert "1 entry is answered" in done.soup.get_text()
    assert "stay as they are: 1" in done.soup.get_text()
    assert [one.is_answered for one in entries(office)] == [True, False, True]


def test_without_a_tick_nothing_is_answered_together(sign_in, place):
    page = sign_in("registrar").get(f"{case_page(place)}/same")
    assert "Tick the entries first" in page.soup.get_text()


def test_who_is_slower_is_told_and_keeps_what_they_wrote(visitor, sign_in, place):
    visitor.get(place[0]).send(REMARK)
    registrar = sign_in("registrar")
    one, other = (registrar.get(f"{case_page(place)}/1") for _ in range(2))
    one.send(ANSWER)
    told = other.send({**ANSWER, "reason": "My other words"}, status=409)
    assert "answered this on" in told.text
    assert told.one("textarea").string.strip() == "My other words"
    assert "We asked for another bus" in told.text
    told.send()
    assert "My other words" in visitor.get(place[0]).text


def test_the_list_is_filtered_by_section_and_answer(visitor, sign_in, place):
    visitor.get(place[0]).send(REMARK)
    visitor.get(place[0]).send({"section": "money", "text": "Too little"})
    registrar = sign_in("registrar")
    answer_first(registrar, place)
    assert "Too little" not in registrar.get(f"{case_page(place)}?facet=goals").text
    open_ones = registrar.get(f"{case_page(place)}?state=open").text
    assert "Too little" in open_ones
    assert REMARK["text"] not in open_ones


def test_who_reads_the_case_reads_entries_and_gets_them_as_csv(visitor, sign_in, place):
    visitor.get(place[0]).send({**REMARK, "text": "=1+1", "your_name": "Ani"})
    answer_first(sign_in("registrar"), place)
    reader = sign_in("officer")
    page = reader.get(f"{case_page(place)}/1")
    assert "Ani" in page.text
    assert page.all("form#main-form") == []
    text = reader.client.get(f"{case_page(place)}.csv").get_data(as_text=True).lstrip("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["number"], row["section"], row["your_name"]) == ("1", "goals", "Ani")
    assert row["text"] == "'=1+1"
    assert row["answer.verdict"] == "accepted"


def test_the_case_page_leads_to_what_came(visitor, sign_in, place):
    visitor.get(place[0]).send(REMARK)
    page = sign_in("registrar").get(f"/cases/{place[0].split('/')[2]}")
    assert "1 entry" in page.text
    assert page.click("Remarks on the draft").title == "Remarks on the draft"


# Ten thousand

MANY = 10_000


@pytest.fixture
def crowded(office, place):
    """Put ten thousand entries into the collection."""
    with office.acting(PUBLIC) as ctx:
        opened = collection(office, place[1])
        take(ctx, opened, REMARK, Sender(word="the first of many", browser="a"))
        first = ctx.session.execute(select(CollectionEntry.__table__)).one()._asdict()
        first.pop("id")
        rows = [
            {**first, "number": n, "facet": "money" if n % 100 == 0 else "goals"}
            for n in range(2, MANY + 1)
        ]
        ctx.session.execute(insert(CollectionEntry), rows)
        ctx.session.execute(update(Collection).values(entries=MANY))
    return place


def statements(app, act):
    """Return what an action gives, and how many statements it takes."""
    with statements_of(app) as seen:
        found = act()
    return found, len(seen)


def test_ten_thousand_entries_cost_a_page_no_more_than_ten(app, visitor, sign_in, office, crowded):
    registrar, page = sign_in("registrar"), case_page(crowded)
    for path, most in (
        (page, 40),
        (f"{page}?state=open&facet=money", 40),
        (f"{page}/9999", 45),
    ):
        shown, count = statements(app, lambda path=path: registrar.get(path))
        assert count <= most, (path, count)
        assert len(shown.soup.select(".app-entries__one")) <= 25
    sent, count = statements(app, lambda: visitor.get(crowded[0]).send(REMARK))
    assert "10001 entries" in sent.text.replace(",", "").replace("\xa0", "")
    assert count <= 60


def test_a_step_of_the_case_costs_the_same_with_ten_thousand(app, office, place, request):
    query = select(WorkItem.id).where(WorkItem.case_id == place[1], WorkItem.state == "open")
    item = office.read(lambda session: session.scalar(query))

    def step():
        with office.acting("registrar") as ctx:
            complete_task(ctx, item, {})

    request.getfixturevalue("crowded")
    _none, count = statements(app, step)
    # Counts, the tally and the rows are read by one statement each, however many there are.
    assert count <= 45
