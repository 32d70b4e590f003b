"""Registers as open data: files, feeds, frames; what is hidden never leaves."""

from __future__ import annotations

import csv
import io
import re

import icalendar
import pytest
from lxml import etree
from sqlalchemy import select

from tests.support.counting import statements_of
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import RegisterEntry
from workflow_app.services.seeding import enter_rows, load_register

ATOM = {"a": "http://www.w3.org/2005/Atom"}
REGISTER = "/registers/meetings"
SECRET = "Somebody's telephone"
DOCUMENT = {
    "title": "Meetings",
    "summary": "Meetings that anybody may attend.",
    "key": "no",
    "public": True,
    "public_when": '=state != "draft"',
    "calendar": {"starts": "held_on", "title": '="Meeting " + no', "place": "room"},
    "fields": [
        {"name": "no", "type": "text", "label": "Number", "public": True, "required": True},
        {"name": "title", "type": "text", "label": "Title", "public": True},
        {"name": "place", "type": "territory", "label": "Community", "public": True},
        {"name": "held_on", "type": "date", "label": "Held on", "public": True},
        {"name": "room", "type": "text", "label": "Room", "public": True, "listed": False},
        {
            "name": "state",
            "type": "text",
            "label": "Status",
            "public": True,
            "words": {"open": "Open", "closed": "Closed"},
        },
        {"name": "telephone", "type": "text", "label": "Telephone", "note": "Never shown."},
    ],
}


def entry(number, **changes):
    return {
        "no": f"M-{number}",
        "title": f"Meeting {number}",
        "place": "AM-SU-KAPAN",
        "held_on": "2026-12-07",
        "room": "Hall",
        "state": "open",
        "telephone": SECRET,
        **changes,
    }


@pytest.fixture
def meetings(office):
    """Return a function that enters rows into a public register of the tests."""

    def enter(*rows):
        with office.acting() as ctx:
            if ctx.session.get(RegisterDefinition, "meetings") is None:
                load_register(ctx, "meetings", DOCUMENT)
            enter_rows(ctx, "meetings", list(rows))

    return enter


def text(browser, address, **headers):
    answer = browser.client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


