"""Every page of the studio: axe clean, in two languages, on a desk and a phone, without scripts."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest

from tests.e2e.people import Accessibility
from tests.e2e.walking import SMALL, Unlooked, keep, languages_of
from tests.services.design_help import drafted, first_version, published
from tests.services.drawing import KEY, START, begin, diagram, publish, user_task
from tests.services.test_migrating import REMARKS, RENAMED
from tests.services.test_playing import HEAD, NEWS
from tests.support.browser import Browser
from workflow_app.services.designing import moving, proofs
from workflow_app.services.designing.drafts import open_draft, read_file, write_file

pytestmark = pytest.mark.e2e
AT_WORK = False

#: A process that has everything: forms, a table, a letter, mails, scenarios.
WHOLE = "hear_party"
KINDS = ("forms", "tables", "registers")
FOLDER = f"processes/{WHOLE}"
REGISTER = "accredited_providers"
#: The library has a list of each kind, and a search.
LISTS = ["/studio", *(f"/studio?kind={one}" for one in KINDS), "/studio?q=statement"]
#: What is fetched by scripts or kept as a file.
NO_PAGES = ("names", "palette", "read", "one", "document", "progress")
FILES = (".json", ".zip", ".po")
#: What an editor says when it is there.
READY = "[data-ready]"
SCENARIO = (
    'title: One\nclock: "2027-03-01T09:00:00+04:00"\n'
    "start: {element: begin, as: public, answers: {subject: A, email: a@b.org}}\n"
    "steps:\n  - {task: second, as: registrar}\n"
)
#: After the start a task waits, and a message.
BOTH = diagram(
    {
        "begin": START,
        "both": '<bpmn:parallelGateway id="both" name="Both"/>',
        "first": user_task("first"),
        "news": NEWS,
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    },
    "begin>both both>first both>news first>done news>done",
    head=HEAD,
)


class Studio:
    """A designer at work: what stands in the studio once they have done a little of everything."""

    def __init__(self, served):
        self.served = served
        self.browser = Browser(served.app)
        self.browser.become("designer")
        first_version(served)
        self.cases = [begin(served) for _ in range(2)]
        self.version = published(served).version_id
        new = publish(served, RENAMED, number=3, forms={"third": REMARKS["first"]})
        self.small = drafted(served, BOTH)
        self.whole = self._draft_of_everything()
        with served.acting("designer") as ctx:
            path = f"processes/{KEY}/scenarios/one.yaml"
            write_file(ctx, self.small, path, SCENARIO, revision=0)
            self.order = moving.begin_order(ctx, KEY, new)
        self._press(self.small, "scenarios", "run")

    def _draft_of_everything(self):
        with self.served.acting("designer") as ctx:
            draft = open_draft(ctx, WHOLE).id
            diagram = f"{FOLDER}/{WHOLE}.bpmn"
            stored = read_file(ctx, draft, diagram)
            changed = stored.body.replace('name="Weigh the statement"', 'name="Weigh it"')
            assert changed != stored.body
            write_file(ctx, draft, diagram, changed, revision=stored.revision)
        return draft

    def _press(self, draft, page, ending, **fields):
        listed = self.browser.get(f"/studio/drafts/{draft}/{page}")
        return listed.send(fields, form=f'form[action$="/{ending}"]')

    def prove(self):
        """Wait for the scenarios that run in a process of their own."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            with self.served.acting("designer") as ctx:
                if not proofs.is_running(ctx, self.small):
                    return
            time.sleep(0.2)

    def stop(self):
        """Return the address of the step at which the scenario stopped."""
        listed = self.browser.get(f"/studio/drafts/{self.small}/scenarios")
        return listed.one(".app-stops a")["href"]

    def play(self):
        """Play the small process; returns the addresses of board, start form, task and message."""
        board = self._press(self.small, "play", "play", at="2027-03-01")
        start = way_to(board, "/start")
        form = self.browser.get(start)
        board = form.send({"subject": "A case", "email": "a@b.org"}, form="#main-form")
        waiting = {"task": way_to(board, "/tasks/"), "message": way_to(board, "/messages/")}
        return {"show": board.path, "start": start, **waiting}

    def pages(self):
        """Return the addresses of each page by its endpoint."""
        whole, small = f"/studio/drafts/{self.whole}", f"/studio/drafts/{self.small}"
        scenario = f"{small}/scenarios/one.yaml"
        plays = self.play()
        self.prove()
        played = {f"studio_play.{name}": [address] for name, address in plays.items()}
        return played | {
            "studio_library.index": LISTS,
            "studio_library.new": ["/studio/new"],
            "studio_library.process": [f"/studio/processes/{WHOLE}"],
            "studio_library.register": [f"/studio/registers/{REGISTER}"],
            "studio_drafts.overview": [whole],
            "studio_diagram.edit": [f"{whole}/diagram"],
            "studio_outline.edit": [f"{whole}/outline", f"{whole}/outline?step=weigh_statement"],
            "studio_forms.index": [f"{whole}/forms"],
            "studio_forms.edit": [f"{whole}/forms/weigh_statement"],
            "studio_questions.edit": [f"{whole}/forms/weigh_statement/questions"],
            "studio_table_words.edit": [f"{whole}/tables/hearing_needed/words"],
            "studio_tables.index": [f"{whole}/tables"],
            "studio_tables.edit": [f"{whole}/tables/hearing_needed"],
            "studio_letters.index": [f"{whole}/letters"],
            "studio_letters.edit": [f"{whole}/letters/hearing_notice"],
            "studio_texts.edit": [f"{whole}/text/{FOLDER}/process.toml"],
            "studio_words.edit": [f"{whole}/words"],
            "studio_words.preview": [f"{whole}/words/diagram"],
            "studio_simulate.show": [f"{whole}/what-if"],
            "studio_changes.show": [f"{whole}/changes"],
            "studio_publish.show": [f"{whole}/publish"],
            "studio_play.index": [f"{whole}/play"],
            "studio_scenarios.show": [f"{small}/scenarios"],
            "studio_scenarios.edit": [scenario, f"{whole}/scenarios/heard.yaml"],
            "studio_scenarios.text": [f"{scenario}/text"],
            "studio_scenarios.outcome": [f"{scenario}/outcome"],
            "studio_scenarios.coverage": [f"{small}/scenarios/coverage"],
            "studio_scenarios.stopped": [self.stop()],
            "studio_versions.show": [f"/studio/versions/{self.version}"],
            "studio_moving.begin": [f"/studio/processes/{KEY}/move"],
            "studio_moving.show": [f"/studio/moves/{self.order}"],
            "studio_moving.cases": [f"/studio/moves/{self.order}/cases"],
        }


