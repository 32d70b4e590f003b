"""The library in words: rows of processes, files, registers and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.queries.case_file import titles
from workflow_app.queries.designs import (
    files_with,
    newest_of_all,
    open_drafts,
    running_by_version,
)
from workflow_app.services.designing.register_history import drafts_with, newest_changes
from workflow_app.services.designing.word_search import files_saying
from workflow_app.web.presenting.studio import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.models.designing import DesignDraft, DesignEvent
    from workflow_app.queries.designs import Found
    from workflow_app.services.context import Context
    from workflow_app.services.designing.library import Listed

SUFFIXES = {"forms": ".form", "tables": ".dmn"}
COLOURS = {"published": "green", "retired": "grey", "draft": "yellow", "discarded": "grey"}
MOST_NAMED = 5


def tag(state: str) -> dict[str, str]:
    """Return the label and colour of a state of a version or draft."""
    labels = {
        "published": _("Published"),
        "retired": _("Retired"),
        "draft": _("Draft"),
        "review": _("In review"),
        "approved": _("Approved"),
        "discarded": _("Discarded"),
    }
    return {"label": labels.get(state, state), "colour": COLOURS.get(state, "blue")}


def process_rows(ctx: Context, listed: Sequence[Listed]) -> list[dict[str, Any]]:
    """Return the processes as the library shows them, in the order of the reader's words."""
    owners = {one.draft.owner if one.draft else one.newest.published_by for one in listed}
    named = titles(ctx.session, owners)
    rows = [_process_row(one, named) for one in listed]
    return sorted(rows, key=lambda row: str(row["title"]).casefold())


def _process_row(one: Listed, named: dict[str, str]) -> dict[str, Any]:
    owner = one.draft.owner if one.draft else one.newest.published_by
    return {
        "key": one.key,
        "title": _(one.title),
        "url": url_for("studio_library.process", key=one.key),
        "number": one.newest.number if one.newest is not None else None,
        "tags": [tag(state) for state in one.states],
        "owner": _person(named, owner),
        "running": one.running,
        "translated": one.translated,
        "covered": one.proof.coverage if one.proof else None,
        "draft_id": one.draft.id if one.draft else None,
        "found": [_found(row) for row in one.found[:MOST_NAMED]],
        "more": max(0, len(one.found) - MOST_NAMED),
    }


def _found(row: Found) -> dict[str, str]:
    kinds = {
        "diagram": _("Diagram"),
        "form": _("Form"),
        "table": _("Decision table"),
        "letter": _("Letter"),
        "scenario": _("Scenario"),
        "register": _("Register"),
    }
    return {"kind": kinds.get(kind_of(row.path), _("File")), "title": row.title, "path": row.path}


def file_rows(ctx: Context, kind: str, search: str) -> list[dict[str, Any]]:
    """Return the forms or tables whose words are searched for, each once, by path."""
    by_path: dict[str, Found] = {}
    found = files_saying(ctx, search, SUFFIXES[kind])
    for one in files_with(ctx.session, (), SUFFIXES[kind]) if found is None else found:
        by_path[one.path] = one
    named = _process_titles(ctx)
    return [
        {
            "title": one.path.rsplit("/", 1)[-1] if one.draft_id else one.title,
            "path": path,
            "is_drafted": one.draft_id is not None,
            "url": url_for("studio_library.process", key=one.key),
            "process": named.get(one.key, one.key),
        }
        for path, one in sorted(by_path.items())
    ]


def _process_titles(ctx: Context) -> dict[str, str]:
    """Return what each process is called for the reader, by its key."""
    drafted = {key: draft.title for key, draft in open_drafts(ctx.session).items()}
    return drafted | {row.key: _(row.title) for row in newest_of_all(ctx.session)}


def register_rows(ctx: Context, search: str) -> list[dict[str, Any]]:
    """Return the registers whose words are searched for, in the order of their titles."""
    words = search.casefold().split()
    changes, drafts = newest_changes(ctx), drafts_with(ctx)
    rows = [
        register_row(ctx, one, changes.get(one.key), drafts.get(one.key, []))
        for one in ctx.session.scalars(select(RegisterDefinition))
        if all(word in _words_of(one) for word in words)
    ]
    return sorted(rows, key=lambda row: str(row["title"]).casefold())


def register_row(
    ctx: Context, one: RegisterDefinition, change: DesignEvent | None, drafts: Sequence[DesignDraft]
) -> dict[str, Any]:
    """Return one register: {key, title, fields, number, owner, tags, url, drafts}.

    `change` is its newest version, none where it stays as the files had it.
    """
    actor = change.actor if change is not None else None
    named = titles(ctx.session, {actor}) if actor else {}
    states = ["published", *dict.fromkeys(draft.state for draft in drafts)]
    return {
        "key": one.key,
        "title": _(one.definition["title"]),
        "fields": len(one.definition["fields"]),
        "number": change.data["number"] if change is not None else 1,
        "owner": _person(named, actor) if actor else _("from the folder of files"),
        "tags": [tag(state) for state in states],
        "url": url_for("studio_library.register", key=one.key),
        "drafts": [_draft_link(draft, one.key) for draft in drafts],
    }


def _draft_link(draft: DesignDraft, register: str) -> dict[str, str]:
    path = f"processes/registers/{register}.toml"
    return {"title": draft.title, "url": url_for("studio_texts.edit", draft_id=draft.id, path=path)}


def _words_of(one: RegisterDefinition) -> str:
    """Return what a search looks through: the register's words, also as the reader knows them."""
    read = [one.definition["title"], *(field["label"] for field in one.definition["fields"])]
    said = [one.key, str(one.definition), *(_(text) for text in read)]
    return " ".join(said).casefold()


def version_rows(ctx: Context, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return versions of a process with who published them and how many cases run on each."""
    running = running_by_version(ctx.session, [row.id for row in rows])
    people = {row.published_by for row in rows} | {row.approved_by for row in rows}
    named = titles(ctx.session, {one for one in people if one})
    return [
        {
            "id": row.id,
            "number": row.number,
            "at": row.published_at,
            "by": _person(named, row.published_by),
            "approved_by": _person(named, row.approved_by) if row.approved_by else None,
            "note": row.note,
            "running": running.get(row.id, 0),
            "tag": tag("retired") if row.retired_at else None,
            "url": url_for("studio_versions.show", version_id=row.id),
            "export_url": url_for("studio_carrying.version", version_id=row.id),
        }
        for row in rows
    ]


def _person(named: dict[str, str], username: str) -> str:
    if username == "seed":
        return str(_("From the files of this service"))
    return str(_(named.get(username, username)))
