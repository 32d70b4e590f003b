"""Why somebody may not do a task, and who can do it instead: one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import DomainError, NotAllowed
from workflow_app.domain.text import N_
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.services.candidates import able, four_eyes
from workflow_app.services.wording import translator

if TYPE_CHECKING:
    from workflow_app.domain.permissions import TaskGate
    from workflow_app.services.context import Context

NAMED_AT_MOST = 5
FOUR_EYES = N_(
    "You completed “%(earlier)s” in this case; another person has to do “%(task)s”. %(others)s"
)
BARRED = N_("You may not do “%(task)s” in this case. %(others)s")
ROLE = N_(
    "“%(task)s” is done by the role “%(role)s”, which you do not hold where this case belongs."
    " %(others)s"
)
TWIN = N_(
    "You have a task “%(task)s” of your own in this case; nobody does it twice, also not in"
    " somebody's place. %(others)s"
)
BY_NAME = N_("“%(task)s” was given to somebody else by name. %(others)s")
THESE = N_("These can: %(who)s.")
THESE_AND_MORE = N_("These can: %(who)s, and %(more)s more.")
NOBODY = N_("Nobody else can at present: whoever supervises the case has to help.")


def refusal(ctx: Context, row: Any, gate: TaskGate) -> NotAllowed:
    """Return why the actor may not do a task, with the names of those who can.

    The row has the columns of `case_store.load_by_work_item`.
    """
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    words = translator(ctx, published)
    told: dict[str, object] = {"task": words(row.item_name), "others": others(ctx, row, gate)}
    if ctx.actor.username in gate.barred:
        did = four_eyes(ctx.connection, published, row.id, row.element)
        earlier = did.get(ctx.actor.username)
        if earlier is None:
            return NotAllowed(BARRED, **told)
        return NotAllowed(FOUR_EYES, earlier=words(earlier), **told)
    if gate.alone:
        return NotAllowed(TWIN, **told)
    if gate.groups:
        return NotAllowed(ROLE, role=_role(ctx, gate.groups[0]), **told)
    return NotAllowed(BY_NAME, **told)


def others(ctx: Context, row: Any, gate: TaskGate) -> DomainError:
    """Return the sentence with the people who can do a task instead of the actor."""
    names = [Words(ctx.language).text(title) for title in able(ctx, gate, row.id).values()]
    who, more = "; ".join(names[:NAMED_AT_MOST]), len(names) - NAMED_AT_MOST
    if not names:
        return DomainError(NOBODY)
    if more > 0:
        return DomainError(THESE_AND_MORE, who=who, more=more)
    return DomainError(THESE, who=who)


def _role(ctx: Context, code: str) -> str:
    found = ctx.session.get(RoleDefinition, code)
    return Words(ctx.language).text(found.title) if found else code