def way_to(board, part):
    """Return the address that the first button of a board to such a form opens."""
    forms = board.soup.select(f'form[method="get"][action*="{part}"]')
    assert forms, f"nothing like {part}: {board.text}"
    form = forms[0]
    sent = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
    person = form.select("select[name=as] option")[0]["value"]
    return f"{form['action']}?{urlencode(sent | {'as': person})}"


def endpoints(app):
    """Return the pages of the studio that the application knows."""
    rules = [one for one in app.url_map.iter_rules() if "GET" in (one.methods or ())]
    shown = [one for one in rules if one.rule.startswith("/studio")]
    pages = [one.endpoint for one in shown if not one.rule.endswith(FILES)]
    return {one for one in pages if one.rpartition(".")[2] not in NO_PAGES}


def look(person, address, language):
    """Open a page on a desk, where it is English, then make the window as narrow as a phone."""
    person.accessibility.pages.clear()  # a page of the same title is another here
    page = person.page
    widths = (1280, 360) if language == "en" else (360,)
    page.set_viewport_size({"width": widths[0], "height": 900})
    page.goto(person.address + address)
    assert page.locator("h1").count() == 1, address
    if page.locator("[data-editor]").count():
        page.locator(READY).wait_for()
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        person.look()
        keep(person, f"{address}_{language}_{width}")
    told, person.faults = person.faults, []
    assert told == [], f"{address}: {told}"


def look_without_scripts(person, address):
    """Look whether a page on a phone is whole: nothing cut off, each form with its button."""
    page = person.open(address)
    assert page.locator("h1").count() == 1, address
    for form in page.locator("main form:visible").all():
        button = form.locator("button:not([type=button]), input[type=submit]")
        assert button.count(), f"{address}: {form.get_attribute('action')} cannot be sent"
        assert button.first.is_enabled()
    keep(person, f"{address}_plain")


def test_every_page_of_the_studio_is_whole(served, person, accessibility):
    pages = Studio(served).pages()
    assert set(pages) == endpoints(served.app)
    designer, plain = person(), person(java_script_enabled=False, **SMALL)
    designer.accessibility, plain.accessibility = Accessibility(), Unlooked()
    plain.become("designer")
    accessibility.pages.add("every page of the studio")
    wrong = []
    for address in [one for some in pages.values() for one in some]:
        try:
            for language in languages_of(address.partition("?")[0].rpartition("/")[2]):
                designer.become("designer", language=language)
                look(designer, address, language)
            look_without_scripts(plain, address)
        except AssertionError as error:
            wrong.append(str(error))
    assert wrong == []
