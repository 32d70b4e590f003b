"""A process from nothing in the browser: drawn, agreed to, published, and a case run to its end.

Nobody writes a line of a program: two lanes, two tasks with their forms, a decision table, a
letter, a register and a public start form are made on pages of the studio.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PHONE
from tests.e2e.walking import keep
from tests.support.answers import case_row
from tests.support.pdf_text import text_of

pytestmark = pytest.mark.e2e

TITLE, KEY = "Help with heating", "help_with_heating"
TABLE, LETTER, REGISTER = "heating_amount", "heating_letter", "heated_homes"
REASON = "It is new; scenarios and words follow."


@pytest.fixture
def designer(person):
    designer = person(viewport={"width": 1280, "height": 1000})
    designer.become("designer")
    return designer


class Studio:
    """A designer at the pages of one draft."""

    def __init__(self, designer):
        self.designer, self.page, self.draft = designer, designer.page, ""

    def open(self, path):
        self.page.goto(f"{self.draft}/{path}".rstrip("/"))

    def send(self, form, fields=None, button=None):
        """Fill in a form and press its button."""
        place = self.page.locator(form)
        for label, value in (fields or {}).items():
            field = place.get_by_label(label, exact=True)
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)
        place.get_by_role("button", name=button).first.click()
        self.page.wait_for_load_state()
        wrong = self.page.locator(".govuk-error-summary")
        assert wrong.count() == 0, wrong.all_inner_texts()

    def look(self, name):
        """Look at the page on a wide screen and on a phone."""
        wide = self.page.viewport_size
        for size in (PHONE["viewport"], wide):
            self.page.set_viewport_size(size)
            self.designer.look()
            keep(self.designer, f"{name}_{size['width']}")

    def begin(self):
        self.designer.open("/studio")
        self.designer.follow("Begin a new process")
        page = self.page
        page.get_by_label("Title").fill(TITLE)
        page.get_by_label("What case numbers begin with").fill("HEAT")
        page.get_by_label("Lane 1").select_option(label="Registrar")
        page.get_by_label("Lane 2").select_option(label="Head of the Ministry")
        page.get_by_label("Anybody, on a public page").check(force=True)
        self.designer.press("Begin")
        self.draft = page.url.partition("?")[0]
        keep(self.designer, "new_01_begun")

    def ask(self, form, questions):
        """Give a form these questions; what it began with goes."""
        self.open(f"forms/{form}/questions?at=1")
        self.send("#do-remove")
        for sort, fields in questions:
            self.send("#do-add-last", {"Add something at the end": sort}, "Continue")
            self.send("#do-begun", fields, "Add")
            self.open(f"forms/{form}/questions")
        self.look(f"new_02_{form}")

    def make(self, kind, name, title):
        self.open("")
        page = self.page
        page.get_by_text("Make a new form, table, letter or register").click()
        page.get_by_label("What to make").select_option(label=kind)
        page.locator("#add").fill(name)
        page.locator("#add-title").fill(title)
        self.designer.press("Make it")

    def add_after(self, step, kind, fields, operation=None):
        """Add a step after another in the diagram in words."""
        self.open(f"outline?step={step}")
        self.send("#do-add", {"Add a step after this one": kind}, "Continue")
        if operation:
            self.send("#do-operation", {"Operation": operation}, "Continue")
        self.send("#do-begun", fields, "Add")


def write_forms(studio):
    """The start form and those of the two tasks."""
    must = {"Must be answered": "Yes"}
    people = {"Question": "How many people live with you?", "Name of the answer": "people"}
    studio.ask(
        "start",
        [
            ("A short text", {"Question": "Your name", "Name of the answer": "subject", **must}),
            ("A number", {**people, "Not less than": "1", "Not more than": "20", **must}),
        ],
    )
    answers = "yes = Yes, it is cold\nno = No, it is warm"
    cold = {"Question": "Is the home cold?", "Name of the answer": "cold"}
    studio.ask(
        "step_1", [("One of a few answers", {**cold, "Answers to choose from": answers, **must})]
    )
    note = {"Question": "Words for the letter", "Name of the answer": "words"}
    studio.ask("step_2", [("A long text", {**note, "Most characters": "500", **must})])


def write_table(studio):
    """Large families get more."""
    studio.make("Decision table", TABLE, "Amount of the help")
    studio.open(f"tables/{TABLE}/words?at=1.i1")
    column = {"Heading": "People", "What is compared": "people", "Kind of value": "Number"}
    studio.send("#do-change", column, "Save")
    studio.open(f"tables/{TABLE}/words?at=1.o1")
    column = {"Heading": "Amount", "Name of the result": "heating_amount"}
    studio.send("#do-change", {**column, "Kind of value": "Number"}, "Save")
    studio.open(f"tables/{TABLE}/words?at=1.r1")
    studio.send("#do-change", {"People": ">= 4", "Amount": "400"}, "Save")
    studio.send("#do-add-r", button="Add a row after this one")
    studio.send("#do-begun", {"People": "", "Amount": "250"}, "Add")
    studio.look("new_03_table")


def write_register(studio):
    """A register that anybody may read."""
    studio.make("Register", REGISTER, "Heated homes")
    studio.open(f"text/processes/registers/{REGISTER}.toml")
    text = studio.page.locator("#main-form textarea")
    text.fill(text.input_value().replace("public = false", "public = true"))
    studio.page.locator("#main-form button[type=submit]").first.click()
    expect(studio.page.get_by_text("Saved.")).to_be_visible()
    keep(studio.designer, "new_04_register")


def draw(studio):
    """The table decides after the first task; letter and entry follow the second."""
    table = {"Name": "How much is given?", "Decision table": f"Amount of the help ({TABLE})"}
    studio.add_after("step_1", "Decision table", {**table, "Name of the result": "amount"})
    letter = {"Name": "Print the letter", "letter": LETTER, "title": "Your help with heating"}
    text = 'text = words + " " + string(amount)'
    studio.add_after(
        "step_2",
        "Done by the system",
        {**letter, "key_holder": "true", "What it is given": text},
        "Make a document from a letter (document.render)",
    )
    entry = "{code: case.number, name: subject}"
    studio.add_after(
        "print_the_letter",
        "Done by the system",
        {"Name": "Enter the home", "register": REGISTER, "entry": entry},
        "Write into a register (register.upsert)",
    )
    keep(studio.designer, "new_05_outline")
    expect(studio.page.locator(".app-findings__one--error")).to_have_count(0)


def publish(studio, second):
    """The maker says what is missing and sends it; a second person approves and publishes."""
    studio.open("publish")
    page = studio.page
    keep(studio.designer, "new_06_gate")
    for reason in page.locator("textarea[id^=reason-]").all():
        reason.fill(REASON)
    page.locator("#note").fill("Help with heating for everybody.")
    studio.designer.press("Send for approval")
    second.open(f"{studio.draft}/publish")
    second.press("Approve")
    second.press("Publish now")
    expect(second.page.get_by_text("This draft was published as version 1")).to_be_visible()


def apply(served, resident):
    """A resident applies on a phone without JavaScript; return the case."""
    resident.open("/")
    resident.follow(TITLE)
    keep(resident, "new_07_service")
    resident.page.get_by_label("Your e-mail address").fill("ani@example.org")
    resident.press("Send me the link")
    served.settle()
    sent = served.app.extensions["platform"].mailer.sent[-1]
    resident.open(next(word for word in sent.text.split() if "/start/" in word))
    resident.page.get_by_label("Your name").fill("Ani Example")
    resident.page.get_by_label("How many people live with you?").fill("5")
    keep(resident, "new_08_apply")
    resident.send("Send")
    return case_row(served, 1)


def work(served, person, case):
    """Two people do the two tasks."""
    registrar = person()
    registrar.become("registrar")
    registrar.take(case.id, "step_1")
    registrar.page.get_by_label("Yes, it is cold").check(force=True)
    keep(registrar, "new_09_first_task")
    registrar.send("Complete step")
    head = person()
    head.become("head")
    head.take(case.id, "step_2")
    head.page.get_by_label("Words for the letter").fill("Your home shall be warm: ")
    head.send("Complete step")
    served.settle()
    return head


def read_the_letter(served, head, case):
    """The letter stands in the case's file, and says what the table gave."""
    served.settle()
    found = head.open(f"/cases/{case.number}").locator(
        "a[href*='/documents/']", has_text="Your help with heating"
    )
    keep(head, "new_10_case")
    answer = head.context.request.get(head.address + found.first.get_attribute("href"))
    assert answer.ok
    assert "Your home shall be warm: 400" in " ".join(text_of(answer.body()).split())


def read_the_register(anybody):
    anybody.open(f"/registers/{REGISTER}")
    keep(anybody, "new_11_register")
    entry = anybody.page.locator("main").inner_text()
    assert "1 entry" in entry
    assert "Ani Example" in entry


def test_a_process_is_made_from_nothing_and_a_case_ends(served, designer, person):
    studio = Studio(designer)
    studio.begin()
    write_forms(studio)
    write_table(studio)
    studio.make("Letter", LETTER, "Help with heating")
    write_register(studio)
    draw(studio)
    second = person()
    second.become("designer2")
    publish(studio, second)
    resident = person(**PHONE, java_script_enabled=False)
    case = apply(served, resident)
    assert case.number.startswith("HEAT")
    head = work(served, person, case)
    assert case_row(served, case.id).finished_at is not None
    read_the_letter(served, head, case)
    read_the_register(resident)
