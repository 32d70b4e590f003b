"""What every page must be, whatever it is about: each rule gives sentences for what breaks it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from workflow_app.config import LANGUAGES
from workflow_app.web.assets import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag
    from flask import Flask

STATIC = MANIFEST.parent.parent
BLOCKS = ["p", "div", "ul", "ol", "dl", "table", "form", "section", "fieldset", "h1", "h2", "h3"]
#: Signs that a placeholder, a template's expression or a missing value reached the reader.
LEFTOVERS = re.compile(
    r"%\(\w+\)s|\{\{|\{%|\bNone\b|\bUndefined\b|<lambda>|\bbound method\b|&[a-z]+;|\bTODO\b"
)
SILENT = {"hidden", "submit", "button", "reset", "image"}
POLICY = ("default-src 'self'", "object-src 'none'", "form-action 'self'")
#: Without navigation, so that other sites may show it in a frame.
FRAMED = "app-bare--framed"
#: Pages of the studio that hold an editor drawn by a script.
EDITORS = "[data-diagram-editor], [data-form-studio], [data-table-studio]"


def faults(app: Flask, soup: BeautifulSoup, headers: Any) -> list[str]:
    """Return what is wrong with a page; `soup` has no <template> any more."""
    found = [one for rule in RULES for one in rule(soup)]
    found += [*_scripts(soup, headers), *_links(app, soup), *_files(app, soup)]
    framed, drawing = bool(soup.select(f"body.{FRAMED}")), bool(soup.select(EDITORS))
    return [*found, *_headers(headers, framed=framed, drawing=drawing)]


def _frame(soup: BeautifulSoup) -> Iterator[str]:
    html = soup.find("html")
    if html is None or html.get("lang") not in LANGUAGES:
        yield "the page has no known language"
    if soup.title is None or not soup.title.get_text(strip=True).rpartition("–")[0].strip():
        yield "the title does not name the page and the service"
    if len(soup.find_all("main")) != 1:
        yield "there is not exactly one main region"
    if soup.find("meta", attrs={"name": "viewport"}) is None:
        yield "there is no viewport for phones"
    skip = soup.select_one("a.govuk-skip-link")
    if skip is None or not skip.get_text(strip=True):
        yield "there is no link that skips to the content"


def _headings(soup: BeautifulSoup) -> Iterator[str]:
    main = soup.find("main") or soup
    levels = [
        int(h.name[1]) for h in main.find_all(re.compile(r"^h[1-6]$")) if h.get_text(strip=True)
    ]
    if levels.count(1) != 1:
        yield f"there are {levels.count(1)} first-level headings"
    below = levels[levels.index(1) :] if 1 in levels else []
    for before, level in pairwise(below):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"


def _names(soup: BeautifulSoup) -> Iterator[str]:
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    yield from (
        f"the id {one!r} stands more than once" for one in {i for i in ids if ids.count(i) > 1}
    )
    yield from ("an id is empty or has a space" for one in ids if not one or " " in one)


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    labelled = {label.get("for") for label in soup.find_all("label") if label.get_text(strip=True)}
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in SILENT:
            continue
        named = (
            field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        )
        if not named:
            yield f"the field {field.get('name')!r} has no label"
        if not field.get("name"):
            yield f"the field {field.get('id')!r} has no name"


def _silent(soup: BeautifulSoup) -> Iterator[str]:
    for button in soup.find_all("button"):
        said = button.get_text(strip=True) or button.get("aria-label")
        if not said and button.get("aria-hidden") != "true":
            yield f"a button says nothing: {button}"
    for image in soup.find_all("img"):
        if image.get("alt") is None:
            yield f"an image has no alternative: {image}"


def _targets(soup: BeautifulSoup) -> Iterator[str]:
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    for attribute in (
        "aria-describedby",
        "aria-labelledby",
        "aria-controls",
        "for",
        "form",
        "headers",
    ):
        for tag in soup.find_all(attrs={attribute: True}):
            missing = set(str(tag[attribute]).split()) - ids
            if missing:
                yield f"{attribute} of <{tag.name} {tag.get('name')}> leads to nothing: {missing}"


def _scripts(soup: BeautifulSoup, headers: Any) -> Iterator[str]:
    nonce = re.search(r"'nonce-([^']+)'", headers.get("Content-Security-Policy", ""))
    for tag in soup.find_all(["script", "style"]):
        if tag.get("type") == "application/json":
            continue
        if not nonce or tag.get("nonce") != nonce.group(1):
            yield f"a <{tag.name}> does not carry the page's nonce"
    for tag in soup.find_all(True):
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        if inline:
            yield f"<{tag.name}> has {inline}, which the content policy forbids"
        if any(str(value).lower().startswith("javascript:") for value in tag.attrs.values()):
            yield f"<{tag.name}> has a javascript: address"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        method = form.get("method", "get").lower()
        tokens = form.find_all("input", attrs={"name": "csrf_token"})
        if method == "post" and len(tokens) != 1:
            yield f"the form to {form.get('action')!r} has {len(tokens)} tokens"
        if method == "get" and tokens:
            yield f"the form to {form.get('action')!r} shows its token in the address"
        if form.find("input", type="file") and form.get("enctype") != "multipart/form-data":
            yield f"the form to {form.get('action')!r} cannot send files"
        if form.find_parent("form"):
            yield "a form stands in a form"


def _nesting(soup: BeautifulSoup) -> Iterator[str]:
    for outer, inner in (
        ("p", BLOCKS),
        ("a", ["a", "button", "input"]),
        ("button", ["a", "input"]),
    ):
        for tag in soup.find_all(outer):
            if tag.find(inner):
                yield f"<{outer}> holds <{tag.find(inner).name}>: {str(tag)[:120]}"
    for listed in soup.find_all(["ul", "ol"]):
        strange = {child.name for child in listed.find_all(recursive=False)} - {"li", "script"}
        if strange:
            yield f"a list holds {strange}"


def _words(soup: BeautifulSoup) -> Iterator[str]:
    for text in _shown(soup):
        found = LEFTOVERS.search(text)
        if found:
            yield f"{found.group()!r} reached the reader: {text.strip()[:120]!r}"


def _shown(soup: BeautifulSoup) -> Iterator[str]:
    # What translate="no" marks is a designer's own text, with the places in it.
    for text in soup.find_all(string=True):
        if text.find_parent(translate="no"):
            continue
        if text.parent.name not in ("script", "style") and type(text).__name__ == "NavigableString":
            yield str(text)
    for tag in soup.find_all(attrs={"aria-label": True}):
        yield str(tag["aria-label"])


def _tables(soup: BeautifulSoup) -> Iterator[str]:
    for table in soup.find_all("table"):
        if not _captioned(table):
            yield "a table has no caption"
        if any(not th.get("scope") for th in table.find_all("th")):
            yield "a heading of a table has no scope"


def _captioned(table: Tag) -> bool:
    return bool(table.caption or table.get("aria-label") or table.find_parent("fieldset"))


def _links(app: Flask, soup: BeautifulSoup) -> Iterator[str]:
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    for link in soup.find_all("a"):
        address = link.get("href")
        if not address:
            yield f"a link leads nowhere: {link}"
        elif address.startswith("#"):
            if address[1:] not in ids:
                yield f"there is no {address} on the page"
        elif not leads_somewhere(app, address):
            yield f"there is nothing at {address}"
        if not (link.get_text(strip=True) or link.get("aria-label")):
            yield f"a link says nothing: {link}"


def _files(app: Flask, soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["link", "script", "img"]):
        address = tag.get("href") or tag.get("src")
        if address and not leads_somewhere(app, address):
            yield f"there is nothing at {address}"


def leads_somewhere(app: Flask, address: str) -> bool:
    """Tell whether the site has a page (or file) at an address; others' addresses pass."""
    parts = urlsplit(address)
    if parts.scheme in ("mailto", "tel", "data") or parts.netloc:
        return True
    if parts.path.startswith("/static/"):
        return (STATIC / parts.path.removeprefix("/static/")).is_file()
    try:
        app.url_map.bind("localhost").match(parts.path, method="GET")
    except (MethodNotAllowed, RequestRedirect):
        return True
    except HTTPException:
        return False
    return True


def _headers(headers: Any, *, framed: bool = False, drawing: bool = False) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    if drawing:
        # An editor sets styles of its own; scripts it may not.
        policy = policy.replace("style-src 'self' 'unsafe-inline'", "style-src 'self' 'nonce-")
    frames = "frame-ancestors *" if framed else "frame-ancestors 'none'"
    parts = (*POLICY, frames)
    yield from (f"the content policy lacks {part}" for part in parts if part not in policy)
    if "unsafe" in policy:
        yield "the content policy allows what is unsafe"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "types may be guessed"
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "other sites learn where a visitor came from"
    if (
        "no-cache" not in headers.get("Cache-Control", "")
        and "no-store" not in headers["Cache-Control"]
    ):
        yield "the page may be kept by caches"


RULES = (
    *(_frame, _headings, _names, _labels, _silent),
    *(_targets, _forms, _nesting, _words, _tables),
)
