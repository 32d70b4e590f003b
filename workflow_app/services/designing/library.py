"""The library: every process with its state, who owns it, what runs of it, how proven it is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.models.catalogue import ProcessVersionFile
from workflow_app.models.designing import SourceWords
from workflow_app.queries import designs
from workflow_app.services.designing.sources import published_files
from workflow_app.services.designing.translated import share_in
from workflow_app.services.designing.word_search import files_saying
from workflow_app.services.designing.words_index import index_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.models.designing import DesignDraft, DesignProof
    from workflow_app.queries.designs import Found
    from workflow_app.services.context import Context

#: Shares counted so far, by the hashes of a version's files and of its words.
MOST_SHARES = 2000
_shares: dict[tuple[str, str], int] = {}
STATES = ("published", "retired", "draft", "review", "approved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A process in the library; `newest` is the row of its newest version, if there is one."""

    key: str
    title: str
    newest: Any
    draft: DesignDraft | None
    running: int
    translated: int | None
    proof: DesignProof | None
    found: Sequence[Found] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Return “published” or “retired”, then the state of its open draft."""
        states = []
        if self.newest is not None:
            states.append("retired" if self.newest.retired_at else "published")
        return (*states, *(() if self.draft is None else (self.draft.state,)))


def processes_of(ctx: Context, search: str = "", state: str = "") -> list[Listed]:
    """Return every process whose files hold the words searched for, in the order of titles.

    `state`: only those with a version or draft of this state.
    """
    newest = {row.key: row for row in designs.newest_of_all(ctx.session)}
    drafts = designs.open_drafts(ctx.session)
    found = _found(ctx, search)
    running, proofs = designs.running_by_key(ctx.session), designs.proofs_by_key(ctx.session)
    listed = [
        Listed(
            key=key,
            title=newest[key].title if key in newest else drafts[key].title,
            newest=newest.get(key),
            draft=drafts.get(key),
            running=running.get(key, 0),
            translated=_translated(ctx, newest[key]) if key in newest else None,
            proof=proofs.get(key),
            found=found.get(key, ()) if found is not None else (),
        )
        for key in sorted({*newest, *drafts})
        if found is None or key in found
    ]
    return [one for one in listed if not state or state in one.states]


def index_published(ctx: Context) -> None:
    """Keep the words of files that were published before words were kept."""
    query = (
        select(ProcessVersionFile.sha256, ProcessVersionFile.path)
        .outerjoin(SourceWords, SourceWords.sha256 == ProcessVersionFile.sha256)
        .where(SourceWords.sha256.is_(None))
    )
    index_missing(ctx, {row.sha256: row.path for row in ctx.session.execute(query)})


def _found(ctx: Context, search: str) -> dict[str, list[Found]] | None:
    files = files_saying(ctx, search)
    if files is None:
        return None
    by_key: dict[str, list[Found]] = {}
    for one in files:
        by_key.setdefault(one.key, []).append(one)
    return by_key


def _translated(ctx: Context, version: Any) -> int:
    """Return how much of a version's own words is translated, in percent; counted once."""
    said = hashlib.sha256(json.dumps(version.words, sort_keys=True).encode()).hexdigest()
    name = (version.sha256, said)
    if name not in _shares:
        own = tuple(f"{top}/{version.key}/" for top in ("processes", "forms"))
        files = {p: text for p, text in published_files(ctx).items() if p.startswith(own)}
        if len(_shares) >= MOST_SHARES:
            _shares.clear()
        _shares[name] = share_in(files, version.words).percent
    return _shares[name]
