"""`workflow_app` names no process, form, decision, role or register: those keys live in files.

A key counts as named where a text of the package holds it as a whole token. A key of several words,
such as one with an underscore in it, is no English and may stand nowhere, comments and docstrings
included. A key of one word may stand in a sentence; it may not be a literal of its own, nor a part
of a literal that is a path or a qualified name ("processes/<key>", "role:<key>").
"""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

# Words that the platform itself speaks, which happen to be keys as well; each with the reason.
OWN_WORDS = {
    "calls": "the functions that a FEEL expression calls",
    "minutes": "a unit of time",
    "score": "a kind of number in a form's properties, as the form conventions name it",
}
# application/pdf and its like: names given by others.
MEDIA_TYPE = re.compile(r"\b(?:application|text|image|font)/[\w.+*-]+")
DECISION = re.compile(r"<(?:\w+:)?decision\s[^>]*?\bid=\"([^\"]+)\"")
QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")
JINJA_BLOCK = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
ATTRIBUTE = re.compile(r"\b(?:name|value|id|for|data-[\w-]+)=\"([^\"{]+)\"")


@pytest.fixture(scope="module")
def keys(root):
    processes, forms = root / "processes", root / "forms"
    found = {path.parent.name for path in processes.glob("*/*.bpmn")}
    found |= {path.stem for path in forms.rglob("*.form")}
    found |= {path.stem for path in (processes / "registers").glob("*.toml")}
    found |= set(tomllib.loads((processes / "roles.toml").read_text(encoding="utf-8")))
    for path in processes.rglob("*.dmn"):
        found |= set(DECISION.findall(path.read_text(encoding="utf-8")))
    assert len(found) > 60, "the keys were not collected"
    return found - set(OWN_WORDS)


def named(key, text, literals):
    """Tell whether the text or one of its literals names the key."""
    if "_" in key:
        return re.search(rf"(?<![A-Za-z0-9_]){key}(?![A-Za-z0-9_])", text) is not None
    qualified = re.compile(rf"(?:^|[/:.]){key}(?:$|[/:.])")
    bare = (MEDIA_TYPE.sub("", literal) for literal in literals)
    return any(" " not in one and qualified.search(one) for one in bare)


def offences(keys, files):
    return [
        f"{path.name}: {key}"
        for path, literals in files
        for key in keys
        if named(key, path.read_text(encoding="utf-8"), literals)
    ]


def strings(tree):
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def quoted(text):
    return {first or second or third for first, second, third in QUOTED.findall(text)}


def template_literals(text):
    inside = " ".join(JINJA_BLOCK.findall(text))
    return quoted(inside) | set(ATTRIBUTE.findall(text))


def test_no_module_names_what_designers_own(keys, modules):
    assert offences(keys, [(path, strings(tree)) for path, tree in modules.items()]) == []


def test_no_template_names_what_designers_own(keys, package):
    paths = [*package.rglob("*.html"), *package.rglob("*.txt")]
    assert paths
    files = [(path, template_literals(path.read_text(encoding="utf-8"))) for path in paths]
    assert offences(keys, files) == []


def test_no_script_names_what_designers_own(keys, root):
    paths = sorted((root / "assets" / "js").rglob("*.js"))
    assert paths
    files = [(path, quoted(path.read_text(encoding="utf-8"))) for path in paths]
    assert offences(keys, files) == []


@pytest.mark.parametrize(
    ("key", "text", "literals"),
    [
        ("site_visit", "# see site_visit", []),
        ("reviewer", "", ["reviewer"]),
        ("reviewer", "", ["role:reviewer"]),
        ("accreditation", "", ["processes/accreditation/letters"]),
    ],
)
def test_naming_is_recognised(key, text, literals):
    assert named(key, text, literals)


@pytest.mark.parametrize(
    ("key", "text", "literals"),
    [
        ("site_visit", "on_site_visit_day", []),
        ("reviewer", "A reviewer reads.", ["A reviewer reads."]),
        ("redact", "", ["redacted"]),
        ("application", "", ["application/pdf"]),
    ],
)
def test_an_ordinary_word_is_no_name(key, text, literals):
    assert not named(key, text, literals)
