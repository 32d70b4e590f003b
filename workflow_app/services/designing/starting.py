"""A process from nothing: what is asked, and the draft that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import Invalid
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.services.designing import starters
from workflow_app.services.designing.drafts import NO_TITLE, new_process
from workflow_app.services.designing.errors import KeyTaken, KeyUnfit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context

#: Which field of the page an error belongs to.
FIELDS = {
    NO_TITLE: "title",
    KeyTaken.message: "key",
    KeyUnfit.message: "key",
    starters.BAD_PREFIX: "prefix",
    starters.NO_LANES: "lanes",
}


class NotBegun(Invalid):
    """What was asked for a new process is wrong; `field` says where."""

    def __init__(self, wrong: Invalid) -> None:
        super().__init__(wrong.text, **wrong.params)
        self.field = FIELDS.get(wrong.text, "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a designer says of a new process; `lanes` are role codes in their order."""

    title: str = ""
    key: str = ""
    prefix: str = ""
    lanes: tuple[str, ...] = ()
    is_public: bool = False

    @classmethod
    def of(cls, posted: Any) -> Wanted:
        """Read the fields of a form that was sent."""
        plain = {name: posted.get(name, "").strip() for name in ("title", "key", "prefix")}
        lanes = tuple(one for one in posted.getlist("lanes") if one)
        return cls(**plain, lanes=lanes, is_public=posted.get("start") == "public")


def begin_process(ctx: Context, wanted: Wanted) -> DesignDraft:
    """Return the draft of a new process that is checked without errors. Raises NotBegun."""
    if not wanted.title:
        raise NotBegun(Invalid(NO_TITLE))
    try:
        key = wanted.key or starters.key_of(wanted.title)
        prefix = (wanted.prefix or key.replace("_", "")[:4]).upper()
        known = {role.code: role.title for role in roles_of(ctx)}
        lanes = [
            starters.Lane(role=code, title=known[code])
            for code in dict.fromkeys(wanted.lanes)
            if code in known
        ]
        files = starters.process_files(key, wanted.title, prefix, lanes, is_public=wanted.is_public)
        return new_process(ctx, key, wanted.title, files)
    except Invalid as wrong:
        raise NotBegun(wrong) from wrong


def roles_of(ctx: Context) -> Sequence[RoleDefinition]:
    """Return the roles whose people work on cases, in the order of their titles."""
    found = ctx.session.scalars(select(RoleDefinition).order_by(RoleDefinition.title))
    return [role for role in found if "work" in role.permissions]
