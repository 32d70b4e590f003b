"""Operations on registers: reading entries and writing new versions of them.

A step sees what it wrote itself; what others write meanwhile makes it run again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import RegisterEntry
from workflow_app.services.marking import marks_of

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import NewRow, StepScope

MOST = 5_000
_entries = table_of(RegisterEntry)


def read_register(scope: StepScope, call: Call) -> dict[str, Any]:
    """Give the current entry of a key (or null), or all current entries, as `found`."""
    register = _known(scope, call)[0]
    own = {row.values["key"]: row.values["data"] for row in _asked(scope, register)}
    key = call.get("key")
    if key is not None or "key" in call.inputs:
        return {"found": _one(scope, register, str(key), own)}
    query = select(_entries.c.key, _entries.c.data).where(
        _entries.c.register == register, _entries.c.superseded_at.is_(None)
    )
    stored = scope.ctx.session.execute(query.order_by(_entries.c.key).limit(MOST + 1)).all()
    if len(stored) > MOST:
        text = N_("The register “%(name)s” has more than %(most)s entries: name a key.")
        raise OperationFailed(text, name=register, most=MOST)
    found = {row.key: row.data for row in stored} | own
    return {"found": [found[name] for name in sorted(found)]}


def upsert_register(scope: StepScope, call: Call) -> dict[str, Any]:
    """Write a new version of a register entry; the one before is kept and superseded.

    Without a `key` the entry's field that the register is ordered by says it.
    """
    register, key_field = _known(scope, call)
    entry = call.inputs.get("entry")
    if not isinstance(entry, dict):
        raise OperationFailed(N_("The input “entry” must be a context."))
    key = str(call.get("key") or entry.get(key_field) or call.need("key"))
    version = _newest_version(scope, register, key)
    same = (_entries.c.register == register, _entries.c.key == key, _entries.c.version == version)
    again = next((row for row in _asked(scope, register) if row.values["key"] == key), None)
    if again is not None:
        scope.rows.remove(again)
    elif version:
        scope.changes.append(update(_entries).where(*same).values(superseded_at=scope.ctx.now))
    put_entry(scope, register, key, version + 1, entry)
    return {"key": key, "version": version + 1}


def put_entry(
    scope: StepScope, register: str, key: str, version: int, data: dict[str, Any]
) -> None:
    """Ask for a version of an entry, marked with its territory and whether it may leave."""
    found = scope.ctx.session.get_one(RegisterDefinition, register)
    marks = marks_of(found.definition, data, scope.host.functions)
    told = {"register": register, "key": key, "version": version, "data": data}
    scope.insert(_entries, **told, at=scope.ctx.now, **marks)


def _known(scope: StepScope, call: Call) -> tuple[str, str]:
    """Return the register that is meant and the field that is its key."""
    register = str(call.need("register"))
    found = scope.ctx.session.get(RegisterDefinition, register)
    if found is None:
        raise OperationFailed(N_("There is no register “%(name)s”."), name=register)
    return register, str(found.definition.get("key") or "")


def _asked(scope: StepScope, register: str) -> list[NewRow]:
    """Return the entries that this step has asked to be written."""
    rows = (row for row in scope.rows if row.table is _entries)
    return [row for row in rows if row.values["register"] == register]


def _one(scope: StepScope, register: str, key: str, own: dict[str, Any]) -> Any:
    if key in own:
        return own[key]
    query = select(_entries.c.data).where(
        _entries.c.register == register,
        _entries.c.key == key,
        _entries.c.superseded_at.is_(None),
    )
    return scope.ctx.session.scalar(query)


def _newest_version(scope: StepScope, register: str, key: str) -> int:
    newest = select(func.max(_entries.c.version))
    own = newest.where(_entries.c.register == register, _entries.c.key == key)
    return int(scope.ctx.session.scalar(own) or 0)
