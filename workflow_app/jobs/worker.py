"""The embedded worker: one thread that does what is due; rows say what, a nudge only says when."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from workflow_app.services.background import do_due_work

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.services.context import Context

log = structlog.get_logger()
SWEEP_SECONDS = 1.0


class Worker:
    """Runs the handlers of due work until it is stopped; losing it loses nothing."""

    def __init__(self, contexts: Callable[[], Context]) -> None:
        self._contexts = contexts
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def nudge(self) -> None:
        """Tell the worker that there may be something to do now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the item at hand and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait(SWEEP_SECONDS)
            self._wake.clear()
            self._sweep()

    def _sweep(self) -> None:
        try:
            do_due_work(self._contexts)
        except Exception:
            # The outer edge of a job: a sweep that fails is logged and the next one tries again.
            log.exception("sweep_failed")
