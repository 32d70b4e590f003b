"""Acceptance scenario 14: a step is added to a large process in the studio, and cases follow it.

A designer draws it, is told what is wrong, mends it, plays it, keeps the play and takes the step
into the scenarios that stop at it; a second person approves; one case ends as it began, a new one
has the step, and one that ran is moved to it.
"""

from __future__ import annotations

import re

import msgspec
import pytest
from playwright.sync_api import expect
from werkzeug.datastructures import MultiDict

from tests.e2e.designing import (
    WIDE,
    carry,
    choose,
    errors,
    group,
    place,
    ready,
    run_scenarios,
    saved,
)
from tests.e2e.walking import keep, name_of
from tests.support.answers import application, case_row, move_of, start_fields
from workflow_app.models.catalogue import ProcessVersion

pytestmark = pytest.mark.e2e
#: Cases are played step by step: nothing runs beside them.
AT_WORK = False

KEY = "accreditation"
STEP, ELEMENT, FORM = "Name what to look at", "name_what_to_look_at", "what_to_look_at"
WAY = "mark_under_review_to_review"
QUESTION = "What should the review look at?"
QUESTIONS = ".fjs-form-editor .fjs-element .fjs-element"
ANSWER = "Exits, first aid and the evening shift"
PLAYED = "The reviewers are told what to look at"
MOST_ROUNDS = 4
WORDS = {
    STEP: {
        "hy": "Նշել, թե ինչին ուշադրություն դարձնել",
        "ka": "მიუთითეთ, რას მიექცეს ყურადღება",
        "uk": "Зазначити найважливіше",
        "ru": "Указать самое важное",
    },
    QUESTION: {
        "hy": "Ինչի՞ն պետք է ուշադրություն դարձնի գնահատումը",
        "ka": "რას უნდა მიაქციოს ყურადღება შეფასებამ?",
        "uk": "Оцінювання: що найважливіше?",
        "ru": "Оценка: что важнее всего?",
    },
}
CHOSEN = MultiDict(
    [
        ("reviewers", "reviewer1"),
        ("reviewers", "reviewer2"),
        ("lead", "reviewer1"),
        ("no_known_conflict", "true"),
    ]
)


@pytest.fixture
def designer(person):
    designer = person(**WIDE)
    designer.become("designer")
    # A sandbox is a database of its own: on a busy machine it takes longer to make than a page.
    designer.page.set_default_timeout(60_000)
    return designer


def begin_draft(designer):
    """Open a draft of the process from the library; return the address of its pages."""
    designer.open("/studio")
    designer.follow("Accreditation of a social service provider")
    designer.press("Open a draft")
    keep(designer, "01_draft")
    return designer.page.url.partition("?")[0]


def measured(designer, draft):
    """Open the diagram; return a sentence about when it was ready and how long its check took."""
    page = designer.page
    with page.expect_response(lambda answer: answer.url.endswith("/check")) as answer:
        page.goto(f"{draft}/diagram")
        ready(page)
    answer.value.finished()
    timing = answer.value.request.timing
    told = page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    elements = page.locator(".djs-shape:not([data-element-id$=_label])").count()
    checked = timing["responseEnd"] - timing["requestStart"]
    return (
        f"{KEY}, {elements} shapes: ready in {told:.0f} ms (bar 2500), "
        f"checked in {checked:.0f} ms (bar 300)"
    )


def draw(designer):
    """Put a step for a person onto a way, and say which form it shows; there is none yet."""
    page = designer.page
    choose(page, WAY)
    line = page.locator(f'[data-element-id="{WAY}"] .djs-visual > path').bounding_box()
    place(page, "create.task", (line["x"] + 1, line["y"] + line["height"] - 1))
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup .entry", has_text="User task").first.click()
    general = group(page, "general")
    general.get_by_role("textbox", name="Name", exact=True).fill(STEP)
    general.get_by_role("textbox", name="ID", exact=True).fill(ELEMENT)
    form = group(page, "form")
    form.locator("select[name=formType]").select_option(index=1)
    form.locator("input[name=formId]").fill(FORM)


def is_told(designer, draft):
    """The error stands at the element, in the list, and publishing is refused."""
    page = designer.page
    expect(errors(page)).to_have_count(1)
    expect(errors(page)).to_contain_text(f"“{STEP}” is not there")
    at_element = page.locator(f'[data-container-id="{ELEMENT}"] .bjsl-icon-error')
    expect(at_element).to_be_visible()
    saved(page)
    keep(designer, "02_wrong")
    designer.open(f"{draft}/publish")
    expect(page.get_by_text("Errors to mend: 1.")).to_be_visible()
    expect(page.get_by_text("Mend first what cannot be waived")).to_be_visible()
    expect(page.get_by_role("button", name="Send for approval")).to_have_count(0)
    keep(designer, "03_refused")


