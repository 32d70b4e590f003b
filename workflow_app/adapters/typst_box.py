"""The child process in which a letter is compiled; run as a script, never imported by the server.

A Typst template is a program that a designer edits in a browser. Here it gets one folder to read,
no network, and so much processor time and memory; then the process ends, whatever the template
wanted. Input: the box's folder, the fonts' folder, a Unix time and the limits as arguments. Output:
the PDF on standard output and 0, or a sentence on standard error and 1.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typst import Compiler, PDFStandard

_NEW_USER_NAMESPACE = 0x10000000
_NEW_NET_NAMESPACE = 0x40000000
_UNPRINTABLE = "PDF/UA-1 error: the text"


@dataclass(frozen=True, slots=True)
class Order:
    """What the parent asks for."""

    root: Path
    fonts: Path
    timestamp: int
    cpu_seconds: int
    memory_bytes: int
    output_bytes: int

    @classmethod
    def from_arguments(cls, arguments: list[str]) -> Order:
        """Read the order from the command line (see `arguments`)."""
        root, fonts, *numbers = arguments
        return cls(Path(root), Path(fonts), *map(int, numbers))

    def arguments(self) -> list[str]:
        """Return the command line that `from_arguments` reads."""
        numbers = (self.timestamp, self.cpu_seconds, self.memory_bytes, self.output_bytes)
        return [str(self.root), str(self.fonts), *map(str, numbers)]


class TooLong(Exception):
    """The finished PDF is over the limit."""


class MissingFont(Exception):
    """The letter asks for a font that is not in the folder."""


def main(arguments: list[str]) -> int:
    """Compile the box's `letter.typ`, write the PDF to standard output, return the exit code."""
    order = Order.from_arguments(arguments)
    _leave_network()
    _limit(order)
    try:
        pdf = _compile(order)
    except (RuntimeError, TooLong, MissingFont, OSError) as failure:
        sys.stderr.write(_sentence(failure, order.root))
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


def _limit(order: Order) -> None:
    for kind, value in (
        (resource.RLIMIT_CPU, order.cpu_seconds),
        (resource.RLIMIT_AS, order.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(kind, (value, value))


def _leave_network() -> None:
    # Where the kernel refuses both, the dead proxy of the environment and the missing package
    # folders remain.
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(_NEW_NET_NAMESPACE) != 0:
        unshare(_NEW_USER_NAMESPACE | _NEW_NET_NAMESPACE)


def _compile(order: Order) -> bytes:
    # Loaded after the limits are set, so that they hold for all that it does.
    import typst  # noqa: PLC0415

    nowhere = order.root / "no-packages"
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[order.fonts]
    )
    compiler = typst.Compiler(
        order.root / "letter.typ",
        root=order.root,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    try:
        pdf = _print(compiler, order, ["ua-1"])
    except typst.TypstError as error:
        if not error.message.startswith(_UNPRINTABLE):
            raise
        # Somebody typed a character that our fonts lack. The letter goes out tagged, with a box
        # in its place: a case must not stand still for an emoji in a name.
        pdf = _print(compiler, order, [])
    if not isinstance(pdf, bytes) or len(pdf) > order.output_bytes:
        raise TooLong
    return pdf


def _print(compiler: Compiler, order: Order, standards: list[PDFStandard]) -> object:
    pdf, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards=standards, timestamp=order.timestamp
    )
    _refuse_missing_fonts(warnings)
    return pdf


def _refuse_missing_fonts(warnings: Sequence[Warning]) -> None:
    # Typst goes on without the font and leaves the text out.
    for warning in warnings:
        if "unknown font" in str(warning):
            raise MissingFont(str(warning))


def _sentence(failure: Exception, root: Path) -> str:
    told = str(getattr(failure, "diagnostic", "")) or str(failure) or str(type(failure).__doc__)
    return told.replace(f"{root}/", "").strip()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Worker threads of the compiler may still run.
    os._exit(code)
