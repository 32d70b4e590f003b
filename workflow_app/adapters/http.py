"""Asking other systems over HTTP: one request, one answer, to allowed addresses only.

A diagram decides whom the server asks, so the server must not be made to reach what only it can
reach: without permission by name an address has to be public and the way encrypted. The address
that was judged is the one connected to, so a name that changes its mind gains nothing. Redirects
are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urlsplit

from typing_extensions import override

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

LARGEST_ANSWER = 1_000_000
CHUNK = 64 * 1024
PORTS = {"http": 80, "https": 443}
NO_ADDRESS = N_("“%(url)s” is no address of the web")
OURS = frozenset({"host", "content-length", "connection", "transfer-encoding"})


class HttpError(DomainError):
    """Base of what can go wrong on the way."""


class HttpRefused(HttpError):
    """The request may not be made or its answer not be taken; trying again cannot help."""


class HttpUnavailable(HttpError):
    """The other side could not be reached or did not answer in time (params: host, reason)."""

    message = N_("%(host)s cannot be reached: %(reason)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What is asked; `timeout` is in seconds and bounds the whole exchange."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    timeout: float


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


class HttpClient(Protocol):
    """Makes requests."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Make one request. Raises HttpRefused (for good) or HttpUnavailable (try later)."""


def _empty_object(_request: HttpRequest) -> HttpAnswer:
    return HttpAnswer(200, "application/json", b"{}")


@dataclass(slots=True)
class MemoryHttp:
    """Keeps what was asked, in order; `answer` says what comes back, or raises."""

    answer: Callable[[HttpRequest], HttpAnswer] = _empty_object
    sent: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Put `request` into `sent` and answer it."""
        self.sent.append(request)
        return self.answer(request)


@dataclass(frozen=True, slots=True)
class StandardHttp:
    """Makes requests with the standard library; `allowed` names hosts as `host` or `host:port`."""

    allowed: frozenset[str] = frozenset()

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Make one request. Raises HttpRefused (for good) or HttpUnavailable (try later)."""
        place = _place(request.url)
        host, port = str(place.hostname), place.port or PORTS[place.scheme]
        is_named = bool(self.allowed & {host, f"{host}:{port}"})
        if place.scheme != "https" and not is_named:
            raise HttpRefused(N_("only https may be used to reach %(host)s"), host=host)
        until = time.monotonic() + request.timeout
        try:
            address = _address(host, port, public=not is_named)
            return _exchange(_connection(place, address, request.timeout), request, until)
        except (OSError, http.client.HTTPException) as failure:
            reason = getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
            raise HttpUnavailable(host=host, reason=reason) from failure


def _place(url: str) -> SplitResult:
    try:
        place = urlsplit(url if all(32 < ord(sign) < 127 for sign in url) else "")
        fits = place.scheme in PORTS and bool(place.hostname) and place.port != 0
    except ValueError as wrong:
        raise HttpRefused(NO_ADDRESS, url=url) from wrong
    if not fits:
        raise HttpRefused(NO_ADDRESS, url=url)
    return place


def _address(host: str, port: int, *, public: bool) -> str:
    """Return an address of the host. Raises HttpRefused unless every one is public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if public and not all(_is_public(address) for address in addresses):
        raise HttpRefused(N_("%(host)s stands in a network that is not public"), host=host)
    return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(parsed, "ipv4_mapped", None) or parsed
    return bool(inside.is_global and not inside.is_multicast)


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was judged, whatever the name says by now."""

    def __init__(self, place: SplitResult, address: str, timeout: float) -> None:
        port = place.port or PORTS[place.scheme]
        super().__init__(str(place.hostname), port, timeout=timeout)
        self._address = address

    @override
    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _Encrypted(_Plain):
    """The same under TLS; the certificate has to be the name's."""

    @override
    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _connection(place: SplitResult, address: str, timeout: float) -> _Plain:
    return (_Encrypted if place.scheme == "https" else _Plain)(place, address, timeout)


def _exchange(connection: _Plain, request: HttpRequest, until: float) -> HttpAnswer:
    place = urlsplit(request.url)
    target = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
    headers = {name: text for name, text in request.headers.items() if name.lower() not in OURS}
    try:
        connection.request(request.method, target, request.body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        body = b"".join(_chunks(answer, connection.host, until))
        return HttpAnswer(answer.status, answer.headers.get_content_type(), body)
    except ValueError as wrong:
        raise HttpRefused(N_("the request cannot be written: %(reason)s"), reason=wrong) from wrong
    finally:
        connection.close()


def _chunks(answer: http.client.HTTPResponse, host: str, until: float) -> Iterator[bytes]:
    size = 0
    while chunk := answer.read1(CHUNK):
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise HttpRefused(N_("the answer of %(host)s is too large"), host=host)
        if time.monotonic() > until:
            raise TimeoutError
        yield chunk
