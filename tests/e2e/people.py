"""People at browsers: they read pages, fill in forms from a scenario's answers, and go on."""

from __future__ import annotations

import re
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from tests.support.answers import message_fields, open_item, start_fields, task_fields, wait_for
from workflow_app.models.people import Account
from workflow_app.services.seeding import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page, Route
    from werkzeug.datastructures import MultiDict

    from tests.support.installation import Office
    from workflow_app.services.scenarios.script import Move

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
ASKED_FOR = ("the server responded with a status", "net::ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
ROW = re.compile(r"(.+?)-(\d+)-")


def lose_the_first_answer(page: Page) -> list[int]:
    """Let the first form that is sent from a page's store arrive, and its answer get lost.

    Returns a list that holds the status of that answer once it was given.
    """
    lost: list[int] = []

    def swallow(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/kept", swallow)
    return lost


class Accessibility:
    """Runs axe on a page the first time it is seen in its state.

    `seen` is a folder that the test processes of one run share, one file a page that was taken on.
    """

    def __init__(self, seen: Path | None = None) -> None:
        self.pages: set[str] = set()
        self._seen = seen
        self._axe = Axe()

    def look(self, page: Page, width: int) -> None:
        """Fail with what axe finds, unless such a page was looked at before."""
        state = "error" if page.locator(".govuk-error-summary").count() else "plain"
        name = f"{page.title()} {state} {width}"
        if name in self.pages:
            return
        self.pages.add(name)
        if self._seen is not None:
            try:
                (self._seen / sha256(name.encode()).hexdigest()).touch(exist_ok=False)
            except FileExistsError:
                return
        found = self._run(page)
        said = [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert said == [], f"{page.url}: {said}"

    def _run(self, page: Page) -> list[dict[str, Any]]:
        if page.evaluate("matchMedia('(scripting: enabled)').matches"):
            return self._axe.run(page, options=OPTIONS).response["violations"]
        # Where no script runs axe cannot either: it looks at the same page, its scripts taken out.
        with self._twin(page) as twin:
            return self._axe.run(twin, options=OPTIONS).response["violations"]

    @contextmanager
    def _twin(self, page: Page) -> Iterator[Page]:
        body, address = SCRIPT.sub("", page.content()), page.url.partition("#")[0]
        twin = page.context.browser.new_page(viewport=page.viewport_size)
        twin.route(
            address, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
        )
        twin.goto(address)
        yield twin
        twin.context.close()


class Person:
    """Somebody at a browser."""

    def __init__(self, served: Office, context: BrowserContext, accessibility: Accessibility):
        self.served = served
        self.context = context
        self.accessibility = accessibility
        self.address = served.app.extensions["platform"].settings.base_url
        self.faults: list[str] = []
        self.username = ""
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        # The browser itself reports error pages and cut networks, both of which tests ask for.
        told = any(words in message.text for words in ASKED_FOR)
        if message.type == "error" and not told:
            self.faults.append(message.text)

    def leave(self) -> None:
        """Close the browser; a fault of a script counts."""
        self.context.close()
        assert self.faults == []

    def open(self, path: str) -> Page:
        """Open an address of the site."""
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.look()

    def look(self) -> Page:
        """Check the page for accessibility, and on a phone that nothing is cut off."""
        width = (self.page.viewport_size or {}).get("width", 0)
        self.accessibility.look(self.page, width)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{self.page.url} is {wide} wide on a screen of {width}"
        return self.page

    @property
    def heading(self) -> str:
        """Return the page's main heading."""
        return self.page.locator("h1").inner_text()

    def press(self, name: str, *, inside: Locator | None = None) -> Page:
        """Press the button with exactly these words."""
        place = inside or self.page
        place.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        return self.look()

    def follow(self, name: str) -> Page:
        """Follow the link with exactly these words."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        return self.look()

    def sign_in(self, username: str) -> None:
        """Sign in with the demonstration's password."""
        self.username = username
        self.open("/sign-in")
        with self.served.acting(username) as ctx:
            email = ctx.actor.email
        self.page.get_by_label("E-mail address").fill(email or "")
        self.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        form = self.page.locator("form[name=login_user_form]")
        self.press("Sign in", inside=form)
        # A board is the first screen of some roles.
        if "/board/" in self.page.url:
            self.open("/inbox")
        assert self.page.url.endswith("/inbox")

    def become(self, username: str, *, cases: tuple[int, ...] = (), language: str = "en") -> None:
        """Be signed in as an account, or hold the keys of cases, without the pages before that."""
        self.username = username
        client = self.served.app.test_client()
        with client.session_transaction() as kept:
            kept["language"] = language
            kept["opened"] = list(cases)
            if username:
                kept.update(_user_id=self._account_key(username), _fresh=True)
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])

    def _account_key(self, username: str) -> str:
        query = select(Account.fs_uniquifier).where(Account.username == username)
        found = self.served.read(lambda session: session.scalar(query))
        assert found, f"there is no account {username}"
        return str(found)

    def apply(self, answers: Mapping[str, Any]) -> None:
        """Fill in the start form that is open, section by section, check it and send it."""
        if self.heading == "Check whether you can apply":
            self.answer_questions()
        fields = start_fields(self.served, answers)
        while (left := self.page.locator(".govuk-task-list__item:has(.govuk-tag) a")).count():
            left.first.click()
            self.page.wait_for_load_state()
            self.look()
            self.fill(fields)
            self.send("Save and continue")
        self.press("Check your answers")
        self.fill(fields)
        self.send("Send")

    def ask_for_link(self, email: str) -> Page:
        """Answer the questions on the service's page, ask for a link and open it."""
        self.press("Check whether you can apply")
        self.answer_questions()
        self.page.get_by_label("Your e-mail address").fill(email)
        self.press("Send me the link")
        self.served.settle()
        sent = self.served.app.extensions["platform"].mailer.sent
        return self.open(re.search(r"http://\S+/start/\S+", sent[-1].text).group())

    def answer_questions(self) -> None:
        """Answer the questions before the application so that one may apply, and go on."""
        self.page.locator('[name="service_type"]').select_option("day_older")
        chosen = {"is_entity": "yes", "tax_debt_now": "none", "revoked_lately": "no"}
        for name, value in chosen.items():
            self.page.locator(f'[name="{name}"][value="{value}"]').check(force=True)
        self.page.locator('[name="years_in_service"]').fill("5")
        self.press("Continue")
        self.press("Go on to the application")

    def take(self, case_id: int, task: str) -> None:
        """Open a task from the inbox, taking it first where it belongs to a group."""
        item = open_item(self.served, case_id, task, self.username)
        self.open("/inbox")
        if self.page.locator(f'a[href$="/tasks/{item}"]').count() == 0:
            self.open("/inbox?tab=groups")
        take = self.page.locator(f'form[action$="/tasks/{item}/claim"] button')
        if take.count():
            take.click()
            self.page.wait_for_load_state()
            self.look()
        else:
            self.open(f"/tasks/{item}")

    def complete(self, case_id: int, move: Move) -> None:
        """Take a task, fill it in as the scenario says and complete it, or be refused."""
        self.take(case_id, move.task or "")
        item = int(self.page.url.rpartition("/tasks/")[2].partition("#")[0])
        self.fill(task_fields(self.served, self.username, item, move.answers))
        self.send("Complete step", refused=bool(move.refused))

    def answer(self, case_id: int, message: str, answers: Mapping[str, Any]) -> None:
        """Answer what a case waits for, from the page that number and key open."""
        wait = wait_for(self.served, case_id, message)
        self.page.locator(f'a[href$="/{wait.task_id}"]').click()
        self.page.wait_for_load_state()
        self.look()
        self.fill(message_fields(self.served, case_id, wait, answers))
        self.send("Send")

    def send(self, button: str, *, refused: bool = False) -> Page:
        """Send the main form; what falls due happens, unless there is an error to read."""
        before = self.page.url
        self.page.locator("#main-form .app-form-actions").get_by_role(
            "button", name=button, exact=True
        ).click()
        self.page.wait_for_load_state()
        summary = self.page.locator(".govuk-error-summary")
        said = summary.inner_text() if summary.count() else ""
        assert bool(said) is refused, f"{before}: {said}"
        self.served.settle()
        return self.look()

    def fill(self, posted: MultiDict[str, Any]) -> None:
        """Give the main form's fields these values, adding rows first."""
        self._add_rows(posted)
        for name, values in posted.lists():
            if not name.startswith(("_", "csrf")) and not name.endswith("-_from"):
                self._give(name, values)

    def _add_rows(self, posted: MultiDict[str, Any]) -> None:
        wanted: dict[str, int] = {}
        for name in posted:
            if found := ROW.match(name):
                wanted[found[1]] = max(wanted.get(found[1], 0), int(found[2]) + 1)
        for name, rows in wanted.items():
            block = self.page.locator(f'[data-rows="{name}"]')
            if block.count() == 0:
                continue
            for _ in range(rows - block.locator("[data-row]").count()):
                block.locator("[data-row-add]").click()
                self.page.wait_for_load_state()

    def _give(self, name: str, values: list[Any]) -> None:
        fields = self.page.locator(f'#main-form [name="{name}"]:not([type=hidden])')
        if fields.count() == 0:
            return
        kind = fields.first.evaluate("e => e.type || e.localName")
        if kind in ("checkbox", "radio"):
            self._tick(fields, name, values)
        elif kind.startswith("select"):
            fields.first.select_option([str(v) for v in values])
        elif kind == "file":
            fields.first.set_input_files([_as_file(v) for v in values])
        elif values[-1] or fields.first.input_value():
            fields.first.fill(str(values[-1]))

    def _tick(self, fields: Locator, name: str, values: list[Any]) -> None:
        for value in values:
            one = self.page.locator(f'#main-form [name="{name}"][value="{value}"]')
            if one.count():
                one.first.check(force=True)
        if fields.first.get_attribute("type") == "checkbox":
            for box in fields.all():
                if box.get_attribute("value") not in values and box.is_checked():
                    box.uncheck(force=True)


def _as_file(upload: Any) -> dict[str, Any]:
    return {
        "name": upload.filename,
        "mimeType": "application/octet-stream",
        "buffer": upload.stream.read(),
    }
