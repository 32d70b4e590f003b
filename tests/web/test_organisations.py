"""People of one organisation share its drafts and cases; what it gave once it gives again."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from tests.support.answers import application, apply_at, case_row, part_fields, start_fields
from tests.web.conftest import answer_first
from workflow_app.domain.errors import Invalid
from workflow_app.models.applicants import CaseOrganisation, Paper
from workflow_app.models.case import Case, Document
from workflow_app.services.profile import use_again

FORM = "/services/accreditation/start"


@pytest.fixture
def signatory(sign_in):
    browser = sign_in("applicant")
    answer_first(browser)
    return browser


@pytest.fixture
def editor(sign_in):
    return sign_in("applicant2")


def test_two_people_of_an_organisation_write_one_application(signatory, editor):
    page = signatory.get(FORM).click("Staff")
    page.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    assert editor.get(FORM).click("Staff").value("staff-0-name") == "Anna"


def test_an_editor_fills_in_and_only_a_signatory_sends(signatory, editor, office):
    signatory.get(FORM)
    fields = start_fields(office, application())
    refused = apply_at(editor.get(FORM), fields, status=403)
    assert "Only who may sign" in refused.text
    assert office.read(lambda s: s.query(Case).count()) == 0
    sent = apply_at(signatory.get(FORM), start_fields(office, application()))
    case = case_row(office, 1)
    assert case.number in sent.text
    owner = office.read(lambda s: s.query(CaseOrganisation).one().organisation_code)
    assert owner == "kapan_day_care"
    assert case.number in editor.get("/my-cases").text
    assert editor.get(f"/follow/{case.number}").path == f"/follow/{case.number}"


def test_the_next_application_opens_with_the_profile_and_takes_papers_again(signatory, office):
    answers = application(phone="+374 10 123456")
    apply_at(signatory.get(FORM), start_fields(office, answers))
    page = signatory.get(FORM)
    if page.title == "Check whether you can apply":
        answer_first(signatory)
        page = signatory.get(FORM)
    assert page.click("Your organisation").value("phone") == "+374 10 123456"
    service = page.click("The service")
    page = service.send(part_fields(service, start_fields(office, answers)), whole=True)
    documents = page.click("Documents")
    paper = office.read(lambda s: s.query(Paper).filter_by(kind="documents-charter").one().id)
    again = documents.send({}, button=("_use", f"documents-charter:{paper}"))
    assert "charter.pdf" in again.text
    copies = office.read(lambda s: s.query(Document).filter_by(owner="org:kapan_day_care").all())
    unsent = [copy for copy in copies if copy.case_id is None]
    assert [copy.name for copy in unsent] == ["charter.pdf"]


def test_an_invitation_makes_a_member_once(signatory, sign_in, office, mailer):
    page = signatory.get("/my-cases").click("Day Care for All NGO, Kapan")
    asked = page.send({"email": "resident@example.org"}, form="main form[novalidate]")
    assert "resident@example.org" in asked.text
    office.settle()
    link = re.search(r"http://localhost(/organisation/join/\S+)", mailer.sent[-1].text).group(1)
    joined = sign_in("resident").get(link).press("Accept")
    assert joined.title == "Day Care for All NGO, Kapan"
    sign_in("monitor").get(link, status=404)


def test_the_last_signatory_cannot_leave(signatory):
    page = signatory.get("/organisation")
    page.press("Leave Authorised person, Day Care for All NGO, Kapan", status=409)
    assert "fills in, signs and sends" in signatory.get("/organisation").text


def test_a_removed_editor_sees_nothing_more(signatory, editor):
    page = signatory.get(FORM).click("Staff")
    page.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    signatory.get("/organisation").press("Remove Co-editor, Day Care for All NGO, Kapan")
    assert editor.get(FORM).title == "Check whether you can apply"
    editor.get("/organisation", status=404)


def test_an_editor_invites_nobody(editor):
    assert "Invite somebody" not in editor.get("/organisation").text


def test_a_paper_is_used_again_until_its_validity_is_over(signatory, office):
    apply_at(signatory.get(FORM), start_fields(office, application()))
    paper = office.read(lambda s: s.query(Paper).filter_by(kind="documents-charter").one().id)
    address = f"/organisation/papers/{paper}"
    form = f'form[action="{address}"]'
    page = signatory.get("/organisation")
    wrong = page.send({"lasts_until": "next summer"}, form=form, status=422)
    assert "Enter a date such as 2026-12-24" in wrong.text
    assert wrong.one(f"#paper-{paper}")["value"] == "next summer"
    kept = page.send({"lasts_until": "2026-11-22"}, form=form)
    assert kept.one(f"#paper-{paper}")["value"] == "2026-11-22"
    answer_first(signatory)
    service = signatory.get(FORM).click("The service")
    fields = part_fields(service, start_fields(office, application()))
    documents = service.send(fields, whole=True).click("Documents")
    assert "It was valid until 22 November 2026" in documents.text
    with office.acting("applicant") as ctx, pytest.raises(Invalid, match="was valid until"):
        use_again(ctx, "kapan_day_care", paper, owner="org:kapan_day_care")
    page.send({"lasts_until": ""}, form=form)
    again = signatory.get(documents.path).send({}, button=("_use", f"documents-charter:{paper}"))
    assert "charter.pdf" in again.text


def test_nobody_else_says_how_long_a_paper_is_valid(signatory, office):
    apply_at(signatory.get(FORM), start_fields(office, application()))
    paper = office.read(lambda s: s.query(Paper).filter_by(kind="documents-charter").one().id)
    with office.acting() as ctx:
        ctx.session.execute(update(Paper).values(organisation_code="goris_home_care"))
    page = signatory.get("/organisation")
    token = page.one('form#language-form input[name="csrf_token"]')["value"]
    fields = {"csrf_token": str(token), "lasts_until": "2026-12-01"}
    page.browser.post(f"/organisation/papers/{paper}", fields, status=404)
