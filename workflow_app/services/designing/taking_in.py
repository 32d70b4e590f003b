"""A step of a draft taken into the scenarios that stop at it: one act, that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.designing import DesignEvent
from workflow_app.services.designing.drafts import draft_of, files_of
from workflow_app.services.designing.inserting import NoRoom, Spot, with_steps
from workflow_app.services.designing.paths import is_scenario
from workflow_app.services.designing.proofs import proof_of
from workflow_app.services.designing.scripts import answers_in, check, title_in, written
from workflow_app.services.designing.trail import record
from workflow_app.services.designing.undoing import (
    NothingToUndo,
    file_at,
    last_done,
    undo_last,
    write_done,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile

TAKEN, BACK = "step_taken_in", "step_taken_out"
DONE = N_("A step was taken into scenarios")
NONE_CHOSEN = N_("Choose at least one scenario.")
NOBODY = N_("Choose who does it.")


class RunAgain(Conflict):
    """The draft is not any more as it was when its scenarios ran, so places in them are others."""

    message = N_("The draft was changed after this run. Run the scenarios again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A scenario that stops at a task: its file and title, and where the step belongs.

    `path` is the file that is to be changed, empty where none of the draft is; `people` may do the
    task, titles by username, once for each time that it is open.
    """

    file: str
    title: str
    path: str
    spot: Spot
    case: str | None
    people: tuple[Mapping[str, str], ...]
    sample: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Answers for a step from a scenario that does it; `by` is who does it there."""

    file: str
    title: str
    answers: Mapping[str, Any]
    by: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: names of the files that have the step now, and of scenarios left alone."""

    changed: list[str]
    left: list[str]


def stopped_of(ctx: Context, draft_id: int) -> dict[str, list[Stop]]:
    """Return the scenarios that stopped in the last run, by task; empty after a later change."""
    draft, proof = draft_of(ctx, draft_id), proof_of(ctx, draft_id)
    found: dict[str, list[Stop]] = {}
    if proof is None or proof.revision != draft.revision:
        return found
    for row in proof.details.get("rows", ()):
        for told in row.get("stops", ()):
            found.setdefault(told["task"], []).append(_stop(draft, row, told))
    return found


def _stop(draft: DesignDraft, row: Mapping[str, Any], told: Mapping[str, Any]) -> Stop:
    return Stop(
        file=row["file"],
        title=row["title"],
        path=f"processes/{draft.key}/scenarios/{told['file']}" if told["file"] else "",
        spot=Spot(told["part"], told["place"], told["after"]),
        case=told["case"],
        people=tuple(told["people"]),
        sample=told["sample"],
    )


def stops_at(ctx: Context, draft_id: int, task: str) -> list[Stop]:
    """Return the scenarios that stop at a task. Raises NotFound, RunAgain."""
    draft, proof = draft_of(ctx, draft_id), proof_of(ctx, draft_id)
    if proof is None:
        raise NotFound
    if proof.revision != draft.revision:
        raise RunAgain
    found = stopped_of(ctx, draft_id).get(task)
    if found is None:
        raise NotFound
    return found


def offers_of(ctx: Context, draft_id: int, task: str) -> list[Offer]:
    """Return the answers of scenarios that do a task, the one changed last first."""
    files = [one for path, one in files_of(ctx, draft_id).items() if is_scenario(path)]
    files.sort(key=lambda one: (one.updated_at, one.path), reverse=True)
    return [offer for one in files for offer in _offers(one, task)]


def _offers(file: DraftFile, task: str) -> list[Offer]:
    name = file.path.rpartition("/")[2]
    told = {"file": name, "title": title_in(file.body) or name}
    return [Offer(**told, answers=a, by=by) for a, by in answers_in(file.body, task)][:1]


def take_in(
    ctx: Context,
    draft_id: int,
    task: str,
    files: Sequence[str],
    by: str,
    answers: Mapping[str, Any],
) -> Taken:
    """Put a step into the files of the scenarios chosen by name, where they stopped at it.

    `by` does it, or the first who may where they may not. A file that several borrow from is
    changed once. Raises NotFound, RunAgain, Invalid, scripts.Unreadable for answers that no step
    takes, and what `drafts.write_file` raises.
    """
    chosen = [one for one in stops_at(ctx, draft_id, task) if one.file in files]
    if not chosen:
        raise Invalid(NONE_CHOSEN)
    if not by:
        raise Invalid(NOBODY)
    known, done = files_of(ctx, draft_id), dict[str, int]()
    # The first place of a file: behind it the others are other places, seen in the next run.
    for stop in sorted(chosen, key=lambda one: (one.spot.part, one.spot.place)):
        new = _changed(known, stop, steps_for(stop, task, by, answers))
        if new is not None and stop.path not in done:
            told = {"why": DONE, "details": {}, "focus": task}
            done[stop.path] = write_done(ctx, draft_id, known[stop.path], new, told)
    if done:
        key = draft_of(ctx, draft_id).key
        record(ctx, TAKEN, key=key, draft_id=draft_id, note=task, files=done)
    left = [one.title for one in chosen if one.path not in done]
    return Taken([path.rpartition("/")[2] for path in done], left)


def steps_for(stop: Stop, task: str, by: str, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps that a scenario lacks, one for each time that the task is open."""
    called = {} if stop.case is None else {"case": stop.case}
    # Copies: what is written twice would be written as a reference to the first.
    return [
        {**called, "task": task, "as": who, "answers": msgspec.to_builtins(answers)}
        for who in (by if by in people else next(iter(people), by) for people in stop.people)
    ]


def _changed(
    known: Mapping[str, DraftFile], stop: Stop, steps: Sequence[Mapping[str, Any]]
) -> str | None:
    """Return a scenario's file with steps in it; None where they cannot be put in as text."""
    file = known.get(stop.path)
    if file is None:
        return None
    if stop.path.rpartition("/")[2].startswith("_") and "$" in written({"steps": list(steps)}):
        # In a file to borrow from, it stands for a value.
        return None
    try:
        new = with_steps(file.body, stop.spot, steps)
    except NoRoom:
        return None
    check(file.path.rpartition("/")[2], new)
    return new


def last_taken(ctx: Context, draft_id: int) -> DesignEvent | None:
    """Return the last time a step was taken in, where it can be taken back; else None."""
    query = select(DesignEvent).where(
        DesignEvent.draft_id == draft_id, DesignEvent.kind.in_((TAKEN, BACK))
    )
    event = ctx.session.scalar(query.order_by(DesignEvent.id.desc()).limit(1))
    if event is None or event.kind == BACK:
        return None
    known = files_of(ctx, draft_id)
    for path, revision in event.data["files"].items():
        file = known.get(path)
        if file is None or file.revision != revision or last_done(ctx, draft_id, file) is None:
            return None
    return event


def take_out(ctx: Context, draft_id: int) -> None:
    """Take back what was taken in last, in all files at once.

    Raises NothingToUndo where one was changed since, LostRace, HeldBySomebody, NotOpen.
    """
    event = last_taken(ctx, draft_id)
    if event is None:
        raise NothingToUndo
    for path, revision in event.data["files"].items():
        undo_last(ctx, draft_id, file_at(ctx, draft_id, path, revision))
    record(ctx, BACK, key=event.key, draft_id=draft_id, note=event.data["note"])
