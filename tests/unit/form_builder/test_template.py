"""The macros: labels, ids, descriptions, error links, row buttons, what the script needs."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

import workflow_app

TEMPLATES = Path(workflow_app.__file__).parent / "templates"
PAGE = (
    '{% from "form/macros.html" import task_form %}'
    '<form novalidate>{{ task_form(form, draft_url="/draft", document_url=address) }}</form>'
)


@pytest.fixture(scope="module")
def environment():
    app = Flask("form_page")
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(TEMPLATES), govuk])
    app.jinja_env.globals["_"] = lambda message: message
    return app.jinja_env


@pytest.fixture
def show(environment, fill_in):
    """Draw a form; a posted one is validated first."""

    def render(components, posted=None, **options):
        form = fill_in(components, posted, **options)
        if posted is not None:
            form.validate()
        html = environment.from_string(PAGE).render(form=form, address=lambda id_: f"/files/{id_}")
        return BeautifulSoup(html, "html.parser")

    return render


CHOICES = [{"value": "home", "label": "At home"}, {"value": "day", "label": "Day centre"}]
NAME = {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}}
EVERY_INPUT = [
    {"type": "textfield", "key": "text", "label": "Text", "description": "Help"},
    {"type": "textarea", "key": "area", "label": "Area", "validate": {"maxLength": 50}},
    {"type": "number", "key": "number", "label": "Number", "validate": {"required": True}},
    {"type": "number", "key": "money", "label": "Money", "properties": {"kind": "money"},
     "appearance": {"suffixAdorner": "AMD"}},
    {"type": "number", "key": "score", "label": "Score", "properties": {"kind": "score"},
     "validate": {"min": 1, "max": 5}},
    {"type": "textfield", "key": "mail", "label": "Mail", "properties": {"kind": "email"}},
    {"type": "textfield", "key": "phone", "label": "Phone", "properties": {"kind": "tel"}},
    {"type": "datetime", "key": "date", "label": "Date"},
    {"type": "datetime", "key": "time", "label": "Time", "subtype": "time"},
    {"type": "datetime", "key": "moment", "label": "Moment", "subtype": "datetime"},
    {"type": "checkbox", "key": "tick", "label": "Tick"},
    {"type": "checklist", "key": "many", "label": "Many", "values": CHOICES},
    {"type": "taglist", "key": "tags", "label": "Tags", "values": CHOICES},
    {"type": "radio", "key": "one", "label": "One", "values": CHOICES},
    {"type": "select", "key": "pick", "label": "Pick", "values": CHOICES},
    {"type": "filepicker", "key": "files", "label": "Files", "multiple": True, "accept": ".pdf"},
    {"type": "expression", "key": "sum", "label": "Sum", "expression": "=number * 2"},
    {"type": "expression", "key": "quiet", "expression": "=number * 3"},
    {"type": "textfield", "key": "fixed", "label": "Fixed", "readonly": True},
    {"type": "group", "label": "Sign here", "properties": {"kind": "sign"}},
    {"type": "group", "path": "org", "label": "Organisation", "components": [NAME]},
    {"type": "dynamiclist", "path": "staff", "label": "Staff", "components": [NAME]},
    {"type": "dynamiclist", "path": "visits", "label": "Visits",
     "components": [{"type": "datetime", "key": "day", "label": "Day"}]},
    {"type": "text", "text": "Plain **text**"},
    {"type": "html", "content": "<p>Kept</p><script>gone()</script>"},
    {"type": "table", "label": "Earlier", "dataSource": "=earlier",
     "columns": [{"key": "year", "label": "Year"}]},
    {"type": "image", "source": "/static/map.png", "alt": "A map"},
    {"type": "documentPreview", "label": "Papers", "dataSource": "=papers"},
    {"type": "separator"},
    {"type": "spacer"},
    {"type": "button", "label": "Submit"},
]  # fmt: skip
FILE = {"document": 7, "name": "charter.pdf", "type": "application/pdf", "size": 123456}
CASE = {"earlier": [{"year": 2024}], "papers": [FILE], "files": [FILE], "fixed": "As it was"}


@pytest.fixture
def blank(show):
    return show(EVERY_INPUT, case=CASE)


@pytest.fixture
def faulty(show):
    posted = {
        "number": "many", "date-day": "1", "moment-time": "x", "pick": "other", "mail": "x",
        "staff-0-name": "", "sign-name": "Anna", "one": "x", "many": "x", "time": "x",
    }  # fmt: skip
    return show(EVERY_INPUT, posted, case=CASE)


def test_ids_are_unique(blank, faulty):
    for soup in (blank, faulty):
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert len(ids) == len(set(ids))


def test_every_input_has_a_label_and_every_label_an_input(blank, faulty):
    for soup in (blank, faulty):
        for control in soup.select("input:not([type=hidden]), select, textarea"):
            assert soup.find("label", attrs={"for": control["id"]}), control
        for label in soup.find_all("label"):
            assert soup.find(id=label["for"]), label


def test_every_description_exists(blank, faulty):
    for soup in (blank, faulty):
        for element in soup.find_all(attrs={"aria-describedby": True}):
            for reference in element["aria-describedby"].split():
                assert soup.find(id=reference), (element, reference)


def test_every_error_link_leads_somewhere_and_says_what_stands_there(faulty):
    summary = faulty.select_one(".govuk-error-summary")
    assert summary.h2.get_text(strip=True) == "There is a problem"
    links = summary.find_all("a")
    assert len(links) == 11
    for link in links:
        assert faulty.find(id=link["href"].removeprefix("#")), link
    field = faulty.find(id="f-number")
    described = [faulty.find(id=one).get_text(" ", strip=True)
                 for one in field["aria-describedby"].split()]  # fmt: skip
    assert described == ["Error: “Number” must be a number, such as 12"]


def test_a_form_without_errors_has_no_summary(blank):
    assert blank.select_one(".govuk-error-summary") is None


def test_what_was_typed_stands_in_the_inputs_again(faulty):
    assert faulty.find(id="f-number")["value"] == "many"
    assert faulty.find(id="f-date-day")["value"] == "1"
    assert faulty.find(id="f-moment-time")["value"] == "x"
    assert faulty.find(id="f-sign-name")["value"] == "Anna"


def test_groups_of_inputs_are_fieldsets_with_legends(blank):
    for name in ("date-day", "score", "many", "one", "org-name", "sign-name", "visits-0-day-day"):
        fieldset = blank.find(id=f"f-{name}").find_parent("fieldset")
        assert fieldset.legend.get_text(strip=True)


def test_optional_questions_say_so(blank):
    assert blank.find("label", attrs={"for": "f-text"}).get_text(strip=True) == "Text (optional)"
    assert blank.find("label", attrs={"for": "f-number"}).get_text(strip=True) == "Number"


def test_inputs_suit_what_is_typed(blank):
    assert blank.find(id="f-mail")["type"] == "email"
    assert blank.find(id="f-phone")["type"] == "tel"
    assert blank.find(id="f-money")["inputmode"] == "decimal"
    assert blank.find(id="f-files")["accept"] == ".pdf"
    assert "AMD" in blank.find(id="f-money").parent.get_text()
    assert not blank.find_all(required=True)


def test_stored_files_are_linked_kept_and_removable(blank):
    item = blank.select_one(".app-files__item")
    assert item.a["href"] == "/files/7"
    assert item.select_one("input[type=hidden]")["name"] == "files-kept"
    assert item.select_one("input[type=checkbox]")["name"] == "files-remove"
    assert "123 kB" in item.get_text()


def test_shown_components_are_there(blank):
    text = blank.get_text(" ", strip=True)
    assert blank.find(id="f-fixed").get_text(strip=True) == "As it was"
    assert "Kept" in text
    assert "gone()" not in text
    assert blank.select_one(".app-scroll td").get_text(strip=True) == "2024"
    assert blank.img["alt"] == "A map"
    assert blank.find("a", string="charter.pdf")


def test_pictures_come_from_this_site_only(show):
    for source in ("https://evil.example/x.png", "//evil.example/x.png", "javascript:alert(1)"):
        assert show([{"type": "image", "source": source, "alt": "x"}]).img is None


def test_row_buttons_carry_their_action_and_skip_validation(show):
    rows = {"type": "dynamiclist", "path": "staff", "label": "Staff", "components": [NAME]}
    soup = show([rows], {"staff-0-name": "Anna", "staff-1-name": "Bagrat"})
    buttons = soup.select("button[name=_row]")
    assert [button["value"] for button in buttons] == [
        "remove:staff:0", "remove:staff:1", "add:staff",
    ]  # fmt: skip
    assert all(button.has_attr("formnovalidate") for button in buttons)
    assert buttons[1]["aria-label"] == "Remove row 2 from “Staff”"


def test_enter_in_a_field_presses_no_row_button(blank):
    first = blank.form.select_one("button")
    assert "name" not in first.attrs
    assert first["tabindex"] == "-1"


def test_rows_the_list_does_not_allow_have_hidden_buttons(show):
    rows = {"type": "dynamiclist", "path": "staff", "components": [NAME],
            "properties": {"minRows": "1", "maxRows": "1"}}  # fmt: skip
    soup = show([rows], {"staff-0-name": "Anna"})
    assert soup.select_one("[data-row-add]").has_attr("hidden")
    assert soup.select_one("[data-rows-body] [data-row-remove]").has_attr("hidden")


def test_fixed_rows_have_no_buttons_and_no_blank_row(show):
    rows = {"type": "dynamiclist", "path": "staff", "components": [NAME],
            "properties": {"fixedRows": "true"}}  # fmt: skip
    soup = show([rows], case={"staff": [{"name": "Anna"}]})
    assert not soup.select("button[name=_row]")
    assert soup.find("template") is None


def test_narrow_lists_are_tables_and_wide_ones_cards(show):
    def drawn(*components, **properties):
        rows = {"type": "dynamiclist", "path": "staff", "label": "Staff",
                "components": list(components), "properties": properties}  # fmt: skip
        return show([rows], {"staff-0-name": "x"})

    table = drawn(NAME).select_one(".app-rows--table table")
    assert [th.get_text(strip=True) for th in table.thead.find_all("th")] == [
        "No.",
        "Name",
        "Remove",
    ]
    others = [NAME | {"key": f"name{number}"} for number in range(4)]
    assert drawn(NAME, *others).select_one(".app-rows--cards .app-rows__card legend")
    assert drawn(NAME, *others, display="table").select_one(".app-rows--table")


def test_a_table_has_one_column_a_component_whatever_the_layout(show):
    layout = {"row": "Row_1", "columns": 8}
    columns = [NAME | {"key": key, "label": key.upper(), "layout": layout} for key in ("a", "b")]
    rows = {"type": "dynamiclist", "path": "staff", "label": "Staff", "components": columns}
    head = show([rows], {"_form": "1"}).thead
    assert [th.get_text(strip=True) for th in head.find_all("th")] == ["No.", "A", "B", "Remove"]


def test_conditions_are_for_the_browser_and_hide_nothing_without_it(show):
    fields = [NAME, NAME | {"key": "other", "conditional": {"hide": '=name = "Anna"'}}]
    hidden = show(fields, {"name": "Anna"}).select_one("[data-field=other]")
    assert hidden["data-hide"] == 'name = "Anna"'
    assert hidden.has_attr("data-hidden")
    assert not hidden.has_attr("hidden")
    assert (
        not show(fields, {"name": "Bagrat"})
        .select_one("[data-field=other]")
        .has_attr("data-hidden")
    )


def test_computed_values_are_shown_and_live(show):
    fields = [EVERY_INPUT[2], EVERY_INPUT[16], EVERY_INPUT[17]]
    soup = show(fields, {"number": "1500"})
    output = soup.find("output", id="f-sum")
    assert output.get_text(strip=True) == "3000"
    assert output["data-compute"] == "number * 2"
    assert json.loads(output["data-value"]) == 3000
    assert soup.find("output", id="f-quiet").has_attr("hidden")


def test_the_script_finds_its_data(blank):
    root = blank.select_one("[data-task-form]")
    assert root["data-draft-url"] == "/draft"
    assert json.loads(root["data-words"])["saved"] == "Saved {time}"
    assert blank.select_one("[data-draft-status]")["role"] == "status"
    assert blank.select_one("input[name=_form]")["value"] == "1"


def test_there_is_nothing_inline_for_the_security_policy_to_stop(blank, faulty):
    for soup in (blank, faulty):
        assert not soup.find_all(["script", "style"])
        for element in soup.find_all(True):
            assert not [name for name in element.attrs if name.startswith("on") or name == "style"]


def test_what_people_and_designers_write_is_escaped(show):
    evil = '"><script>alert(1)</script>'
    fields = [
        {"type": "textfield", "key": "a", "label": evil, "description": evil},
        {"type": "textarea", "key": "b", "label": evil},
        {"type": "select", "key": "c", "label": evil, "values": [{"value": evil, "label": evil}]},
        {"type": "dynamiclist", "path": "d", "label": evil, "properties": {"rowLabel": "=e"},
         "components": [{"type": "textfield", "key": "e", "label": evil}]},
        {"type": "textfield", "key": "f", "label": evil, "readonly": True},
        {"type": "text", "text": "{{f}}"},
        {"type": "html", "content": "<p>{{f}}</p>"},
    ]  # fmt: skip
    posted = {"a": evil, "b": f"</textarea>{evil}", "c": "x", "d-0-e": evil}
    soup = show(fields, posted, case={"f": evil})
    assert not soup.find_all("script")
    assert soup.find(id="f-a")["value"] == evil
    assert soup.find(id="f-b").get_text() == f"</textarea>{evil}"


def test_data_in_a_text_is_no_markup(show):
    note = "[Pay here](https://evil.example) **now**\n# 1. first\n- second & third"
    kinds = ({"type": "text", "text": "Note: {{note}}"}, {"type": "text", "text": "=note"},
             {"type": "html", "content": "<p>{{note}}</p>"})  # fmt: skip
    for component in kinds:
        soup = show([component], case={"note": note})
        assert not soup.find_all(["a", "strong", "h2", "li"])
        assert "[Pay here](https://evil.example) **now**" in soup.get_text()
        assert "- second & third" in soup.get_text()


def test_values_in_texts_are_written_for_people(show):
    text = {"type": "text", "text": "{{yes}}, {{many}}, {{half}}, {{none}}, {{names}}"}
    case = {"yes": True, "many": 12500, "half": 0.5, "names": ["Anna", "Bagrat"]}
    words = show([text], case=case).select_one(".app-field--text").get_text(strip=True)
    assert words == "Yes, 12,500, 0.5, , Anna, Bagrat"


def test_dates_in_texts_and_tables_are_written_in_words(show):
    text = {"type": "text", "text": "Until {{until}}, from {{day}}"}
    case = {"until": "2026-11-28T14:00:00+00:00", "day": "2026-11-21"}
    words = show([text], case=case).select_one(".app-field--text").get_text(strip=True)
    assert words == "Until 28 November 2026, 14:00, from 21 November 2026"


def test_what_was_typed_as_text_is_shown_as_typed(show):
    soup = show([{"type": "textfield", "key": "a", "readonly": True}], case={"a": "2026-11-21"})
    assert soup.find(id="f-a").get_text(strip=True) == "2026-11-21"


def test_fields_of_one_layout_row_stand_beside_each_other(show):
    beside = [NAME | {"key": key, "layout": {"row": "Row_1", "columns": 8}} for key in ("a", "b")]
    soup = show([*beside, NAME | {"layout": {"row": "Row_2", "columns": None}}])
    together = soup.select_one(".app-field--beside")
    assert len(together.select("input")) == 2
    assert soup.find(id="f-name").find_parent(class_="app-field--beside") is None


def test_a_leading_line_break_survives_the_page(show):
    soup = show([{"type": "textarea", "key": "t", "label": "T"}], {"t": "\n\nx"})
    # A browser drops the first line feed after the opening tag.
    assert soup.find(id="f-t").get_text().removeprefix("\n") == "\n\nx"


def test_the_blank_row_is_named_by_a_placeholder_only(blank):
    row = blank.find("template")
    assert row.select_one("input[type=text]")["name"] == "staff-__row__-name"
    assert row.select_one("[data-row]")["data-row"] == "staff-__row__"
    assert row.select_one("button")["value"] == "remove:staff:__row__"


def test_a_card_does_not_repeat_the_read_only_name_in_its_heading(show):
    columns = [
        {"type": "textfield", "key": "what", "label": "What", "readonly": True},
        {"type": "filepicker", "key": "proof", "label": "Proof"},
    ]
    rows = {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": columns,
            "properties": {"rowLabel": "what", "fixedRows": "true"}}  # fmt: skip
    soup = show([rows], case={"rows": [{"what": "Charter"}]})
    assert soup.get_text().count("Charter") == 1
