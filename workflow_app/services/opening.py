"""Start forms as one person opens them: by account, by link, or out of an earlier case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import NotAllowed, NotFound
from workflow_app.domain.permissions import has_role
from workflow_app.feel import compile_expression, to_json
from workflow_app.services.drafts import as_posted, find_draft, owner_of, save_posted
from workflow_app.services.entries import ENTRY, entry_for
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host, home_path
from workflow_app.services.organisations import acting_for
from workflow_app.services.paper import PAPER, paper_schema, paper_start
from workflow_app.services.profile import profile_of
from workflow_app.services.taking import newest_taking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.domain.actors import Actor
    from workflow_app.engine import StartForm
    from workflow_app.form_builder import FormSchema, TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.drafts import SavedDraft
    from workflow_app.services.entries import Entry
    from workflow_app.services.organisations import Acting
    from workflow_app.services.programs import Published
    from workflow_app.services.scope import CaseFacts

PUBLIC = "public"
FOLLOWS, BEFORE = "follows", "before"
LEFT_OUT = frozenset({"answers", "data"})


@dataclass(frozen=True, slots=True)
class Earlier:
    """The case that a new one follows: its facts, by which message, and what forms read of it."""

    case: CaseFacts
    message: str
    facts: Mapping[str, Any]

    @property
    def number(self) -> str:
        """Return the earlier case's number."""
        return self.case.number or ""

    @property
    def kept(self) -> dict[str, Any]:
        """Return what the new case's own data keep of it: all but answers and data."""
        return {name: value for name, value in self.facts.items() if name not in LEFT_OUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A start form as one person opens it; `email` is known when they came by a link.

    `earlier` is the case that this one follows; `known` what was answered before the form;
    `on_paper` tells that an official enters what came on paper; `organisation` for whom it is;
    `entry` is the entry of a register that is applied to.
    """

    published: Published
    start: StartForm
    owner: str
    email: str | None = None
    link_id: int | None = None
    earlier: Earlier | None = None
    known: Mapping[str, Any] | None = None
    on_paper: bool = False
    organisation: Acting | None = None
    entry: Entry | None = None

    @property
    def subject(self) -> str:
        """Return the name under which drafts of this start form lie."""
        after = f":{self.earlier.number}" if self.earlier else ""
        way = f":{PAPER}" if self.on_paper else ""
        over = f":{ENTRY}:{self.entry.key}" if self.entry else ""
        return f"start:{self.published.key}{after}{way}{over}"

    @property
    def schema(self) -> FormSchema:
        """Return the form as it is asked. Raises NotFound."""
        drawn = self.published.form(self.start.form or "")
        return paper_schema(drawn) if self.on_paper else drawn


def start_form_of(published: Published, actor: Actor, *, by_link: bool = False) -> StartForm:
    """Return the start form that the actor may use. Raises NotFound, NotAllowed."""
    forms = [s for s in published.program.starts.values() if s.form and stands_alone(s)]
    if not forms:
        raise NotFound
    for candidate in forms:
        public = candidate.by in (None, PUBLIC)
        if public and (by_link or actor.is_signed_in):
            return candidate
        if candidate.by and any(has_role(actor, candidate.by, g.path) for g in actor.grants):
            return candidate
    raise NotAllowed


def stands_alone(start: StartForm) -> bool:
    """Tell whether a case may begin so without an earlier one."""
    return start.properties.get(FOLLOWS) != "true"


def open_on_paper(ctx: Context, key: str) -> Opening:
    """Return a start form for whoever enters it from paper.

    Raises NotFound, NotAllowed, NoNewCases.
    """
    published = newest_taking(ctx, key)
    return Opening(
        published=published,
        start=paper_start(published, ctx.actor),
        owner=owner_of(ctx.actor),
        known={},
        on_paper=True,
    )


def before_form_of(published: Published, start: StartForm) -> str:
    """Return the form that is asked before a start form. Raises NotFound where there is none."""
    name = start.properties.get(BEFORE)
    if not name:
        raise NotFound
    return name if "/" in name else f"{published.key}/{name}"


def open_by_account(ctx: Context, key: str, entry: str | None = None) -> Opening:
    """Return a process's start form for a person with an account, over an entry where one is named.

    Raises NotFound, NotAllowed, NoNewCases.
    """
    published = newest_taking(ctx, key)
    acting = acting_for(ctx)
    start = start_form_of(published, ctx.actor)
    return Opening(
        published=published,
        start=start,
        entry=entry_for(ctx, start, entry),
        owner=acting.owner if acting else owner_of(ctx.actor),
        email=ctx.actor.email,
        organisation=acting,
    )


def bind_start_form(ctx: Context, opening: Opening, posted: Posted | None = None) -> TaskForm:
    """Return the start form, filled from what was posted, else from the draft."""
    if posted is None:
        posted = as_posted(find_draft(ctx, opening.owner, opening.subject))
    return start_form(ctx, opening, posted)


def fresh_start_form(ctx: Context, opening: Opening) -> TaskForm:
    """Return the start form as it opens before anything is typed."""
    return start_form(ctx, opening, None)


def start_form(ctx: Context, opening: Opening, posted: Posted | None) -> TaskForm:
    """Return the start form over what was posted, or over nothing."""
    host = Host(ctx, opening.earlier.case.path if opening.earlier else home_path(ctx))
    return make_form(
        ctx,
        opening.published,
        opening.start.form or "",
        data=opening_data(opening, host),
        host=host,
        posted=posted,
        owner=opening.owner,
        schema=opening.schema,
    )


def opening_data(opening: Opening, host: Host) -> dict[str, Any]:
    """Return the data that a start form opens over. Raises FeelError."""
    known: dict[str, Any] = {"earlier": opening.earlier.facts} if opening.earlier else {}
    known |= {"on_paper": True} if opening.on_paper else {}
    known |= {ENTRY: opening.entry.facts} if opening.entry else {}
    mail = {"email": opening.email} if opening.email else {}
    profile: dict[str, Any] = {}
    if opening.organisation is not None:
        profile = profile_of(host.ctx, opening.organisation.code)
        told = {"code": opening.organisation.code, "name": opening.organisation.name}
        known["organisation"] = told
    data = {**mail, **profile, **(opening.known or {}), **known}
    given = prefilled(opening.published, host, known)
    return {**given, **data, **{name: value for name, value in given.items() if value is not None}}


def prefilled(
    published: Published, host: Host, known: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what `[prefill]` gives over the known data. Raises FeelError."""
    functions = host.as_seen.functions
    return {
        name: to_json(compile_expression(text).evaluate(known or {}, functions))
        for name, text in published.manifest.prefill.items()
    }


def save_start_draft(ctx: Context, opening: Opening, posted: Posted) -> SavedDraft:
    """Keep what was typed into a start form. Raises DraftChanged."""
    return save_posted(ctx, opening.owner, opening.subject, posted, opening.schema)
