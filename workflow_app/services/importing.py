"""Uploaded tables as entries of a register: read, judged, compared with what stands there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.adapters.tables import Line, TableUnreadable, read_table
from workflow_app.adapters.words import Words
from workflow_app.config import LANGUAGES
from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.importing import Fault, Judged, Shape, judge, spelt
from workflow_app.domain.text import N_
from workflow_app.models.case import Document
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.people import Territory
from workflow_app.models.register import RegisterEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.services.context import Context

NO_FILE = N_("There is no file to read.")
NOT_TAKEN = N_("Nothing is imported into the register “%(name)s”.")
TOO_MANY = N_("The table has more than %(most)s lines. Divide it into several files.")
#: A register of this mark takes imports.
IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table would bring into a register; `current` are versions by key, where there."""

    judged: Judged
    digest: str
    current: Mapping[str, tuple[int, dict[str, Any]]]

    @property
    def new(self) -> dict[str, dict[str, Any]]:
        """Return the entries that the register does not have."""
        return {key: one for key, one in self.judged.entries.items() if key not in self.current}

    @property
    def changed(self) -> dict[str, dict[str, Any]]:
        """Return the entries that say something else than the register, in full."""
        both = {key: one for key, one in self.judged.entries.items() if key in self.current}
        full = {key: {**self.current[key][1], **one} for key, one in both.items()}
        return {key: one for key, one in full.items() if _said(one) != _said(self.current[key][1])}


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry says: a field that holds nothing is as good as none."""
    return {name: value for name, value in entry.items() if value is not None}


def importable(ctx: Context, register: str) -> RegisterDefinition:
    """Return a register that takes imports. Raises OperationFailed."""
    found = ctx.session.get(RegisterDefinition, register)
    if found is None or not found.definition.get(IMPORTED):
        raise OperationFailed(NOT_TAKEN, name=register)
    return found


def read_import(
    ctx: Context, register: RegisterDefinition, file: Any, case_id: int | None, most: int
) -> Table:
    """Read a file of a case as entries of a register. Raises OperationFailed without a file."""
    data = _bytes_of(ctx, file, case_id)
    try:
        judged = judge(_limited(read_table(data), most), _shape(ctx, register.definition))
    except TableUnreadable as wrong:
        judged = Judged({}, (Fault(1, "", "", wrong.text, wrong.params),))
    digest = hashlib.sha256(data).hexdigest()
    return Table(judged=judged, digest=digest, current=_current(ctx, register.key, judged))


def faults_told(ctx: Context, faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return faults as rows in the reader's language: line, column, value, text."""
    words = Words(ctx.language)
    return [
        {
            "line": one.line,
            "column": one.column,
            "value": one.value,
            "text": words.text(one.text, **one.told),
        }
        for one in faults
    ]


def _limited(lines: Iterable[Line], most: int) -> Iterable[tuple[int, tuple[str, ...]]]:
    for count, line in enumerate(lines):
        if count > most:
            raise TableUnreadable(TOO_MANY, most=most)
        yield line.number, line.cells


def _bytes_of(ctx: Context, file: Any, case_id: int | None) -> bytes:
    """Return the bytes of the newest file of a file field's answer, of this case alone."""
    newest = file[-1] if isinstance(file, list) and file else file
    key = newest.get("document") if isinstance(newest, dict) else None
    document = ctx.session.get(Document, key) if key else None
    if document is None or document.store_key is None or document.case_id not in (None, case_id):
        raise OperationFailed(NO_FILE)
    return ctx.platform.files.read(document.store_key)


def _shape(ctx: Context, definition: Mapping[str, Any]) -> Shape:
    """Return what a register asks of a table; names and words count in every language."""
    fields = definition["fields"]
    labels = {one["name"]: _in_all(one["label"]) for one in fields}
    places = ctx.session.execute(select(Territory.code, Territory.name)).all()
    return Shape(
        fields=fields,
        key=definition["key"],
        names=dict(spelt(labels)),
        places=dict(spelt({row.code: _in_all(row.name) for row in places})),
        words={
            one["name"]: dict(spelt({code: _in_all(word) for code, word in one["words"].items()}))
            for one in fields
            if one.get("words")
        },
    )


def _in_all(msgid: str) -> set[str]:
    return {msgid, *(Words(language).text(msgid) for language in LANGUAGES)}


def _current(ctx: Context, register: str, judged: Judged) -> dict[str, tuple[int, dict[str, Any]]]:
    """Return version and data of the entries that stand in the register under the same keys."""
    keys = list(judged.entries)
    found: dict[str, tuple[int, dict[str, Any]]] = {}
    for start in range(0, len(keys), 500):
        query = select(RegisterEntry.key, RegisterEntry.version, RegisterEntry.data).where(
            RegisterEntry.register == register,
            RegisterEntry.superseded_at.is_(None),
            RegisterEntry.key.in_(keys[start : start + 500]),
        )
        found |= {row.key: (row.version, row.data) for row in ctx.session.execute(query)}
    return found
