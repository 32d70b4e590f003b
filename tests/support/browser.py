"""A browser without JavaScript: follows redirects, sends forms as they stand, lints every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage, MultiDict

from tests.support.lint import faults
from workflow_app.services.seeding import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from flask import Flask
    from werkzeug.test import TestResponse

Fields = "Mapping[str, Any] | MultiDict[str, Any]"


class Page:
    """A page as it arrived."""

    def __init__(self, browser: Browser, response: TestResponse) -> None:
        self.browser = browser
        self.status = response.status_code
        self.headers = response.headers
        self.address = response.request.full_path.rstrip("?")
        self.path = response.request.path
        self.soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        for blank in self.soup.find_all("template"):
            blank.decompose()

    @property
    def title(self) -> str:
        """Return the page's main heading."""
        return words(self.soup.h1)

    @property
    def text(self) -> str:
        """Return what stands in the main region, spaces evened out."""
        return words(self.soup.main)

    def one(self, selector: str) -> Tag:
        """Return the only element that fits."""
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector} on {self.address}"
        return found[0]

    def all(self, selector: str) -> list[str]:
        """Return the words of all elements that fit."""
        return [words(tag) for tag in self.soup.select(selector)]

    @property
    def problems(self) -> list[str]:
        """Return the error summary's entries."""
        return self.all(".govuk-error-summary__list li")

    def value(self, name: str) -> str | None:
        """Return what a field would send now."""
        return self.form("form#main-form").get(name)

    def form(self, selector: str) -> MultiDict[str, str]:
        """Return what a form would send if nothing were changed, no button included."""
        return MultiDict(_sent(self.one(selector)))

    def click(self, text: str) -> Page:
        """Follow the link with these words."""
        found = [a for a in self.soup.select("a[href]") if words(a) == text]
        assert found, f"no link {text!r} on {self.address}"
        return self.browser.get(str(found[0]["href"]))

    def send(
        self,
        fields: Any = None,
        *,
        form: str = "form#main-form",
        button: tuple[str, str] | None = None,
        status: int = 200,
        whole: bool = False,
    ) -> Page:
        """Send a form with some fields changed; `whole`: with nothing else but what is hidden."""
        tag = self.one(form)
        sent = MultiDict(_sent(tag, hidden_only=whole))
        for name, values in _lists(fields or {}):
            assert _is_offered(tag, name), f"there is no field {name} on {self.address}"
            sent.setlist(name, values)
        if button is not None:
            assert self.soup.select(f'button[name="{button[0]}"][value="{button[1]}"]'), button
            sent.add(*button)
        address = str(tag.get("action") or self.address)
        if str(tag.get("method", "get")).lower() == "get":
            query = urlencode(list(sent.items(multi=True)))
            return self.browser.get(f"{urlsplit(address).path}?{query}", status=status)
        return self.browser.post(address, sent, status=status)

    def press(self, text: str, *, status: int = 200) -> Page:
        """Press the button with these words, in the form it belongs to."""
        found = [b for b in self.soup.select("button") if words(b) == text]
        assert found, f"no button {text!r} on {self.address}: {self.all('button')}"
        button = found[0]
        form = (
            self.one(f"form#{button['form']}") if button.get("form") else button.find_parent("form")
        )
        sent = MultiDict(_sent(form))
        if button.get("name"):
            sent.add(str(button["name"]), str(button.get("value", "")))
        return self.browser.post(str(form.get("action") or self.address), sent, status=status)


class Browser:
    """One visitor's browser with its cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def get(self, address: str, *, status: int = 200) -> Page:
        """Open an address, follow redirects, expect a status, lint the page."""
        return self._page(self.client.get(address), status)

    def post(self, address: str, fields: Any = None, *, status: int = 200) -> Page:
        """Send fields to an address, follow redirects, expect a status, lint the page."""
        return self._page(self.raw(address, fields), status)

    def raw(self, address: str, fields: Any = None) -> TestResponse:
        """Send fields to an address and return the plain answer."""
        answer = self.client.post(address, data=MultiDict(fields or {}))
        # What was sent lies in a file of its own when it is large.
        answer.request.environ["wsgi.input"].close()
        return answer

    def sign_in(self, email: str, password: str = DEMO_PASSWORD, *, status: int = 200) -> Page:
        """Sign in as a person does."""
        page = self.get("/sign-in")
        fields = {"email": email, "password": password}
        return page.send(fields, form='form[name="login_user_form"]', status=status)

    def become(self, username: str) -> None:
        """Be signed in as an account, without the pause that checking a password takes."""
        from sqlalchemy import select  # noqa: PLC0415

        from workflow_app.models import db  # noqa: PLC0415
        from workflow_app.models.people import Account  # noqa: PLC0415

        with self.app.app_context():
            key = db.session.scalar(
                select(Account.fs_uniquifier).where(Account.username == username)
            )
            db.session.remove()
        assert key, f"there is no account {username}"
        with self.client.session_transaction() as session:
            session.update(_user_id=key, _fresh=True)

    def _page(self, response: TestResponse, status: int) -> Page:
        for _ in range(5):
            if response.status_code not in (302, 303, 307, 308):
                break
            target = urlsplit(response.headers["Location"])
            assert target.netloc in ("", "localhost"), f"sent away to {target.geturl()}"
            response = self.client.get(target._replace(scheme="", netloc="").geturl())
        page = Page(self, response)
        assert response.mimetype == "text/html", f"{page.address} is {response.mimetype}"
        assert page.status == status, f"{page.address} answers {page.status}: {page.text[:300]}"
        found = faults(self.app, page.soup, response.headers)
        assert found == [], f"{page.address}: {found}"
        return page


def words(tag: Tag | None) -> str:
    """Return an element's text, spaces evened out."""
    return " ".join(tag.get_text(" ").split()) if tag is not None else ""


def _sent(form: Tag, *, hidden_only: bool = False) -> Iterator[tuple[str, str]]:
    for field in form.find_all(["input", "select", "textarea"]):
        if not field.get("name") or field.has_attr("disabled"):
            continue
        kind = field.get("type", "text") if field.name == "input" else field.name
        if hidden_only and kind != "hidden":
            continue
        yield from ((str(field["name"]), value) for value in _values(field, kind))


def _values(field: Tag, kind: str) -> list[str]:
    if kind in ("submit", "button", "reset", "file", "image"):
        return []
    if kind in ("checkbox", "radio"):
        return [str(field.get("value", "on"))] if field.has_attr("checked") else []
    if kind == "textarea":
        return [field.get_text().removeprefix("\n")]
    if kind == "select":
        return _chosen(field)
    return [str(field.get("value", ""))]


def _chosen(field: Tag) -> list[str]:
    options = field.find_all("option")
    chosen = [o for o in options if o.has_attr("selected")]
    if not chosen and not field.has_attr("multiple"):
        chosen = options[:1]
    return [str(o.get("value", o.get_text())) for o in chosen]


def _lists(fields: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(fields, MultiDict):
        yield from fields.lists()
        return
    for name, value in fields.items():
        yield name, value if isinstance(value, list) else [value]


def _is_offered(form: Tag, name: str) -> bool:
    if form.find(attrs={"name": name}):
        return True
    lists = [str(tag["data-rows"]) for tag in form.find_all(attrs={"data-rows": True})]
    return any(name.startswith(f"{one}-") for one in lists)


def upload(name: str, content: bytes) -> FileStorage:
    """Return a file as a form sends it."""
    from io import BytesIO  # noqa: PLC0415

    return FileStorage(BytesIO(content), filename=name)
