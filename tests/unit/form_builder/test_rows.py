"""Dynamic lists: rows posted, rows of the data, adding and removing without JavaScript."""

import pytest
from werkzeug.datastructures import MultiDict

from workflow_app.form_builder import apply_row_action

NAME = {"type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}}
HOURS = {"type": "number", "key": "hours", "label": "Hours"}


def staff(*components, **properties):
    return {
        "type": "dynamiclist", "path": "staff", "label": "Staff",
        "components": list(components or (NAME, HOURS)), "properties": properties,
    }  # fmt: skip


def test_rows_become_a_list_in_the_order_posted(answers):
    posted = {"staff-0-name": "Anna", "staff-0-hours": "40", "staff-1-name": "Bagrat"}
    assert answers([staff()], posted) == {
        "staff": [{"name": "Anna", "hours": 40}, {"name": "Bagrat", "hours": None}]
    }


def test_gaps_in_the_numbering_close(answers, fill_in):
    posted = {
        "staff-7-name": "Bagrat",
        "staff-2-name": "Anna",
        "staff-x-name": "?",
        "staff--name": "",
    }
    assert [row["name"] for row in answers([staff()], posted)["staff"]] == ["Anna", "Bagrat"]
    assert fill_in([staff()], posted).raw()["staff-1-name"] == ["Bagrat"]


def test_a_row_error_names_list_and_row(messages):
    posted = {"staff-0-name": "Anna", "staff-1-name": "", "staff-1-hours": "x"}
    assert messages([staff(rowLabel="=name")], posted) == {
        "f-staff-1-name": "Staff, row 2: Enter “Name”",
        "f-staff-1-hours": "Staff, row 2: “Hours” must be a number, such as 12",
    }
    named = {"staff-0-name": "Anna", "staff-0-hours": "x"}
    assert messages([staff(rowLabel="=name")], named) == {
        "f-staff-0-hours": "Staff, row 1 (Anna): “Hours” must be a number, such as 12"
    }


def test_the_least_and_most_rows(messages):
    assert messages([staff(minRows="1")], {}) == {"f-staff": "Add at least one row to “Staff”"}
    assert "at least 2 rows" in messages([staff(minRows="2")], {"staff-0-name": "A"})["f-staff"]
    many = {f"staff-{number}-name": "A" for number in range(4)}
    assert "at most 3 rows" in messages([staff(maxRows="3")], many)["f-staff"]


def test_rows_may_be_required_by_another_answer(messages):
    fields = [{"type": "checkbox", "key": "has"}, staff(requiredIf="=has")]
    assert messages(fields, {"has": "true"}) == {"f-staff": "Add at least one row to “Staff”"}
    assert messages(fields, {}) == {}


def test_rows_that_are_too_many_come_back_whole_with_the_message(fill_in):
    posted = {f"staff-{number}-name": f"Person {number}" for number in range(500)}
    form = fill_in([staff()], posted)
    assert not form.validate()
    assert [message for _target, message in form.errors] == ["“Staff” must have at most 200 rows"]
    assert len([name for name in form.raw() if name.endswith("-name")]) == 500
    assert fill_in([staff(maxRows="500")], posted).validate()


def test_a_flood_of_rows_is_cut(fill_in):
    posted = {f"staff-{number}-name": "A" for number in range(3000)}
    assert len(fill_in([staff()], posted).answers()["staff"]) == 1000


def test_a_list_check_sees_the_whole_form(messages):
    share = {"type": "number", "key": "share", "label": "Share"}
    rule = {"check": "=sum(staff.share) = 100", "checkMessage": "Shares must add up to 100 %"}
    posted = {"staff-0-share": "40", "staff-1-share": "50"}
    assert messages([staff(share, **rule)], posted) == {"f-staff": "Shares must add up to 100 %"}
    assert messages([staff(share, **rule)], posted | {"staff-1-share": "60"}) == {}


def test_a_row_rule_sees_the_row_first_then_the_rest(messages):
    remark = {
        "type": "textfield", "key": "remark", "label": "Remark",
        "properties": {"requiredIf": "=hours > limit and this.hours > parent.limit and i > 0"},
    }  # fmt: skip
    fields = [{"type": "number", "key": "limit"}, HOURS, staff(HOURS, remark)]
    posted = {"limit": "40", "hours": "1", "staff-0-hours": "41", "staff-1-hours": "39"}
    assert messages(fields, posted) == {"f-staff-0-remark": "Staff, row 1: Enter “Remark”"}


def test_questions_hide_row_by_row(answers):
    why = {**NAME, "key": "why", "conditional": {"hide": "=hours > 20"}}
    posted = {"staff-0-hours": "30", "staff-0-why": "x", "staff-1-hours": "10", "staff-1-why": "y"}
    assert answers([staff(HOURS, why)], posted)["staff"] == [
        {"hours": 30}, {"hours": 10, "why": "y"},
    ]  # fmt: skip


def test_a_hidden_list_is_not_asked(answers):
    hidden = staff(minRows="1") | {"conditional": {"hide": "=true"}}
    assert answers([hidden], {"staff-0-name": ""}) == {}


def test_computed_columns_are_computed_on_the_server(answers):
    twice = {"type": "expression", "key": "twice", "expression": "=hours * 2"}
    total = {"type": "expression", "key": "total", "expression": "=sum(staff.twice)"}
    posted = {"staff-0-hours": "1", "staff-1-hours": "2", "staff-1-twice": "99"}
    assert answers([staff(HOURS, twice), total], posted) == {
        "staff": [{"hours": 1, "twice": 2}, {"hours": 2, "twice": 4}], "total": 6,
    }  # fmt: skip


ITEMS = {
    "type": "dynamiclist", "path": "items", "label": "Items",
    "properties": {"fixedRows": "true", "rowLabel": "=name", "minRows": "9"},
    "components": [
        {"type": "textfield", "key": "name", "readonly": True},
        {"type": "checkbox", "key": "present"},
    ],
}  # fmt: skip
CASE = {"items": [{"code": "A", "name": "Charter"}, {"code": "B", "name": "Extract"}]}


def test_fixed_rows_keep_what_the_data_gave_them(answers):
    posted = {"items-1-present": "true", "items-0-name": "Forged", "items-7-present": "true"}
    assert answers([ITEMS], posted, case=CASE) == {
        "items": [
            {"code": "A", "name": "Charter", "present": False},
            {"code": "B", "name": "Extract", "present": True},
        ]
    }


def test_rows_of_the_data_stay_with_their_row_when_one_above_goes(answers, make_schema):
    editable = ITEMS | {"properties": {}}
    posted = MultiDict(
        {"_row": "remove:items:0", "items-0-_from": "0", "items-1-_from": "1",
         "items-1-present": "true"}
    )  # fmt: skip
    kept = apply_row_action(make_schema(editable), posted)
    assert answers([editable], kept, case=CASE) == {
        "items": [{"code": "B", "name": "Extract", "present": True}]
    }


@pytest.mark.parametrize("forged", ["9", "-1", "x", "0", "\u0660"])
def test_a_row_of_the_data_can_be_claimed_once_and_only_if_it_exists(answers, forged):
    editable = ITEMS | {"properties": {}}
    posted = {"items-0-_from": "0", "items-1-_from": forged}
    rows = answers([editable], posted, case=CASE)["items"]
    assert rows == [{"code": "A", "name": "Charter", "present": False}, {"present": False}]


def test_the_first_showing_has_the_rows_of_the_data_or_one_empty_row(fill_in):
    assert fill_in([staff()]).raw() == {"staff-0-_from": [""]}
    shown = fill_in([staff()], case={"staff": [{"name": "Anna"}, {"name": "Bagrat"}]}).raw()
    assert shown["staff-1-name"] == ["Bagrat"]
    assert shown["staff-1-_from"] == ["1"]
    assert fill_in([staff(minRows="3")]).raw().keys() == {f"staff-{n}-_from" for n in range(3)}


def test_all_rows_may_be_removed(answers):
    case = {"staff": [{"name": "Anna"}]}
    assert answers([staff()], {"_form": "1"}, case=case) == {"staff": []}


def row_action(make_schema, component, posted):
    return apply_row_action(make_schema(component), MultiDict(posted))


def test_adding_a_row_keeps_everything_typed(make_schema, fill_in):
    posted = {"_row": "add:staff", "staff-0-name": "Anna", "staff-0-hours": "many"}
    acted = row_action(make_schema, staff(), posted)
    assert fill_in([staff()], acted).raw() == {
        "staff-0-_from": [""], "staff-0-name": ["Anna"], "staff-0-hours": ["many"],
        "staff-1-_from": [""],
    }  # fmt: skip


def test_removing_a_row_keeps_the_others(make_schema):
    posted = {"_row": "remove:staff:0", "staff-0-name": "Anna", "staff-1-name": "Bagrat"}
    acted = row_action(make_schema, staff(), posted)
    assert acted.getlist("staff-0-name") == ["Bagrat"]
    assert "staff-1-name" not in acted


def test_no_row_button_no_action(make_schema):
    assert row_action(make_schema, staff(), {"staff-0-name": "Anna"}) is None


@pytest.mark.parametrize(
    "action", ["", "add:", "add:other", "remove:staff:9", "remove:staff:x", "explode:staff", "add"]
)
def test_a_strange_row_action_changes_nothing(make_schema, action):
    acted = row_action(make_schema, staff(), {"_row": action, "staff-0-name": "Anna"})
    assert acted.to_dict() == {"_form": "1", "staff-0-_from": "", "staff-0-name": "Anna"}


def test_rows_are_neither_added_nor_removed_beyond_what_the_list_allows(make_schema):
    two = {"staff-0-name": "A", "staff-1-name": "B"}
    full = row_action(make_schema, staff(maxRows="2"), two | {"_row": "add:staff"})
    assert "staff-2-_from" not in full
    least = row_action(make_schema, staff(minRows="2"), two | {"_row": "remove:staff:0"})
    assert least["staff-1-name"] == "B"
    fixed = row_action(make_schema, staff(fixedRows="true"), two | {"_row": "remove:staff:0"})
    assert fixed["staff-0-name"] == "A"


SPEAKERS = {"type": "dynamiclist", "path": "speakers", "label": "Speakers", "components": [NAME]}
SESSIONS = {
    "type": "dynamiclist", "path": "sessions", "label": "Sessions", "components": [HOURS, SPEAKERS],
}  # fmt: skip


def test_lists_may_stand_inside_lists(answers, make_schema):
    posted = {
        "sessions-3-hours": "2", "sessions-3-speakers-1-name": "Anna",
        "sessions-4-speakers-0-name": "Bagrat", "_row": "add:sessions-3-speakers",
    }  # fmt: skip
    acted = apply_row_action(make_schema(SESSIONS), MultiDict(posted))
    assert "sessions-0-speakers-1-_from" in acted
    acted["sessions-0-speakers-1-name"] = "Gayane"
    assert answers([SESSIONS], acted) == {
        "sessions": [
            {"hours": 2, "speakers": [{"name": "Anna"}, {"name": "Gayane"}]},
            {"hours": None, "speakers": [{"name": "Bagrat"}]},
        ]
    }


def test_an_error_in_an_inner_list_names_both_rows(messages):
    posted = {"sessions-0-speakers-0-name": ""}
    assert messages([SESSIONS], posted) == {
        "f-sessions-0-speakers-0-name": "Sessions, row 1: Speakers, row 1: Enter “Name”"
    }