ADDRESSES = [
    REGISTER,
    f"{REGISTER}?print",
    f"{REGISTER}?embed",
    f"{REGISTER}?q=Somebody",
    f"{REGISTER}.json",
    f"{REGISTER}.csv",
    f"{REGISTER}.atom",
    f"{REGISTER}.ics",
    "/data",
    "/data/meetings",
    "/data/meetings.json",
    "/data/meetings/M-1.json",
    f"{REGISTER}/M-1",
    "/places",
    "/places/AM-SU-KAPAN",
    "/places/AM-SU-KAPAN.json",
    "/places.json",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_hidden_fields_and_entries_never_leave(visitor, meetings, address):
    meetings(entry(1), entry(2, state="draft", title="Not yet public"))
    body = text(visitor, address)
    assert SECRET not in body
    assert "telephone" not in body.lower()
    assert "Not yet public" not in body
    assert "M-2" not in body


def test_a_hidden_entry_has_no_page_and_counts_nowhere(visitor, meetings):
    meetings(entry(1), entry(2, state="draft"))
    visitor.get(f"{REGISTER}/M-2", status=404)
    visitor.get("/data/meetings/M-2.json", status=404)
    assert "1 entry" in visitor.get(REGISTER).text


def test_a_plan_is_public_from_its_approval_on(visitor, office):
    plan = {"title": "Plan", "community": "AM-SU-KAPAN", "version": 1, "lines": 0}
    with office.acting() as ctx:
        states = ("draft", "in_force", "replaced", "ended")
        enter_rows(ctx, "plans", [{**plan, "number": one, "status": one} for one in states])
    found = visitor.client.get("/registers/plans.json").get_json()
    assert {one["number"] for one in found} == {"in_force", "replaced", "ended"}


def test_an_entry_that_was_hidden_shows_only_what_came_after(visitor, office, meetings):
    meetings(entry(1, state="draft", title="Secret plan"))
    with office.acting() as ctx:
        old = ctx.session.scalars(
            select(RegisterEntry).where(RegisterEntry.register == "meetings")
        ).one()
        old.superseded_at = ctx.now
        told = {"register": "meetings", "key": "M-1", "version": 2, "place": old.place}
        ctx.session.add(RegisterEntry(**told, data=entry(1), at=ctx.now, is_hidden=False))
    for address in (f"{REGISTER}/M-1", f"{REGISTER}.atom"):
        assert "Secret plan" not in text(visitor, address)


def test_a_changed_rule_marks_entries_anew(visitor, office, meetings):
    meetings(entry(1), entry(2, state="closed"))
    with office.acting() as ctx:
        load_register(ctx, "meetings", {**DOCUMENT, "public_when": '=state = "closed"'})
    found = visitor.client.get(f"{REGISTER}.json").get_json()
    assert [one["no"] for one in found] == ["M-2"]


def test_a_list_is_limited_by_place_by_words_and_by_field(visitor, meetings):
    meetings(
        entry(1),
        entry(2, place="AM-SU-GORIS"),
        entry(3, place="AM-ER-ARABKIR", state="closed"),
    )

    def found(query):
        return {one["no"] for one in visitor.client.get(f"{REGISTER}.json?{query}").get_json()}

    assert found("place=AM-SU") == {"M-1", "M-2"}
    assert found("place=AM-ER-ARABKIR") == {"M-3"}
    assert found("state=closed") == {"M-3"}
    assert found("q=meeting+2") == {"M-2"}
    assert found("place=AM-SU&state=closed") == set()
    assert found("place=NOWHERE") == set()
    assert found("telephone=x") == {"M-1", "M-2", "M-3"}, "a hidden field is no filter"
    page = visitor.get(f"{REGISTER}?place=AM-SU&state=open")
    assert page.all(".app-register tbody th") == ["M-2", "M-1"]
    assert page.one("select[name=place] option[selected]")["value"] == "AM-SU"
    assert "place=AM-SU&state=open" in page.one("a[href*='.csv']")["href"]


def test_pages_follow_each_other_and_keep_the_filter(visitor, meetings):
    meetings(*(entry(number) for number in range(1, 61)))
    page, seen = visitor.get(f"{REGISTER}?state=open"), []
    while True:
        seen += page.all(".app-register tbody th")
        following = page.soup.select("a[rel=next]")
        if not following:
            break
        page = visitor.get(following[0]["href"])
    assert seen == [f"M-{number}" for number in range(60, 0, -1)]


def test_a_large_register_streams_whole_as_json_and_csv(visitor, meetings):
    meetings(*(entry(number) for number in range(1, 1202)))
    found = visitor.client.get(f"{REGISTER}.json").get_json()
    assert [one["no"] for one in found] == [f"M-{number}" for number in range(1, 1202)]
    assert found[0]["_page"] == "http://localhost/registers/meetings/M-1"
    rows = list(csv.DictReader(io.StringIO(text(visitor, f"{REGISTER}.csv").lstrip("\ufeff"))))
    assert len(rows) == 1201
    assert set(rows[0]) == {"no", "title", "place", "held_on", "room", "state"}


def test_an_empty_register_is_valid_json_and_csv(visitor, meetings):
    meetings()
    assert visitor.client.get(f"{REGISTER}.json").get_json() == []
    assert text(visitor, f"{REGISTER}.csv").count("\n") == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_a_formula_stays_text_in_the_csv(visitor, meetings, start):
    meetings(entry(1, title=f'{start}HYPERLINK("http://evil.example")'))
    (row,) = csv.DictReader(io.StringIO(text(visitor, f"{REGISTER}.csv").lstrip("\ufeff"), ""))
    assert row["title"].startswith("'")


def test_the_dictionary_says_what_the_fields_are_in_each_language(visitor, meetings):
    meetings(entry(1))
    told = visitor.client.get("/data/meetings.json").get_json()
    assert [one["name"] for one in told["fields"]] == [
        *("no", "title", "place", "held_on", "room", "state"),
    ]
    state = told["fields"][-1]
    assert state["words"] == {"open": "Open", "closed": "Closed"}
    assert (state["filter"], told["key"]) == (True, "no")
    armenian = visitor.client.get("/data/meetings.json?lang=hy").get_json()
    assert armenian["language"] == "hy"
    assert armenian["fields"][-1]["label"] != "Status"
    assert "Open" in visitor.get("/data/meetings").text


def test_the_feed_tells_public_changes_and_is_valid(visitor, office, meetings):
    office.play("provider_status/known")
    root = etree.fromstring(text(visitor, "/registers/accredited_providers.atom").encode())
    titles = root.xpath("a:entry/a:title/text()", namespaces=ATOM)
    assert titles[0] == "CERT-AM-2026-0001, version 2"
    content = root.xpath("a:entry[1]/a:content/text()", namespaces=ATOM)[0]
    assert "Status: In force → Suspended" in content
    assert root.xpath("string(a:updated)", namespaces=ATOM)
    ids = root.xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)


