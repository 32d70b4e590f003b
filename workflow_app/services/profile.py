"""What an organisation says of itself once and uses again: answers and papers.

A field of a form takes part by its property: `profile="true"` for an answer, `keep="true"` for
files. The names of the fields are what forms share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.ids import random_id
from workflow_app.domain.text import N_
from workflow_app.form_builder.paths import get_path
from workflow_app.form_builder.schema import ComponentType, Item, members
from workflow_app.models.applicants import Paper, ProfileField
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.upsert import insert_or
from workflow_app.services.documents import files_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from workflow_app.form_builder import FormSchema
    from workflow_app.services.context import Context

OVER = N_("“%(name)s” was valid until %(on)s. Attach a newer one.")
_fields = table_of(ProfileField)
_papers = table_of(Paper)
_documents = table_of(Document)


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A document that an organisation may use again; `kind` is the name of its field."""

    id: int
    kind: str
    label: str
    name: str
    document_id: int
    given_at: datetime
    lasts_until: date | None

    def is_over(self, today: date) -> bool:
        """Tell whether its validity is over; without a last day it never is."""
        return self.lasts_until is not None and self.lasts_until < today


def profile_of(ctx: Context, code: str) -> dict[str, Any]:
    """Return what an organisation last said of itself, by field."""
    query = select(_fields.c.field, _fields.c.value).where(_fields.c.organisation_code == code)
    return {row.field: row.value["value"] for row in ctx.connection.execute(query)}


def papers_of(ctx: Context, code: str) -> list[KeptPaper]:
    """Return the papers of an organisation, the newest of each kind first."""
    query = (
        select(_papers, _documents.c.name)
        .join(_documents, _documents.c.id == _papers.c.document_id)
        .where(_papers.c.organisation_code == code)
        .order_by(_papers.c.kind, _papers.c.id.desc())
    )
    return [
        KeptPaper(r.id, r.kind, r.label, r.name, r.document_id, r.at, r.lasts_until)
        for r in ctx.connection.execute(query)
    ]


def set_validity(ctx: Context, code: str, paper_id: int, last: date | None) -> None:
    """Keep until when a paper of an organisation is valid, both days included. Raises NotFound."""
    mine = (_papers.c.id == paper_id, _papers.c.organisation_code == code)
    done = ctx.connection.execute(update(_papers).where(*mine).values(lasts_until=last))
    if done.rowcount != 1:
        raise NotFound


def remember(ctx: Context, code: str, schema: FormSchema, answers: Mapping[str, Any]) -> None:
    """Keep of a form that was sent what the organisation will be asked again."""
    for name, item in _all(schema.items, ""):
        value = get_path(answers, tuple(name.split("-")))
        if item.source.properties.get("profile") == "true" and value is not None:
            _keep_field(ctx, code, name, value)
        if item.type is ComponentType.FILEPICKER and _is_kept(item):
            for document_id in files_in(value):
                _keep_paper(ctx, code, name, item.source.label, document_id)


def _is_kept(item: Item) -> bool:
    return item.source.properties.get("keep") == "true"


def _all(items: tuple[Item, ...], prefix: str) -> Iterator[tuple[str, Item]]:
    """Yield the fields outside lists with the names under which they are posted."""
    for item in members(items):
        if item.is_nested_group:
            yield from _all(item.children, f"{prefix}{item.name}-")
        elif item.type is not ComponentType.DYNAMICLIST:
            yield f"{prefix}{item.name}", item


def _keep_field(ctx: Context, code: str, field: str, value: object) -> None:
    values = {"value": {"value": value}, "at": ctx.now, "by": ctx.actor.username}
    row = insert_or(ctx.session, _fields).values(organisation_code=code, field=field, **values)
    keys = ["organisation_code", "field"]
    ctx.session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))


def _keep_paper(ctx: Context, code: str, kind: str, label: str, document_id: int) -> None:
    known = select(_documents.c.sha256).where(_documents.c.id == document_id).scalar_subquery()
    same = (
        select(_papers.c.id)
        .join(_documents, _documents.c.id == _papers.c.document_id)
        .where(_papers.c.organisation_code == code, _papers.c.kind == kind)
        .where(_documents.c.sha256 == known)
    )
    if ctx.connection.execute(same).first() is None:
        ctx.connection.execute(
            insert(_papers).values(
                organisation_code=code,
                kind=kind,
                label=label,
                document_id=document_id,
                at=ctx.now,
                by=ctx.actor.username,
            )
        )


def use_again(ctx: Context, code: str, paper_id: int, *, owner: str) -> int:
    """Copy a paper for a draft of the organisation; returns the new document. Raises NotFound.

    The bytes are stored once; the copy becomes a document of the new case when that is sent.
    Raises Invalid for a paper whose validity is over.
    """
    query = (
        select(_documents, _papers.c.lasts_until)
        .join(_papers, _papers.c.document_id == _documents.c.id)
        .where(_papers.c.id == paper_id, _papers.c.organisation_code == code)
    )
    found = ctx.connection.execute(query).mappings().first()
    if found is None:
        raise NotFound
    row = dict(found)
    last = row.pop("lasts_until")
    if last is not None and last < ctx.now.date():
        raise Invalid(OVER, name=row["name"], on=last.isoformat())
    key = random_id()
    fresh = {"id": key, "case_id": None, "owner": owner, "for_key_holder": False}
    told = {"created_at": ctx.now, "created_by": ctx.actor.username, "is_public": False}
    ctx.connection.execute(insert(_documents).values(**{**row, **fresh, **told}))
    return key
