"""Check your answers: stored answers as people read them."""

from datetime import UTC, datetime, timedelta, timezone

from workflow_app.form_builder import answers_summary
from workflow_app.form_builder.summary import SummaryWords


def plain(message):
    return message


def test_values_are_shown_by_their_labels(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "name", "label": "Name"},
        {"type": "select", "key": "care", "label": "Care",
         "values": [{"label": "At home", "value": "home"}]},
        {"type": "checkbox", "key": "ok", "label": "Agreed"},
        {"type": "datetime", "key": "day", "label": "Day"},
        {"type": "number", "key": "sum", "label": "Sum"},
    )  # fmt: skip
    answers = {"name": "Anna", "care": "home", "ok": True, "day": "2026-11-21", "sum": 12500.5}
    rows = answers_summary(schema, answers, plain)
    assert [(row.label, row.text) for row in rows] == [
        ("Name", "Anna"), ("Care", "At home"), ("Agreed", "Yes"), ("Day", "21 November 2026"),
        ("Sum", "12,500.5"),
    ]  # fmt: skip


def test_an_empty_answer_says_so_and_an_unasked_question_is_left_out(make_schema):
    schema = make_schema(
        {"type": "textfield", "key": "name", "label": "Name"},
        {"type": "textfield", "key": "hidden", "label": "Hidden"},
        {"type": "checklist", "key": "some", "label": "Some", "values": [{"value": "a"}]},
    )
    rows = answers_summary(schema, {"name": None, "some": []}, plain)
    assert [(row.label, row.text) for row in rows] == [
        ("Name", "Not provided"), ("Some", "Not provided"),
    ]  # fmt: skip


def test_lists_files_tables_and_groups_have_their_own_shape(make_schema):
    name = {"type": "textfield", "key": "name", "label": "Name"}
    schema = make_schema(
        {"type": "checklist", "key": "some", "label": "Some",
         "values": [{"value": "a", "label": "Ay"}, {"value": "b", "label": "Bee"}]},
        {"type": "filepicker", "key": "files", "label": "Files"},
        {"type": "dynamiclist", "path": "staff", "label": "Staff",
         "components": [name, {"type": "checkbox", "key": "ok", "label": "Fine"}]},
        {"type": "group", "path": "org", "label": "Organisation", "components": [name]},
    )  # fmt: skip
    file = {"document": 1, "name": "a.pdf", "type": "x", "size": 1}
    answers = {
        "some": ["a", "b"], "files": [file], "staff": [{"name": "Anna", "ok": False}],
        "org": {"name": "Tatev"},
    }  # fmt: skip
    some, files, staff, org = answers_summary(schema, answers, plain)
    assert (some.kind, some.entries) == ("list", ("Ay", "Bee"))
    assert (files.kind, files.files) == ("files", (file,))
    assert (staff.kind, staff.head, staff.body) == ("table", ("Name", "Fine"), (("Anna", "No"),))
    assert (org.kind, org.rows[0].text) == ("group", "Tatev")


def test_times_are_local_and_signatures_say_who_and_when(make_schema):
    schema = make_schema(
        {"type": "datetime", "key": "at", "label": "At", "subtype": "datetime"},
        {"type": "group", "label": "Signed", "properties": {"kind": "sign"}},
    )
    at = datetime(2026, 11, 21, 20, 30, tzinfo=UTC).isoformat()
    answers = {"at": at, "sign": {"name": "Anna", "agreed": True, "at": at}}
    speech = SummaryWords(zone=timezone(timedelta(hours=4)))
    rows = answers_summary(schema, answers, plain, speech)
    assert rows[0].text == "22 November 2026, 00:30"
    assert rows[1].text == "Anna, 22 November 2026, 00:30"


def test_choices_from_data_are_labelled_when_the_caller_gives_them(make_schema):
    schema = make_schema(
        {"type": "select", "key": "who", "label": "Who", "valuesExpression": '=lookup("x")'}
    )
    speech = SummaryWords(options=lambda _item: [{"value": "anna", "label": "Anna P."}])
    assert answers_summary(schema, {"who": "anna"}, plain, speech)[0].text == "Anna P."
    assert answers_summary(schema, {"who": "anna"}, plain)[0].text == "anna"


def test_a_computed_value_without_a_label_is_not_shown(make_schema):
    schema = make_schema(
        {"type": "expression", "key": "total", "expression": "=1", "label": "Total"},
        {"type": "expression", "key": "helper", "expression": "=2"},
    )
    rows = answers_summary(schema, {"total": 1, "helper": 2}, plain)
    assert [row.label for row in rows] == ["Total"]


def test_a_date_may_be_named_as_the_editor_does(make_schema):
    schema = make_schema({"type": "datetime", "key": "day", "dateLabel": "Day of visit"})
    assert answers_summary(schema, {"day": None}, plain)[0].label == "Day of visit"


def test_labels_and_choices_are_translated(make_schema):
    schema = make_schema(
        {"type": "radio", "key": "care", "label": "Care",
         "values": [{"label": "At home", "value": "home"}]},
    )  # fmt: skip
    rows = answers_summary(schema, {"care": "home"}, {"Care": "Խնամք", "At home": "Տանը"}.get)
    assert (rows[0].label, rows[0].text) == ("Խնամք", "Տանը")


def test_dates_speak_the_readers_language(make_schema):
    schema = make_schema({"type": "datetime", "key": "day", "label": "Day"})
    rows = answers_summary(schema, {"day": "2026-11-21"}, plain, SummaryWords(locale="hy"))
    assert "նոյեմբերի" in rows[0].text
    unknown = answers_summary(schema, {"day": "soon"}, plain, SummaryWords(locale="xx-pseudo"))
    assert unknown[0].text == "soon"


def checks(make_schema, label):
    columns = [{"type": "textfield", "key": "note", "label": "Note"},
               {"type": "textfield", "key": "name", "label": "What"}]  # fmt: skip
    shown = columns if label == "name" else columns[:1]
    rows = {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": shown,
            "properties": {"rowLabel": label}}  # fmt: skip
    return make_schema(rows)


def test_the_column_that_names_a_row_comes_first(make_schema):
    schema = checks(make_schema, "name")
    (row,) = answers_summary(schema, {"rows": [{"note": "fine", "name": "Charter"}]}, plain)
    assert (row.headed, row.head, row.body) == (True, ("What", "Note"), (("Charter", "fine"),))


def test_a_row_named_by_data_gets_a_column_of_its_own_in_words(make_schema):
    schema = checks(make_schema, '=this.code + " " + this.name')
    words = {"Charter": "Կանոնադրություն", "Name": "Անուն"}
    answers = {"rows": [{"note": "fine", "code": "D1", "name": "Charter"}]}
    (row,) = answers_summary(schema, answers, lambda text: words.get(text, text))
    assert (row.headed, row.head) == (True, ("Անուն", "Note"))
    assert row.body == (("D1 Կանոնադրություն", "fine"),)


def test_a_row_whose_label_says_nothing_has_no_name(make_schema):
    (row,) = answers_summary(checks(make_schema, "=this.lost"), {"rows": [{"note": "a"}]}, plain)
    assert (row.headed, row.head, row.body) == (False, ("Note",), (("a",),))