def make_form(designer, draft):
    """Add the form, with a question that must be answered."""
    page = designer.page
    designer.open(f"{draft}/forms")
    page.locator("#new-name").fill(FORM)
    page.get_by_role("button", name="Add form").click()
    ready(page)
    carry(page, ".fjs-palette-field[data-field-type=textarea]", QUESTIONS)
    general = group(page, "general")
    general.get_by_role("textbox", name="Key", exact=True).fill(ELEMENT)
    general.get_by_role("textbox", name="Field label").fill(QUESTION)
    group(page, "validation").get_by_label("Required").check()
    look = page.locator("[data-look]")
    expect(look.get_by_label(QUESTION, exact=True)).to_be_visible()
    # What a new form begins with is not wanted here.
    page.locator(QUESTIONS).first.click()
    page.locator("[data-rules]").get_by_role("button", name="Remove").click()
    expect(look.get_by_role("textbox")).to_have_count(1)
    saved(page)
    keep(designer, "04_form")


def is_mended(designer, draft):
    """The diagram has no error any more; the form is there to be chosen."""
    page = designer.page
    page.goto(f"{draft}/diagram#{ELEMENT}")
    ready(page)
    expect(page.locator("[data-counts]")).to_contain_text("Errors: 0.")
    expect(group(page, "form").get_by_label("Choose a form")).to_have_value(FORM)


def play(served, designer, draft):
    """Play a case through the new step, each step as who does it, and keep the play."""
    page = designer.page
    designer.open(f"{draft}/play")
    designer.press("Start playing")
    with page.expect_navigation():
        open_form(page, "Application received")
    designer.fill(start_fields(served, application()))
    designer.press("Send", inside=page.locator(".app-form-actions"))
    with page.expect_navigation():
        open_form(page, "Check the documents")
    keep(designer, "05_play_form")
    designer.press("Fill in sample answers")
    # The sample names small mistakes too, about which the applicant would be asked.
    page.locator("[name=clerical_errors]").fill("")
    designer.press("Complete step")
    open_form(page, "Choose the reviewers")
    designer.fill(CHOSEN)
    designer.press("Complete step")
    keep(designer, "06_board")
    open_form(page, STEP)
    page.get_by_label(QUESTION).fill(ANSWER)
    designer.press("Complete step")
    page.get_by_label("Title of the scenario").fill(PLAYED)
    designer.press("Keep as scenario")
    keep(designer, "07_kept")


def open_form(page, title):
    """Open the form of a step on the board of a play."""
    row = page.locator(".app-play__list li", has=page.get_by_text(title, exact=True))
    row.get_by_role("button", name="Open the form").first.click()
    page.wait_for_load_state()


def translate(designer, draft):
    """Write the new words in the other languages, as the list of missing ones asks for them."""
    page = designer.page
    designer.open(f"{draft}/words?state=missing")
    for text, translations in WORDS.items():
        row = page.locator(".app-words__row", has=page.get_by_text(text, exact=True))
        for language, translated in translations.items():
            row.locator(f"textarea[lang={language}]").fill(translated)
    designer.press("Save the words")
    designer.open(f"{draft}/words?state=missing")
    expect(page.locator(".app-words__row")).to_have_count(0)
    keep(designer, "08_words")


def prove(designer, draft):
    """Run all scenarios, and take the new step into those that stop at it, until none does."""
    page = designer.page
    offered = page.get_by_role("link", name="Take this step into the scenarios that stop at it")
    designer.open(f"{draft}/scenarios")
    run_scenarios(page)
    keep(designer, "09_scenarios")
    expect(page.get_by_role("row", name=PLAYED)).to_contain_text("Passed")
    expect(offered).to_have_count(1)
    # A scenario with a second round comes to the step again.
    for _round in range(MOST_ROUNDS):
        take_into_scenarios(designer, offered)
        run_scenarios(page)
        if not offered.count():
            break
    expect(page.get_by_text("All scenarios went as they say.")).to_be_visible()
    keep(designer, "09_scenarios_proven")


def take_into_scenarios(designer, offered):
    """Take the step into all scenarios that stop at it, with the answers of the kept play."""
    page = designer.page
    offered.click()
    expect(page.locator("main")).to_contain_text(f"“{STEP}”")
    expect(page.get_by_label("Answers of").locator("option", has_text=PLAYED)).to_have_count(1)
    expect(page.get_by_label("Answers (YAML)")).to_have_value(re.compile(re.escape(ANSWER)))
    keep(designer, "09_stopped")
    designer.press("Take the step into these scenarios")
    expect(page.locator("main")).not_to_contain_text("Put the step into these by hand")
    keep(designer, "09_taken")


