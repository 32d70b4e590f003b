"""What a second server costs: processor seconds of a completion with two web processes and one.

All three servers run on one PostgreSQL for the whole measurement; the lone one and the pair take
turns. Their processor time is the kernel's count for the process groups. What the database itself
spends is watched beside it.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import text

from bench import diagrams
from bench.measure import Figure, Timer
from bench.world import EMAIL, PASSWORD, World
from tests.support.cluster import Web, cluster, cpu_of_tree
from tests.support.postgres import binaries, postgres_server, why_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.support.cluster import Client

#: Every thread of every server has to have parsed the diagram before anything is counted.
WARMING = 3
ROUNDS = 5
COMPLETIONS = 32
CLIENTS = 4
BAR = 1.15
CASES = 200
KEPT = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
LOGGED = "SELECT pg_current_wal_lsn() - '0/0'"
NOTE = "web processes; post, redirect, case page; four browsers, one PostgreSQL, turn by turn"


def two_against_one(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure completions on one server and spread over two."""
    programs = binaries()
    if programs is None or (reason := why_missing()):
        print(f"cpu_two_vs_one is not measured: {reason}", file=sys.stderr)
        return
    place = folder / "cluster"
    place.mkdir()
    with postgres_server(programs) as server:
        world = World(place, server.create("bench"))
        yield from _on_postgres(world)
        with cluster(world.settings) as machines:
            lone, *pair = [machines.web(threads=CLIENTS) for _ in range(3)]
            yield from _figures(_Turns(world, server.pid), [lone], pair)
        world.engine.dispose()


def _on_postgres(world: World) -> Iterator[tuple[str, Figure]]:
    """Measure what a case takes of PostgreSQL: bytes kept, bytes logged, time of a completion."""
    timer, half = Timer(), {"note": "n" * 240}
    kept, logged = _one(world, KEPT), _one(world, LOGGED)
    for _ in range(CASES):
        case_id = world.start(diagrams.TWO_TASKS)
        for _task in range(2):
            item = world.open_item(case_id)
            timer.call(lambda item=item: world.complete(item, half))  # type: ignore[misc]
    kept, logged = _one(world, KEPT) - kept, _one(world, LOGGED) - logged
    note = "two tasks, 500 bytes of answers, tables with their indexes"
    yield "postgres_bytes_per_case", Figure(value=round(kept / CASES), unit="bytes", note=note)
    note = "write-ahead log, a case's three steps; full page images not counted"
    yield "postgres_wal_per_case", Figure(value=round(logged / CASES), unit="bytes", note=note)
    note = "service layer, server on the same machine, no wait for the disk"
    yield "postgres_completion_ms", Figure(value=timer.ms, unit="ms", note=note)


def _one(world: World, query: str) -> int:
    with world.engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())


class _Turns:
    """Completes tasks through some servers and notes what they and the database spend."""

    def __init__(self, world: World, database: int) -> None:
        self._world = world
        self._database = database
        self._browsers: dict[str, list[tuple[Client, str]]] = {}

    def take(self, servers: Sequence[Web]) -> tuple[float, float]:
        """Return processor seconds a completion of (the servers, the database)."""
        jobs = self._jobs(servers)

        def spent() -> tuple[float, float]:
            return sum(one.cpu_seconds() for one in servers), cpu_of_tree(self._database)

        before = spent()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda job: job(), jobs))
        after = spent()
        web, database = (now - then for now, then in zip(after, before, strict=True))
        return web / COMPLETIONS, database / COMPLETIONS

    def _jobs(self, servers: Sequence[Web]) -> list[Callable[[], None]]:
        """Return what each browser does: its share of the tasks, all on one server."""
        world = self._world
        items = [world.open_item(world.start(diagrams.TWO_TASKS)) for _ in range(COMPLETIONS)]
        chosen = [self._browser(servers[n % len(servers)], n) for n in range(CLIENTS)]
        return [
            _completing(client, token, items[number::CLIENTS])
            for number, (client, token) in enumerate(chosen)
        ]

    def _browser(self, server: Web, number: int) -> tuple[Client, str]:
        known = self._browsers.setdefault(server.name, [])
        while len(known) <= number:
            client = server.browser().sign_in(EMAIL.partition("@")[0], PASSWORD)
            known.append((client, client.token("/inbox")))
        return known[number]


def _completing(client: Client, token: str, items: Sequence[int]) -> Callable[[], None]:
    def work() -> None:
        for item in items:
            answer = client.post(f"/tasks/{item}", {**diagrams.ANSWERS, "csrf_token": token})
            if answer.status != 200 or "/cases/" not in answer.address:
                message = f"task {item} answered {answer.status} at {answer.address}"
                raise RuntimeError(message)

    return work


def _figures(turns: _Turns, lone: list[Web], pair: list[Web]) -> Iterator[tuple[str, Figure]]:
    for servers in (lone, pair) * WARMING:
        turns.take(servers)
    ones, twos = [], []
    for _ in range(ROUNDS):
        ones.append(turns.take(lone))
        twos.append(turns.take(pair))
    one, two = (median(web for web, _ in side) for side in (ones, twos))
    database = median(spent for _, spent in [*ones, *twos])
    yield "cpu_two_vs_one", Figure(value=round(two / one, 3), unit="ratio", bar=BAR, note=NOTE)
    yield "cpu_web_ms", Figure(value=round(one * 1000, 2), unit="ms", note="one server")
    yield "cpu_database_ms", Figure(value=round(database * 1000, 2), unit="ms", note="PostgreSQL")
