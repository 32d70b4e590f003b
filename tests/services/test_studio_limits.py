"""What is told of drafts before the check: sizes, shared ids, registers; what a new thing is."""

from __future__ import annotations

import tomllib

import pytest

from tests.support.installation import ROOT
from workflow_app.domain.errors import Invalid
from workflow_app.engine import Source
from workflow_app.services.checking import check_files
from workflow_app.services.designing import starters
from workflow_app.services.designing.limits import fits, limit_findings, shared_ids
from workflow_app.services.designing.paths import SHARED, check_file, may_stand, renamed
from workflow_app.services.designing.registers import register_findings, toml_text
from workflow_app.services.designing.words_index import title_of, words_of

SHAPE, RULE, FIELD = "<bpmndi:BPMNShape/>", "<rule id='r'/>", '{"type": "textfield"},'


@pytest.mark.parametrize(
    ("path", "part", "most", "code"),
    [
        ("processes/p/p.bpmn", SHAPE, 2000, "too-many-elements"),
        ("processes/p/t.dmn", RULE, 1000, "too-many-rules"),
        ("forms/p/f.form", FIELD, 1500, "too-many-fields"),
    ],
)
def test_one_more_than_the_limit_is_told_with_both_numbers(path, part, most, code):
    assert fits(path, part * most)
    found = list(limit_findings({path: part * (most + 1)}))
    assert [(one.code, one.file, one.params) for one in found] == [
        (code, path, {"number": most + 1, "limit": most})
    ]


def test_an_id_that_two_files_define_is_told_at_the_later_one():
    text = '<bpmn:process isExecutable="true" id="p">'
    files = {"processes/p/a.bpmn": text, "processes/p/b.bpmn": text, "processes/p/t.dmn": text}
    found = list(shared_ids(files))
    assert [(one.code, one.file, one.element) for one in found] == [
        ("shared-id", "processes/p/b.bpmn", "p")
    ]
    assert found[0].params["other"] == "processes/p/a.bpmn"


@pytest.mark.parametrize(
    "text",
    [
        "title = ",
        'title = "x"\nkey = "code"\nfields = 1',
        'title = "x"\nkey = "code"\n[[fields]]\nname = "code"',
        'title = "x"\nkey = "code"\nfields = []\nin_force = "1 +"',
    ],
)
def test_a_register_that_cannot_be_read_is_told(text):
    found = list(register_findings({"processes/registers/r.toml": text, "processes/p/a.toml": ""}))
    assert [one.code for one in found] == ["register-unreadable"]
    assert found[0].params["reason"]


def test_a_register_is_written_as_it_was_read():
    definition = {
        "title": "Wheel“chairs”\n\\",
        "public": True,
        "words": {"a b": "c"},
        "levels": [1, 2.5],
        "fields": [{"name": "code", "columns": [{"name": "x", "words": {"1": "é"}}]}],
        "rows": [{"code": "a"}, {"code": "b"}],
    }
    assert tomllib.loads(toml_text(definition)) == definition


@pytest.mark.parametrize("lanes", [1, 2, 6])
@pytest.mark.parametrize("is_public", [True, False])
def test_a_new_process_is_checked_without_any_finding(lanes, is_public):
    held = [starters.Lane(role=f"role_{n}", title=f'Role "{n}" & <co>') for n in range(lanes)]
    files = starters.process_files("lend", 'Lend "&" <x>', "LND", held, is_public=is_public)
    files["processes/lend/fee.dmn"] = starters.table_text("fee", "Fee")
    files["processes/lend/letters/note.typ"] = starters.letter_text('A "note"')
    roles = frozenset(lane.role for lane in held)
    found = check_files(Source("lend", files), roles)
    assert [one.text() for one in found] == []
    assert (
        list(register_findings({"processes/registers/r.toml": starters.register_text("R")})) == []
    )


@pytest.mark.parametrize(
    ("title", "key"),
    [("Lending of wheelchairs", "lending_of_wheelchairs"), ("2nd  call, 2026!", "nd_call_2026")],
)
def test_a_key_is_made_of_a_title(title, key):
    assert starters.key_of(title) == key


def test_a_title_without_latin_letters_makes_no_key():
    with pytest.raises(Invalid):
        starters.key_of("Անվասայլակներ")


@pytest.mark.parametrize(
    "path",
    [
        "processes/lend/lend.bpmn",
        "processes/lend/letters/note.typ",
        "processes/lend/scenarios/_part.yaml",
        "forms/lend/start.form",
        "processes/registers/chairs.toml",
    ],
)
def test_what_a_draft_may_hold(path):
    assert may_stand("lend", path)
    check_file("lend", path, "x")


def test_every_file_of_every_process_may_stand_in_its_draft():
    for top in ("processes", "forms"):
        for file in (ROOT / top).glob("*/**/*.*"):
            path = file.relative_to(ROOT).as_posix()
            key = path.split("/")[1]
            assert key in SHARED or may_stand(key, path), path


@pytest.mark.parametrize(
    "path",
    [
        "processes/other/other.bpmn",
        "processes/lend/../other/x.bpmn",
        "processes/lend/a/b/c.bpmn",
        "processes/lend/run.py",
        "processes/lend/scenarios/x.bpmn",
        "forms/lend/Start.form",
        "processes/registers/../roles.toml",
        "processes/roles.toml",
        "/etc/passwd",
        "processes/lend/.toml",
        "processes/lend/lend.bpmn\n",
    ],
)
def test_what_a_draft_may_not_hold(path):
    assert not may_stand("lend", path)


@pytest.mark.parametrize("body", ["a\x00b", "a\x1bb", "\ud800", "x" * 2_000_001])
def test_what_no_text_may_hold_is_refused(body):
    with pytest.raises(Invalid):
        check_file("lend", "processes/lend/lend.bpmn", body)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("processes/lend/lend.bpmn", "processes/hire/hire.bpmn"),
        ("processes/lend/lend_fee.dmn", "processes/hire/lend_fee.dmn"),
        ("forms/lend/start.form", "forms/hire/start.form"),
        ("processes/registers/chairs.toml", "processes/registers/chairs.toml"),
    ],
)
def test_a_copy_has_its_files_under_its_own_key(path, new):
    assert renamed(path, "lend", "hire") == new


def test_words_of_files_are_those_that_people_read():
    diagram = (
        '<bpmn:participant name="Ministry &amp; co"/><bpmn:process name="Lend"/>'
        "<bpmn:documentation>Call  the OFFICE</bpmn:documentation>"
        "<bpmn:text>Mind the step</bpmn:text>"
    )
    said = words_of("p.bpmn", diagram)
    assert all(part in said for part in ("ministry & co", "call  the office", "mind the step"))
    assert title_of("p.bpmn", diagram) == "Lend"
    form = '{"components": [{"label": "Հասցե", "type": "textfield", "values": [{"label": "Yes"}]}]}'
    assert "հասցե" in words_of("f.form", form)
    assert "yes" in words_of("f.form", form)
    assert "textfield" not in words_of("f.form", form)
    assert title_of("forms/p/site_visit.form", form) == "Site visit"
    assert "{broken" in words_of("f.form", "{BROKEN")
