"""What if: what a draft would do to waiting and cycle times, found in a child process.

The result belongs to whoever asked for it and stands in a folder, which is removed after a day.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.domain.text import N_
from workflow_app.queries import finished
from workflow_app.services.designing.children import start_child
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.playing import new_folder
from workflow_app.services.designing.proofs import DONE, FOLDER, ORDER, PROGRESS, RESULT
from workflow_app.services.designing.simulated_network import (
    Known,
    Place,
    is_choice,
    is_wait,
    is_work,
    places_of,
    role_of,
    stated_wait,
)
from workflow_app.services.designing.simulated_runs import Asked, second_of
from workflow_app.services.designing.sources import published_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workflow_app.engine import Source
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

CHILD = "workflow_app.services.designing.simulator"
#: The newest finished cases that are looked at, and rows of their histories in all.
MOST_CASES, MOST_ROWS = 400, 60_000
#: So many may run at once, each so many seconds.
MOST_AT_ONCE, LONGEST = 2, 300


class OthersSimulate(Conflict):
    """Others ask for the processor too, and the machine has to serve people."""

    message = N_("Too much is being worked out at the moment. Try again in a minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a simulation rests on: the draft, what is published, and its finished cases.

    `known` is how often finished cases were at each step, `people` how many accounts hold a role.
    """

    draft: Published
    today: Published | None
    cases: Sequence[Any]
    known: Mapping[str, int]
    roles: Mapping[str, str]
    people: Mapping[str, int]

    @property
    def steps(self) -> list[Place]:
        """Return the steps of the draft that people do, in the order of its diagrams."""
        return [one for one in places_of(self.draft.program) if is_work(one)]

    @property
    def new_waits(self) -> list[Place]:
        """Return where cases of the draft wait for what nobody knows the time of."""
        waits = [one for one in places_of(self.draft.program) if is_wait(one)]
        return [one for one in waits if not self.known.get(one.name) and _untold(one)]

    @property
    def new_choices(self) -> list[Place]:
        """Return the gateways of the draft whose ways no finished case has chosen from."""
        found = (one for one in places_of(self.draft.program) if is_choice(one))
        return [one for one in found if not self.known.get(one.name)]

    def role(self, place: Place) -> str:
        """Return who does a step; nothing where nobody knows."""
        return role_of(place, Known(roles=self.roles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulation: what was asked at which revision, how far it is, and what it found."""

    asked: Asked
    revision: int
    state: str
    done: int = 0
    all: int = 0
    found: Mapping[str, Any] | None = None


def _untold(place: Place) -> bool:
    return stated_wait(place.step) is None


def ground_of(ctx: Context, draft_id: int) -> Ground:
    """Return what is known for a simulation. Raises NotFound, InvalidSource, FileRefused."""
    draft = published_of(ctx, draft_id)
    cases = _sample(ctx, draft.key)
    ids = [row.id for row in cases]
    roles = _roles_seen(ctx, ids)
    asked = {place.step.lane or roles.get(place.name, "") for place in _works(draft)}
    today = _today(ctx, draft.key)
    if today is not None:
        asked |= {place.step.lane or roles.get(place.name, "") for place in _works(today)}
    return Ground(
        draft=draft,
        today=today,
        cases=cases,
        known=finished.steps_done(ctx.session, ids),
        roles=roles,
        people=finished.people_by_role(ctx.session, sorted(asked - {""}), ctx.now.date()),
    )


def _works(published: Published) -> list[Place]:
    return [one for one in places_of(published.program) if is_work(one)]


def _sample(ctx: Context, key: str) -> list[Any]:
    """Return the newest finished cases whose histories are not too much to read."""
    found: list[Any] = []
    rows = 0
    for case in finished.finished_cases(ctx.session, key, MOST_CASES):
        rows += case.history_seq
        if found and rows > MOST_ROWS:
            break
        found.append(case)
    return found


def _today(ctx: Context, key: str) -> Published | None:
    try:
        return ctx.platform.programs.latest(ctx.session, key)
    except NotFound:
        return None


def _roles_seen(ctx: Context, ids: Sequence[int]) -> dict[str, str]:
    rows = finished.tasks_done(ctx.session, ids)
    seen = Counter((row.element, row.role) for row in rows if row.role)
    return {element: role for (element, role), _count in reversed(seen.most_common())}


def begin_simulation(ctx: Context, draft_id: int, ground: Ground, asked: Asked) -> None:
    """Begin to work out what was asked; nothing where that runs already. Raises OthersSimulate."""
    running = simulation_of(ctx, draft_id)
    if running is not None and running.state == "running":
        return
    if _running(ctx) >= MOST_AT_ONCE:
        raise OthersSimulate
    folder = new_folder(ctx)
    order = _order(ctx, ground, asked) | {"revision": draft_of(ctx, draft_id).revision}
    (folder / ORDER).write_text(json.dumps(order, ensure_ascii=False), "utf-8")
    own = _folder(ctx, draft_id)
    shutil.rmtree(own, ignore_errors=True)
    folder.rename(own)
    start_child(CHILD, own, LONGEST)


def simulation_of(ctx: Context, draft_id: int) -> Simulated | None:
    """Return the actor's last simulation of a draft; None where there is none."""
    folder = _folder(ctx, draft_id)
    order = _read(folder / ORDER)
    if order is None:
        return None
    asked, revision = Asked(**order["asked"]), order["revision"]
    result = _read(folder / RESULT)
    if result is not None:
        found = result if result["state"] == DONE else None
        return Simulated(asked=asked, revision=revision, state=result["state"], found=found)
    if _is_lost(folder):
        return Simulated(asked=asked, revision=revision, state="broken")
    told = _read(folder / PROGRESS) or {}
    return Simulated(asked=asked, revision=revision, state="running", **told)


def _order(ctx: Context, ground: Ground, asked: Asked) -> dict[str, Any]:
    today = ground.today
    places = Counter(row.territory_path for row in ground.cases)
    return {
        "draft": _files(ground.draft.source),
        "today": _files(today.source) if today is not None else None,
        "told": _told(ctx, ground.cases),
        "roles": dict(ground.roles),
        "place": places.most_common(1)[0][0] if places else "",
        "now": second_of(ctx.now),
        "asked": asdict(asked),
    }


def _files(source: Source) -> dict[str, Any]:
    return {"key": source.key, "files": dict(source.files)}


def _told(ctx: Context, cases: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what happened in cases as the child reads it: moments in seconds, nobody's name."""
    people: dict[str | None, str] = {}
    told: dict[int, dict[str, Any]] = {
        row.id: {
            "begins": second_of(row.started_at),
            "ends": second_of(row.finished_at),
            "rows": [],
            "items": {},
        }
        for row in cases
    }
    for row in finished.what_happened(ctx.session, list(told)):
        shown = (row.kind, row.element, row.task_id, second_of(row.at), row.flows)
        told[row.case_id]["rows"].append(shown)
    for row in finished.tasks_done(ctx.session, list(told)):
        told[row.case_id]["items"][row.task_id] = {
            "opened": second_of(row.opened_at),
            "claimed": second_of(row.claimed_at) if row.claimed_at else None,
            "closed": second_of(row.closed_at),
            "by": people.setdefault(row.closed_by, str(len(people))),
        }
    return list(told.values())


def _folder(ctx: Context, draft_id: int) -> Path:
    who = hashlib.sha256(ctx.actor.username.encode()).hexdigest()[:16]
    return ctx.platform.settings.instance / FOLDER / f"whatif-{draft_id}-{who}"


def _running(ctx: Context) -> int:
    root = ctx.platform.settings.instance / FOLDER
    folders = [one for one in root.glob("whatif-*") if not (one / RESULT).exists()]
    return sum(not _is_lost(one) for one in folders)


def _is_lost(folder: Path) -> bool:
    """Tell whether nobody will ever end a run: its folder is gone, or it is far too old."""
    order = folder / ORDER
    return not order.is_file() or time.time() - order.stat().st_mtime > LONGEST + 30


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found
