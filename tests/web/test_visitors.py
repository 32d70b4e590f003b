"""Every address with every kind of visitor: who gets in, who must sign in, who learns nothing.

The case stands in Kapan, its first task waits for a registrar. The visitors are, in this order:
nobody known, the holder of the case's key, an applicant with an account, an official of another
country, the registrar, the supervisor.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.answers import case_row, open_item, wait_for
from workflow_app.domain.actors import Permission
from workflow_app.models.case import Document
from workflow_app.services.chain import Event, append_event
from workflow_app.web.routing import PERMISSIONS

VISITORS = ("public", "key_holder", "applicant", "monitor", "registrar", "supervisor")
SIGN_IN, FOLLOW = "sign in", "follow"

ALL = [200] * 6
PEOPLE = [SIGN_IN, SIGN_IN, 200, 200, 200, 200]
READERS = [SIGN_IN, SIGN_IN, 403, 404, 200, 200]
SUPERVISORS = [SIGN_IN, SIGN_IN, 403, 403, 403, 200]
KEY = [FOLLOW, 200, FOLLOW, FOLLOW, FOLLOW, FOLLOW]
ORGANISATION = [SIGN_IN, SIGN_IN, 200, 404, 404, 404]
ORGANISATION_NONE = [SIGN_IN, SIGN_IN, 404, 404, 404, 404]
REGISTRAR = [SIGN_IN, SIGN_IN, 403, 403, 200, 403]
WORKERS = [SIGN_IN, SIGN_IN, 403, 200, 200, 200]
NOTHING, ELSEWHERE = [404] * 6, [302] * 6
LED_ON = [SIGN_IN, SIGN_IN, 302, 302, 302, 302]
HOLDER = [SIGN_IN, SIGN_IN, 403, 404, 303, 403]
WORKERS_WRONG = [SIGN_IN, SIGN_IN, 403, 422, 422, 422]
READERS_WRONG = [SIGN_IN, SIGN_IN, 403, 404, 422, 422]
NOWHERE = [SIGN_IN, SIGN_IN, 403, 404, 404, 404]
# An entry that is not there: whoever has an account is told so.
ABSENT = [SIGN_IN, SIGN_IN, 404, 404, 404, 404]
ROUTES = {
    "public.home": ("GET", "/", ALL),
    "public.service": ("GET", "/services/accreditation", ALL),
    "public.follow": ("GET", "/follow", ALL),
    "public.case": ("GET", "/follow/{number}", KEY),
    "public.check_certificate": ("GET", "/check?number=CERT-1", ALL),
    "public.check": ("GET", "/check/CERT-1", ELSEWHERE),
    "public.registers_list": ("GET", "/registers", ALL),
    "public.register": ("GET", "/registers/accredited_providers", ALL),
    "open_data.download": ("GET", "/registers/accredited_providers.csv", ALL),
    "open_data.index": ("GET", "/data", ALL),
    "open_data.dictionary": ("GET", "/data/accredited_providers", ALL),
    "open_data.dictionary_file": ("GET", "/data/accredited_providers.json", ALL),
    "open_data.entry": ("GET", "/data/accredited_providers/none.json", NOTHING),
    "places.index": ("GET", "/places", ALL),
    "places.index_file": ("GET", "/places.json", ALL),
    "places.place": ("GET", "/places/AM-SU-KAPAN", ALL),
    "places.place_file": ("GET", "/places/AM-SU-KAPAN.json", ALL),
    "about.contact": ("GET", "/contact", ALL),
    "about.privacy": ("GET", "/privacy", ALL),
    "about.statistics": ("GET", "/statistics", ALL),
    "about.statistics_file": ("GET", "/statistics.csv", ALL),
    "boards.board": ("GET", "/board/pssp_cycle", READERS),
    "public.register_entry": ("GET", "/registers/accredited_providers/none", NOTHING),
    "public.published": ("GET", "/decisions/1", NOTHING),
    "public.language": ("POST", "/language", [303] * 6),
    "public.accessibility": ("GET", "/accessibility", ALL),
    "help.findings": ("GET", "/help/findings", ALL),
    "help.finding": ("GET", "/help/findings/deadlock", ALL),
    "start.by_link": ("GET", "/start/guess", NOTHING),
    "start.draft_by_link": ("POST", "/start/guess/draft", NOTHING),
    "organisation.page": ("GET", "/organisation", ORGANISATION),
    "organisation.remove": ("POST", "/organisation/members/999/remove", ORGANISATION_NONE),
    "organisation.validity": ("POST", "/organisation/papers/999", ORGANISATION_NONE),
    "organisation.accept": ("GET", "/organisation/join/guess", ORGANISATION_NONE),
    "start.entered": ("GET", "/entered", LED_ON),
    "start.by_paper": ("GET", "/services/accreditation/paper", REGISTRAR),
    "start.draft_by_paper": ("POST", "/services/accreditation/paper/draft", REGISTRAR),
    "start.by_entry": ("GET", "/services/grant_application/for/none/start", ABSENT),
    "start.draft_by_entry": ("POST", "/services/grant_application/for/none/start/draft", ABSENT),
    "start.before_by_entry": ("GET", "/services/grant_application/for/none/start/before", ABSENT),
    "start.check_by_entry": ("GET", "/services/grant_application/for/none/start/check", ABSENT),
    "start.section_by_entry": (
        *("GET", "/services/grant_application/for/none/start/section/project"),
        ABSENT,
    ),
    "start.draft_section_by_entry": (
        *("POST", "/services/grant_application/for/none/start/section/project/draft"),
        ABSENT,
    ),
    "start.questions": ("GET", "/services/accreditation/before", ALL),
    "start.by_account": (
        *("GET", "/services/accreditation/start"),
        LED_ON,
    ),
    "start.draft_by_account": ("POST", "/services/accreditation/start/draft", PEOPLE),
    "start.by_case": ("GET", "/follow/{number}/next/appeal_lodged", NOTHING),
    "start.draft_by_case": ("POST", "/follow/{number}/next/appeal_lodged/draft", NOTHING),
    "start.message": ("GET", "/follow/{number}/{wait}", KEY),
    "start.draft_message": (
        *("POST", "/follow/{number}/{wait}/draft"),
        [404, 200, 404, 404, 404, 404],
    ),
    "start.done": ("GET", "/started", ELSEWHERE),
    "desk.welcome": ("GET", "/welcome", LED_ON),
    "desk.mine": ("GET", "/my-cases", PEOPLE),
    "desk.inbox": ("GET", "/inbox", WORKERS),
    "desk.start": ("GET", "/start", PEOPLE),
    "desk.claim": ("POST", "/tasks/{item}/claim", HOLDER),
    "desk.release": ("POST", "/tasks/{item}/release", HOLDER),
    "work.task": ("GET", "/tasks/{item}", READERS),
    "work.draft": ("POST", "/tasks/{item}/draft", [SIGN_IN, SIGN_IN, 403, 404, 200, 403]),
    "cases.show": ("GET", "/cases/{number}", READERS),
    "cases.diagram": ("GET", "/cases/{number}/diagram/accreditation.json", READERS),
    "cases.decision": ("GET", "/cases/{number}/decisions/{decision}", READERS),
    "mending.worklist": ("GET", "/incidents", SUPERVISORS),
    "mending.retry": (
        *("GET", "/cases/{number}/incidents/1/retry"),
        [SIGN_IN, SIGN_IN, 403, 403, 403, 409],
    ),
    "mending.data": ("GET", "/cases/{number}/data", SUPERVISORS),
    "mending.move": ("GET", "/cases/{number}/move", SUPERVISORS),
    "mending.cancel": ("GET", "/cases/{number}/cancel", SUPERVISORS),
    "files.document": ("GET", "/documents/{document}", [404, 200, 404, 404, 200, 200]),
    "absence.page": ("GET", "/account/absence", WORKERS),
    "absence.enter": ("POST", "/account/absence", WORKERS_WRONG),
    "absence.end": ("POST", "/account/absence/999/end", NOWHERE),
    "account.notifications": ("GET", "/account/notifications", PEOPLE),
    "account.news": ("GET", "/account/news", PEOPLE),
    "account.calendar_address": (
        "POST",
        "/account/calendar",
        [SIGN_IN, SIGN_IN, 303, 303, 303, 303],
    ),
    "account.calendar": ("GET", "/calendar/guess.ics", NOTHING),
    "cases.part": ("GET", "/cases/{number}/file/timeline", READERS),
    "comments.page": ("GET", "/cases/{number}/comments", READERS),
    "comments.add": ("POST", "/cases/{number}/comments", READERS_WRONG),
    "comments.edit": ("GET", "/cases/{number}/comments/999", NOWHERE),
    "comments.delete": ("POST", "/cases/{number}/comments/999/delete", NOWHERE),
    "desk.claim_ticked": ("POST", "/tasks/claim", WORKERS),
    "desk.release_ticked": ("POST", "/tasks/release", WORKERS),
    "desk.keep_filter": ("POST", "/inbox/filters", WORKERS_WRONG),
    "desk.forget_filter": ("POST", "/inbox/filters/999/delete", NOWHERE),
    "handing.page": ("GET", "/tasks/{item}/hand-over", [SIGN_IN, SIGN_IN, 403, 404, 403, 200]),
    "handing.hand": ("POST", "/tasks/{item}/hand-over", [SIGN_IN, SIGN_IN, 403, 404, 403, 422]),
    "help.settings": ("GET", "/settings", ALL),
    "notices.mine": ("GET", "/follow/{number}/notices", KEY),
    "notices.of_case": ("GET", "/cases/{number}/notices", READERS),
    "notices.record": ("GET", "/cases/{number}/notices/999", NOWHERE),
    "offline.worker": ("GET", "/offline.js", ALL),
    "offline.door": ("GET", "/tasks/{item}/kept", WORKERS),
    "offline.kept": ("POST", "/tasks/{item}/kept", [SIGN_IN, SIGN_IN, 403, 400, 400, 400]),
    "search.cases": ("GET", "/search?q=sunny", WORKERS),
    "undo.take_back": ("POST", "/tasks/{item}/undo", NOWHERE),
    "work.comment": ("POST", "/tasks/{item}/comment", READERS_WRONG),
    "collect.page": ("GET", "/collect/{number}/none", NOTHING),
    "collect.seat": ("GET", "/collect/{number}/none/guess", NOTHING),
    "collect.mine": ("GET", "/collect/{number}/none/mine", ABSENT),
    "collect.code": ("POST", "/collect/{number}/none/code", NOTHING),
    "collect.room": ("GET", "/collect/{number}/none/room", NOTHING),
    "collect.live": ("GET", "/collect/{number}/none/live", NOTHING),
    "collect.picture": ("GET", "/collect/{number}/none/code.svg", NOTHING),
    "collect.data": ("GET", "/collect/{number}/none.json", NOTHING),
    "collect.kept": ("POST", "/collect/{number}/none/kept", NOTHING),
    "collect.kept_of_seat": ("POST", "/collect/{number}/none/guess/kept", NOTHING),
    "collected.entries": ("GET", "/cases/{number}/collections/none", NOWHERE),
    "collected.download": ("GET", "/cases/{number}/collections/none.csv", NOWHERE),
    "collected.answer": ("GET", "/cases/{number}/collections/none/1", NOWHERE),
    "collected.draft": ("POST", "/cases/{number}/collections/none/1/draft", NOWHERE),
    "collected.same": ("POST", "/cases/{number}/collections/none/same", NOWHERE),
    "collected.seats": ("GET", "/cases/{number}/collections/none/seats", NOWHERE),
    "collected.seat_code": ("GET", "/cases/{number}/collections/none/seats/1.svg", NOWHERE),
    "health.live": ("GET", "/healthz", ALL),
    "health.ready": ("GET", "/readyz", ALL),
    "demo.mail": ("GET", "/demo/mail", ALL),
    "demo.mail_show": ("GET", "/demo/mail/{mail}", ALL),
    "demo.clock": ("GET", "/demo/clock", ALL),
}
#: The ways to a start form, and who gets to its pages on each; each way has the same pages.
WAYS = {
    "paper": ("/services/accreditation/paper", REGISTRAR),
    "link": ("/start/guess", NOTHING),
    "account": ("/services/accreditation/start", PEOPLE),
    "case": ("/follow/{number}/next/appeal_lodged", NOTHING),
}
PAGES = {
    "before": ("GET", "before"),
    "check": ("GET", "check"),
    "section": ("GET", "section/staff"),
    "draft_section": ("POST", "section/staff/draft"),
}
ROUTES |= {
    f"start.{page}_by_{way}": (method, f"{address}/{place}", expected)
    for way, (address, expected) in WAYS.items()
    for page, (method, place) in PAGES.items()
}


def decision_of(office, case_id):
    """Let a decision stand in the case's history and return its number there."""
    told = {"decision": "some", "rules": [], "result": "yes", "tables": []}
    with office.acting() as ctx:
        append_event(ctx, case_id, Event("decision", "accreditation/some", None, ctx.now, told))
    return case_row(office, case_id).history_seq


