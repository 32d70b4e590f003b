"""The committed catalogues are complete, each in its own letters, and every file speaks them."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime

import pytest
from babel.messages.mofile import write_mo

from workflow_app.adapters.catalogues import Catalogues
from workflow_app.adapters.words import Words
from workflow_app.cli.translations import COMPLETE, SETTINGS_WORDS
from workflow_app.config import LANGUAGES, ROOT, Settings
from workflow_app.domain.errors import NotFound
from workflow_app.engine import Source, load_program
from workflow_app.factory import create_app
from workflow_app.form_builder import TaskForm, parse_form
from workflow_app.form_builder.schema import walk
from workflow_app.services.manifests import read_mails

#: What a manifest holds for programs.
CODES = {"prefix", "key_holder_role", "head", "registry", "board.flag"}
CATALOGUES = Catalogues(ROOT, ROOT / "translations", tuple(LANGUAGES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Hold the committed Armenian catalogue, compiled."""
    found = tmp_path_factory.mktemp("words")
    target = found / "hy" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as binary:
        write_mo(binary, CATALOGUES.read("hy"))
    return found


@pytest.fixture
def words(folder):
    return Words("hy", folder=folder)


def in_armenian(text):
    return any("Ա" <= letter <= "֏" for letter in text)


def short(path):
    return f"{path.parent.name}-{path.stem}"


def leaves(held, path=""):
    if isinstance(held, dict):
        for key, inner in held.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(held, str):
        yield path, held


def closed_set(key):
    files = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for kind in ("processes/**/*.bpmn", "processes/**/*.dmn", "forms/**/*.form")
        for path in ROOT.glob(kind)
    }
    return Source(key, files)


def test_everything_a_manifest_says_reaches_the_translators():
    known = {message.id for message in CATALOGUES.gather()}
    unknown = {
        (path.parent.name, where)
        for path in ROOT.glob("processes/*/process.toml")
        for where, text in leaves(tomllib.loads(path.read_text(encoding="utf-8")))
        if where not in CODES and not text.startswith("=") and text not in known
    }
    assert unknown == set()


def test_no_catalogue_is_stale_fuzzy_broken_or_short_of_words():
    assert [fault.line() for fault in CATALOGUES.check(complete=COMPLETE)] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("forms/*/*.form")), ids=short)
def test_every_form_is_drawn_in_armenian(path, words):
    schema = parse_form(path.read_text(encoding="utf-8"))
    form = TaskForm(
        schema,
        values={},
        scope={},
        functions={
            "lookup": lambda _source, *key: None if key else [],
            "setting": lambda _key: None,
        },
        posted=None,
        translate=words.text,
        locale="hy",
        now=datetime(2026, 11, 21, 10, tzinfo=UTC),
    )
    unnamed = {item.name for item in walk(schema.items) if not item.label}
    labels = {view.label for view in form.fields if view.label} - unnamed
    assert [label for label in labels if not in_armenian(label)] == []


def test_the_steps_of_a_diagram_are_named_in_armenian(words):
    key = "accreditation"
    names = [name for name in load_program(closed_set(key)).names.values() if name]
    assert len(names) > 20
    assert [name for name in names if not in_armenian(words.text(name))] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("processes/*/mails.toml")), ids=short)
def test_every_mail_is_written_in_armenian(path, words):
    for mail in read_mails(str(path), path.read_text(encoding="utf-8")).values():
        assert in_armenian(words.text(mail.subject))
        assert in_armenian(words.text(mail.body))


def test_an_error_is_explained_in_armenian(words):
    assert in_armenian(words.text(NotFound().text))


def test_a_page_speaks_armenian_to_who_asks_for_it(folder, tmp_path):
    settings = Settings(
        database_url="sqlite://",
        secret_key="x" * 8,
        instance=tmp_path,
        files_url=f"file://{tmp_path}",
        translations=folder,
    )
    client = create_app(settings, overrides={"TESTING": True}).test_client()
    page = client.get("/accessibility", headers={"Accept-Language": "hy"})
    assert page.status_code == 200
    assert "Մատչելիության հայտարարություն" in page.get_data(as_text=True)
    assert settings.service_name in SETTINGS_WORDS
    assert settings.service_name not in page.get_data(as_text=True)
    english = client.get("/accessibility", headers={"Accept-Language": "en"})
    assert "Accessibility statement" in english.get_data(as_text=True)


FOREIGN_LETTERS = {
    "hy": r"[Ѐ-ӿა-ჰ]",
    "ka": r"[Ѐ-ӿԱ-֏]",
    "uk": r"[ыэъёЫЭЪЁა-ჰԱ-֏]",
    "ru": r"[іїєґІЇЄҐა-ჰԱ-֏]",
}
CYRILLIC = re.compile("[Ѐ-ӿ]")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)\w")


def said(message):
    """Return every text of a translation: one, or one for each plural form."""
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


@pytest.mark.parametrize("language", sorted(FOREIGN_LETTERS))
def test_no_letter_of_another_language_stands_in_a_catalogue(language):
    strange = re.compile(FOREIGN_LETTERS[language])
    messages = [message for message in CATALOGUES.read(language) if message.id]
    assert len(messages) > 5000
    assert [m.id for m in messages if any(strange.search(text) for text in said(m))] == []


def test_what_reads_the_same_in_ukrainian_and_russian_is_listed_with_its_reason():
    ukrainian = {m.id: m.string for m in CATALOGUES.read("uk") if isinstance(m.id, str) and m.id}
    russian = {m.id: m.string for m in CATALOGUES.read("ru") if isinstance(m.id, str)}
    same = {
        msgid
        for msgid, text in ukrainian.items()
        if text and text == russian.get(msgid) and CYRILLIC.search(PLACEHOLDER.sub("", text))
    }
    with (ROOT / "translations" / "same_in_uk_and_ru.toml").open("rb") as file:
        groups = tomllib.load(file)
    assert all(len(group["why"]) > 20 for group in groups.values())
    listed = [msgid for group in groups.values() for msgid in group["sentences"]]
    assert len(listed) == len(set(listed))
    assert (same - set(listed), set(listed) - same) == (set(), set())
