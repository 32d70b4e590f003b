"""The library: every process with its state, search by any word, versions, a new process."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.support.browser import upload
from tests.support.installation import ROOT
from tests.web.test_studio_drafts import begin
from workflow_app.adapters.words import Words


def row_of(page, title):
    return next(row for row in page.soup.select("tbody tr") if title in row.th.get_text())


def test_every_process_is_listed_with_state_owner_and_running_cases(designer, office):
    office.play("accreditation/straight", until="check_documents")
    row = row_of(designer.get("/studio"), "Accreditation of a social service provider")
    cells = {cell["data-label"]: " ".join(cell.get_text().split()) for cell in row.select("td")}
    assert cells["Status"] == "Published Version 1"
    assert cells["Owner"] == "From the files of this service"
    assert cells["Running cases"] == "1"
    assert cells["Translated"] == "100%"
    assert cells["Walked by scenarios"] == "–"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Remove personal data", "Publication of a decision"),
        ("no personal data may remain", "Publication of a decision"),
        ("The authority intends", "Hearing of the party"),
        ("premises RESIDENTIAL right", "Accreditation of a social service provider"),
    ],
)
def test_any_word_of_a_diagram_form_or_table_is_found(designer, words, found):
    page = designer.get(f"/studio?q={words}")
    assert any(found in text for text in page.all("tbody th")), page.all("tbody th")


def test_a_word_is_found_in_every_language(designer):
    path = "processes/publish_decision/publish_decision.bpmn"
    for language in ("hy", "ka", "uk", "ru"):
        said = Words(language).text("Remove personal data")
        assert said != "Remove personal data"
        found = designer.get(f"/studio?q={said}")
        assert "Publication of a decision" in " ".join(found.all("tbody th")), language
        assert path in found.text


def test_a_word_that_stands_nowhere_finds_nothing(designer):
    assert "Nothing here has these words" in designer.get("/studio?q=zyzzyva").text
    assert "Nothing here has these words" in designer.get("/studio?q=100%25_").text


def test_words_of_an_unpublished_draft_are_found(designer):
    draft = begin(designer, "publish_decision")
    page = designer.get(f"/studio/drafts/{draft}")
    page.send(
        {"kind": "form", "name": "ask_quokka", "title": "Does a Quokka live there?"},
        form='form[action$="/add"]',
    )
    found = designer.get("/studio?q=quokka")
    assert "Draft" in row_of(found, "Publication of a decision").get_text()
    assert "ask_quokka" in designer.get("/studio?kind=forms&q=quokka").text


def test_the_list_is_limited_to_a_state(designer):
    begin(designer, "publish_decision")
    assert len(designer.get("/studio?state=draft").all("tbody tr")) == 1


def test_forms_tables_and_registers_are_listed(designer):
    assert "Fix draft" in designer.get("/studio?kind=forms&q=remark+signatory").text
    assert designer.get("/studio?kind=tables").all("tbody tr")
    page = designer.get("/studio?kind=registers&q=partners")
    row = row_of(page, "Partners by field").get_text(" ", strip=True)
    assert "Published Version 1 from the folder of files" in row
    shown = page.click("Partners by field")
    assert "code" in shown.all("tbody th")
    assert "It is as it came from the folder of files." in shown.text


def test_a_process_shows_its_versions_and_gives_their_files(designer):
    page = designer.get("/studio/processes/publish_decision")
    link = page.one("a[download]")["href"]
    answer = designer.client.get(str(link))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        names = packed.namelist()
        body = packed.read("processes/publish_decision/publish_decision.bpmn")
    assert "processes/publish_decision/scenarios/sent_back_once.yaml" in names
    assert "forms/publish_decision/redact.form" in names
    seed = ROOT / "processes/publish_decision/publish_decision.bpmn"
    assert body == seed.read_bytes()


def test_a_process_begun_from_nothing_is_checked_without_errors(designer):
    page = designer.get("/studio/new")
    sent = {"title": "Lending of wheelchairs", "prefix": "whl", "start": "public"}
    begun = page.send({**sent, "lanes": ["registrar", "la_head", "", ""]})
    assert "Nothing is wrong with this draft." in begun.text
    assert begun.title == "Lending of wheelchairs"
    again = designer.get("/studio/new").send(
        {**sent, "lanes": ["registrar", "", "", ""]}, status=400
    )
    assert again.problems == [
        "There is a process with the key “lending_of_wheelchairs” already. Choose another key."
    ]
    assert again.value("title") == "Lending of wheelchairs"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"key": "1x"}, "key"),
        ({"key": "accreditation"}, "key"),
        ({"prefix": "ä"}, "prefix"),
        ({"lanes": ["", "", "", ""]}, "lanes"),
    ],
)
def test_what_is_wrong_with_a_new_process_is_said_at_its_field(designer, changes, field):
    sent = {"title": "Lending", "lanes": ["registrar", "", "", ""], **changes}
    page = designer.get("/studio/new").send(sent, status=400)
    assert page.soup.select(f"#{field}-error")
    assert page.soup.select(f'.govuk-error-summary a[href="#{field}"]')


def test_a_copy_is_a_process_of_its_own(designer):
    draft = begin(designer, "publish_decision")
    page = designer.get(f"/studio/drafts/{draft}")
    copied = page.send({"key": "publish_again"}, form='form[action$="/copy"]')
    assert copied.path != page.path
    assert copied.soup.select('a[href*="publish_again/publish_again.bpmn"]')
    assert "Nothing is wrong with this draft." in copied.text


@pytest.mark.parametrize("ticked", [{}, {"as_main": "yes"}])
def test_a_file_comes_in_and_goes_out_byte_for_byte(designer, ticked):
    draft = begin(designer, "publish_decision")
    seed = (ROOT / "processes/hear_party/hear_party.bpmn").read_bytes()
    sent = b"\xef\xbb\xbf" + seed.replace(b"\n", b"\r\n").replace(b"hear_party", b"some_where")
    page = designer.get(f"/studio/drafts/{draft}")
    fields = dict(page.form('form[action$="/import"]'))
    address = f"/studio/drafts/{draft}"
    brought = designer.post(
        f"{address}/import", {**fields, **ticked, "file": upload("A B-2.bpmn", sent)}
    )
    name = "publish_decision" if ticked else "a_b_2"
    path = f"processes/publish_decision/{name}.bpmn"
    assert f"The file is in the draft: {path}" in brought.text
    assert designer.client.get(f"{address}/download/{path}").data == sent
    with zipfile.ZipFile(io.BytesIO(designer.client.get(f"{address}/export.zip").data)) as packed:
        assert packed.read(path) == sent


def press(page, field, do, said, *, status=200):
    """Send the form of a field's row as one of its buttons does."""
    form = page.one(f"form#field-{field}-form")
    hidden = {one["name"]: one["value"] for one in form.select("input")}
    return page.browser.post(form["action"], {**hidden, **said, "do": do}, status=status)


