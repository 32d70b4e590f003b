"""Walks an application as somebody does who follows every link, a few pages of each kind."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.support.browser import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.browser import Browser

#: What changes who is asking, leaves the application, or is a file in a folder of its own.
LEFT_ALONE = ("/sign-out", "/language", "/static", "/documents")
#: The demonstration shows what is others': mails, and cases that are due.
FOREIGN = "/demo/"


def walk(browser: Browser, start: str = "/", *, each: int = 1) -> Iterator[Page]:
    """Yield the pages that links lead to, at most `each` of every route, breadth first.

    Every answer must be a success; what is no page (a PDF, a feed) is opened and not yielded.
    """
    routes = browser.app.url_map.bind("localhost")
    met: Counter[str] = Counter()
    known, waiting = {start}, deque([(start, "")])
    while waiting:
        address, whence = waiting.popleft()
        try:
            endpoint, _parts = routes.match(urlsplit(address).path)
        except HTTPException:
            msg = f"{whence} leads nowhere: {address}"
            raise AssertionError(msg) from None
        met[str(endpoint)] += 1
        if met[str(endpoint)] > each:
            continue
        answer = browser.client.get(address, follow_redirects=True)
        told = f"{address} answers {answer.status_code}, linked from {whence}"
        assert answer.status_code == 200, told
        if answer.mimetype != "text/html":
            answer.close()
            continue
        page = Page(browser, answer)
        yield page
        for found in _links(page, address):
            if found not in known and not address.startswith(FOREIGN):
                known.add(found)
                waiting.append((found, address))


def _links(page: Page, address: str) -> Iterator[str]:
    for link in page.soup.select("a[href]"):
        target = urlsplit(urljoin(f"http://localhost{address}", str(link["href"])))
        if target.netloc == "localhost" and not target.path.startswith(LEFT_ALONE):
            yield target.path + (f"?{target.query}" if target.query else "")
