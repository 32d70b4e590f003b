"""Uploads: stored at once, kept through errors and drafts, removed by a tick, never borrowed."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from workflow_app.form_builder import UploadRefused, apply_row_action

FILES = {"type": "filepicker", "key": "charter", "label": "Charter", "multiple": True}
STORED = {"document": 7, "name": "old.pdf", "type": "application/pdf", "size": 10}


@pytest.fixture
def store():
    kept = []

    def keep(upload):
        if upload.filename.endswith(".exe"):
            message = "%(name)s is a program"
            raise UploadRefused(message, name=upload.filename)
        found = {"document": 100 + len(kept), "name": upload.filename, "type": "x", "size": 3}
        kept.append(found)
        return found

    keep.kept = kept
    return keep


def upload(name="new.pdf"):
    return FileStorage(BytesIO(b"abc"), filename=name)


def test_an_upload_is_stored_and_answered(answers, store):
    found = answers([FILES], {"charter": upload()}, store_upload=store)
    assert found == {"charter": store.kept}
    assert store.kept[0]["name"] == "new.pdf"


def test_an_empty_file_input_is_nothing(answers, store):
    assert answers([FILES], {"charter": upload("")}, store_upload=store) == {"charter": []}
    assert store.kept == []


def test_a_refused_upload_is_an_error_of_its_field_even_before_validation(fill_in, store):
    form = fill_in([FILES], {"charter": upload("virus.exe")}, store_upload=store)
    refused = [("f-charter", "virus.exe is a program")]
    assert form.errors == refused
    assert not form.validate()
    assert form.errors == refused


def test_the_good_uploads_survive_beside_a_refused_one(fill_in, store):
    posted = MultiDict([("charter", upload("a.pdf")), ("charter", upload("b.exe"))])
    form = fill_in([FILES], posted, store_upload=store)
    assert form.raw() == {"charter-kept": ["100"]}


def test_stored_files_are_shown_kept_and_removed(answers, fill_in):
    case = {"charter": [STORED, STORED | {"document": 8}]}
    assert fill_in([FILES], case=case).raw() == {"charter-kept": ["7", "8"]}
    posted = MultiDict([("charter-kept", "7"), ("charter-kept", "8"), ("charter-remove", "8")])
    assert answers([FILES], posted, case=case) == {"charter": [STORED]}


def test_a_draft_brings_uploads_back_through_the_host(answers, messages):
    mine = {200: STORED | {"document": 200}}
    posted = {"charter-kept": "200"}
    assert answers([FILES], posted, find_upload=mine.get) == {"charter": [mine[200]]}
    assert "no longer there" in messages([FILES], posted)["f-charter"]


@pytest.mark.parametrize("forged", ["999", "x", "-1", "7 OR 1=1", "\u0667"])
def test_a_file_of_somebody_else_is_not_accepted(messages, forged):
    found = messages([FILES], {"charter-kept": forged}, case={"charter": [STORED]})
    assert list(found) == ["f-charter"]


def test_a_required_file_counts_when_it_was_stored_before(answers):
    field = FILES | {"validate": {"required": True}}
    posted = {"charter-kept": "7"}
    assert answers([field], posted, case={"charter": [STORED]}) == {"charter": [STORED]}


def test_a_single_file_is_replaced_by_a_new_one(answers, store):
    single = FILES | {"multiple": False}
    posted = MultiDict([("charter-kept", "7"), ("charter", upload())])
    found = answers([single], posted, case={"charter": [STORED]}, store_upload=store)
    assert found == {"charter": store.kept}


def test_a_file_typed_before_adding_a_row_is_not_lost(make_schema, fill_in, store):
    rows = {"type": "dynamiclist", "path": "visits", "components": [FILES]}
    posted = MultiDict([("visits-0-charter", upload()), ("_row", "add:visits")])
    acted = apply_row_action(make_schema(rows), posted)
    form = fill_in([rows], acted, store_upload=store)
    assert form.raw()["visits-0-charter-kept"] == ["100"]
    assert len(form.answers()["visits"]) == 2
