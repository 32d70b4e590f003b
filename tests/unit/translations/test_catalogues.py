"""Updating and checking catalogues, on a small repository of their own."""

from __future__ import annotations

import json

import pytest
from babel.messages.catalog import Message
from babel.support import Translations
from click.testing import CliRunner

from workflow_app.adapters.catalogues import Catalogues, message_faults
from workflow_app.cli.translations import translations

CONFIG = """[python: workflow_app/**.py]
[jinja2.ext.babel_extract: workflow_app/templates/**.html]
trim_blocks = true
newstyle_gettext = true
[workflow_app.adapters.word_files.extract_toml: processes/**/mails.toml]
paths = *.subject
"""


@pytest.fixture
def root(tmp_path):
    for folder in ("workflow_app/templates", "processes/fish", "translations", "forms"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "translations" / "babel.cfg").write_text(CONFIG)
    say(tmp_path, "Good morning", "Good night")
    return tmp_path


@pytest.fixture
def catalogues(root):
    return Catalogues(root, root / "translations", ("hy", "en"))


def say(root, *sentences):
    lines = "\n".join(f"N_({sentence!r})" for sentence in sentences)
    (root / "workflow_app" / "words.py").write_text(lines)


def faults(catalogues, complete=()):
    return [(fault.language, fault.reason, fault.msgid) for fault in catalogues.check(complete)]


def test_all_that_the_configuration_names_is_gathered(root, catalogues):
    (root / "workflow_app" / "templates" / "page.html").write_text(
        "{% if x %}\n{{ _('Page') }}{{ ngettext('%(num)d fish', '%(num)d fishes', n) }}{% endif %}"
    )
    (root / "processes" / "fish" / "mails.toml").write_text('[a]\nsubject = "Caught {fish}"')
    (root / "node_modules" / "workflow_app").mkdir(parents=True)
    (root / "node_modules" / "workflow_app" / "no.py").write_text("_('Not ours')")
    ids = {message.id for message in catalogues.gather() if message.id}
    assert ids == {
        "Good morning",
        "Good night",
        "Page",
        ("%(num)d fish", "%(num)d fishes"),
        "Caught {fish}",
    }


def test_an_updated_catalogue_is_up_to_date_and_updating_again_changes_nothing(catalogues):
    assert ("hy", "stale; run the update command", "") in faults(catalogues)
    list(catalogues.update())
    before = catalogues.path("hy").read_bytes()
    list(catalogues.update())
    assert faults(catalogues) == []
    assert catalogues.path("hy").read_bytes() == before
    assert b"words.py\n" in before


def test_a_new_sentence_makes_every_catalogue_stale(root, catalogues):
    list(catalogues.update())
    say(root, "Good morning", "Good night", "Good evening")
    stale = "stale; run the update command"
    assert faults(catalogues) == [("hy", stale, ""), ("en", stale, "")]


def test_a_similar_sentence_is_not_guessed(root, catalogues):
    list(catalogues.update())
    catalogues.merge("hy", {"Good morning": "Բարի լույս"})
    say(root, "Good morning!", "Good night")
    list(catalogues.update())
    assert not catalogues.read("hy").get("Good morning!").string


def test_a_translation_out_of_use_is_kept_reported_and_comes_back(root, catalogues):
    list(catalogues.update())
    assert catalogues.merge("hy", {"Good morning": "Բարի լույս", "Unknown": "?"}) == 1
    say(root, "Good night")
    retired, _english = catalogues.update()
    assert retired.retired == ("Good morning",)
    assert "Բարի լույս" in catalogues.path("hy").read_text()
    say(root, "Good morning")
    back, _english = catalogues.update()
    assert back.revived == ("Good morning",)
    assert catalogues.read("hy").get("Good morning").string == "Բարի լույս"


def test_a_gap_is_a_fault_only_where_nothing_may_be_missing(catalogues):
    list(catalogues.update())
    catalogues.merge("hy", {"Good morning": "Բարի լույս"})
    assert faults(catalogues, ("hy",)) == [("hy", "not translated", "Good night")]


def test_a_guess_that_a_tool_left_is_a_fault(catalogues):
    list(catalogues.update())
    path = catalogues.path("hy")
    path.write_text(path.read_text().replace('msgid "Good night"', '#, fuzzy\nmsgid "Good night"'))
    assert ("hy", "fuzzy", "Good night") in faults(catalogues)


