"""What a designer does in a play: be somebody and fill in a form, send a message, move the clock.

Each goes through the services that people use, in the sandbox's world.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from workflow_app.domain.actors import PUBLIC, Actor
from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.services.accounts import actor_named
from workflow_app.services.case_store import load_case
from workflow_app.services.designing.playing import settle
from workflow_app.services.entries import entry_for, refusal
from workflow_app.services.following import bind_message_form, deliver_answers, key_holder_actor
from workflow_app.services.holding import workable_item
from workflow_app.services.messages import send_message
from workflow_app.services.notices import open_notices
from workflow_app.services.opening import Opening, fresh_start_form, start_form
from workflow_app.services.scenarios.moments import next_due
from workflow_app.services.scenarios.opening import begin
from workflow_app.services.scenarios.script import Beginning
from workflow_app.services.starting import start_case
from workflow_app.services.tasks import complete_task, task_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workflow_app.engine import StartForm
    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.programs import Published
    from workflow_app.services.scenarios.world import World

    Noted = dict[str, Any]

APPLICANT = "applicant*"
OWNER = "play"
#: So many moments are lived through in one go, and so many seconds; the clock stops there.
MOST_MOMENTS = 300
LONGEST = 15.0
NO_JSON = N_("The data must be a JSON object, such as {“amount”: 3}. %(reason)s")
NOBODY = N_("Nobody in the sandbox is called “%(name)s”.")
BACKWARDS = N_("The clock goes forwards only. To go back, take steps back.")
NOT_REACHED = N_(
    "So much falls due until then that the clock stopped on the way. Move it on again from there."
)
FAR = timedelta(days=36525)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in without fault: its answers, and the same as a scenario says it."""

    answers: Mapping[str, Any]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form as somebody in a play sees it; `name` and `help` are msgids.

    `element` is `<process>/<element id>`, `case_id` None for a case that is not begun yet.
    """

    form: TaskForm
    published: Published
    name: str
    element: str
    who: str
    case_id: int | None = None
    help: str = ""


def person(world: World, name: str, case_id: int | None = None) -> Actor:
    """Return who somebody is in a sandbox: the public, a case's applicant, or an account.

    Raises Invalid.
    """
    if name == PUBLIC.username:
        return PUBLIC
    if name == APPLICANT and case_id is not None:
        return key_holder_actor(case_id)
    with world.acting() as ctx:
        found = actor_named(ctx.session, name, ctx.now)
    if found is None:
        raise Invalid(NOBODY, name=name)
    return found


def task_sheet(ctx: Context, item_id: int, posted: Posted | None = None) -> Sheet:
    """Return a task's form for the actor of a sandbox's context.

    Raises NotFound, NotAllowed, AlreadyClaimed, NoLongerOpen.
    """
    loaded = workable_item(ctx, item_id)[0]
    info = loaded.published.task_info(loaded.row.element)
    return Sheet(
        form=task_form(ctx, loaded, posted),
        published=loaded.published,
        name=loaded.row.item_name,
        element=loaded.row.element,
        who=ctx.actor.username,
        case_id=loaded.row.id,
        help=info.documentation if info else "",
    )


def message_sheet(
    ctx: Context, case_id: int, task_id: str, posted: Posted | None = None
) -> tuple[Sheet, str]:
    """Return the form of a message that a case waits for, and the message's name.

    Raises NotFound, NotAllowed.
    """
    loaded, wait, form = bind_message_form(ctx, case_id, task_id, posted)
    sheet = Sheet(
        form=form,
        published=loaded.published,
        name=loaded.published.message_word(wait.message, wait.name),
        element=wait.element,
        who=ctx.actor.username,
        case_id=case_id,
    )
    return sheet, str(wait.message)


def start_sheet(
    ctx: Context, key: str, element: str, entry: str | None = None, posted: Posted | None = None
) -> tuple[Sheet, Opening]:
    """Return a start form for the actor, and how it is opened. Raises NotFound, EntryNeeded."""
    published = ctx.platform.programs.latest(ctx.session, key)
    start = _start(published, element)
    opening = Opening(
        published=published, start=start, owner=OWNER, entry=entry_for(ctx, start, entry or None)
    )
    form = fresh_start_form(ctx, opening) if posted is None else start_form(ctx, opening, posted)
    sheet = Sheet(
        form=form,
        published=published,
        name=start.name or published.manifest.title,
        element=f"{key}/{element}",
        who=ctx.actor.username,
    )
    return sheet, opening


def _start(published: Published, element: str) -> StartForm:
    found = published.program.starts.get(element)
    if found is None or not found.form:
        raise NotFound
    return found


def begin_by_form(
    world: World, actor: Actor, language: str, what: tuple[str, str, str | None], filled: Filled
) -> Noted:
    """Begin a case of a process by its start form, `what` being process, element and entry.

    Raises DomainError.
    """
    key, element, entry = what
    with world.acting(actor, language) as ctx:
        sheet, opening = start_sheet(ctx, key, element, entry)
        refused = refusal(ctx, opening)
        if refused is None:
            start_case(ctx, opening, filled.answers)
    # Raised only now: the attempt has to be noted all the same.
    if refused is not None:
        raise refused
    start = {"element": element, "as": actor.username, "entry": entry, "language": language}
    noted = {"kind": "start", "element": sheet.element, "name": sheet.name, "who": actor.username}
    return {**noted, "process": key, "start": start, "answers": dict(filled.told)}


def begin_with_data(
    world: World, key: str, element: str, data: Mapping[str, Any], folder: Path
) -> Noted:
    """Begin a case at a start without a form, with data as another part would give it.

    Raises DomainError.
    """
    beginning = Beginning(element=element or None, data=dict(data))
    begin(world, key, beginning, PUBLIC, (folder / "play.yaml", "en", None))
    noted = {"kind": "start", "element": f"{key}/{element}", "name": element, "who": ""}
    start = {"element": element, "data": dict(data)}
    return {**noted, "process": key, "start": start}


def complete(world: World, actor: Actor, language: str, item_id: int, filled: Filled) -> Noted:
    """Complete a task as somebody, with validated answers. Raises DomainError, CaseStuck."""
    with world.acting(actor, language) as ctx:
        row = workable_item(ctx, item_id)[0].row
        complete_task(ctx, item_id, filled.answers)
    return {
        "kind": "task",
        "element": row.element,
        "name": row.item_name,
        "who": actor.username,
        "case": row.id,
        "answers": dict(filled.told),
    }


def answer(
    world: World, actor: Actor, language: str, case_id: int, task_id: str, filled: Filled
) -> Noted:
    """Send a message's form to a case as somebody. Raises DomainError, CaseStuck."""
    with world.acting(actor, language) as ctx:
        loaded = load_case(ctx, case_id)
        if actor.case_id is not None:
            open_notices(ctx, case_id)
        sheet, message = message_sheet(ctx, case_id, task_id)
        deliver_answers(ctx, case_id, task_id, filled.answers)
    holder = loaded.row.key_holder_role or PUBLIC.username
    return {
        "kind": "message",
        "element": sheet.element,
        "name": sheet.name,
        "who": holder if actor.case_id is not None else actor.username,
        "case": case_id,
        "message": message,
        "answers": dict(filled.told),
    }