def test_a_register_is_brought_in_given_a_field_and_judged(designer):
    draft = begin(designer, "publish_decision")
    page = designer.get(f"/studio/drafts/{draft}")
    text = page.send({"key": "partners"}, form='form[action$="/registers"]')
    asked = {"name": "phone", "label": "Telephone", "type": "text", "public": "yes"}
    grown = text.send(asked, form='form[action*="/field/"]')
    assert grown.value("body").endswith(
        '[[fields]]\nname = "phone"\nlabel = "Telephone"\ntype = "text"\n'
        "required = false\npublic = true\n"
    )
    moved = press(grown, "phone", "up", {"label": "Phone number", "type": "text"})
    assert [row["id"] for row in moved.soup.select(".app-fields tbody tr")][-1] != "field-phone"
    same = press(moved, "phone", "save", {"label": "Phone number", "type": "number"})
    wanted = (
        'name = "phone"\nlabel = "Phone number"\ntype = "number"\nrequired = false\npublic = false'
    )
    assert wanted in same.value("body")
    refused = press(same, "phone", "save", {"label": " ", "type": "date"}, status=400)
    assert refused.problems == ["Enter a label."]
    kept = press(same, "code", "remove", {}, status=400)
    assert kept.problems == ["“code” is the key of the register, so it stays."]
    gone = press(same, "phone", "remove", {})
    assert 'name = "phone"' not in gone.value("body")
    stale = press(same, "phone", "down", {}, status=409)
    assert stale.problems
    grown = gone.send(asked, form='form[action*="/field/"]')
    again = grown.send(asked, form='form[action*="/field/"]', status=400)
    assert again.problems == ["The register has a field “phone” already."]
    broken = grown.send({"body": "title = \n"})
    assert "The register cannot be read" in broken.text
    lost = grown.send({"body": "mine"}, status=409)
    assert lost.value("body") == "mine"
    assert "title =" in lost.text
