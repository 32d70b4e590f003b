from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager

import pytest

from workflow_app.adapters.scanner import (
    ClamScanner,
    FakeScanner,
    InfectedFile,
    InvalidScannerUrl,
    NullScanner,
    ScannerUnavailable,
    scanner_from_url,
)

HARMFUL = b"harmful-sequence"


class Daemon(socketserver.StreamRequestHandler):
    """Speaks clamd's INSTREAM: 4-byte big-endian lengths, a zero ends the stream."""

    def handle(self):
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        self.server.received = data
        self.wfile.write(self.server.answer(data))


def verdict(data: bytes) -> bytes:
    return b"stream: Eicar-Test FOUND\0" if HARMFUL in data else b"stream: OK\0"


@contextmanager
def daemon(answer=verdict):
    with socketserver.TCPServer(("127.0.0.1", 0), Daemon) as server:
        server.answer = answer
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def scanner_of(server) -> ClamScanner:
    host, port = server.server_address
    return scanner_from_url(f"clamd://{host}:{port}")


def test_a_clean_file_passes_and_arrives_whole():
    data = b"clean" * 40_000
    with daemon() as server:
        scanner_of(server).scan(data)
    assert server.received == data


def test_an_infected_file_is_refused_with_its_signature():
    with daemon() as server, pytest.raises(InfectedFile, match="Eicar-Test"):
        scanner_of(server).scan(b"x" + HARMFUL)


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: ?\0"])
def test_an_answer_that_is_no_verdict_keeps_the_file_out(answer):
    with daemon(lambda _: answer) as server, pytest.raises(ScannerUnavailable):
        scanner_of(server).scan(b"data")


def test_a_daemon_that_is_down_keeps_the_file_out():
    with daemon() as server:
        gone = scanner_of(server)
    with pytest.raises(ScannerUnavailable):
        gone.scan(b"data")


def test_a_missing_socket_keeps_the_file_out(tmp_path):
    with pytest.raises(ScannerUnavailable):
        scanner_from_url(f"clamd://{tmp_path}/clamd.ctl").scan(b"data")


def test_without_a_setting_everything_passes():
    scanner = scanner_from_url("")
    assert isinstance(scanner, NullScanner)
    assert scanner.scan(HARMFUL) is None


@pytest.mark.parametrize("url", ["http://localhost", "clamd://", "nonsense"])
def test_a_wrong_setting_is_named(url):
    with pytest.raises(InvalidScannerUrl):
        scanner_from_url(url)


def test_the_twin_refuses_what_it_knows():
    FakeScanner(HARMFUL).scan(b"clean")
    with pytest.raises(InfectedFile):
        FakeScanner(HARMFUL).scan(HARMFUL)