def send(world: World, message: str, correlation: str, data: Mapping[str, Any]) -> Noted:
    """Send a message that comes from nobody in the play. Raises DomainError, CaseStuck."""
    with world.acting() as ctx:
        send_message(ctx, message, correlation, data)
    sent = {"send": message, "correlation": correlation, "data": dict(data)}
    return {"kind": "send", "element": "", "name": message, "who": "", **sent}


def move_clock(world: World, target: datetime | None) -> Noted:
    """Move the clock to a moment, or to what happens next, living through all on the way.

    It stops on the way where too much happens. Raises Invalid for a moment that is past and for
    nothing that would happen.
    """
    goal = target or next_due(world, world.clock.now() + FAR)
    if goal is None:
        raise Invalid(N_("Nothing waits for a date, so there is nothing to move the clock to."))
    if goal < world.clock.now():
        raise Invalid(BACKWARDS)
    until = monotonic() + LONGEST
    for _ in range(MOST_MOMENTS):
        due = next_due(world, goal)
        if due is None or monotonic() > until:
            break
        world.clock.moment = max(due, world.clock.now())
        settle(world)
    reached = next_due(world, goal) is None
    world.clock.moment = goal if reached else world.clock.now()
    noted = {"kind": "clock", "element": "", "name": "", "who": ""}
    return {**noted, "to": world.clock.now().isoformat(), "reached": reached}


def moment_from(text: str, zone: Any) -> datetime | None:
    """Return the moment that a date field names, at nine in the morning; None for none."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    if day.tzinfo is not None:
        return day.astimezone(UTC)
    midnight = not (day.hour or day.minute)
    return (day.replace(hour=9) if midnight else day).replace(tzinfo=zone).astimezone(UTC)


def days_on(now: datetime, days: int) -> datetime:
    """Return the moment so many days later, at most a century."""
    return now + min(timedelta(days=abs(days)), FAR)


def data_from(text: str) -> dict[str, Any]:
    """Return the JSON object that somebody typed; nothing for an empty field. Raises Invalid."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError) as wrong:
        raise Invalid(NO_JSON, reason=wrong) from wrong
    if not isinstance(found, dict):
        raise Invalid(NO_JSON, reason="")
    return found
