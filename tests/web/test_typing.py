"""What somebody typed is never lost: drafts, rows, languages, refused files, ended sessions."""

from __future__ import annotations

import pytest

from tests.support.answers import (
    application,
    apply_at,
    case_row,
    open_item,
    part_fields,
    start_fields,
    task_fields,
)
from tests.support.browser import upload
from workflow_app.models.case import Case, Draft
from workflow_app.services.scenarios.answering import PDF

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200)
SHORT = [{"source": "Grants", "share": 60}]
REFUSED = {
    "a program named as a PDF": ("charter.pdf", EXE),
    "eleven megabytes": ("charter.pdf", PDF + bytes(11 * 1024 * 1024)),
    "nothing at all": ("charter.pdf", b""),
    "a page named as a PDF": ("charter.pdf", b"<html><script>alert(1)</script></html>"),
}


@pytest.fixture
def start_page(visitor, start_link):
    """Return the first page of the application."""
    return visitor.get(start_link()).click("Your organisation")


@pytest.fixture
def page_of(visitor, start_link):
    """Return a function from the title of a page of the application to that page."""
    link = start_link()
    return lambda title: visitor.get(link).click(title)


def test_a_draft_is_found_again_on_another_device(visitor, browser_of, start_link):
    address = start_link() + "/section/organisation"
    page = visitor.get(address)
    form = page.form("#main-form")
    form["org_name"] = "Sunny Door NGO"
    answer = visitor.raw(page.one("[data-draft-url]")["data-draft-url"], form)
    assert answer.get_json()["saved"].startswith("Saved ")
    assert browser_of().get(address).value("org_name") == "Sunny Door NGO"


def test_saving_for_later_needs_no_javascript_and_checks_nothing(start_page):
    saved = start_page.send({"org_name": "S", "reg_no": "wrong"}, button=("_save", "1"))
    assert saved.problems == []
    saved = saved.click("Your organisation")
    assert (saved.value("org_name"), saved.value("reg_no")) == ("S", "wrong")


def test_rows_come_and_go_without_javascript(page_of):
    page = page_of("Staff").send({"staff-0-name": "Head"}, button=("_row", "add:staff"))
    page = page.send({"staff-1-name": "Helper"}, button=("_row", "add:staff"))
    assert page.value("staff-2-name") == ""
    remove = page.soup.select('button[name="_row"][value^="remove:staff"]')
    page = page.send(button=("_row", remove[0]["value"]))
    assert page.value("staff-0-name") == "Helper"
    assert page.value("staff-2-name") is None


def test_another_language_keeps_what_was_typed(start_page):
    page = start_page.send(
        {"org_name": "Sunny Door NGO", "reg_no": "not yet checked"}, button=("_lang", "hy")
    )
    assert page.soup.html["lang"] == "hy"
    assert page.value("org_name") == "Sunny Door NGO"
    assert page.problems == []
    page = page.send(button=("_lang", "en"))
    assert page.soup.html["lang"] == "en"
    assert page.value("reg_no") == "not yet checked"


def test_a_language_chosen_where_there_is_no_form_leads_back(visitor):
    page = visitor.get("/registers/accredited_providers?q=x").press("Հայերեն")
    assert page.address == "/registers/accredited_providers?q=x"
    assert page.soup.html["lang"] == "hy"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "javascript:alert(1)"]
)
def test_choosing_a_language_leads_to_no_other_site(visitor, target):
    token = visitor.get("/").one("#language-form input[name=csrf_token]")["value"]
    fields = {"csrf_token": token, "next": target, "_lang": "hy"}
    assert visitor.raw("/language", fields).headers["Location"] == "/"


@pytest.mark.parametrize(("name", "content"), REFUSED.values(), ids=REFUSED)
def test_a_refused_file_is_named_and_all_else_is_kept(page_of, office, name, content):
    service = page_of("The service")
    service.send(part_fields(service, start_fields(office, application())), whole=True)
    page = page_of("Documents").send({"documents-job_descriptions": upload("jobs.pdf", PDF)})
    sent = {"documents-charter": upload(name, content)}
    page = page_of("Documents").send(sent, status=422)
    assert any("charter.pdf" in problem for problem in page.problems), page.problems
    assert "jobs.pdf" in page.text
    assert page.soup.title.get_text().startswith("Error:")


def test_a_good_file_stays_when_another_answer_is_wrong(visitor, start_link, office):
    address = start_link()
    fields = start_fields(office, application(funding_sources=SHORT))
    page = apply_at(visitor.get(address), fields, status=422)
    assert len(page.problems) == 1
    assert "charter.pdf" in page.text
    money = visitor.get(f"{address}/section/money")
    money.send({"funding_sources-0-share": "100"})
    assert "charter.pdf" in visitor.get(f"{address}/section/documents").text
    signed = {"declaration-name": "Anna", "declaration-agreed": "true"}
    assert visitor.get(f"{address}/check").send(signed).title == "Your application was sent"
    assert case_row(office, 1).title.startswith("Sunny Door NGO")


def test_every_problem_leads_to_its_field(start_page):
    page = start_page.send({}, status=422)
    targets = [a["href"][1:] for a in page.soup.select(".govuk-error-summary__list a")]
    assert len(targets) > 2
    for target in targets:
        assert page.soup.find(id=target) is not None


def test_a_form_sent_after_the_session_ended_is_kept_until_one_signs_in_again(
    office, applied, sign_in
):
    item = open_item(office, applied, "check_documents")
    registrar = sign_in("registrar")
    page = registrar.get(f"/tasks/{item}")
    registrar.client.delete_cookie("session")
    fields = {"items-0-remark": "Half filled in"}
    asked = page.send(fields)
    assert asked.path in ("/sign-in", f"/tasks/{item}")
    if asked.path != "/sign-in":
        asked = registrar.get(f"/tasks/{item}")
    fields = {"email": "registrar@example.org", "password": "community-2026"}
    back = asked.send(fields, form='form[name="login_user_form"]')
    assert back.path == f"/tasks/{item}"
    assert back.value("items-0-remark") == "Half filled in"


def test_a_public_form_sent_after_the_session_ended_is_kept(visitor, start_page):
    visitor.client.delete_cookie("session")
    page = start_page.send({"org_name": "Sunny Door NGO"})
    assert page.value("org_name") == "Sunny Door NGO"
    assert "ended" in page.text


def test_a_form_without_its_token_changes_nothing(visitor, office, start_link):
    fields = start_fields(office, application())
    answer = visitor.raw(start_link(), fields)
    assert answer.status_code in (303, 400)
    assert office.read(lambda s: s.query(Case).count()) == 0


def test_a_draft_is_forgotten_once_the_task_is_done(office, applied, sign_in):
    item = open_item(office, applied, "check_documents")
    registrar = sign_in("registrar")
    page = registrar.get(f"/tasks/{item}").send(button=("_save", "1"))
    assert "saved" in page.text.lower()
    answers = {"items": {"*": {"present": True, "valid": "yes"}}}
    page.send(task_fields(office, "registrar", item, answers), whole=True)
    assert office.read(lambda s: s.query(Draft).filter_by(owner="user:registrar").count()) == 0
