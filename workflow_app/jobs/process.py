"""A worker process on PostgreSQL: follows nudges until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog
from procrastinate.jobs import DeleteJobCondition

from workflow_app.jobs.queue import HEARTBEAT_SECONDS, STALLED_SECONDS, make_queue

if TYPE_CHECKING:
    from workflow_app.services.background import Contexts

log = structlog.get_logger()
GRACE_SECONDS = 25.0
PAUSE_SECONDS = 2.0


class WorkerProcess:
    """Runs `threads` due things at once; ends on SIGTERM or SIGINT when they are finished.

    A database that goes away is waited for.
    """

    def __init__(self, database_url: str, contexts: Contexts, *, threads: int) -> None:
        self._url = database_url
        self._contexts = contexts
        self._threads = threads

    def run(self) -> None:
        """Work until a signal comes."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        told = asyncio.create_task(stop.wait())
        log.info("worker_started", threads=self._threads)
        while not stop.is_set():
            await self._work_until(told)
            if not stop.is_set():
                await asyncio.wait([told], timeout=PAUSE_SECONDS)
        log.info("worker_stopped")

    async def _work_until(self, told: asyncio.Task[bool]) -> None:
        """Work until told to stop, or until the database fails."""
        work = asyncio.create_task(self._work())
        await asyncio.wait([work, told], return_when=asyncio.FIRST_COMPLETED)
        if told.done():
            work.cancel()
        (ended,) = await asyncio.gather(work, return_exceptions=True)
        if not told.done():
            log.error("worker_interrupted", reason=str(ended))

    async def _work(self) -> None:
        queue = make_queue(self._url, self._contexts, threads=self._threads)
        async with queue.open_async():
            await queue.run_worker_async(
                queues=["due"],
                concurrency=self._threads,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
            )
