"""Operations on collections: opening one, closing it, reading what came."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import select, update

from workflow_app.domain.errors import NotFound, OperationFailed
from workflow_app.domain.ids import is_provisional, random_id
from workflow_app.domain.text import N_
from workflow_app.feel import to_json
from workflow_app.form_builder.schema import ComponentType, members
from workflow_app.queries.collections import NONE, counts_of
from workflow_app.services.collecting.figures import answers_of, missing_seats, tally_of
from workflow_app.services.collecting.opened import (
    AT_ONCE,
    CLOSING,
    SHOWN,
    collections,
    opened_in,
)
from workflow_app.services.operations.calendar import moment_of
from workflow_app.services.operations.seats import invite, new_seats

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import NewRow, StepScope

ROWS = "collection.rows"
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FILTERS = frozenset({ComponentType.SELECT, ComponentType.RADIO})
NO_NUMBER = N_("The case needs its number before “%(name)s” opens: the address is made of it.")
NO_KEY = N_("“%(name)s” is no key for a collection: use small letters, digits and underscores.")
NO_CHOICE = N_("“%(value)s” is not one of these: %(choices)s.")
NOT_OPENED = N_("Nothing opened the collection “%(name)s” in this case.")
NOT_A_CONTEXT = N_("The input “%(name)s” must be a context.")
NOT_BOTH = N_("“%(name)s” has seats, so it is known who sent what: it cannot be anonymous.")
NO_FORM = N_("There is no form “%(name)s”.")


def open_collection(scope: StepScope, call: Call) -> dict[str, Any]:
    """Open a collection under the key `collection`, or open it again; gives `collection`.

    What it may be told stands in docs/processes.md. Raises OperationFailed.
    """
    key = _key(call)
    if is_provisional(scope.case.number):
        raise OperationFailed(NO_NUMBER, name=key)
    values = _values(scope, call)
    known, fresh = _stored(scope, key), _fresh(scope, key)
    collection_id = known.id if known is not None else random_id()
    seats = new_seats(scope, call, collection_id, known)
    if seats and values["is_anonymous"]:
        raise OperationFailed(NOT_BOTH, name=key)
    if known is not None:
        count = {"seats": known.seats + len(seats)}
        mine = update(collections).where(collections.c.id == known.id)
        scope.changes.append(mine.values(closed_at=None, **values, **count))
    else:
        if fresh is not None:
            raise OperationFailed(N_("“%(name)s” is opened twice in one step."), name=key)
        counts = {"entries": 0, "answered": 0, "seats_in": 0, "edition": 0, "told_entries": 0}
        scope.insert(collections, id=collection_id, key=key, seats=len(seats), **values, **counts)
    invite(scope, call, key, seats)
    return {"collection": _told(scope, key, values)}


def close_collection(scope: StepScope, call: Call) -> None:
    """Close a collection now; what is closed stays as it is. Raises OperationFailed."""
    key = _key(call)
    fresh = _fresh(scope, key)
    if fresh is not None:
        scope.rows.remove(fresh)
        scope.insert(collections, **{**fresh.values, "closed_at": scope.ctx.now})
        return
    row = _known(scope, key)
    if row.closed_at is None:
        # What a later task of this step reads must be all that came.
        same = (collections.c.id == row.id, collections.c.edition == row.edition)
        scope.guards.append(update(collections).where(*same).values(closed_at=scope.ctx.now))


def read_collection(scope: StepScope, call: Call) -> dict[str, Any]:
    """Give what came: counts, the tally, the seats that are missing, with `rows` the entries too.

    Raises OperationFailed.
    """
    key = _key(call)
    if _fresh(scope, key) is not None:
        empty = {"count": 0, "unanswered": 0, "seats": 0, "seats_in": 0}
        return {**empty, "tally": {}, "seats_missing": [], "answers": [], "left_out": 0}
    row = _known(scope, key)
    opened = opened_in(scope.ctx, row.case_id, key)
    most = int(scope.host.number(ROWS)) if call.get("rows") in (True, "true") else 0
    return {
        **counts_of(opened.row),
        "tally": tally_of(scope.ctx, opened),
        "seats_missing": missing_seats(scope.ctx, opened),
        "answers": answers_of(scope.ctx, opened, most) if most else [],
        "left_out": max(opened.row.entries - most, 0),
    }


def _key(call: Call) -> str:
    key = str(call.need("collection"))
    if not KEY.fullmatch(key):
        raise OperationFailed(NO_KEY, name=key)
    return key


def _values(scope: StepScope, call: Call) -> dict[str, Any]:
    """Return the columns that the diagram says."""
    form = _form(scope, str(call.need("form")))
    answering = call.get("answer_form")
    data = call.inputs.get("data") or {}
    if not isinstance(data, dict):
        raise OperationFailed(NOT_A_CONTEXT, name="data")
    limit = call.get("limit")
    return {
        "process_version_id": scope.published.version_id,
        "form": form,
        "answer_form": _form(scope, str(answering)) if answering else None,
        "title": str(call.get("title") or scope.case.title)[:300],
        "show": _choice(call, "show", SHOWN, NONE),
        "publishing": _choice(call, "publish_answers", (AT_ONCE, CLOSING), AT_ONCE),
        "answered_by": call.get("answered_by"),
        "is_anonymous": call.get("anonymous") in (True, "true"),
        "daily": int(limit) if limit not in (None, "") else None,
        "data": data,
        "facet": call.get("filter") or _facet(scope, form),
        "withheld_by": call.get("withheld_by"),
        "opened_at": scope.ctx.now,
        "closes_at": _closes(scope, call),
    }


def _form(scope: StepScope, name: str) -> str:
    """Return a form's place in the version. Raises OperationFailed where it is not there."""
    try:
        scope.published.form(name)
    except NotFound as missing:
        raise OperationFailed(NO_FORM, name=name) from missing
    return name


