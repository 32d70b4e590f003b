"""Real requests to a server on the loopback, and to addresses that must not be reached."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from workflow_app.adapters import http
from workflow_app.adapters.http import (
    HttpAnswer,
    HttpRefused,
    HttpRequest,
    HttpUnavailable,
    MemoryHttp,
    StandardHttp,
)


class Echo(BaseHTTPRequestHandler):
    """Answers by path and keeps what came."""

    def _handle(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        status, content, answer = self.server.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", content)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        for part in answer:
            try:
                self.wfile.write(part)
                self.wfile.flush()
            except OSError:
                return

    do_GET = do_POST = do_PUT = _handle  # noqa: N815 - names the library looks for

    def log_message(self, *_args):
        pass


@contextmanager
def server(answer=lambda path: (200, "application/json", [b'{"ok":true}'])):
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as running:
        running.answer, running.seen = answer, []
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


def request(url, **changes):
    given = {"method": "GET", "headers": {}, "body": None, "timeout": 5.0, **changes}
    return HttpRequest(url=url, **given)


def at(running, path="/", host="127.0.0.1"):
    return f"http://{host}:{running.server_port}{path}"


def client(running, host="127.0.0.1"):
    return StandardHttp(frozenset({f"{host}:{running.server_port}"}))


def test_a_named_host_is_asked_with_method_headers_and_body():
    with server() as running:
        asked = request(
            at(running, "/things?page=1"),
            method="POST",
            headers={"X-Key": "k", "Host": "elsewhere.example", "Content-Length": "999"},
            body=b'{"n":1}',
        )
        answer = client(running).send(asked)
        assert answer == HttpAnswer(200, "application/json", b'{"ok":true}')
        ((method, path, headers, body),) = running.seen
    assert (method, path, body) == ("POST", "/things?page=1", b'{"n":1}')
    assert headers["X-Key"] == "k"
    assert headers["Host"] == f"127.0.0.1:{running.server_port}"
    assert headers["Content-Length"] == "7"


def test_a_host_may_be_named_without_its_port():
    with server() as running:
        assert (
            StandardHttp(frozenset({"localhost"}))
            .send(request(at(running, host="localhost")))
            .status
            == 200
        )


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_every_status_is_an_answer_and_no_redirect_is_followed(status):
    with server(lambda _path: (status, "text/plain", [])) as running:
        assert client(running).send(request(at(running))).status == status
        assert len(running.seen) == 1


INSIDE = (
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.1.2.3/",
    "https://192.168.0.1/",
    "https://172.16.9.9/",
    "https://169.254.169.254/latest/meta-data/",
    "https://0.0.0.0/",
    "https://100.64.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00::1]/",
    "https://[fe80::1]/",
    "https://224.0.0.1/",
    "https://localhost/",
    "https://2130706433/",
    "https://0x7f.1/",
)


@pytest.mark.parametrize("url", INSIDE)
def test_what_only_the_server_can_reach_is_refused(url):
    with pytest.raises(HttpRefused):
        StandardHttp().send(request(url))


def test_a_named_host_opens_no_other():
    with server() as running, pytest.raises(HttpRefused):
        StandardHttp(frozenset({"127.0.0.1:1"})).send(request(at(running)))


def test_a_name_that_stands_for_a_public_and_a_private_address_is_refused(monkeypatch):
    entries = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: entries)
    with pytest.raises(HttpRefused, match="not public"):
        StandardHttp().send(request("https://two.example/"))


def test_the_address_that_was_judged_is_the_one_connected_to(monkeypatch):
    asked = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 443))]
    )

    def connect(where, timeout):
        asked.append(where)
        msg = "too slow"
        raise TimeoutError(msg)

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(HttpUnavailable, match="too slow"):
        StandardHttp().send(request("https://changes-its-mind.example/"))
    assert asked == [("93.184.216.34", 443)]


WRONG = (
    "http://example.org/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "https://",
    "https://host:99999/",
    "https://a b/",
    "https://host/\r\nX: y",
    "example.org",
    "",
)


@pytest.mark.parametrize("url", WRONG)
def test_what_is_no_address_or_not_encrypted_is_refused(url):
    with pytest.raises(HttpRefused):
        StandardHttp().send(request(url))


def test_a_forged_header_is_refused():
    with server() as running:
        with pytest.raises(HttpRefused):
            client(running).send(request(at(running), headers={"X": "a\r\nY: b"}))
        assert running.seen == []


def test_a_large_answer_is_refused():
    chunk = b"x" * 100_000
    with (
        server(lambda _path: (200, "text/plain", [chunk] * 11)) as running,
        pytest.raises(HttpRefused, match="too large"),
    ):
        client(running).send(request(at(running)))


def slowly():
    for _ in range(50):
        time.sleep(0.1)
        yield b"."


def test_an_answer_that_drips_is_given_up_after_the_whole_time():
    began = time.monotonic()
    with (
        server(lambda _path: (200, "text/plain", slowly())) as running,
        pytest.raises(HttpUnavailable),
    ):
        client(running).send(request(at(running), timeout=0.5))
    assert time.monotonic() - began < 8


def test_nobody_at_the_other_end_may_be_tried_again():
    with server() as running:
        url, nobody = at(running), client(running)
    with pytest.raises(HttpUnavailable):
        nobody.send(request(url))


def test_an_answer_that_is_no_http_may_be_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def talk():
            connection, _peer = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"hello\r\n\r\n")

        thread = Thread(target=talk)
        thread.start()
        with pytest.raises(HttpUnavailable):
            StandardHttp(frozenset({"127.0.0.1"})).send(request(f"http://127.0.0.1:{port}/"))
        thread.join()


def test_the_fake_keeps_what_was_asked_and_answers_as_told():
    fake = MemoryHttp()
    assert fake.send(request("https://example.org/")).body == b"{}"

    def unavailable(_request):
        raise HttpUnavailable(host="example.org", reason="storm")

    fake.answer = unavailable
    with pytest.raises(HttpUnavailable, match=r"example\.org cannot be reached: storm"):
        fake.send(request("https://example.org/2"))
    assert [one.url for one in fake.sent] == ["https://example.org/", "https://example.org/2"]
    assert http.LARGEST_ANSWER == 1_000_000