@pytest.fixture
def places(office, applied):
    """Return what stands in the addresses."""
    case = case_row(office, applied)
    document = office.read(
        lambda s: s.scalars(select(Document.id).where(Document.letter.is_not(None))).first()
    )
    return {
        "decision": decision_of(office, applied),
        "number": case.number,
        "key": case.secret,
        "item": open_item(office, applied, "check_documents"),
        "wait": wait_for(office, applied, "application_changed").task_id,
        "document": document,
        "mail": 1,
    }


def enter(name, places, browser_of, sign_in):
    """Return a visitor's browser."""
    if name in ("public", "key_holder"):
        browser = browser_of()
        if name == "key_holder":
            browser.get(f"/follow/{places['number']}?key={places['key']}")
        return browser
    return sign_in(name)


def outcome(browser, method, address):
    """Return a status, or where somebody without a right to be there is led."""
    if method == "POST":
        token = browser.get("/").one("#language-form input[name=csrf_token]")["value"]
        answer = browser.raw(address, {"csrf_token": token})
    else:
        answer = browser.client.get(address)
    where = answer.headers.get("Location", "")
    if where.startswith("/sign-in"):
        return SIGN_IN
    return FOLLOW if where == "/follow" else answer.status_code


def test_every_visitor_at_every_address(places, browser_of, sign_in):
    found = {}
    for position, name in enumerate(VISITORS):
        browser = enter(name, places, browser_of, sign_in)
        for endpoint, (method, address, expected) in ROUTES.items():
            got = outcome(browser, method, address.format(**places))
            if got != expected[position]:
                found[f"{name} at {endpoint}"] = (got, "instead of", expected[position])
    assert found == {}


