"""A page in one language shows no word of another, but what people entered and names of things."""

from __future__ import annotations

import re
import shutil
from datetime import datetime

import pytest
from bs4.element import PreformattedString
from sqlalchemy import select

from tests.support.crawling import walk
from tests.support.installation import MONDAY, ROOT, Office, make_settings, running_app
from tests.support.pseudo import make_catalogue
from workflow_app.adapters import words
from workflow_app.adapters.clock import FixedClock
from workflow_app.extensions import babel
from workflow_app.models import db
from workflow_app.models.case import Answer, Case
from workflow_app.models.people import Account, Organisation

PLAYED = (
    ("accreditation/conflict", "score"),
    ("accreditation/straight", None),
    ("appeal/upheld", "appoint_panel"),
)
LATER = datetime.fromisoformat("2026-12-20T09:00:00+04:00")
WHO = (
    "",
    "registrar",
    "secretary",
    "reviewer1",
    "head",
    "applicant",
    "supervisor",
    "admin",
    "designer",
)
SHOWN = ("title", "alt", "placeholder", "aria-label", "data-label")
#: Numbers of cases, codes of territories, addresses, what a key is called on the keyboard.
CODES = re.compile(r"\b[A-Z]+(?:-[A-Z0-9]+)+\b|\S+@\S+|https?://\S+|\S*/\S*/\S*")
NAMES = re.compile(
    r"\b(?:workflow_app|PDF|CSV|JSON|BPMN|DMN|FEEL|Esc|Enter|XML|ClamAV|Atom|DOCX|XLSX)\b"
)
#: Pages that list codes beside words: of settings, registers, a case's data, unnamed elements.
CODE_PAGES = re.compile(r"/settings|/data|/cases/[^/]+/(?:data|move)$")
LATIN = re.compile(r"[A-Za-z]{3,}")
LONG = 9
ARMENIAN, GEORGIAN, CYRILLIC = "[Ա-ֆ]", "[ა-ჰ]", "[Ѐ-ӿ]"
FOREIGN = {
    "hy": f"{GEORGIAN}|{CYRILLIC}",
    "ka": f"{ARMENIAN}|{CYRILLIC}",
    "uk": f"{GEORGIAN}|{ARMENIAN}|[ыэъёЫЭЪЁ]",
    "ru": f"{GEORGIAN}|{ARMENIAN}|[іїєґІЇЄҐ]",
}


@pytest.fixture(scope="module")
def lived_in(furnished, parsed_programs, tmp_path_factory):
    """Return the file of a database with cases in several states."""
    folder = tmp_path_factory.mktemp("lived")
    own = folder / "own.db"
    shutil.copy(furnished, own)
    clock = FixedClock(MONDAY)
    settings = make_settings(folder, f"sqlite:///{own}")
    with running_app(settings, clock=clock, parsed=parsed_programs) as app:
        for scenario, until in PLAYED:
            Office(app, clock).play(scenario, until=until)
    return own


@pytest.fixture(scope="module")
def nobodys(tmp_path_factory):
    """Return a folder of catalogues in which `ka` is the language that nobody speaks."""
    folder = tmp_path_factory.mktemp("words")
    make_catalogue(ROOT / "translations/en/LC_MESSAGES/messages.po", folder)
    return folder


@pytest.fixture
def opened(lived_in, parsed_programs, tmp_path):
    """Return a function that runs an application over a copy of the cases."""

    def run(**changes):
        own = tmp_path / "own.db"
        shutil.copy(lived_in, own)
        settings = make_settings(tmp_path, f"sqlite:///{own}", **changes)
        return running_app(settings, clock=FixedClock(LATER), parsed=parsed_programs)

    return run


def entered(app):
    """Return what people entered: answers, names of people and organisations, titles of cases."""
    with app.app_context():
        found = set(_texts([a.data for a in db.session.scalars(select(Answer))]))
        for account in db.session.scalars(select(Account)):
            found |= {account.title, account.username, account.email}
        found |= set(db.session.scalars(select(Organisation.name)))
        found |= set(db.session.scalars(select(Case.title)))
        db.session.remove()
    return found


def _texts(value):
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def shown(page, language):
    """Yield the texts of a page, without those that say they are in another language."""
    for tag in page.soup.find_all(attrs={"lang": lambda said: said and said != language}):
        if tag.name != "html":
            tag.decompose()
    for tag in page.soup.find_all(["script", "style", "code", "pre", "kbd"]):
        tag.decompose()
    texts = page.soup.find_all(string=lambda text: not isinstance(text, PreformattedString))
    yield from (" ".join(text.split()) for text in texts)
    for name in SHOWN:
        yield from (str(tag[name]) for tag in page.soup.find_all(attrs={name: True}))


def strange(text, known, pattern):
    """Return a text without what people entered where it still holds what the pattern finds."""
    if text in known or not pattern.search(text):
        return ""
    for one in sorted((k for k in known if len(k) >= LONG), key=len, reverse=True):
        text = text.replace(one, " ")
    text = NAMES.sub(" ", CODES.sub(" ", text))
    return text.strip() if pattern.search(text) else ""


def found_on(app, who, language, pattern):
    """Return {strange text: address} over the pages that somebody can reach."""
    from tests.support.browser import Browser  # noqa: PLC0415

    browser, known = Browser(app), entered(app)
    if who:
        browser.become(who)
    with browser.client.session_transaction() as session:
        session["language"] = language
    pages, found = 0, {}
    for page in walk(browser):
        pages += 1
        if CODE_PAGES.match(page.path):
            continue
        assert page.soup.html["lang"] == language
        for text in shown(page, language):
            if left := strange(text, known, pattern):
                found.setdefault(left, page.address)
    assert pages > 10
    return found


@pytest.mark.parametrize("who", WHO)
def test_nothing_stands_untranslated_on_any_page(opened, nobodys, monkeypatch, who):
    real = words.catalogue
    # What an application of an earlier test has read stays with the extension.
    monkeypatch.delitem(vars(babel), "domain_instance", raising=False)
    monkeypatch.setattr(words, "catalogue", lambda _folder, locale: real(nobodys, locale))
    with opened(translations=nobodys) as app:
        assert found_on(app, who, "ka", LATIN) == {}


@pytest.mark.parametrize("language", sorted(FOREIGN))
@pytest.mark.parametrize("who", ["", "registrar"])
def test_no_letter_of_another_language_stands_on_any_page(opened, who, language):
    with opened() as app:
        assert found_on(app, who, language, re.compile(FOREIGN[language])) == {}
