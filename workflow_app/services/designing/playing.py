"""Playing a draft: the real engine in a sandbox, one database file a step.

A step is done in a copy of the file before it, so going back is going to that file, and any server
process can go on. Nobody else's play is opened; one that nobody touched for a day is removed.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections import OrderedDict
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, func, select, update

from workflow_app.domain.actors import SYSTEM
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.domain.states import WorkState
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.designing import Play
from workflow_app.models.work import WorkItem
from workflow_app.services.background import do_due_work
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.proofs import FOLDER
from workflow_app.services.designing.sandbox import (
    BASE,
    Drafted,
    SandboxPrograms,
    build_base,
    copy_database,
    first_step,
    open_world,
)
from workflow_app.services.designing.sources import draft_texts, source_of
from workflow_app.services.manifests import FileRefused
from workflow_app.services.stuck import CaseStuck, record_incident

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from workflow_app.services.context import Context, Platform
    from workflow_app.services.scenarios.world import World

KEPT = timedelta(days=1)
MOST_PLAYS = 5
MOST_STEPS = 300
#: Sandboxes whose parsed programs this server process keeps.
KEPT_PROGRAMS = 4
TOO_LONG = N_("A play has at most %(limit)s steps. Keep it as a scenario, or start over.")
_plays = table_of(Play)
_programs: OrderedDict[str, SandboxPrograms] = OrderedDict()
_keeping = Lock()


class PlayGone(NotFound):
    """The files of a play are not there any more."""

    message = N_("This play is over: it was removed after a day. Start a new one.")


class Overtaken(Conflict):
    """Another step of the same play was faster, in another window."""

    message = N_("This play went on in another window. Look at it again before you go on.")


def drafted_of(ctx: Context, draft_id: int) -> Drafted:
    """Return what a sandbox is made over for a draft. Raises NotFound, FileRefused."""
    draft, source = draft_of(ctx, draft_id), source_of(ctx, draft_id)
    registers = _registers(draft_texts(ctx, draft_id))
    return Drafted(source=source, words=draft.words, registers=registers)


def _registers(texts: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """Return the register definitions among the files of a draft by name. Raises FileRefused."""
    own = {path: body for path, body in texts.items() if is_register(path)}
    return {_name(path): _document(path, body) for path, body in own.items()}


def begin_play(ctx: Context, draft_id: int, moment: datetime) -> Play:
    """Make a sandbox for a draft whose clock stands at a moment, and return the play.

    Raises NotFound, engine.InvalidSource, engine.StepFailed, FileRefused.
    """
    drafted, draft = drafted_of(ctx, draft_id), draft_of(ctx, draft_id)
    folder, file = new_folder(ctx), _new_file(0)
    try:
        version = build_base(ctx, drafted, folder, moment)
        first_step(folder, file)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    # Only now is anything written here: making a world takes a second or two.
    _remove_old(ctx, draft_id)
    begun = {"kind": "begun", "file": file, "at": moment.isoformat(), "version": version}
    play = Play(
        draft_id=draft_id,
        owner=ctx.actor.username,
        title=draft.title,
        revision=draft.revision,
        created_at=ctx.now,
        updated_at=ctx.now,
        position=0,
        log=[{**begun, "language": ctx.language}],
    )
    ctx.session.add(play)
    ctx.session.flush()
    shutil.rmtree(folder_of(ctx, play.id), ignore_errors=True)
    folder.rename(folder_of(ctx, play.id))
    return play


def new_folder(ctx: Context) -> Path:
    """Return an empty folder in which a sandbox can be made."""
    folder = ctx.platform.settings.instance / FOLDER / f"new-{secrets.token_hex(8)}"
    folder.mkdir(parents=True)
    return folder


def plays_of(ctx: Context, draft_id: int) -> list[Play]:
    """Return the actor's plays of a draft, the newest first."""
    query = select(Play).where(Play.draft_id == draft_id, Play.owner == ctx.actor.username)
    return list(ctx.session.scalars(query.order_by(Play.id.desc())))


def play_of(ctx: Context, draft_id: int, play_id: int) -> Play:
    """Return one of the actor's plays of a draft. Raises NotFound, PlayGone."""
    play = ctx.session.get(Play, play_id, populate_existing=True)
    if play is None or (play.draft_id, play.owner) != (draft_id, ctx.actor.username):
        raise NotFound
    _check_kept(ctx, play, play.position)
    return play


def drop_play(ctx: Context, play: Play) -> None:
    """Remove a play and its files."""
    ctx.session.execute(delete(_plays).where(_plays.c.id == play.id))
    shutil.rmtree(folder_of(ctx, play.id), ignore_errors=True)


def moment_of(play: Play) -> datetime:
    """Return what the play's clock shows."""
    return moment_at(_now(play))


def moment_at(step: Mapping[str, Any]) -> datetime:
    """Return what the clock showed after a step of the log."""
    return datetime.fromisoformat(str(step["at"]))


def steps_of(play: Play) -> list[dict[str, Any]]:
    """Return what was done up to where the play stands, the oldest first."""
    return list(play.log[1 : play.position + 1])


@contextmanager
def on_stage(ctx: Context, play: Play) -> Iterator[World]:
    """Give the world of a play as it stands; what is uploaded into a form stays in it."""
    folder, now = folder_of(ctx, play.id), _now(play)
    programs = _programs_of(ctx.platform, folder, int(play.log[0]["version"]))
    with open_world(ctx.platform, folder, now["file"], moment_of(play), programs) as world:
        yield world


