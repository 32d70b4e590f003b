from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from workflow_app.adapters.words import Words


@pytest.fixture
def folder(tmp_path):
    catalog = Catalog("hy")
    catalog.add("Case %(number)s", "Գործ %(number)s")
    catalog.add("Hello %(name)s", "Բարև %(wrong)s")
    catalog.add("100 % sure", "100 % վստահ")
    catalog.add(("%(num)d day", "%(num)d days"), ("%(num)d օր", "%(num)d օրեր"))
    target = tmp_path / "hy" / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as out:
        write_mo(out, catalog)
    return tmp_path


def test_a_sentence_is_translated_and_filled(folder):
    assert Words("hy", folder=folder).text("Case %(number)s", number="ACC-1") == "Գործ ACC-1"


def test_a_versions_own_words_come_first(folder):
    words = Words("hy", {"Case %(number)s": "Դիմում %(number)s"}, folder)
    assert words.text("Case %(number)s", number=1) == "Դիմում 1"


@pytest.mark.parametrize("locale", ["hy", "ka", "en"])
def test_what_nobody_translated_is_said_in_english(folder, locale):
    assert Words(locale, folder=folder).text("Nobody knows") == "Nobody knows"


def test_a_translation_with_a_wrong_placeholder_falls_back(folder):
    assert Words("hy", folder=folder).text("Hello %(name)s", name="Ani") == "Hello Ani"


def test_without_params_a_percent_sign_stays(folder):
    assert Words("hy", folder=folder).text("100 % sure") == "100 % վստահ"


def test_a_missing_param_is_an_error(folder):
    with pytest.raises(KeyError):
        Words("en", folder=folder).text("Hello %(name)s", other=1)


def test_the_empty_text_is_not_the_catalogues_header(folder):
    assert Words("hy", folder=folder).text("") == ""


def test_plural_forms(folder):
    words = Words("hy", folder=folder)
    assert words.plural("%(num)d day", "%(num)d days", 1) == "1 օր"
    assert Words("en", folder=folder).plural("%(num)d day", "%(num)d days", 2) == "2 days"
