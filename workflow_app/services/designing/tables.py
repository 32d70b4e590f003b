"""The decision tables of a draft: which there are, which steps ask them; new ones, deleted ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.dmn.drawn import drawn_tables
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.services.designing.adding import add_new
from workflow_app.services.designing.drafts import (
    delete_file,
    draft_of,
    files_of,
    read_file,
)
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.limits import fits
from workflow_app.services.designing.sources import published_files, version_files
from workflow_app.services.designing.undoing import write_edited
from workflow_app.services.designing.uses import Use, uses_of_decisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from workflow_app.dmn import DecisionModel
    from workflow_app.dmn.drawn import DrawnTable
    from workflow_app.engine import Finding
    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile

NO_TITLE = N_("Enter a title.")


class DecisionInUse(Conflict):
    """A file of decisions cannot go while a step asks one of them (params: table, steps)."""

    message = N_("“%(table)s” is asked by: %(steps)s. Let them ask another decision first.")


@dataclass(frozen=True, slots=True)
class Asker:
    """A decision of a file: its id, its name, how many rows its table has, and who asks it."""

    id: str
    title: str
    rows: int | None
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A file of decisions; `decisions` is empty where it cannot be read."""

    name: str
    decisions: tuple[Asker, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class TableLook:
    """A file of decisions as it stands: its tables drawn, its model, and what is wrong with it.

    `model` is None where the file is too large to be read while somebody waits (`large`) or cannot
    be read at all, which `findings` tell.
    """

    name: str
    path: str
    file: DraftFile
    drawn: Mapping[str, DrawnTable]
    model: DecisionModel | None
    findings: tuple[Finding, ...]
    large: bool = False


def table_path(key: str, name: str) -> str:
    """Return where a file of decisions of a process stands."""
    return f"processes/{key}/{name}.dmn"


def tables_of(ctx: Context, draft_id: int) -> tuple[ListedTable, ...]:
    """Return the files of decisions of a draft by name. Raises NotFound."""
    key = draft_of(ctx, draft_id).key
    files = files_of(ctx, draft_id)
    uses = _uses(ctx, key, files)
    prefix, ending = table_path(key, "\0").split("\0")
    return tuple(
        _listed(file, path[len(prefix) : -len(ending)], uses)
        for path, file in sorted(files.items())
        if path.endswith(ending) and path.startswith(prefix) and "/" not in path[len(prefix) :]
    )


def look_at_table(ctx: Context, draft_id: int, name: str, *, checked: bool = True) -> TableLook:
    """Return a file of decisions with what is wrong with it, if that is asked. Raises NotFound."""
    path = table_path(draft_of(ctx, draft_id).key, name)
    file = read_file(ctx, draft_id, path)
    told = findings_of(ctx, draft_id) if checked else ()
    findings = tuple(one for one in told if one.file == path)
    if not fits(path, file.body):
        return TableLook(name, path, file, {}, None, findings, large=True)
    try:
        drawn = drawn_tables(file.body.encode())
    except DmnError:
        return TableLook(name, path, file, {}, None, findings)
    return TableLook(name, path, file, drawn, readable_model(file.body), findings)


@lru_cache(maxsize=16)
def readable_model(body: str) -> DecisionModel | None:
    """Return the model that a text holds, None where it cannot be read; the last ones are kept."""
    try:
        return load_decisions(body.encode())
    except DmnError:
        return None


def new_table(ctx: Context, draft_id: int, name: str, title: str) -> None:
    """Add a file with one decision table. Raises BadName, Invalid, NotOpen, HeldBySomebody."""
    if not title.strip():
        raise Invalid(NO_TITLE)
    add_new(ctx, draft_id, "table", name, title)


def delete_table(ctx: Context, draft_id: int, name: str) -> None:
    """Take a file of decisions that no step asks out of a draft.

    Raises NotFound, DecisionInUse, NotOpen, HeldBySomebody.
    """
    listed = next((one for one in tables_of(ctx, draft_id) if one.name == name), None)
    if listed is None:
        raise NotFound
    steps = [use.name or use.element for one in listed.decisions for use in one.uses]
    if steps:
        raise DecisionInUse(table=name, steps=", ".join(dict.fromkeys(steps)))
    delete_file(ctx, draft_id, table_path(draft_of(ctx, draft_id).key, name))


def write_table_text(ctx: Context, draft_id: int, name: str, text: str, revision: int) -> int:
    """Store the text of a file of decisions over the revision it was read at; return the new one.

    Raises NotFound, LostRace, FileNotTaken, NotOpen, HeldBySomebody.
    """
    if revision < 1:
        raise NotFound
    path = table_path(draft_of(ctx, draft_id).key, name)
    return write_edited(ctx, draft_id, path, text, revision)


def _uses(ctx: Context, key: str, files: Mapping[str, DraftFile]) -> dict[str, list[Use]]:
    """Return who asks which decision; other processes may borrow those of this one."""
    own = version_files({path: file.body for path, file in files.items()})
    ids = {one for path, text in own.items() if path.endswith(".dmn") for one in _ids(path, text)}
    others = {
        path: text
        for path, text in published_files(ctx).items()
        if not path.startswith(f"processes/{key}/") and any(f'"{one}"' in text for one in ids)
    }
    return uses_of_decisions(others | own)


def _ids(path: str, text: str) -> Iterator[str]:
    model = readable_model(text) if fits(path, text) else None
    yield from model.decisions if model else ()


def _listed(file: DraftFile, name: str, uses: Mapping[str, list[Use]]) -> ListedTable:
    model = readable_model(file.body) if fits(file.path, file.body) else None
    decisions = model.decisions.values() if model else ()
    return ListedTable(
        name,
        tuple(
            Asker(one.id, one.title or one.id, _rows(model, one.id), tuple(uses.get(one.id, ())))
            for one in decisions
        ),
        file.updated_at,
        file.updated_by,
    )


def _rows(model: DecisionModel | None, decision: str) -> int | None:
    table = model.graph.node(decision).table if model else None
    return len(table.rules) if table else None
