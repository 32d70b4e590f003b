"""Scenario 14's change once more without a mouse: a step with a new form in a large process.

Everything in the studio is done with `page.keyboard`; no element is clicked or given the focus.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.keyboard import Keys
from tests.e2e.walking import keep
from tests.support.answers import case_row, open_item

pytestmark = pytest.mark.e2e

KEY = "accreditation"
AFTER = "Send number and key"
STEP, ELEMENT, FORM = "Name what is urgent", "name_what_is_urgent", "what_is_urgent"
QUESTION = "What is urgent about it?"
ANSWER = "The winter places"
WORDS = {
    STEP: {
        "hy": "Նշեք, թե ինչն է հրատապ",
        "ka": "მიუთითეთ, რა არის გადაუდებელი",
        "uk": "Назвіть, що термінове",
        "ru": "Назовите, что срочно",
    },
    QUESTION: {
        "hy": "Ի՞նչն է այստեղ հրատապ",
        "ka": "რა არის აქ გადაუდებელი?",
        "uk": "Що тут термінове?",
        "ru": "Что здесь срочно?",
    },
}
PLAYED = "The registrar says what is urgent"


@pytest.fixture
def designer(person):
    designer = person(viewport={"width": 1280, "height": 800})
    designer.become("designer")
    return designer


def begin_draft(keys):
    keys.person.open("/studio")
    keys.link("Accreditation of a social service provider", inside="main")
    keys.button("Open a draft")


def add_form(keys):
    """Make a form, and its questions in words."""
    page = keys.page
    keys.tab("Forms")
    keys.write(page.locator("#new-name"), FORM)
    keys.button("Add form")
    keys.link("In words", inside=".app-form-studio__bar")
    keys.choose(page.locator("#add-last-sort"), "A long text")
    keys.button("Continue")
    keys.write(page.locator("#add-label"), QUESTION)
    keys.choose(page.locator("#add-place"), "At the beginning")
    keys.write(page.locator("#add-key"), "urgent matter")
    keys.button("Add", inside="#do-begun")
    expect(page.locator("#add-key-error")).to_be_visible()
    keys.person.look()
    keep(keys.person, "keys_01_refused")
    # The summary has the focus: its link leads to the field.
    keys.reach(page.locator('a[href="#add-key"]'))
    page.keyboard.press("Enter")
    keys.write(page.locator("#add-key"), "urgent_matter")
    keys.choose(page.locator("#add-required"), "Yes")
    keys.button("Add", inside="#do-begun")
    # The new form's own question is not wanted here.
    keys.go(page.locator("#question-2 h3 a"))
    keys.person.look()
    keep(keys.person, "keys_02_questions")
    keys.go(page.locator("#do-remove button"))
    expect(page.locator(".app-in-words__step")).to_have_count(1)


def add_step(keys):
    """Add the step after another, given to a role that nobody has."""
    page = keys.page
    keys.tab("In words")
    keys.choose(page.locator("#go-step"), f"8 {AFTER}")
    keys.button("Continue", inside="#do-go")
    keys.choose(page.locator("#add-kind"), "Task for a person")
    keys.button("Continue", inside="#do-add")
    keys.write(page.locator("#add-name"), STEP)
    keys.choose(page.locator("#add-form"), FORM)
    keys.write(page.locator("#add-groups"), "registrars")
    keys.button("Add", inside="#do-begun")


def is_told(keys):
    """The error stands at the step, and publishing is refused."""
    page = keys.page
    told = page.locator(f"#step-{ELEMENT} .app-findings__one--error")
    expect(told).to_contain_text("registrars")
    keep(keys.person, "keys_03_wrong")
    keys.tab("Publish")
    expect(page.get_by_text("Mend first what cannot be waived")).to_be_visible()
    keys.tab("In words")


def mend(keys):
    """Take the role of the lane instead, and say how the way on is called."""
    page = keys.page
    keys.choose(page.locator("#go-step"), f"9 {STEP}")
    keys.button("Continue", inside="#do-go")
    keys.write(page.locator("#change-groups"), "registrar")
    keys.button("Save", inside="#do-change")
    expect(page.locator(f"#step-{ELEMENT} .app-findings__one--error")).to_have_count(0)
    keep(keys.person, "keys_04_mended")


def open_form(keys, title):
    """Open the form of a step on the board of a play."""
    row = keys.page.locator(".app-play__list li", has=keys.page.get_by_text(title, exact=True))
    keys.go(row.get_by_role("button", name="Open the form").first)


def play(keys):
    """Play a case through the new step, and keep the play."""
    page = keys.page
    keys.tab("Play")
    keys.button("Start playing")
    open_form(keys, "Application received")
    keys.button("Fill in sample answers")
    sign(keys)
    keys.button("Send", inside=".app-form-actions")
    keep(keys.person, "keys_05_board")
    open_form(keys, STEP)
    keys.write(page.get_by_label(QUESTION), ANSWER)
    keys.button("Complete step")
    keep(keys.person, "keys_05_played")
    keys.write(page.get_by_label("Title of the scenario"), PLAYED)
    keys.button("Keep as scenario")


def sign(keys):
    """Write what no sample can: a signature, and shares that add up."""
    page = keys.page
    keys.write(page.locator('[name="funding_sources-0-share"]'), "100")
    keys.write(page.locator('[name="declaration-name"]'), "Anna Example")
    keys.tick(page.locator('[name="declaration-agreed"]'))


def translate(keys):
    """Write the new words in the other languages."""
    page = keys.page
    keys.tab("Words")
    keys.choose(page.locator("#words-state"), "those that are missing")
    keys.button("Show")
    for text, translations in WORDS.items():
        row = page.locator(".app-words__row", has=page.get_by_text(text, exact=True))
        for language, translated in translations.items():
            keys.write(row.locator(f"textarea[lang={language}]"), translated)
    keep(keys.person, "keys_06_words")
    keys.button("Save the words")


def send_for_approval(keys):
    """Say why the scenarios are not run now, and send the draft."""
    page = keys.page
    keys.tab("Publish")
    keep(keys.person, "keys_07_gate")
    for reason in page.locator("textarea[id^=reason-]").all():
        keys.write(reason, "The play shows it; the older scenarios follow.")
    keys.write(page.locator("#note"), "The registrar says what is urgent.")
    keys.button("Send for approval")
    expect(page.get_by_text("Somebody else has to approve.")).to_be_visible()


def approve_and_publish(keys, draft):
    keys.person.open(f"{draft}/publish")
    keys.button("Approve", inside="main")
    keys.button("Publish now", inside="main")
    expect(keys.page.get_by_text("This draft was published as version 2")).to_be_visible()


def is_done(served, keys):
    """A case that begins now has the step; whoever has the role takes and does it."""
    player = served.player(f"{KEY}/own_reviewer")
    player._start()
    item = open_item(served, player.case_id, ELEMENT, keys.person.username)
    served.settle()
    keys.person.open("/inbox?tab=groups")
    keep(keys.person, "keys_08_inbox")
    keys.go(keys.page.locator(f'form[action$="/tasks/{item}/claim"] button'))
    assert keys.person.heading == STEP
    keep(keys.person, "keys_08_task")
    keys.write(keys.page.get_by_label(QUESTION), ANSWER)
    keys.button("Complete step", inside="main")
    keys.person.open(f"/cases/{case_row(served, player.case_id).number}")
    assert ANSWER in keys.page.locator("main").text_content()


def test_the_change_is_made_by_keyboard_alone(served, designer, person):
    keys = Keys(designer)
    begin_draft(keys)
    draft = designer.page.url.partition("?")[0]
    add_form(keys)
    add_step(keys)
    is_told(keys)
    mend(keys)
    play(keys)
    translate(keys)
    send_for_approval(keys)
    second = person()
    second.become("designer2")
    approve_and_publish(Keys(second), draft)
    registrar = person()
    registrar.become("registrar")
    is_done(served, Keys(registrar))
