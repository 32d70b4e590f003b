"""Looking at a case and saying where it differs from what a scenario expects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from workflow_app.domain.states import CaseState, OutboxKind
from workflow_app.engine import case_data
from workflow_app.engine.decided import tables_of
from workflow_app.models.base import table_of
from workflow_app.models.case import History, HistoryPayload
from workflow_app.models.register import RegisterEntry
from workflow_app.models.work import Outbox
from workflow_app.queries import case_file
from workflow_app.services.case_store import load_case

if TYPE_CHECKING:
    from workflow_app.services.context import Context
    from workflow_app.services.scenarios.script import Expectation

_MISSING = object()


class Look:
    """What is known of a case at one moment."""

    def __init__(self, ctx: Context, case_id: int) -> None:
        self.ctx = ctx
        self.case_id = case_id
        self.loaded = load_case(ctx, case_id)
        self.row = self.loaded.row

    @cached_property
    def events(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (kind, element without its process, data), oldest first."""
        history, payload = table_of(History), table_of(HistoryPayload)
        both = (payload.c.case_id == history.c.case_id) & (payload.c.seq == history.c.seq)
        rows = self.ctx.session.execute(
            select(history.c.kind, history.c.element, payload.c.payload)
            .outerjoin(payload, both)
            .where(history.c.case_id == self.case_id)
            .order_by(history.c.seq)
        )
        return [
            (r.kind, r.element.rsplit("/", 1)[-1], json.loads(r.payload) if r.payload else {})
            for r in rows
        ]

    @property
    def visited(self) -> list[str]:
        """Return the elements in the order in which something happened at them."""
        return [element for _kind, element, _data in self.events]

    @property
    def decisions(self) -> list[Mapping[str, Any]]:
        """Return the decisions taken, in order, each after those that it asked on its way.

        `inputs` are the values of its own table's columns by their words, `rows` the rows taken.
        """
        return [
            told
            for kind, _element, data in self.events
            if kind == "decision"
            for told in _told(data)
        ]

    @property
    def documents(self) -> list[str]:
        """Return the letters rendered, in order."""
        return [PurePosixPath(p["letter"]).stem for p in self._sent(OutboxKind.DOCUMENT)]

    @property
    def mails(self) -> list[str]:
        """Return the keys of the mails written, in order."""
        return [payload.get("mail", "") for payload in self._sent(OutboxKind.MAIL)]

    def _sent(self, kind: OutboxKind) -> list[dict[str, Any]]:
        query = select(Outbox.payload).where(Outbox.case_id == self.case_id, Outbox.kind == kind)
        return list(self.ctx.session.scalars(query.order_by(Outbox.id)))

    @property
    def data(self) -> dict[str, Any]:
        """Return the case's data, all scopes together, the innermost on top."""
        if self.row.state is None:
            ended = [data for kind, _e, data in self.events if kind == "ended"]
            return ended[-1] if ended else {}
        return case_data(self.loaded.published.program, self.loaded.state)


def differences(look: Look, expected: Expectation, *, final: bool) -> Iterator[str]:
    """Yield a sentence for everything that is not as expected."""
    yield from _ending(look, expected, final=final)
    for name in ("status", "outcome"):
        wanted, found = getattr(expected, name), getattr(look.row, name)
        if wanted is not None and wanted != found:
            yield f"{name} should be {wanted}, is {found}"
    yield from _waiting(look, expected)
    yield from _path(look, expected)
    yield from _ordered("documents", expected.documents, look.documents)
    yield from _ordered("mails", expected.mails, look.mails)
    yield from _decisions(look, expected)
    yield from _registers(look, expected)
    yield from _data(look, expected)
    if expected.stopped_days is not None:
        stood = case_file.stopped(
            look.ctx.session, look.case_id, look.row.started_at, look.ctx.now
        ).days
        if stood != expected.stopped_days:
            yield f"the clock should have stood {expected.stopped_days} days, stood {stood}"


