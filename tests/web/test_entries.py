"""Forms over an entry of a register: opened from its page, open to the second, nothing lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.support.answers import apply_at, start_fields
from tests.support.installation import ROOT
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.entries import CaseEntry, RefusedStart
from workflow_app.services.host import Host
from workflow_app.services.lookups import look_up
from workflow_app.services.scenarios.script import Beginning, borrowed_answers
from workflow_app.services.seeding import enter_rows, load_register

PROCESS = "grant_application"
FORM = f"{PROCESS}/application"
CALL = "CALL-AM-2026-0007"
LAST = "2026-12-18T18:00:00.900000+04:00"
CLOSED = (
    "This call is not open for applications now. Nothing can be sent before it opens or after its "
    "deadline."
)
LATE = "2026-12-18T18:00:01+04:00"
ENTRY = {
    "number": CALL, "title": "Services of the plan", "status": "open", "lot": "1_innovation_csos",
    "deadline": "2026-12-18T14:00:00+00:00", "eligible": ["cso"], "territories": ["AM-SU"],
    "activity_types": ["new_service"], "currency": "EUR", "rate_to_eur": 1, "two_step": False,
    "primary_aim": False, "total": 225000, "min_amount": 10000, "max_amount": 70000,
    "cofinancing_min": 0, "duration_max_months": 12, "project_ends": "2030-01-31",
    "max_applications_per_org": 20, "min_years_experience": 1,
}  # fmt: skip
CERTIFICATE = {
    "number": "CERT-AM-2026-0001", "organisation": "Sunny Door NGO", "reg_no": "264.160.0000099",
    "sector": "cso", "service_type": "day_older", "service_name": "Day care", "status": "in_force",
    "form_of_care": "day_centre", "place": "AM-SU-KAPAN", "address": "Kapan", "capacity": 40,
    "valid_from": "2026-01-01", "valid_until": "2031-01-01",
}  # fmt: skip


@pytest.fixture
def call(office):
    """Enter an open call; return its entry as a form sees it."""
    with office.acting() as ctx:
        enter_rows(ctx, "calls", [ENTRY])
    office.move_to("2026-12-18T12:00:00+04:00")
    return {"entry": {**ENTRY, "key": CALL, "register": "calls"}}


@pytest.fixture
def link_to(visitor, office, mailer):
    """Return a function that asks for a link to a form over an entry and gives its address."""

    def ask(email, process=PROCESS, entry=CALL):
        page = visitor.get(f"/services/{process}?entry={entry}")
        page.send({"email": email}, form="main form[novalidate]")
        office.settle()
        mail = [m for m in mailer.sent if m.to == email][-1]
        return re.search(r"http://localhost(/start/\S+)", mail.text).group(1)

    return ask


@pytest.fixture
def fields(office, call):
    """Return a function that gives what is posted for an application, some of it changed."""
    path = ROOT / "processes" / PROCESS / "scenarios" / "any.yaml"

    def give(**changes):
        beginning = Beginning(answers_from="_application", answers=changes)
        return start_fields(office, borrowed_answers(path, beginning), FORM, call)

    return give


def count(office, table):
    return office.read(lambda session: session.scalar(select(func.count()).select_from(table)))


def test_the_page_of_an_entry_leads_to_the_form_over_it(visitor, office, link_to):
    with office.acting() as ctx:
        enter_rows(ctx, "accredited_providers", [CERTIFICATE])
    service = visitor.get("/registers/accredited_providers/CERT-AM-2026-0001").click(
        "Complain about this provider"
    )
    assert service.address.endswith("?entry=CERT-AM-2026-0001")
    assert "CERT-AM-2026-0001" in service.text
    form = visitor.get(link_to("resident@example.org", "provider_complaint", "CERT-AM-2026-0001"))
    assert form.value("provider") == "CERT-AM-2026-0001"


def test_the_same_form_opens_without_an_entry_where_none_is_needed(visitor, office):
    with office.acting() as ctx:
        enter_rows(ctx, "accredited_providers", [CERTIFICATE])
    page = visitor.get("/services/provider_complaint")
    assert "Begin without an account" in page.text
    assert "What you can apply for now" not in page.text


def test_a_form_that_needs_an_entry_offers_those_that_are_open(visitor, office, call):
    page = visitor.get(f"/services/{PROCESS}")
    assert "Begin without an account" not in page.text
    assert page.click("Services of the plan").address.endswith(f"?entry={CALL}")
    office.move_to(LATE)
    assert "Nothing is open at the moment." in visitor.get(f"/services/{PROCESS}").text


def hide(office, register, rule):
    """Let a register say which of its entries are public."""
    with office.acting() as ctx:
        definition = ctx.session.get(RegisterDefinition, register).definition
        load_register(ctx, register, {**definition, "public_when": rule})


@pytest.mark.usefixtures("call")
def test_an_entry_that_stays_in_the_office_cannot_be_applied_to(visitor, office, sign_in):
    hide(office, "calls", '=title != "Services of the plan"')
    assert "Nothing is open at the moment." in visitor.get(f"/services/{PROCESS}").text
    visitor.get(f"/services/{PROCESS}?entry={CALL}", status=404)
    sign_in("applicant").get(f"/services/{PROCESS}/for/{CALL}/start", status=404)


def test_a_form_offers_the_public_no_entry_that_stays_in_the_office(office, visitor, link_to):
    with office.acting() as ctx:
        enter_rows(ctx, "accredited_providers", [CERTIFICATE, {**CERTIFICATE, "number": "SEEN"}])
    hide(office, "accredited_providers", '=number = "SEEN"')
    form = visitor.get(link_to("resident@example.org", "provider_complaint", "SEEN"))
    offered = {one["value"] for one in form.soup.select("[name=provider] option[value]")}
    assert "SEEN" in offered
    assert CERTIFICATE["number"] not in offered
    refused = form.send({"provider": CERTIFICATE["number"]}, status=422)
    assert "Choose one of the given answers for “Which provider”" in " ".join(refused.problems)


@pytest.mark.parametrize(("who", "found"), [("registrar", True), ("applicant", False)])
def test_a_case_reads_the_whole_register_and_a_page_what_its_reader_may(office, who, found):
    with office.acting() as ctx:
        enter_rows(ctx, "accredited_providers", [CERTIFICATE])
    hide(office, "accredited_providers", '=number = "SEEN"')
    with office.acting(who) as ctx:
        host = Host(ctx, "AM")
        for shown, there in ((host, True), (host.as_seen, found)):
            key = CERTIFICATE["number"]
            assert (shown.find("register:accredited_providers", key) is not None) is there
            assert bool(shown.find("register:accredited_providers")) is there


@pytest.mark.usefixtures("call")
def test_an_account_without_an_entry_is_told_to_choose_one(sign_in):
    applicant = sign_in("applicant")
    page = applicant.get(f"/services/{PROCESS}/start", status=404)
    assert "Choose first what you apply for" in page.text
    assert applicant.get(f"/services/{PROCESS}/for/{CALL}/start").title == "Application for a grant"
    applicant.get(f"/services/{PROCESS}/for/NONE/start", status=404)


def test_the_eighth_comes_in_the_last_second_and_the_ninth_one_second_later(
    visitor, office, link_to, fields
):
    links = [link_to(f"ngo{number}@example.org") for number in range(1, 10)]
    for link in links[:7]:
        apply_at(visitor.get(link), fields())
    office.move_to(LAST)
    assert apply_at(visitor.get(links[7]), fields()).title == "Your application was sent"
    page = visitor.get(links[8])
    office.clock.moment = office.clock.moment.fromisoformat(LATE)
    refused = apply_at(page, fields(), status=422)
    assert "This call is not open for applications now." in refused.text
    assert "What you typed is kept." in refused.text
    assert count(office, CaseEntry) == 8
    with office.acting() as ctx:
        late = look_up(ctx, f"refused:{PROCESS}:{CALL}", path="AM")
        came = look_up(ctx, f"cases:{PROCESS}:{CALL}", path="AM")
    assert [(one["label"], one["at"]) for one in late] == [("ngo9@example.org", LATE)]
    assert [one["email"] for one in came] == [f"ngo{number}@example.org" for number in range(1, 9)]


def test_nothing_typed_is_lost_when_it_comes_too_late_and_counts_when_the_time_is_extended(
    visitor, office, link_to, fields
):
    link = link_to("ngo@example.org")
    page = visitor.get(link)
    office.move_to(LATE)
    apply_at(page, fields(), status=422)
    project = visitor.get(link).click("Project")
    assert project.value("project_title") == "Help at home in ten settlements"
    assert project.soup.select(".govuk-warning-text")
    with office.acting() as ctx:
        later = {**ENTRY, "number": "OTHER", "deadline": "2026-12-21T14:00:00+00:00"}
        enter_rows(ctx, "calls", [later])
    other = visitor.get(link_to("ngo@example.org", entry="OTHER")).click("Project")
    assert other.value("project_title") == "", "each entry has a draft of its own"


def test_a_closed_entry_says_so_on_its_page_and_sends_no_link(visitor, office, call):
    office.move_to(LATE)
    page = visitor.get(f"/registers/calls/{CALL}")
    assert page.all(".govuk-inset-text:not(.app-kept)")[-1:] == [CLOSED]
    assert "Begin without an account" not in visitor.get(f"/services/{PROCESS}?entry={CALL}").text


def test_sixty_thousand_and_one_euros_are_refused_where_support_is_not_the_primary_aim(
    visitor, office, link_to, fields
):
    line = {"line": "Staff", "category": "staff", "units": 1, "unit_cost": 60001}
    asked = fields(budget=[{**line, "from_grant": 60001}], requested=60001)
    page = apply_at(visitor.get(link_to("ngo@example.org")), asked, status=422)
    assert page.problems == ["“Amount requested” must be 60000 or less"]
    least = fields(budget=[{**line, "from_grant": 60000}], requested=60000)
    assert apply_at(visitor.get(page.path), least).title == "Your application was sent"
    assert count(office, RefusedStart) == 0


def test_a_budget_that_differs_by_a_cent_is_refused(visitor, office, link_to, fields):
    page = apply_at(visitor.get(link_to("ngo@example.org")), fields(requested=29566.63), status=422)
    assert page.problems == [
        "The amount requested must equal the sum of the column “From the grant”"
    ]
    assert count(office, CaseEntry) == 0
