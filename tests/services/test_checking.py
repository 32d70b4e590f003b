"""What the check says of the files beside a diagram."""

from __future__ import annotations

import json

import pytest

from tests.services.drawing import KEY, source, two_steps
from workflow_app.engine import RULES
from workflow_app.services.checking import check_files, check_source

MANIFEST = f"processes/{KEY}/process.toml"
BESIDE = {
    "no manifest": (MANIFEST, None, "manifest-missing"),
    "a manifest that is no TOML": (MANIFEST, "title = ", "manifest-unreadable"),
    "mails that are no TOML": (f"processes/{KEY}/mails.toml", "[a", "mails-unreadable"),
    "a form that is no JSON": (f"forms/{KEY}/first.form", "{", "form-unreadable"),
    "bytes that are no text": (f"forms/{KEY}/first.form", "\ufffd", "file-unreadable"),
    "a mail with a broken expression": (
        f"processes/{KEY}/mails.toml",
        '[received]\nsubject = "{1 +}"\nbody = "x"\n',
        "expression-unreadable",
    ),
}


@pytest.mark.parametrize(("path", "text", "code"), BESIDE.values(), ids=BESIDE)
def test_a_file_beside_the_diagram_is_named_with_its_fault(path, text, code):
    good = source(two_steps())
    assert not [one for one in check_files(good, frozenset()) if one.severity == "error"]
    files = {**good.files, path: text}
    if text is None:
        del files[path]
    found = check_files(type(good)(good.key, files), frozenset())
    [finding] = [one for one in found if one.code == code]
    assert finding.file == path
    assert (finding.message, finding.fix) == (RULES[code].message, RULES[code].fix)


def test_a_setting_that_the_catalogue_lacks_is_found_in_a_mail(office):
    good = source(two_steps())
    mails = '[received]\nsubject = "{setting(\'no.such.key\')}"\nbody = "x"\n'
    files = {**good.files, f"processes/{KEY}/mails.toml": mails}
    with office.acting() as ctx:
        codes = {one.code for one in check_source(ctx, type(good)(good.key, files))}
    assert "unknown-setting" in codes


FIELDS = [
    {"type": "number", "key": "score"},
    {"type": "textfield", "key": "name", "properties": {"check": "score > 3"}},
    {
        "type": "dynamiclist",
        "path": "rows",
        "properties": {"rowLabel": "this.score"},
        "components": [
            {"type": "textfield", "key": "score", "conditional": {"hide": '=score = "x"'}},
        ],
    },
]


def with_form(*more):
    good = source(two_steps())
    text = json.dumps({"components": [*FIELDS, *more]})
    return type(good)(good.key, {**good.files, f"forms/{KEY}/more.form": text})


def meant(checked):
    codes = {"type-clash", "unknown-function", "unknown-member", "always-nothing"}
    found = check_files(checked, frozenset())
    return [one for one in found if one.code in codes | {"not-a-condition"}]


def test_what_a_form_may_mean_is_not_blamed():
    assert meant(with_form()) == []


@pytest.mark.parametrize(
    ("component", "code", "column"),
    [
        ({"properties": {"check": 'score = "5"'}}, "type-clash", 1),
        ({"properties": {"check": "score + 1"}}, "not-a-condition", 1),
        ({"properties": {"requiredIf": "cont(rows) > 1"}}, "unknown-function", 1),
        ({"conditional": {"hide": "=score.value = 3"}}, "unknown-member", 2),
        ({"label": "Up to {{score / 0}}"}, "always-nothing", 1),
        ({"validate": {"maxLength": "=name + 1"}}, "type-clash", 2),
    ],
)
def test_what_a_form_cannot_mean_is_found_at_its_component(component, code, column):
    (finding,) = meant(with_form({"type": "textfield", "key": "x", "id": "it", **component}))
    place = (finding.code, finding.file, finding.element, finding.column)
    assert place == (code, f"forms/{KEY}/more.form", "it", column)


def test_a_mail_and_a_manifest_are_read_with_the_types_of_forms():
    good = with_form()
    mails = '[received]\nsubject = "{score + name}"\nbody = "x"\n'
    manifest = good.files[MANIFEST].replace("=subject", "=score.name")
    files = {**good.files, f"processes/{KEY}/mails.toml": mails}
    (finding,) = meant(type(good)(good.key, files))
    assert (finding.code, finding.element) == ("type-clash", "received")
    (finding,) = meant(type(good)(good.key, {**good.files, MANIFEST: manifest}))
    assert (finding.code, finding.element) == ("unknown-member", "case_title")