def _ending(look: Look, expected: Expectation, *, final: bool) -> Iterator[str]:
    over = look.row.phase == CaseState.FINISHED
    if expected.end is msgspec.UNSET:
        if final and not over:
            yield f"the case should have ended; open are {_open(look)}"
    elif expected.end is None and over:
        yield f"the case should go on, it ended at {look.row.end_element}"
    elif expected.end is not None and look.row.end_element != expected.end:
        yield f"the end should be {expected.end}, is {look.row.end_element}; open are {_open(look)}"


def _open(look: Look) -> list[str]:
    items = case_file.open_items(look.ctx.session, look.case_id)
    return sorted(item.element.rsplit("/", 1)[-1] for item in items)


def _waiting(look: Look, expected: Expectation) -> Iterator[str]:
    if expected.open is not None and set(expected.open) != set(_open(look)):
        yield f"open should be {sorted(expected.open)}, are {_open(look)}"
    messages, _timers = case_file.waits(look.ctx.session, look.case_id)
    missing = set(expected.waiting) - {m.message for m in messages}
    if missing:
        yield f"should wait for {sorted(missing)}, waits for {sorted(m.message for m in messages)}"


def _path(look: Look, expected: Expectation) -> Iterator[str]:
    missing = first_missing(expected.path, look.visited)
    if missing is not None:
        yield f"the path should lead over {missing}, was {_squeezed(look.visited)}"
    strayed = set(expected.avoid) & set(look.visited)
    if strayed:
        yield f"the path should avoid {sorted(strayed)}"


def _ordered(what: str, wanted: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    missing = first_missing(wanted, found)
    if missing is not None:
        yield f"{what} should have {missing} in order {list(wanted)}, are {list(found)}"


def _decisions(look: Look, expected: Expectation) -> Iterator[str]:
    found = list(look.decisions)
    for wanted in expected.decisions:
        while found and not _decided(wanted, found[0]):
            found.pop(0)
        if not found:
            taken = [
                {name: d[name] for name in ("decision", "result", *wanted) if name in d}
                for d in look.decisions
            ]
            yield f"decision {wanted} was not taken in order; taken were {taken}"
            return
        found.pop(0)


def _told(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    own: Mapping[str, Any] = {}
    for table in tables_of(event):
        told = {"inputs": dict(table.inputs), "rows": [taken.row for taken in table.rows]}
        if table.decision == event["decision"]:
            own = told
        else:
            yield {"decision": table.decision, "result": table.value, **told}
    yield {**own, "decision": event["decision"], "result": event["result"]}


def _decided(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    return wanted["decision"] == found["decision"] and all(
        _fits(value, found.get(name)) for name, value in wanted.items()
    )


def _fits(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(name in found and found[name] == value for name, value in wanted.items())
    return bool(wanted == found)


def _registers(look: Look, expected: Expectation) -> Iterator[str]:
    for register, wanted in expected.register.items():
        rows = look.ctx.session.scalars(
            select(RegisterEntry.data).where(
                RegisterEntry.register == register, RegisterEntry.case_id == look.case_id
            )
        ).all()
        if not any(_fits(wanted, row) for row in rows):
            yield f"no entry in {register} has {wanted}; there are {rows}"


def _data(look: Look, expected: Expectation) -> Iterator[str]:
    for path, wanted in expected.data.items():
        found = _at(look.data, path)
        if found is _MISSING or not _fits(wanted, found):
            shown = "missing" if found is _MISSING else found
            yield f"{path} should be {wanted!r}, is {shown!r}"


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, Mapping) and part in data:
            data = data[part]
        else:
            return _MISSING
    return data


def first_missing(wanted: Iterable[str], found: Iterable[str]) -> str | None:
    """Return the first of some things that does not come in this order; None where all do."""
    rest = iter(found)
    return next((one for one in wanted if all(other != one for other in rest)), None)


def _squeezed(path: Sequence[str]) -> str:
    return " → ".join(e for e, before in zip(path, ["", *path], strict=False) if e != before)
