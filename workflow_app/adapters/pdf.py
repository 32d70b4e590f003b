"""Letters as PDF: a Typst template and its data, compiled in a child process that harms nobody."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from workflow_app.adapters import typst_box
from workflow_app.adapters.letter_data import letter_data
from workflow_app.adapters.qr import qr_svg
from workflow_app.domain.unseen import straight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_UTC = ZoneInfo("UTC")
_LONGEST_REASON = 600
_NO_FONTS = "There are no fonts to print with; build the front end first (make setup)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one letter may use; measured need: 35 MB of memory, 20 ms, 20 kB a page."""

    cpu_seconds: int = 5
    wall_seconds: float = 10.0
    memory_bytes: int = 256 * 1024 * 1024
    output_bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A template with all that it may see.

    `template` and `base` are Typst text (the template imports the base as "base.typ"); `data` is
    what the diagram's inputs name, JSON only; `words` translates the sentences of `t("…")`;
    `names` spells codes in the data (usernames, territories) for people; `service` is the
    letterhead (name, organisation, address, accent); `qr` is an address that the
    letter shows as code; `issued_at` (aware) is the PDF's own date, so that the same letter gives
    the same bytes.
    """

    template: str
    data: Mapping[str, object]
    language: str
    issued_at: datetime
    base: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    service: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo = _UTC
    qr: str | None = None


class LetterFailed(Exception):
    """The letter could not be compiled; `reason` says why, in the compiler's words (English)."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class LetterPrinter(Protocol):
    """Makes a PDF of a letter."""

    def render(self, letter: Letter) -> bytes:
        """Return the PDF. Raises LetterFailed."""


@dataclass(frozen=True, slots=True)
class TypstPrinter:
    """Prints with Typst and the TTF files of one folder."""

    fonts: Path
    limits: Limits = Limits()

    def render(self, letter: Letter) -> bytes:
        """Return the PDF (tagged, PDF/UA-1). Raises LetterFailed."""
        return render_letter(letter, self.fonts, self.limits)


@dataclass(slots=True)
class FakePrinter:
    """Keeps the letters and returns a small text that begins as a PDF does: the twin for tests."""

    printed: list[Letter] = field(default_factory=list)

    def render(self, letter: Letter) -> bytes:
        """Put `letter` into `printed` and return its data after a PDF's first bytes."""
        self.printed.append(letter)
        return b"%PDF-1.7\n" + json.dumps(dict(letter.data), ensure_ascii=False).encode()


def render_letter(letter: Letter, fonts: Path, limits: Limits | None = None) -> bytes:
    """Compile `letter` in a child process and return the PDF. Raises LetterFailed."""
    limits = limits or Limits()
    if not any(fonts.glob("*.ttf")):
        raise LetterFailed(_NO_FONTS)
    with tempfile.TemporaryDirectory(prefix="letter-") as folder:
        root = Path(folder)
        _fill_box(root, letter)
        done = _run(_order(root, fonts, letter, limits), limits)
    if done.returncode != 0:
        raise LetterFailed(_reason(done))
    return done.stdout


def _fill_box(root: Path, letter: Letter) -> None:
    (root / "letter.typ").write_text(letter.template, "utf-8")
    (root / "base.typ").write_text(letter.base, "utf-8")
    content = straight(json.dumps(letter_data(letter), ensure_ascii=False))
    (root / "data.json").write_text(content, "utf-8", errors="replace")
    if letter.qr:
        (root / "qr.svg").write_bytes(qr_svg(letter.qr))


def _order(root: Path, fonts: Path, letter: Letter, limits: Limits) -> typst_box.Order:
    return typst_box.Order(
        root=root,
        fonts=fonts.resolve(),
        timestamp=int(letter.issued_at.timestamp()),
        cpu_seconds=limits.cpu_seconds,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.output_bytes,
    )


def _run(order: typst_box.Order, limits: Limits) -> subprocess.CompletedProcess[bytes]:
    # -I: neither the working folder nor the environment decides what is imported.
    command = [sys.executable, "-I", typst_box.__file__, *order.arguments()]
    try:
        return subprocess.run(  # noqa: S603 - our own interpreter and script, no shell
            command,
            capture_output=True,
            check=False,
            cwd=order.root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            timeout=limits.wall_seconds,
        )
    except subprocess.TimeoutExpired:
        raise LetterFailed(_out_of_time(limits)) from None


def _environment() -> dict[str, str]:
    # One thread and one arena keep the address space the same on two cores and on sixty-four; the
    # proxy is a closed port, for a kernel that does not let the child give up its network.
    return {
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
        "RAYON_NUM_THREADS": "1",
        "RUST_BACKTRACE": "0",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }


def _out_of_time(limits: Limits) -> str:
    return f"It was not finished after {limits.wall_seconds:g} seconds."


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return "It used more processor time or memory than a letter may."
    return done.stderr.decode("utf-8", "replace").strip()[:_LONGEST_REASON] or "No reason given."
