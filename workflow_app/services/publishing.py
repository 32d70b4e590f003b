"""Publishing versions: a seed whose files changed becomes the next version of its process.

A version that cannot run is refused with its findings; the last good one stays in use.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from difflib import unified_diff
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from workflow_app.engine import Finding, StepFailed
from workflow_app.engine.lint.rules.events import TIMER
from workflow_app.models.catalogue import (
    ProcessRefusal,
    ProcessVersion,
    ProcessVersionFile,
    SourceFile,
)
from workflow_app.models.designing import VersionScenario
from workflow_app.services.checking import check_source
from workflow_app.services.designing.words_index import index_words
from workflow_app.services.programs import load_source, publish_in_memory
from workflow_app.services.starts import drop_starts, replace_starts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.engine import Source
    from workflow_app.services.closure import Seeds
    from workflow_app.services.context import Context

SEED = "seed"


class Outcome(StrEnum):
    """What loading did with one process."""

    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    REFUSED = "refused"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """One process's outcome: findings when it was refused, a difference when it was edited."""

    key: str
    outcome: Outcome
    number: int | None = None
    findings: tuple[Finding, ...] = ()
    difference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is noted of a version beside its files; the names are those of its row."""

    approved_by: str | None = None
    note: str | None = None
    draft_id: int | None = None
    in_files: bool = False
    retired_at: datetime | None = None
    retired_by: str | None = None


def load_seeds(ctx: Context, seeds: Seeds) -> list[LoadResult]:
    """Publish every process whose seed changed; a faulty one is refused and the rest go on."""
    stored = partial(tagged_source, ctx)
    return [load_seed(ctx, seeds.source(key, stored), seeds.scenarios(key)) for key in seeds.keys]


def tagged_source(ctx: Context, key: str, tag: str) -> Source | None:
    """Return the files of the newest published version of a process that has a version tag."""
    tagged = (ProcessVersion.key == key, ProcessVersion.version_tag == tag)
    query = select(ProcessVersion.id).where(*tagged).order_by(ProcessVersion.number.desc())
    found = ctx.session.scalar(query.limit(1))
    return load_source(ctx.session, found) if found is not None else None


def load_seed(
    ctx: Context, source: Source, scenarios: Mapping[str, str] | None = None
) -> LoadResult:
    """Publish one process if its files changed since it was last loaded.

    A version made in the studio is replaced only once the files have held it; its words stay, and
    a retired process stays retired.
    """
    digest = digest_of(source.files)
    newest = newest_version(ctx, source.key)
    if newest is not None and newest.sha256 == digest:
        newest.in_files = True
        if newest.published_by == SEED:
            _replace_scenarios(ctx, newest.id, scenarios or {})
        _forget_refusal(ctx, source.key)
        return LoadResult(key=source.key, outcome=Outcome.UNCHANGED, number=newest.number)
    if newest is not None and newest.published_by != SEED and not newest.in_files:
        return LoadResult(
            key=source.key,
            outcome=Outcome.EDITED,
            number=newest.number,
            difference=difference(load_source(ctx.session, newest.id), source),
        )
    findings = check_source(ctx, source)
    errors = tuple(f for f in findings if f.severity == "error")
    if errors:
        _refuse(ctx, source.key, digest, errors)
        return LoadResult(key=source.key, outcome=Outcome.REFUSED, findings=errors)
    try:
        number = _publish_seed(ctx, source, newest, scenarios)
    except StepFailed as failure:
        refused = (_no_time(source, failure),)
        _refuse(ctx, source.key, digest, refused)
        return LoadResult(key=source.key, outcome=Outcome.REFUSED, findings=refused)
    return LoadResult(
        key=source.key, outcome=Outcome.PUBLISHED, number=number, findings=tuple(findings)
    )


def _publish_seed(
    ctx: Context,
    source: Source,
    newest: ProcessVersion | None,
    scenarios: Mapping[str, str] | None,
) -> int:
    """Publish a seed as the version after the newest one; returns its number."""
    number, words, origin = 1, {}, Origin(in_files=True)
    if newest is not None:
        number, words = newest.number + 1, newest.words
        origin = replace(origin, retired_at=newest.retired_at, retired_by=newest.retired_by)
    with ctx.session.begin_nested():
        publish_version(
            ctx,
            source,
            number=number,
            by=SEED,
            checked=True,
            words=words,
            scenarios=scenarios,
            origin=origin,
        )
    return number


def _no_time(source: Source, failure: StepFailed) -> Finding:
    """Return the finding about a timer start whose time cannot be worked out."""
    return Finding(
        code=TIMER.code,
        severity=TIMER.severity,
        file=f"processes/{source.key}/{source.key}.bpmn",
        element=failure.element,
        line=None,
        message=TIMER.message,
        params={"name": failure.element, "reason": failure.params["reason"]},
        fix=TIMER.fix,
    )


def newest_versions(ctx: Context) -> list[ProcessVersion]:
    """Return the newest version of every process."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    query = select(ProcessVersion).where(ProcessVersion.id.in_(newest)).order_by(ProcessVersion.key)
    return list(ctx.session.scalars(query))


