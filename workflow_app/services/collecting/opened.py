"""A collection as somebody meets it: its row, the files it was opened with, whether it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.collections import Collection
from workflow_app.queries.collections import NONE
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.form_builder import FormSchema, TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.programs import Published

collections = table_of(Collection)
_cases = table_of(Case)
COUNT, ANSWERED, ALL = "count", "answered", "all"
#: What people outside are shown of a collection, from nothing to every entry.
SHOWN = (NONE, COUNT, ANSWERED, ALL)
AT_ONCE, CLOSING = "at_once", "closing"
_CASE = (_cases.c.number, _cases.c.territory_path.label("path"), _cases.c.title.label("case_title"))
_FACTS = (_cases.c.language.label("case_language"), _cases.c.territory_code.label("territory"))


class CollectionClosed(Conflict):
    """An entry came when the collection was closed (params: when); it was not taken."""

    message = N_("This closed on %(when)s. What you sent was not taken.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A collection with the version of the process that it was opened by.

    `row` has its columns and those of its case: number, path (of its territory), case_title,
    case_language, territory.
    """

    row: Any
    published: Published

    @property
    def schema(self) -> FormSchema:
        """Return the form of an entry."""
        return self.published.form(self.row.form)

    def closed_since(self, now: datetime) -> datetime | None:
        """Return when it closed, to the second of the server's clock; None while it is open."""
        ends = [at for at in (self.row.closed_at, self.row.closes_at) if at is not None]
        return min(ends) if ends and min(ends) <= now else None

    def require_open(self, now: datetime) -> None:
        """Raise CollectionClosed unless entries are taken now."""
        since = self.closed_since(now)
        if since is not None:
            raise CollectionClosed(when=since)

    def is_sealed(self, now: datetime) -> bool:
        """Tell whether nobody reads entries yet: those of seats, while seats may change them.

        Else whoever runs a workshop could speak to people about scores that are not in.
        """
        asks = self.row.answer_form is not None
        return bool(self.row.seats) and not asks and self.closed_since(now) is None

    def shows_answers(self, now: datetime) -> bool:
        """Tell whether people outside may read answers now."""
        early = self.row.publishing == AT_ONCE
        return self.row.show in (ANSWERED, ALL) and (early or self.closed_since(now) is not None)


def find_opened(ctx: Context, number: str, key: str) -> Opened:
    """Return a collection by its case's number and its key. Raises NotFound."""
    return _opened(ctx, _joined().where(_cases.c.number == number, collections.c.key == key))


def opened_in(ctx: Context, case_id: int, key: str) -> Opened:
    """Return a collection of a case. Raises NotFound."""
    return _opened(ctx, _joined().where(_cases.c.id == case_id, collections.c.key == key))


def opened_by_id(ctx: Context, collection_id: int) -> Opened:
    """Return a collection by its id. Raises NotFound."""
    return _opened(ctx, _joined().where(collections.c.id == collection_id))


def collections_of(ctx: Context, case_id: int) -> list[Any]:
    """Return the rows of a case's collections, the first opened first."""
    query = select(collections).where(collections.c.case_id == case_id)
    return list(ctx.session.execute(query.order_by(collections.c.opened_at, collections.c.key)))


def bind(
    ctx: Context,
    opened: Opened,
    form: str,
    posted: Posted | None,
    *,
    known: Mapping[str, Any],
    owner: str,
) -> TaskForm:
    """Return one of the collection's forms over what it was opened with and what else is `known`.

    The form sees the names of `data`, `case`, `collection`, and those of `known`.
    """
    row = opened.row
    about = {"number": row.number, "title": row.case_title, "territory": row.territory}
    closes = row.closes_at.isoformat() if row.closes_at else None
    own = {"key": row.key, "title": row.title, "closes": closes}
    return make_form(
        ctx,
        opened.published,
        form,
        data={**row.data, "case": about, "collection": own, **known},
        host=Host(ctx, row.path, row.case_id),
        posted=posted,
        owner=owner,
        case_id=row.case_id if ctx.actor.is_signed_in else None,
    )


def _joined() -> Select[Any]:
    return select(collections, *_CASE, *_FACTS).join_from(
        collections, _cases, _cases.c.id == collections.c.case_id
    )


def _opened(ctx: Context, query: Select[Any]) -> Opened:
    row = ctx.session.execute(query).first()
    if row is None:
        raise NotFound
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    return Opened(row=row, published=published)