def _facet(scope: StepScope, form: str) -> str | None:
    """Return the first field of a form that chooses one of several."""
    found = (item for item in members(scope.published.form(form).items) if item.type in _FILTERS)
    return next((item.path[0] for item in found if len(item.path) == 1), None)


def _choice(call: Call, name: str, choices: tuple[str, ...], usual: str) -> str:
    value = str(call.get(name) or usual)
    if value not in choices:
        raise OperationFailed(NO_CHOICE, value=value, choices=", ".join(choices))
    return value


def _closes(scope: StepScope, call: Call) -> datetime | None:
    """Return when it closes: a moment, or the end of a day there."""
    given = to_json(call.get("closes"))
    if given in (None, ""):
        return None
    try:
        day = date.fromisoformat(str(given))
    except ValueError:
        return moment_of(scope, given)
    return moment_of(scope, (day + timedelta(days=1)).isoformat())


def _told(scope: StepScope, key: str, values: dict[str, Any]) -> dict[str, Any]:
    base, number = scope.ctx.platform.settings.base_url, scope.case.number or ""
    closes = values["closes_at"]
    return {
        "key": key,
        "page": f"{base}/collect/{quote(number)}/{key}",
        "opened_at": scope.ctx.now.isoformat(),
        "closes": closes.isoformat() if closes else None,
    }


def _stored(scope: StepScope, key: str) -> Any | None:
    if scope.case.id is None:
        return None
    mine = (collections.c.case_id == scope.case.id, collections.c.key == key)
    return scope.ctx.session.execute(select(collections).where(*mine)).first()


def _known(scope: StepScope, key: str) -> Any:
    row = _stored(scope, key)
    if row is None:
        raise OperationFailed(NOT_OPENED, name=key)
    return row


def _fresh(scope: StepScope, key: str) -> NewRow | None:
    """Return the row by which this very step opens the collection."""
    rows = (row for row in scope.rows if row.table is collections)
    return next((row for row in rows if row.values["key"] == key), None)