def publish_version(  # noqa: PLR0913 - what a version is made of, each part its own
    ctx: Context,
    source: Source,
    *,
    number: int,
    by: str,
    checked: bool = False,
    words: Mapping[str, Mapping[str, str]] | None = None,
    scenarios: Mapping[str, str] | None = None,
    origin: Origin | None = None,
) -> int:
    """Store a version and return its id; its start events replace those of the one before.

    `checked`: `check_source` found no error in it; `scenarios` by path stand beside its files, and
    do not count in its hash. Raises engine.InvalidSource, FileRefused, engine.StepFailed for a
    timer start without a time.
    """
    published, origin = publish_in_memory(source, checked=checked), origin or Origin()
    version = ProcessVersion(
        key=source.key,
        number=number,
        sha256=digest_of(source.files),
        title=published.manifest.title,
        startable=any(s.form for s in published.program.starts.values()),
        published_at=ctx.now,
        published_by=by,
        words=dict(words or {}),
        version_tag=published.program.version_tag,
        **asdict(origin),
    )
    ctx.session.add(version)
    ctx.session.flush()
    _store_files(ctx, version.id, source.files, ProcessVersionFile)
    _store_files(ctx, version.id, scenarios or {}, VersionScenario)
    if origin.retired_at is None:
        replace_starts(ctx, version.id, published)
    else:
        drop_starts(ctx, source.key)
    _forget_refusal(ctx, source.key)
    return version.id


def difference(stored: Source, seed: Source) -> str:
    """Return a unified difference of two versions' files."""
    lines: list[str] = []
    for path in sorted({*stored.files, *seed.files}):
        old, new = (s.files.get(path, "").splitlines() for s in (stored, seed))
        lines += unified_diff(old, new, f"stored/{path}", f"seed/{path}", lineterm="")
    return "\n".join(lines)


def digest_of(files: Mapping[str, str]) -> str:
    """Return one hash for a set of files; scenarios are no part of a version's behaviour."""
    body = "".join(f"{path}\0{text}\0" for path, text in sorted(files.items()))
    return _sha256(body)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _store_files(
    ctx: Context,
    version_id: int,
    files: Mapping[str, str],
    table: type[ProcessVersionFile | VersionScenario],
) -> None:
    """Store texts that are not stored yet, and say which stands at which path in a version."""
    if not files:
        return
    digests = store_texts(ctx, files)
    index_words(ctx, files)
    links: list[dict[str, Any]] = [
        {"version_id": version_id, "path": path, "sha256": digest}
        for path, digest in digests.items()
    ]
    ctx.session.execute(insert(table), links)


def _replace_scenarios(ctx: Context, version_id: int, scenarios: Mapping[str, str]) -> None:
    """Let the scenarios of the files stand beside a version that they have not changed."""
    here = VersionScenario.version_id == version_id
    query = select(VersionScenario.path, VersionScenario.sha256).where(here)
    known = {row.path: row.sha256 for row in ctx.session.execute(query)}
    if known != {path: _sha256(text) for path, text in scenarios.items()}:
        ctx.session.execute(delete(VersionScenario).where(here))
        _store_files(ctx, version_id, scenarios, VersionScenario)


def store_texts(ctx: Context, files: Mapping[str, str]) -> dict[str, str]:
    """Store the texts of files that are not stored yet; returns each path's hash."""
    digests = {path: _sha256(text) for path, text in files.items()}
    known = set(
        ctx.session.scalars(
            select(SourceFile.sha256).where(SourceFile.sha256.in_(set(digests.values())))
        )
    )
    fresh = {digests[path]: text for path, text in files.items() if digests[path] not in known}
    if fresh:
        rows = [{"sha256": digest, "body": text} for digest, text in fresh.items()]
        ctx.session.execute(insert(SourceFile), rows)
    return digests


def newest_version(ctx: Context, key: str) -> ProcessVersion | None:
    """Return the newest version of a process; None where it was never published."""
    versions = select(ProcessVersion).where(ProcessVersion.key == key)
    return ctx.session.scalar(versions.order_by(ProcessVersion.number.desc()).limit(1))


def _refuse(ctx: Context, key: str, digest: str, findings: tuple[Finding, ...]) -> None:
    _forget_refusal(ctx, key)
    ctx.session.add(
        ProcessRefusal(key=key, sha256=digest, findings=[f.text() for f in findings], at=ctx.now)
    )


def _forget_refusal(ctx: Context, key: str) -> None:
    ctx.session.execute(delete(ProcessRefusal).where(ProcessRefusal.key == key))
