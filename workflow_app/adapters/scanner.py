"""Looking for viruses in uploads: a ClamAV daemon by setting, or nothing."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from workflow_app.domain.errors import UploadRefused
from workflow_app.domain.text import N_

TIMEOUT_SECONDS = 30.0
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096
_DEFAULT_PORT = 3310


class InfectedFile(UploadRefused):
    """The scanner knows this file as harmful (params: signature)."""

    message = N_("The file contains a virus (%(signature)s). It was not stored.")


class ScannerUnavailable(UploadRefused):
    """The scanner did not answer, so that nobody knows whether the file is harmless."""

    message = N_("Files cannot be checked for viruses at the moment. Please try again later.")


class InvalidScannerUrl(ValueError):
    """The setting for the scanner is not clamd://host:port or clamd:///path/to/socket."""


class Scanner(Protocol):
    """Says whether a file may come in."""

    def scan(self, data: bytes) -> None:
        """Return when `data` is clean. Raises InfectedFile or ScannerUnavailable."""


class NullScanner:
    """Lets everything pass: the choice where no scanner is set."""

    def scan(self, data: bytes) -> None:
        """Return at once, whatever `data` is."""


@dataclass(frozen=True, slots=True)
class FakeScanner:
    """Knows one harmful sequence of bytes: the twin for tests."""

    harmful: bytes
    signature: str = "Test-Signature"

    def scan(self, data: bytes) -> None:
        """Raise InfectedFile when `data` holds the harmful bytes."""
        if self.harmful in data:
            raise InfectedFile(signature=self.signature)


@dataclass(frozen=True, slots=True)
class ClamScanner:
    """Asks a ClamAV daemon by its INSTREAM command (clamd manual, section COMMANDS)."""

    address: tuple[str, int] | str
    timeout: float = TIMEOUT_SECONDS

    def scan(self, data: bytes) -> None:
        """Stream `data` to the daemon and read its verdict. Raises as Scanner.scan does."""
        try:
            answer = self._ask(data)
        except OSError as failure:
            raise ScannerUnavailable from failure
        _judge(answer)

    def _ask(self, data: bytes) -> str:
        with self._connect() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
            return _read_answer(connection)

    def _connect(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def scanner_from_url(url: str | None) -> Scanner:
    """Return the scanner a setting names: none → NullScanner. Raises InvalidScannerUrl."""
    if not url:
        return NullScanner()
    parts = urlsplit(url)
    if parts.scheme == "clamd" and parts.hostname:
        return ClamScanner((parts.hostname, parts.port or _DEFAULT_PORT))
    if parts.scheme == "clamd" and parts.path:
        return ClamScanner(parts.path)
    message = "The scanner's address is not clamd://host:port or clamd:///path/to/socket"
    raise InvalidScannerUrl(message)


def _read_answer(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _LONGEST_ANSWER:
        part = connection.recv(_LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()


def _judge(answer: str) -> None:
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return
    if verdict.endswith(" FOUND"):
        raise InfectedFile(signature=verdict.removesuffix(" FOUND"))
    raise ScannerUnavailable