def send_for_approval(designer, draft):
    """Send the draft; who made it cannot approve it."""
    page = designer.page
    designer.open(f"{draft}/publish")
    keep(designer, "10_gate")
    expect(page.locator("textarea[id^=reason-]")).to_have_count(0)
    page.get_by_label("Note to who approves").fill("Reviewers are told what to look at.")
    designer.press("Send for approval")
    expect(page.get_by_text("Somebody else has to approve.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def approve_and_publish(second, draft):
    """Look at what changes, approve it and publish it at once."""
    page = second.page
    second.open(f"{draft}/changes")
    expect(page.locator("main")).to_contain_text(STEP)
    keep(second, "11_changes")
    second.open(f"{draft}/publish")
    second.press("Approve")
    second.press("Publish now")
    expect(page.get_by_text("This draft was published as version 2")).to_be_visible()
    keep(second, "12_published")


def brought(served, org):
    """Begin a case of an organisation now, up to the choice of reviewers; return its player."""
    player = served.player(f"{KEY}/own_reviewer")
    start = player.scenario.start
    start = msgspec.structs.replace(start, answers={**start.answers, "org": org})
    player.scenario = msgspec.structs.replace(player.scenario, start=start)
    player._start()
    go_on(player, until="assign_reviewers")
    return player


def go_on(player, *, since=None, until=None):
    """Take the steps of a case from one task on, up to another."""
    moves = player.scenario.steps
    first = next(n for n, move in enumerate(moves) if move.task == since) if since else 0
    for move in moves[first:]:
        if until is not None and move.task == until:
            break
        player._move(name_of(move), move)
    assert player.problems == []


def choose_reviewers(served, player):
    """Choose the reviewers of a case, whatever follows."""
    move = move_of(player, "assign_reviewers", 1)
    player._move("reviewers", msgspec.structs.replace(move, expect=None))
    assert player.problems == []


def is_at_the_new_step(reviewer, case_id):
    """A reviewer takes the new step of a case and does it."""
    reviewer.take(case_id, ELEMENT)
    assert reviewer.heading == STEP
    keep(reviewer, f"13_{reviewer.username}")
    reviewer.page.get_by_label(QUESTION).fill(ANSWER)
    reviewer.send("Complete step")


def move_case(served, designer, player):
    """Look at what runs on the version before, and move the case that waits for its reviewers."""
    page = designer.page
    designer.open(f"/studio/processes/{KEY}/move")
    designer.press("Look at the cases")
    served.settle()
    page.reload()
    group = page.locator(".app-move__group", has_text="Choose the reviewers")
    expect(group).to_contain_text("Cases: 1")
    keep(designer, "14_looked")
    page.get_by_label("Reason").fill("Its reviewers shall be told what to look at.")
    group.get_by_role("button", name="Move these (1)").click()
    page.wait_for_load_state()
    served.settle()
    page.reload()
    keep(designer, "15_moved")


def version_of(served, player):
    row = case_row(served, player.case_id)
    return served.read(lambda s: s.get_one(ProcessVersion, row.process_version_id).number)


def test_a_step_is_added_proven_published_and_cases_follow(
    served, designer, person, record_property
):
    ends = served.play(f"{KEY}/straight", until="sign_certificate")
    moves = brought(served, "sisian_families")
    draft = begin_draft(designer)
    record_property("told", measured(designer, draft))
    draw(designer)
    is_told(designer, draft)
    make_form(designer, draft)
    is_mended(designer, draft)
    play(served, designer, draft)
    translate(designer, draft)
    prove(designer, draft)
    send_for_approval(designer, draft)
    second = person(**WIDE)
    second.become("designer2")
    approve_and_publish(second, draft)
    go_on(ends, since="sign_certificate")
    ends._look("at the end", ends.scenario.expect, final=True)
    assert ends.problems == []
    begins = brought(served, "kapan_day_care")
    choose_reviewers(served, begins)
    reviewer = person()
    reviewer.become("reviewer1")
    is_at_the_new_step(reviewer, begins.case_id)
    assert [version_of(served, one) for one in (ends, begins, moves)] == [1, 2, 1]
    move_case(served, designer, moves)
    assert version_of(served, moves) == 2
    choose_reviewers(served, moves)
    is_at_the_new_step(reviewer, moves.case_id)
