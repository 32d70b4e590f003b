"""What everybody may read: certificates, registers, decisions; in Armenian too; and the headers."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import select

from tests.support.answers import application, case_row, open_item
from workflow_app.models.case import Document
from workflow_app.models.register import PublishedPage, RegisterEntry

REGISTER = "/registers/accredited_providers"
LATIN = re.compile(r"\b[A-Za-z]{3,} [A-Za-z]{3,}")


@pytest.fixture
def certified(office):
    """Return the entry of an organisation that has just got its certificate."""
    case_id = office.play("accreditation/renewal").case_id
    query = select(RegisterEntry).where(
        RegisterEntry.case_id == case_id, RegisterEntry.superseded_at.is_(None)
    )
    return office.read(lambda s: s.scalars(query).first())


def test_a_certificate_is_checked_by_number_and_by_the_code_on_it(visitor, certified):
    page = visitor.get("/check").send({"number": certified.key}, form="main form")
    assert "Care at Home Foundation" in page.text
    assert visitor.get(f"/check/{certified.key}").text == page.text
    unknown = visitor.get("/check?number=CERT-AM-1999-0001")
    assert "Care at Home" not in unknown.text
    assert "No certificate has this number" in unknown.text
    assert unknown.one("main form input[name=number]")["value"] == "CERT-AM-1999-0001"


def test_a_certificate_that_has_expired_says_so(visitor, office, certified):
    office.move_to("2032-01-05T10:00:00+04:00")
    text = visitor.get(f"/check/{certified.key}").text
    assert re.search(r"expired|no longer|not in force", text, re.IGNORECASE), text


def test_the_register_is_searched_and_each_entry_has_a_page(visitor, certified):
    page = visitor.get(f"{REGISTER}?q=Care+at+Home")
    assert certified.key in page.text
    assert "Care at Home Foundation" in visitor.get(f"{REGISTER}/{certified.key}").text
    assert certified.key not in visitor.get(f"{REGISTER}?q=zzz").text


def test_the_register_is_taken_away_as_csv_and_json(visitor, certified):
    table = visitor.client.get(f"{REGISTER}.csv")
    assert table.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(table.get_data(as_text=True).lstrip("\ufeff"))))
    assert any(certified.key in row for row in rows[1:])
    assert len({len(row) for row in rows}) == 1
    entries = visitor.client.get(f"{REGISTER}.json").get_json()
    assert certified.key in str(entries)
    assert visitor.client.get(f"{REGISTER}.xml").status_code == 404


def test_a_register_that_is_not_public_does_not_exist(visitor):
    for address in ("/registers/none", "/registers/none.csv", "/registers/none/1"):
        visitor.get(address, status=404)


def test_a_formula_in_a_name_stays_text_in_the_csv(visitor, office, certified):
    with office.acting() as ctx:
        row = ctx.session.get(RegisterEntry, certified.id)
        row.data = {**row.data, "organisation": '=HYPERLINK("http://evil.example")'}
    cells = visitor.client.get(f"{REGISTER}.csv").get_data(as_text=True)
    parsed = list(csv.reader(io.StringIO(cells)))
    assert not [cell for row in parsed for cell in row if cell.startswith(("=", "+", "@"))]


def test_a_published_decision_and_its_letter_are_open_to_all(visitor, office, certified):
    decision = office.read(lambda s: s.scalars(select(PublishedPage)).one())
    page = visitor.get(f"/decisions/{decision.id}")
    assert decision.title in page.soup.get_text()
    for link in page.soup.select('main a[href^="/documents/"]'):
        answer = visitor.client.get(link["href"])
        assert answer.status_code == 200
        answer.close()


def test_a_document_runs_nothing_and_is_not_kept(visitor, office, certified):
    document = office.read(
        lambda s: s.scalars(select(Document).where(Document.is_public.is_(True))).first()
    )
    answer = visitor.client.get(f"/documents/{document.id}")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == "application/pdf"
    answer.close()


def test_errors_and_downloads_carry_the_same_headers_as_pages(visitor):
    for address in ("/nowhere", "/inbox", f"{REGISTER}.json", "/"):
        answer = visitor.client.get(address)
        for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"):
            assert answer.headers.get(name), (address, name)


def test_what_never_changes_is_kept_for_a_year(visitor):
    style = visitor.get("/").one('link[rel="stylesheet"]')["href"]
    answer = visitor.client.get(style)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    answer.close()


@pytest.fixture
def armenian(browser_of):
    def speaking(browser):
        browser.get("/").press("Հայերեն")
        return browser

    return speaking


#: An organisation of the demonstration; names of organisations stand as they were entered.
MINISTRY = "Ministry of Labour and Social Affairs"
PAGES = ["/", "/services/accreditation", "/follow", "/check", "/registers", "/accessibility"]


def latin(page):
    """Return what stands in the main region in English, names and addresses aside."""
    for one in page.soup.select("main [lang], main .app-key, main .app-number, main code"):
        one.decompose()
    return [text.strip() for text in page.soup.main.find_all(string=LATIN)]


@pytest.mark.parametrize("address", PAGES)
def test_public_pages_speak_armenian(visitor, armenian, address):
    page = armenian(visitor).get(address)
    assert page.soup.html["lang"] == "hy"
    assert latin(page) == []


def test_the_application_form_speaks_armenian_with_its_errors(visitor, armenian, start_link):
    address = start_link()
    page = armenian(visitor).get(f"{address}/section/service").send({}, status=422)
    assert latin(page) == []


def test_the_desk_and_a_task_speak_armenian(office, armenian, sign_in):
    case_id = office.play("accreditation/straight", until="check_documents").case_id
    registrar = armenian(sign_in("registrar"))
    assert registrar.get("/inbox").soup.html["lang"] == "hy"
    page = registrar.get(f"/tasks/{open_item(office, case_id, 'check_documents')}")
    english = [text for text in latin(page) if not entered(text)]
    assert english == []
    assert case_row(office, case_id).number in page.soup.get_text()


def entered(text):
    """Tell whether somebody entered this in English: the scenario's applicant, or a body's name."""
    return any(value in text for value in [*strings(application()), MINISTRY])


def strings(value):
    """Return every text of some length in answers."""
    if isinstance(value, str):
        return [value] if len(value) > 3 else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in strings(one)]
