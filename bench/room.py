"""Sixty phones in one room: each scores twenty needs by six criteria, all in the same minute.

A server of its own, on SQLite, as a municipality would run it. Every phone opens its page and
sends its scores at a moment of its own (moments are drawn from a fixed seed). The quietest is what
the same takes while nobody else is there; no score may be lost.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from lxml import html
from sqlalchemy import select

from bench import diagrams
from bench.measure import Figure
from bench.world import World
from tests.support.cluster import Client, cluster
from workflow_app.engine import Source
from workflow_app.models.case import Case
from workflow_app.models.catalogue import Setting
from workflow_app.models.collections import CollectionEntry, CollectionSeat
from workflow_app.services.collecting.seats import token_of
from workflow_app.services.publishing import publish_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHONES, NEEDS, SECONDS, BAR = 60, 20, 60, 5
CRITERIA = ("severity", "reach", "urgency", "feasibility", "fairness", "effect")
KEY = "bench_room"
QUIET = 12
SEED = 7


def phones(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure the slowest answer of a minute against the quietest."""
    place = folder / "room"
    place.mkdir()
    world = World(place)
    address, links = _opened(world)
    with cluster(world.settings) as machines:
        server = machines.web(threads=8)
        people = [Phone(server.address, f"{address}/{link}") for link in links]
        quiet = [people[0].score() for _ in range(QUIET)][2:]
        moments = Random(SEED)  # noqa: S311 - the same minute each time
        waits = [moments.uniform(0, SECONDS) for _ in people]
        with ThreadPoolExecutor(PHONES) as pool:
            taken = list(
                pool.map(lambda one: one[0].score(one[1]), zip(people, waits, strict=True))
            )
    lost = _lost(world)
    note = f"{PHONES} phones, {NEEDS} needs × {len(CRITERIA)} criteria, one server, SQLite"
    yield (
        "room_slowest_vs_quietest",
        Figure(value=round(max(taken) / median(quiet), 2), unit="ratio", bar=BAR, note=note),
    )
    yield "room_lost_scores", Figure(value=lost, unit="count", bar=0, note="of the same minute")
    yield (
        "room_ms",
        Figure(
            value=round(median(taken) * 1000, 1), unit="ms", note="send, and the page that follows"
        ),
    )
    world.engine.dispose()


class Phone:
    """Somebody's own page on a phone.

    All phones share this process: a page is read by lxml, which takes a twentieth of the time that
    Python's own parser would take from the phones whose answers are just being timed.
    """

    def __init__(self, server: str, path: str) -> None:
        self._client, self._path = Client(server, timeout=60), path

    def score(self, wait: float = 0) -> float:
        """Open the page at a moment, send the scores; return the seconds that sending took."""
        time.sleep(wait)
        page = html.document_fromstring(self._client.get(f"{self._path}?change=1").text)
        forms = [one for one in page.iter("form") if one.get("id") == "main-form"]
        if not forms:
            message = f"{self._path} shows no form"
            raise RuntimeError(message)
        hidden = [one for one in forms[0].iter("input") if one.get("type") == "hidden"]
        fields = {str(one.get("name")): str(one.get("value", "")) for one in hidden}
        for row in range(NEEDS):
            fields |= {f"scores-{row}-{name}": str(1 + (row + n) % 5) for n, name in _numbered()}
        before = time.perf_counter()
        answer = self._client.post(self._path, fields)
        if answer.status != 200 or "has arrived" not in answer.text:
            message = f"{self._path} answered {answer.status}: {answer.text[:500]}"
            raise RuntimeError(message)
        return time.perf_counter() - before


def _numbered() -> Iterator[tuple[int, str]]:
    return enumerate(CRITERIA)


def _lost(world: World) -> int:
    """Return how many of all scores are not there as they were sent."""
    with world.session() as ctx:
        held = list(ctx.session.scalars(select(CollectionEntry.data)))
    there = sum(
        bool(row["scores"][line][name] == 1 + (line + n) % 5)
        for row in held
        for line in range(NEEDS)
        for n, name in _numbered()
    )
    return PHONES * NEEDS * len(CRITERIA) - there


