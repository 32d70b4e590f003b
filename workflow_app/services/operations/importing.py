"""The operations that read an uploaded table and bring it into a register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.register import RegisterEntry
from workflow_app.services.importing import Table, faults_told, importable, read_import
from workflow_app.services.operations.registers import put_entry

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

OTHER_FILE = N_("The file is not the one that was checked.")
FAULTY = N_("The table has faults now; nothing was entered. Read it again.")
SAMPLE = 10
_entries = table_of(RegisterEntry)


def read_uploaded(scope: StepScope, call: Call) -> dict[str, Any]:
    """Judge the table in `file` (a file field's answer) as entries of `register`.

    Gives `count`, `new`, `changed`, `same`, `fault_count`, `faults` (the first of them: line,
    column, value, text), `sample` (the first keys), `digest` (what `register.import` asks for).
    """
    table = _table(scope, call)
    entries, faults = table.judged.entries, table.judged.faults
    shown = int(scope.host.number("import.shown"))
    new, changed = len(table.new), len(table.changed)
    return {
        "count": len(entries),
        "new": new,
        "changed": changed,
        "same": len(entries) - new - changed,
        "fault_count": len(faults),
        "faults": faults_told(scope.ctx, faults[:shown]),
        "sample": list(entries)[:SAMPLE],
        "digest": table.digest,
    }


def import_entries(scope: StepScope, call: Call) -> dict[str, Any]:
    """Enter the table in `file` into `register`: new entries, and new versions of changed ones.

    `digest` is that of the table that was judged; `source` goes into the field of that name where
    the register has one. All or nothing. Gives `new`, `changed`.
    """
    table = _table(scope, call)
    if table.digest != call.need("digest"):
        raise OperationFailed(OTHER_FILE)
    if table.judged.faults:
        raise OperationFailed(FAULTY)
    register = importable(scope.ctx, str(call.need("register")))
    named = {field["name"] for field in register.definition["fields"]}
    source = {"source": str(call.need("source"))} if "source" in named else {}
    for key, entry in table.new.items():
        put_entry(scope, register.key, key, 1, {**entry, **source})
    for key, entry in table.changed.items():
        version = table.current[key][0]
        same = (_entries.c.register == register.key, _entries.c.key == key)
        scope.changes.append(
            update(_entries)
            .where(*same, _entries.c.version == version)
            .values(superseded_at=scope.ctx.now)
        )
        put_entry(scope, register.key, key, version + 1, {**entry, **source})
    return {"new": len(table.new), "changed": len(table.changed)}


def _table(scope: StepScope, call: Call) -> Table:
    register = importable(scope.ctx, str(call.need("register")))
    most = int(scope.host.number("import.rows"))
    return read_import(scope.ctx, register, call.need("file"), scope.case.id, most)