@pytest.mark.parametrize(
    ("msgid", "said", "reason"),
    [
        ("Case %(number)s", "Գործ", "its %(placeholders)s differ"),
        ("Case %(number)s", "Գործ %(name)s", "its %(placeholders)s differ"),
        ("Case %(number)s", "100 % %(number)s", "its %(placeholders)s differ"),
        ("Until {{day}}", "Մինչև {{date}}", "its {{expressions}} differ"),
        ("One\n", "Մեկ", "it begins or ends with a line break where the other does not"),
    ],
)
def test_a_broken_translation_is_a_fault(msgid, said, reason):
    assert [f.reason for f in message_faults(Message(msgid, said), "hy")] == [reason]


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ('{if ok then "այո" else "ոչ"}, {case.number}', []),
        ("{case.number}", ["its {expressions} read other names"]),
        ('{if ok then "այո" else}{case.number}', 1),
    ],
)
def test_in_a_mail_only_the_texts_in_an_expression_may_be_translated(said, reasons):
    msgid = '{if ok then "yes" else "no"}: {case.number}'
    message = Message(msgid, said, locations=[("processes/fish/mails.toml", 0)])
    found = [fault.reason for fault in message_faults(message, "hy")]
    assert len(found) == reasons if isinstance(reasons, int) else found == reasons


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ('{{if a = "no_go" then "Ոչ" else "Այո, իհարկե"}}', True),
        ('{{if a = "yes_go" then "Ոչ" else "Այո"}}', False),
        ('{{if b = "no_go" then "Ոչ" else "Այո"}}', False),
    ],
)
def test_sentences_quoted_in_an_expression_may_be_said_otherwise(said, fits):
    message = Message('{{if a = "no_go" then "No" else "Yes, of course"}}', said)
    assert (list(message_faults(message, "hy")) == []) is fits


def test_compiled_words_are_read_and_gaps_stay_english(root, catalogues):
    (root / "workflow_app" / "n.py").write_text("ngettext('%(num)d fish', '%(num)d fishes', n)")
    list(catalogues.update())
    catalogues.merge("hy", {"Good morning": "Բարի լույս"})
    assert list(catalogues.compile()) == [("hy", 1), ("en", 0)]
    words = Translations.load(str(catalogues.folder), ["hy"])
    assert words.gettext("Good morning") == "Բարի լույս"
    assert words.gettext("Good night") == "Good night"
    assert words.ngettext("%(num)d fish", "%(num)d fishes", 5) == "%(num)d fishes"


def test_the_commands_say_what_is_wrong_and_mend_it(root):
    run = CliRunner()
    said = {
        "hy": ("Բարի լույս", "Բարի գիշեր"),
        "ka": ("დილა მშვიდობისა", "ღამე მშვიდობისა"),
        "uk": ("Доброго ранку", "Добраніч"),
        "ru": ("Доброе утро", "Спокойной ночи"),
    }

    def call(*arguments):
        return run.invoke(translations, ["--root", str(root), *arguments])

    failed = call("check")
    assert failed.exit_code == 1
    assert "hy: stale" in failed.output
    assert "2 untranslated" in call("update").output
    assert "not translated: 'Good night'" in call("check").output
    for language, (morning, night) in said.items():
        file = root / f"{language}.json"
        file.write_text(json.dumps({"Good morning": morning, "Good night": night}))
        taken = call("merge", language, str(file)).output
        assert taken == f"{language}: 2 translations taken\n"
    assert call("check").exit_code == 0
    assert "hy: 2 translations" in call("compile").output


def test_a_sentence_that_counts_takes_a_text_for_each_form(root):
    say(root)
    page = root / "workflow_app" / "templates" / "page.html"
    page.write_text("{{ ngettext('%(num)d day', '%(num)d days', n) }}")
    several = Catalogues(root, root / "translations", ("uk",))
    list(several.update())
    words = ["%(num)d день", "%(num)d дні", "%(num)d днів"]
    assert several.merge("uk", {"%(num)d day": words}) == 1
    assert several.read("uk").get("%(num)d day").string == tuple(words)