def test_the_table_above_knows_every_address():
    outside = {name for name in PERMISSIONS if not name.startswith(("bench.", "studio_"))}
    assert outside == set(ROUTES)


def test_every_address_of_the_studio_is_for_designers(places, browser_of, sign_in):
    asked = {PERMISSIONS[name] for name in PERMISSIONS if name.startswith("studio_")}
    assert asked == {Permission.DESIGN}
    found = {
        name: outcome(enter(name, places, browser_of, sign_in), "GET", "/studio")
        for name in VISITORS
    }
    assert found == {name: SIGN_IN if name in VISITORS[:2] else 403 for name in VISITORS}


def test_what_is_hidden_reads_like_what_does_not_exist(places, sign_in):
    stranger = sign_in("monitor")
    hidden = stranger.get(f"/cases/{places['number']}", status=404)
    missing = stranger.get("/cases/ACC-AM-2026-9999", status=404)
    assert hidden.text == missing.text
    hidden = stranger.get(f"/tasks/{places['item']}", status=404)
    assert hidden.text == stranger.get("/tasks/99999", status=404).text


def test_a_wrong_key_and_a_wrong_number_read_the_same(places, visitor):
    page = visitor.get("/follow")
    wrong = [
        page.send(fields, form="main form", status=422).problems
        for fields in (
            {"number": places["number"], "key": "AAAA-BBBB-CCCC"},
            {"number": "ACC-AM-2026-9999", "key": places["key"]},
        )
    ]
    assert wrong[0] == wrong[1] == ["No case has this number and key. Check both and try again."]


def test_number_and_key_open_the_case_however_they_are_typed(places, visitor):
    key = places["key"].lower().replace("-", " ")
    page = visitor.get("/follow").send(
        {"number": f" {places['number'].lower()} ", "key": key}, form="main form"
    )
    assert page.path == f"/follow/{places['number']}"


def test_keys_cannot_be_tried_without_end(places, visitor):
    page = visitor.get("/follow")
    fields = {"number": places["number"], "key": "guess"}
    for _ in range(20):
        page.send(fields, form="main form", status=422)
    refused = page.send(fields, form="main form", status=429)
    assert "Too many attempts" in refused.title
