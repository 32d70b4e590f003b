"""Child processes for what may take long or never end: the server starts them and goes on.

A child is a module of ours that reads `order.json` in a folder and leaves `result.json` there. It
has so much processor time and memory, and knows neither the database nor any secret.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING, Any

import structlog

from workflow_app.config import ROOT
from workflow_app.services.designing.proofs import BROKEN, RESULT

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()
LARGEST_FILE = 512 * 1024**2


def start_child(module: str, folder: Path, longest: int) -> None:
    """Start a module of ours over a folder; after so many seconds it is ended."""
    command = [sys.executable, "-m", module, str(folder)]
    with (folder / "log").open("wb") as told:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            command,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    Thread(target=_watch, args=(child, folder, longest), daemon=True).start()


def _watch(child: subprocess.Popen[bytes], folder: Path, longest: int) -> None:
    """Wait for a child; one that takes too long is ended, one that broke off is told of."""
    try:
        child.wait(longest)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if folder.is_dir() and not (folder / RESULT).exists():
        said = (folder / "log").read_text("utf-8", errors="replace")
        log.warning("child_broke", folder=str(folder), code=child.returncode, said=said[-2000:])
        (folder / RESULT).write_text(json.dumps({"state": BROKEN}), "utf-8")


def limit_child(cpu_seconds: int, memory: int) -> None:
    """Let this process have only so much processor time and memory (bytes), after all others."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))


def leave(folder: Path, name: str, told: dict[str, Any]) -> None:
    """Write a file that is there whole or not at all."""
    part = folder / f"{name}.part"
    part.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    part.replace(folder / name)
