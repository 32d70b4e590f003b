"""What the check says of the files beside a diagram."""

from __future__ import annotations

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