def _opened(world: World) -> tuple[str, list[str]]:
    """Publish the process, begin a case, and return the collection's path and the seats' links."""
    with world.session() as ctx:
        ctx.session.add(Setting(key="collection.daily", territory_code="*", value={"value": 10}))
        publish_version(ctx, _source(), number=1, by="bench")
    case_id, secret = world.start(KEY), world.settings.secret_key
    with world.session() as ctx:
        number = ctx.session.get_one(Case, case_id).number
        seats = ctx.session.scalars(select(CollectionSeat).order_by(CollectionSeat.position))
        links = [token_of(secret, one.id, one.turn) for one in seats]
    return f"/collect/{number}/scoring", links


def _source() -> Source:
    folder = f"processes/{KEY}"
    return Source(
        key=KEY,
        files={
            f"{folder}/{KEY}.bpmn": _diagram(),
            f"{folder}/process.toml": f'title = "{KEY}"\nprefix = "ROOM"\n',
            f"forms/{KEY}/five.form": diagrams.form(f"{KEY}_five"),
            f"forms/{KEY}/need_scores.form": _form(),
        },
    )


def _form() -> str:
    columns = [
        {"type": "textfield", "key": "code", "label": "Code", "readonly": True},
        {"type": "textfield", "key": "title", "label": "Need", "readonly": True},
        *(
            {
                "type": "number",
                "key": name,
                "label": name.capitalize(),
                "validate": {"required": True, "min": 1, "max": 5},
            }
            for name in CRITERIA
        ),
    ]
    rows = {"fixedRows": "true", "rowLabel": "=this.title"}
    listed = {"type": "dynamiclist", "path": "scores", "label": "Needs", "properties": rows}
    return json.dumps(
        {"type": "default", "schemaVersion": 16, "components": [{**listed, "components": columns}]}
    )


def _diagram() -> str:
    """Draw: start, number, open, and a task that waits while people score."""
    seats = f"for i in 1..{PHONES} return {{code: string(i), label: string(i)}}"
    needs = f"for i in 1..{NEEDS} return {{code: string(i), title: string(i)}}"
    said = {
        "begins": _said("property", name="form", value="five")
        + _said("property", name="by", value="public"),
        "numbers": '<zeebe:taskDefinition type="case.number"/>',
        "opens": '<zeebe:taskDefinition type="collection.open"/><zeebe:taskHeaders>'
        + _said("header", key="collection", value="scoring")
        + _said("header", key="form", value="need_scores")
        + "</zeebe:taskHeaders><zeebe:ioMapping>"
        + _said("input", source=f"={seats}", target="seats")
        + _said("input", source=f"={{scores: {needs}}}", target="data")
        + "</zeebe:ioMapping>",
        "waits": '<zeebe:userTask/><zeebe:formDefinition formId="five"/>',
    }
    said["begins"] = f"<zeebe:properties>{said['begins']}</zeebe:properties>"
    tags = ("startEvent", "serviceTask", "serviceTask", "userTask")
    drawn = "".join(
        f'<bpmn:{tag} id="{key}"><bpmn:extensionElements>{inside}</bpmn:extensionElements>'
        f"</bpmn:{tag}>"
        for tag, (key, inside) in zip(tags, said.items(), strict=True)
    )
    return _framed(drawn, [*said, "ends"])


def _said(tag: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<zeebe:{tag}{written}/>"


def _framed(drawn: str, keys: list[str]) -> str:
    refs = "".join(f"<bpmn:flowNodeRef>{key}</bpmn:flowNodeRef>" for key in keys)
    flows = "".join(
        f'<bpmn:sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in pairwise(keys)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions '
        'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" '
        f'targetNamespace="http://example.org/{KEY}"><bpmn:process id="{KEY}" isExecutable="true">'
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="{diagrams.LANE}">{refs}</bpmn:lane>'
        f'</bpmn:laneSet>{drawn}<bpmn:endEvent id="ends"/>{flows}</bpmn:process></bpmn:definitions>'
    )
