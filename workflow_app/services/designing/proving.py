"""Proving a draft: all its scenarios run in a child process, and the server goes on."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import Conflict, DomainError
from workflow_app.domain.text import N_
from workflow_app.models.designing import DesignProof
from workflow_app.services.designing.children import start_child
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.paths import is_scenario
from workflow_app.services.designing.playing import drafted_of, new_folder
from workflow_app.services.designing.proofs import (
    BROKEN,
    LONGEST,
    ORDER,
    RUNNING,
    is_running,
    proof_folder,
)
from workflow_app.services.designing.sandbox import build_base
from workflow_app.services.designing.sources import draft_texts, scenarios_of
from workflow_app.services.publishing import digest_of, newest_versions

if TYPE_CHECKING:
    from pathlib import Path

    from workflow_app.services.context import Context

CHILD = "workflow_app.services.designing.prover"
#: So many drafts may be proved at once.
MOST_AT_ONCE = 2
PASSED_ON = ("service_name", "accent", "language", "base_url", "mail_from")
PATHS = ("processes", "forms", "translations")


class OthersRun(Conflict):
    """The scenarios of other drafts run now, and the machine has to serve people too."""

    message = N_("The scenarios of other drafts are running. Try again in a minute.")


def begin_proof(ctx: Context, draft_id: int) -> None:
    """Begin to run all scenarios of a draft; nothing where they run already.

    A draft that cannot run has its proof at once, a broken one. Raises NotFound, OthersRun.
    """
    if is_running(ctx, draft_id):
        return
    others = select(DesignProof.id).where(DesignProof.state == RUNNING).limit(MOST_AT_ONCE)
    if len(ctx.session.scalars(others).all()) >= MOST_AT_ONCE:
        raise OthersRun
    draft = draft_of(ctx, draft_id)
    known = {"draft_id": draft_id, "revision": draft.revision, "by": ctx.actor.username}
    proof = DesignProof(**known, at=ctx.now, state=RUNNING, digest="", details={})
    try:
        made, proof.digest = _prepared(ctx, draft_id)
    except DomainError as wrong:
        proof.state, proof.details = BROKEN, {"why": _told(wrong)}
        ctx.session.add(proof)
        return
    ctx.session.add(proof)
    ctx.session.flush()
    shutil.rmtree(proof_folder(ctx, proof.id), ignore_errors=True)
    made.rename(proof_folder(ctx, proof.id))
    start_child(CHILD, proof_folder(ctx, proof.id), LONGEST)


def _prepared(ctx: Context, draft_id: int) -> tuple[Path, str]:
    """Make the folder of a run and return it with the digest of what runs. Raises DomainError.

    Nothing is written to our database meanwhile: it takes a second or two.
    """
    folder = new_folder(ctx)
    try:
        drafted = drafted_of(ctx, draft_id)
        version = build_base(ctx, drafted, folder, ctx.now)
        _lay_scenarios(ctx, draft_id, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    settings = ctx.platform.settings
    passed = {name: str(getattr(settings, name)) for name in (*PASSED_ON, *PATHS)}
    order = {"key": drafted.source.key, "version": version, "settings": passed}
    (folder / ORDER).write_text(json.dumps(order), "utf-8")
    return folder, digest_of(drafted.source.files)


def _lay_scenarios(ctx: Context, draft_id: int, folder: Path) -> None:
    """Write the scenario files of the draft, and those of other processes that they borrow from."""
    draft = draft_of(ctx, draft_id)
    files: dict[str, str] = {}
    for version in newest_versions(ctx):
        if version.key != draft.key:
            files |= scenarios_of(ctx, version.id)
    files |= {path: body for path, body in draft_texts(ctx, draft_id).items() if is_scenario(path)}
    for path, body in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body, "utf-8")


def _told(wrong: DomainError) -> dict[str, Any]:
    why, details = wrong.told()
    return {"why": why, "details": {name: str(value) for name, value in details.items()}}
