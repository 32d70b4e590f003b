"""What is known of the runs of a draft's scenarios: how far one is, and what the last one found.

A run leaves files; whoever looks first stores what it found.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.models.base import table_of
from workflow_app.models.designing import DesignProof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from workflow_app.services.context import Context

FOLDER = "studio"
ORDER, PROGRESS, RESULT = "order.json", "progress.json", "result.json"
RUNNING, DONE, BROKEN = "running", "done", "broken"
#: So many seconds a run may take.
LONGEST = 1200
_proofs = table_of(DesignProof)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A run that ended: of which revision, when, by whom, and what it found.

    `state` is “done”, or “broken” for a run that could not begin or did not end. `details` has
    {rows: [{file, title, kind, ok, steps, seconds, problems, first}], coverage: {percent, visited,
    missed, tables}, why} as `probing` makes them.
    """

    revision: int
    digest: str
    at: datetime
    by: str
    state: str
    ok: bool
    scenarios: int
    failed: int
    coverage: int
    details: Mapping[str, Any]

    @property
    def passed(self) -> int:
        """Return how many scenarios and tests went as they say."""
        return self.scenarios - self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: so many files of all, and the one it is at."""

    done: int = 0
    all: int = 0
    now: str = ""


def proof_of(ctx: Context, draft_id: int) -> Proof | None:
    """Return the newest run of a draft's scenarios that ended; None for none."""
    _collect(ctx, draft_id)
    ended = (DesignProof.draft_id == draft_id, DesignProof.state != RUNNING)
    query = select(DesignProof).where(*ended).order_by(DesignProof.id.desc()).limit(1)
    row = ctx.session.scalar(query)
    return _proof(row) if row is not None else None


def _proof(row: DesignProof) -> Proof:
    return Proof(**{name: getattr(row, name) for name in Proof.__dataclass_fields__})


def running(ctx: Context, draft_id: int) -> Progress | None:
    """Return how far the run of a draft's scenarios is; None where none runs."""
    _collect(ctx, draft_id)
    proof = _running(ctx, draft_id)
    if proof is None:
        return None
    told = _read(proof_folder(ctx, proof.id) / PROGRESS)
    return Progress(**told) if told else Progress()


def is_running(ctx: Context, draft_id: int) -> bool:
    """Tell whether the scenarios of a draft run now."""
    return running(ctx, draft_id) is not None


def _collect(ctx: Context, draft_id: int) -> None:
    """Store what a run that ended left behind; whoever looks first does it."""
    proof = _running(ctx, draft_id)
    if proof is None:
        return
    folder = proof_folder(ctx, proof.id)
    result = _read(folder / RESULT)
    if result is None and not _is_lost(folder):
        return
    values = _values(result or {"state": BROKEN})
    mine = update(_proofs).where(_proofs.c.id == proof.id, _proofs.c.state == RUNNING)
    ctx.session.execute(mine.values(**values))
    ctx.session.expire(proof)
    shutil.rmtree(folder, ignore_errors=True)


def _values(result: Mapping[str, Any]) -> dict[str, Any]:
    if result["state"] != DONE:
        return {"state": BROKEN, "details": {}}
    rows, covered = result["rows"], result["coverage"]
    failed = sum(not row["ok"] for row in rows)
    return {
        "state": DONE,
        "ok": bool(rows) and not failed,
        "scenarios": len(rows),
        "failed": failed,
        "coverage": covered["percent"],
        "details": {"rows": rows, "coverage": covered},
    }


def _is_lost(folder: Path) -> bool:
    """Tell whether nobody will ever end a run: its folder is gone, or it is far too old."""
    order = folder / ORDER
    return not order.is_file() or time.time() - order.stat().st_mtime > LONGEST + 60


def _running(ctx: Context, draft_id: int) -> DesignProof | None:
    mine = (DesignProof.draft_id == draft_id, DesignProof.state == RUNNING)
    return ctx.session.scalar(select(DesignProof).where(*mine).order_by(DesignProof.id.desc()))


def proof_folder(ctx: Context, proof_id: int) -> Path:
    """Return where the files of a run stand."""
    return ctx.platform.settings.instance / FOLDER / f"proof-{proof_id}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found
