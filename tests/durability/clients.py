"""People at work over HTTP while servers come and go: what they sent, and what they were told."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

from sqlalchemy import create_engine, func, select
from typing_extensions import override

from tests.durability.pairs import ASKING, TELLING
from tests.support.cluster import Client
from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from http.cookiejar import CookieJar

TELLER = 303
items = table_of(WorkItem)


class Stay(HTTPRedirectHandler):
    """Follows nothing: the redirect itself is what says that a step was taken."""

    @override
    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


class Caller(Client):
    """A browser that hears the first answer only; its cookies may be another's."""

    def __init__(self, address: str, jar: CookieJar, token: str) -> None:
        super().__init__(address)
        self._opener = build_opener(HTTPCookieProcessor(jar), Stay())
        self.csrf = token

    def send(self, path: str, **fields: str) -> int:
        """Post fields and return the status, 0 where nobody answered."""
        return self.told(path, **fields)[0]

    def told(self, path: str, **fields: str) -> tuple[int, str]:
        """Post fields and return status and page, (0, "") where nobody answered."""
        try:
            answer = self.post(path, {"csrf_token": self.csrf, **fields})
        except (OSError, HTTPException):
            return 0, ""
        return answer.status, answer.text


@dataclass
class Sent:
    """One thing that was sent; `status` is what the server said, 0 when it said nothing."""

    what: str
    subject: str
    token: int
    status: int = 0


@dataclass
class Crowd:
    """People who work on whatever is open until they are told to stop."""

    database_url: str
    addresses: Callable[[], list[str]]
    sent: list[Sent] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    tokens: Any = field(default_factory=lambda: count(1))

    def start(self, callers: list[Caller], seeds: list[random.Random]) -> None:
        self.engine = create_engine(self.database_url, pool_size=4, pool_timeout=120)
        for caller, rnd in zip(callers, seeds, strict=True):
            thread = threading.Thread(target=self._work, args=(caller, rnd), daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.join(60)

    def join(self, seconds: float) -> None:
        """Wait until everybody has ended."""
        for thread in self.threads:
            thread.join(seconds)
        assert not any(thread.is_alive() for thread in self.threads), "somebody waits for ever"
        self.engine.dispose()

    def acknowledged(self, what: str) -> list[Sent]:
        return [one for one in self.sent if one.what == what and one.status == TELLER]

    def _work(self, caller: Caller, rnd: random.Random) -> None:
        while not self.stopping.is_set():
            caller.at(rnd.choice(self.addresses()))
            chosen = rnd.random()
            if chosen < 0.06:
                self._begin(caller, rnd)
            else:
                self._touch(caller, rnd, chosen)

    def _begin(self, caller: Caller, rnd: random.Random) -> None:
        """Start both cases of a pair, each a second time now and then with the same word."""
        pair = f"pair-{next(self.tokens)}"
        for key in (ASKING, TELLING):
            fields = {"pair": pair, "email": f"{pair}@example.org", "_once": f"{key}-{pair}"}
            for _ in range(1 + (rnd.random() < 0.3)):
                self._send(
                    caller, Sent("start", f"{key}-{pair}", 0), f"/services/{key}/start", fields
                )

    def _touch(self, caller: Caller, rnd: random.Random, chosen: float) -> None:
        item = self._open_item(rnd)
        if item is None:
            time.sleep(0.05)
            return
        path = f"/tasks/{item}"
        if chosen < 0.16:
            self._send(caller, Sent("draft", str(item), 0), f"{path}/draft", {"token": "1"})
        elif chosen < 0.26:
            self._send(caller, Sent("release", str(item), 0), f"{path}/release", {})
        else:
            if chosen < 0.7:
                self._send(caller, Sent("claim", str(item), 0), f"{path}/claim", {})
            token = next(self.tokens)
            fields = {"token": str(token)}
            self._send(caller, Sent("complete", str(item), token), path, fields)

    def _open_item(self, rnd: random.Random) -> int | None:
        """Return any open task, one of the oldest: cases are to get on."""
        query = select(items.c.id).where(items.c.state == WorkState.OPEN).order_by(items.c.id)
        with suppress(OSError), self.engine.connect() as connection:
            found = connection.scalars(query.limit(12)).all()
            return rnd.choice(found) if found else None
        return None

    def _send(self, caller: Caller, one: Sent, path: str, fields: dict[str, str]) -> None:
        self.sent.append(one)
        one.status, page = caller.told(path, **fields)
        if one.status == 0:
            time.sleep(0.1)
        if one.status >= 500 or "Traceback" in page or one.status in (400, 403, 422):
            self.faults.append(f"{one} {path}: {page[:3000]}")


def count_of(engine: Any, table: Any) -> int:
    """Return how many rows a table has."""
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)