def test_a_change_of_hidden_fields_alone_is_not_in_the_feed(visitor, office, meetings):
    meetings(entry(1))
    with office.acting() as ctx:
        told = {"register": "meetings", "key": "M-1", "version": 2, "place": "AM-SU-KAPAN"}
        data = entry(1, telephone="another number")
        ctx.session.add(RegisterEntry(**told, data=data, at=ctx.now, is_hidden=False))
    root = etree.fromstring(text(visitor, f"{REGISTER}.atom").encode())
    assert root.xpath("a:entry/a:title/text()", namespaces=ATOM) == ["M-1"]


def test_dates_of_a_register_are_a_calendar(visitor, meetings):
    meetings(entry(1), entry(2, held_on=None), entry(3, held_on="2026-12-08T15:00:00+04:00"))
    answer = visitor.client.get(f"{REGISTER}.ics")
    assert answer.mimetype == "text/calendar"
    events = icalendar.Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == ["Meeting M-1", "Meeting M-3"]
    assert events[0]["DTSTART"].to_ical() == b"20261207"
    assert events[1]["DTSTART"].to_ical() == b"20261208T110000Z"
    assert visitor.client.get("/registers/service_types.ics").status_code == 404


def test_data_are_kept_by_caches_until_something_changes(visitor, meetings):
    meetings(entry(1))
    first = visitor.client.get(f"{REGISTER}.json")
    assert len(first.get_json()) == 1
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    tag = first.headers["ETag"]
    again = visitor.client.get(f"{REGISTER}.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.get_data()) == (304, b"")
    meetings(entry(2))
    fresh = visitor.client.get(f"{REGISTER}.json", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != tag


def test_only_the_embed_view_may_be_framed(visitor, meetings):
    meetings(entry(1))
    framed = visitor.client.get(f"{REGISTER}?embed&lang=hy")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    for address in (REGISTER, f"{REGISTER}?print", "/places", "/"):
        plain = visitor.client.get(address)
        assert "frame-ancestors 'none'" in plain.headers["Content-Security-Policy"], address
        assert plain.headers["X-Frame-Options"] == "DENY"


def test_the_embed_view_has_no_navigation_and_speaks_the_language_asked_for(visitor, meetings):
    meetings(*(entry(number) for number in range(1, 31)))
    page = visitor.get(f"{REGISTER}?embed&lang=hy&state=open")
    assert page.soup.html["lang"] == "hy"
    assert page.soup.select("nav:not(.govuk-pagination), header, main form") == []
    following = page.one("a[rel=next]")["href"]
    assert all(part in following for part in ("embed", "lang=hy", "state=open"))
    links = page.soup.select("main a:not([rel=next]), footer a")
    assert {one.get("target") for one in links} == {"_blank"}
    assert visitor.get(REGISTER).soup.html["lang"] == "en", "nothing is remembered"


def test_the_snippet_frames_what_is_shown(visitor, meetings):
    meetings(entry(1))
    snippet = visitor.get(f"{REGISTER}?state=open").one("#embed").get_text()
    address = re.search(r'src="http://localhost([^"]+)"', snippet).group(1)
    assert "state=open" in address
    assert visitor.get(address).all(".app-register tbody th") == ["M-1"]


def test_the_print_view_holds_the_list_without_anything_around(visitor, meetings):
    meetings(*(entry(number) for number in range(1, 41)))
    page = visitor.get(f"{REGISTER}?print")
    assert len(page.all(".app-register tbody tr")) == 40
    assert page.soup.select("nav, main form") == []
    assert "http://localhost/registers/meetings" in page.soup.footer.get_text()


def test_a_list_costs_the_same_however_long_the_register_is(app, visitor, meetings):
    counts = []
    for number in (30, 600):
        meetings(*(entry(f"{number}-{one}") for one in range(number)))
        with statements_of(app) as statements:
            visitor.get(f"{REGISTER}?place=AM-SU&state=open")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_every_register_is_listed_as_open_data(visitor, meetings):
    meetings(entry(1))
    page = visitor.get("/data")
    links = {one["href"] for one in page.soup.select("main a[href]")}
    for kind in ("json", "csv", "atom", "ics"):
        assert f"{REGISTER}.{kind}" in links
    assert "/registers/service_types.json" in links
    assert "/registers/service_types.ics" not in links
