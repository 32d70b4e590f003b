"""A draft among everything that is published: the files it would be a version of.

Texts are kept by their digest, so looking at a draft while somebody types reads its own files and
a list of digests.
"""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow_app.domain.errors import NotFound
from workflow_app.engine.versions import MARK
from workflow_app.models.catalogue import ProcessVersion, ProcessVersionFile, SourceFile
from workflow_app.models.designing import DesignDraft, DesignFile, VersionScenario
from workflow_app.services.closure import LETTERS, Seeds
from workflow_app.services.designing.paths import is_register, is_scenario
from workflow_app.services.programs import load_source, publish_in_memory
from workflow_app.services.publishing import tagged_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.engine import Source
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

#: Sets of published files kept at once; a set is named by its versions' digests.
KEPT = 4
_kept: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
_keeping = Lock()


def published_files(ctx: Context) -> Mapping[str, str]:
    """Return the newest published text of every file of every process, by path.

    A process's own files are those of its own newest version; what stands in folders without a
    process comes from the newest version that borrowed it.
    """
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    wanted = (ProcessVersion.id, ProcessVersion.key, ProcessVersion.sha256)
    query = select(*wanted).where(ProcessVersion.id.in_(newest)).order_by(ProcessVersion.id)
    rows = ctx.session.execute(query).all()
    name = tuple((row.key, row.sha256) for row in rows)
    if name not in _kept:
        found = _files_of_versions(ctx, rows)
        with _keeping:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[name] = found
    return _kept.get(name) or _files_of_versions(ctx, rows)


def published_seeds(ctx: Context) -> Seeds:
    """Return everything published without any draft; scenarios and registers are left out."""
    return Seeds(published_files(ctx))


def seeds_of(ctx: Context, draft_id: int, changed: Mapping[str, str] | None = None) -> Seeds:
    """Return everything published with a draft's files in place of its process's own.

    `changed` are texts of the draft that nobody saved yet, by path. Raises NotFound.
    """
    draft = _draft(ctx, draft_id)
    own = tuple(f"{top}/{draft.key}/" for top in ("processes", "forms"))
    others = {p: text for p, text in published_files(ctx).items() if not p.startswith(own)}
    return Seeds(others | version_files(draft_texts(ctx, draft_id) | dict(changed or {})))


def source_of(ctx: Context, draft_id: int, changed: Mapping[str, str] | None = None) -> Source:
    """Return the closed set of files that a draft would be published as. Raises NotFound."""
    seeds = seeds_of(ctx, draft_id, changed)
    return seeds.source(_draft(ctx, draft_id).key, partial(tagged_source, ctx))


def published_of(ctx: Context, draft_id: int) -> Published:
    """Return a draft as if it were published. Raises engine.InvalidSource, FileRefused."""
    words = _draft(ctx, draft_id).words
    return publish_in_memory(source_of(ctx, draft_id), words=words)


def draft_texts(ctx: Context, draft_id: int) -> dict[str, str]:
    """Return the texts of all files of a draft by path."""
    query = select(DesignFile.path, DesignFile.body).where(DesignFile.draft_id == draft_id)
    return {row.path: row.body for row in ctx.session.execute(query)}


def version_files(files: Mapping[str, str]) -> dict[str, str]:
    """Return those of a draft's files that a version consists of."""
    return {p: text for p, text in files.items() if not is_scenario(p) and not is_register(p)}


def own_files_of(ctx: Context, version_id: int) -> dict[str, str]:
    """Return a version's own files with its scenarios, as a draft of it begins. Raises NotFound."""
    source = load_source(ctx.session, version_id)
    own = tuple(f"{top}/{source.key}/" for top in ("processes", "forms"))
    files = {path: text for path, text in source.files.items() if path.startswith(own)}
    return files | scenarios_of(ctx, version_id)


def scenarios_of(ctx: Context, version_id: int) -> dict[str, str]:
    """Return the scenario files that stand beside a version, by path."""
    query = select(VersionScenario.path, SourceFile.body).where(
        VersionScenario.version_id == version_id, SourceFile.sha256 == VersionScenario.sha256
    )
    return {row.path: row.body for row in ctx.session.execute(query)}


def _draft(ctx: Context, draft_id: int) -> DesignDraft:
    draft = ctx.session.get(DesignDraft, draft_id)
    if draft is None:
        raise NotFound
    return draft


def _files_of_versions(ctx: Context, versions: Sequence[Any]) -> dict[str, str]:
    keys = {row.id: row.key for row in versions}
    query = (
        select(ProcessVersionFile.version_id, ProcessVersionFile.path, ProcessVersionFile.sha256)
        .where(ProcessVersionFile.version_id.in_(keys))
        .order_by(ProcessVersionFile.version_id)
    )
    digests: dict[str, str] = {}
    published = set(keys.values())
    for row in ctx.session.execute(query):
        folder = row.path.split("/")[1]
        own = folder == keys[row.version_id]
        shared = row.path.startswith(LETTERS) or folder not in published
        if MARK not in folder and (own or shared):
            digests[row.path] = row.sha256
    wanted = SourceFile.sha256.in_(set(digests.values()))
    texts = ctx.session.execute(select(SourceFile.sha256, SourceFile.body).where(wanted))
    bodies = {row.sha256: row.body for row in texts}
    return {path: bodies[digest] for path, digest in digests.items()}