def take_step(ctx: Context, play: Play, act: Callable[[World], Mapping[str, Any]]) -> None:
    """Do something in a copy of a play's world, let what follows by itself happen, and note it.

    `act` returns what is noted; a case that gets stuck by it is marked so, as it would be outside.
    Raises what `act` raises, Overtaken; then nothing happened.
    """
    if play.position >= MOST_STEPS:
        raise Invalid(TOO_LONG, limit=MOST_STEPS)
    folder, file = folder_of(ctx, play.id), _new_file(play.position + 1)
    copy_database(folder / str(_now(play)["file"]), folder / file)
    programs = _programs_of(ctx.platform, folder, int(play.log[0]["version"]))
    try:
        with open_world(ctx.platform, folder, file, moment_of(play), programs) as world:
            noted = _acted(world, act)
            settle(world)
            noted = {**_after(world), **noted, "file": file, "at": world.clock.now().isoformat()}
        _note(ctx, play, noted)
    except BaseException:
        (folder / file).unlink(missing_ok=True)
        raise


def go_to(ctx: Context, play: Play, position: int) -> None:
    """Let a play stand after its n-th step again. Raises NotFound, Overtaken."""
    if not 0 <= position < len(play.log):
        raise NotFound
    _check_kept(ctx, play, position)
    _store(ctx, play, position, play.log)


def _check_kept(ctx: Context, play: Play, position: int) -> None:
    if not (folder_of(ctx, play.id) / str(play.log[position]["file"])).is_file():
        raise PlayGone


def start_over(ctx: Context, play: Play) -> Play:
    """Begin the same play again with the draft as it is now. Raises as `begin_play`."""
    moment = datetime.fromisoformat(play.log[0]["at"])
    begun = begin_play(ctx, play.draft_id, moment)
    drop_play(ctx, play)
    return begun


def settle(world: World) -> None:
    """Let happen what happens by itself at this moment."""
    do_due_work(lambda: world.context(SYSTEM))


def folder_of(ctx: Context, play_id: int) -> Path:
    """Return where the files of a play stand."""
    return ctx.platform.settings.instance / FOLDER / str(play_id)


def _acted(world: World, act: Callable[[World], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return act(world)
    except CaseStuck as stuck:
        with world.acting(SYSTEM) as ctx:
            record_incident(ctx, stuck)
        return {"kind": "stuck", "element": "", "name": stuck.failure.element, "who": ""}


def _after(world: World) -> dict[str, Any]:
    """Return what a step left: the newest case, and which tasks of which cases are open."""
    with world.acting() as ctx:
        newest = ctx.session.scalar(select(func.max(Case.id))) or 0
        return {"newest": newest, "open": _open_tasks(ctx)}


def _open_tasks(ctx: Context) -> list[list[Any]]:
    items = select(WorkItem.case_id, WorkItem.element).where(WorkItem.state == WorkState.OPEN)
    rows = ctx.session.execute(items.order_by(WorkItem.id))
    return [[row.case_id, row.element] for row in rows]


def _note(ctx: Context, play: Play, noted: dict[str, Any]) -> None:
    """Write a step into the play's log in the place of those that were taken back."""
    kept, gone = play.log[: play.position + 1], play.log[play.position + 1 :]
    _store(ctx, play, play.position + 1, [*kept, noted])
    for step in gone:
        (folder_of(ctx, play.id) / str(step["file"])).unlink(missing_ok=True)


def _store(ctx: Context, play: Play, position: int, log: list[Any]) -> None:
    seen = (_plays.c.position == play.position, _plays.c.updated_at == play.updated_at)
    # A moment later at least, so that two changes at one time are told apart.
    later = max(ctx.now, play.updated_at + timedelta(microseconds=1))
    change = update(_plays).where(_plays.c.id == play.id, *seen)
    changed: Any = ctx.session.execute(change.values(position=position, log=log, updated_at=later))
    if changed.rowcount != 1:
        raise Overtaken
    ctx.session.refresh(play)


def _now(play: Play) -> Mapping[str, Any]:
    found: Mapping[str, Any] = play.log[play.position]
    return found


def _new_file(position: int) -> str:
    return f"{position}-{secrets.token_hex(4)}.db"


def _programs_of(platform: Platform, folder: Path, version: int) -> SandboxPrograms:
    """Return the parsed programs of a sandbox, those of the last few kept."""
    base = folder / BASE
    if not base.is_file():
        raise PlayGone
    name = f"{base}:{base.stat().st_mtime_ns}"
    with _keeping:
        if name not in _programs:
            _programs[name] = SandboxPrograms(platform.programs, base, version)
        _programs.move_to_end(name)
        while len(_programs) > KEPT_PROGRAMS:
            _programs.popitem(last=False)
        return _programs[name]


def _remove_old(ctx: Context, draft_id: int) -> None:
    """Remove what nobody touched for a day, and all but the actor's newest plays of a draft."""
    old = ctx.session.scalars(select(Play).where(Play.updated_at < ctx.now - KEPT)).all()
    for play in {*old, *plays_of(ctx, draft_id)[MOST_PLAYS - 1 :]}:
        drop_play(ctx, play)
    _remove_lost(ctx)


def _remove_lost(ctx: Context) -> None:
    """Remove the old folders of plays that are not known."""
    root = ctx.platform.settings.instance / FOLDER
    known = {str(one) for one in ctx.session.scalars(select(Play.id))}
    for folder in root.glob("*"):
        if folder.name not in known and _is_old(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    """Tell whether a folder was left behind: one of a play that is just being made is young."""
    with suppress(FileNotFoundError):
        return time.time() - folder.stat().st_mtime > KEPT.total_seconds()
    return False


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".toml")


def _document(path: str, body: str) -> dict[str, Any]:
    try:
        return msgspec.toml.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise FileRefused(file=path, reason=str(wrong)) from wrong
