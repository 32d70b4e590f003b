"""A play kept as a scenario: what was done, and what came of it, as the file would say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import Invalid
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.form_builder.schema import ComponentType, members
from workflow_app.models.case import Case, Document
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.designing.drafts import draft_of, files_of, write_file
from workflow_app.services.designing.playing import on_stage, steps_of
from workflow_app.services.designing.scripts import written
from workflow_app.services.designing.trail import record
from workflow_app.services.scenarios.book import of_process
from workflow_app.services.scenarios.looks import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow_app.form_builder import TaskForm
    from workflow_app.models.designing import Play
    from workflow_app.services.context import Context

    Step = Mapping[str, Any]

FILE = frozenset({"document", "name"})
SIGNATURE = frozenset({"name", "agreed", "at"})
NO_TITLE = N_("Enter a title for the scenario.")
NO_CASE = N_(
    "A scenario begins its case by a form, with data or by a message. Begin one so, then keep it."
)
WAS_STUCK = N_("A step of this play got stuck at “%(element)s”. Take it back, then keep the rest.")
_UNFIT = re.compile(r"[^a-z0-9]+")


def script_answers(form: TaskForm) -> dict[str, Any]:
    """Return the answers of a validated form as a scenario says them.

    Files by their names, signatures without their time, nothing that the form works out itself; an
    empty field only where the case has a value for it.
    """
    items = list(members(form.schema.items))
    computed = {i.path[0] for i in items if i.path and i.type is ComponentType.EXPRESSION}
    filled = {i.path[0] for i in items if i.path and i.source.default_value is not None}
    kept = {name for name, value in form.values.items() if value is not None} | filled
    return {
        name: _plain(value)
        for name, value in form.answers().items()
        if name not in computed and (value is not None or name in kept)
    }


def keep_play(ctx: Context, play: Play, title: str) -> str:
    """Write a play into its draft as a scenario, and return the file's path.

    Raises Invalid for a play that cannot be kept, and what `drafts.write_file` raises.
    """
    require_title(title)
    draft = draft_of(ctx, play.draft_id)
    body = written(scenario_of(ctx, play, draft.key, title.strip()))
    path = free_path(ctx, play.draft_id, draft.key, title)
    write_file(ctx, play.draft_id, path, body, revision=0)
    record(ctx, "kept", key=draft.key, draft_id=draft.id, path=path)
    return path


def scenario_of(ctx: Context, play: Play, key: str, title: str) -> dict[str, Any]:
    """Return a play as a scenario of a process. Raises Invalid."""
    steps: list[Any] = steps_of(play)
    stuck = next((step for step in steps if step["kind"] == "stuck"), None)
    if stuck is not None:
        raise Invalid(WAS_STUCK, element=stuck["name"])
    with on_stage(ctx, play) as world, world.acting() as inner:
        own = min(of_process(inner.session, key), default=0)
        place = next((n for n, step in enumerate(steps) if own and step["newest"] >= own), None)
        if place is None or steps[place]["kind"] not in {"start", "send"}:
            raise Invalid(NO_CASE)
        names, files = _names(inner, own), set(inner.session.scalars(select(Document.id)))
        steps = [
            {**step, "answers": _without(step["answers"], files)} if "answers" in step else step
            for step in steps
        ]
        return {
            "title": title,
            "clock": play.log[0]["at"],
            "language": steps[place].get("start", {}).get("language", play.log[0]["language"]),
            "start": _beginning(steps[place]),
            "before": [_move(step, names, key, None) for step in steps[:place]],
            "steps": [_move(step, names, key, own) for step in steps[place + 1 :]],
            "expect": _expected(Look(inner, own)),
        }


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= FILE:
        return value["name"]
    if value.keys() == SIGNATURE:
        return {"name": value["name"], "agreed": value["agreed"]}
    return {name: _plain(inner) for name, inner in value.items()}


def _without(value: Any, files: set[int]) -> Any:
    """Return answers without choices of stored files: their numbers are others next time."""
    if isinstance(value, dict):
        kept = {name: _without(inner, files) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if not _names_file(inner, files)}
    if isinstance(value, list):
        return [_without(one, files) for one in value if not _names_file(one, files)]
    return value


def _names_file(value: Any, files: set[int]) -> bool:
    return isinstance(value, int | str) and str(value).isdecimal() and int(value) in files


def _names(inner: Context, own: int) -> dict[int, str]:
    """Return how a scenario calls the cases of a play: by process and place; its own by nothing."""
    query = select(Case.id, ProcessVersion.key).join(
        ProcessVersion, ProcessVersion.id == Case.process_version_id
    )
    places: dict[str, int] = {}
    found: dict[int, str] = {}
    for row in inner.session.execute(query.order_by(Case.id)):
        places[row.key] = places.get(row.key, 0) + 1
        found[row.id] = f"{row.key}/{places[row.key]}"
    return {case_id: name for case_id, name in found.items() if case_id != own}


def _beginning(step: Step) -> dict[str, Any]:
    if step["kind"] == "send":
        return _beginning_message(step)
    start = {name: value for name, value in step["start"].items() if value is not None}
    start.pop("language", None)
    return {**start, **({"answers": step["answers"]} if "answers" in step else {})}


def _beginning_message(step: Step) -> dict[str, Any]:
    said = {"message": step["send"], "correlation": step["correlation"], "data": step["data"]}
    return {name: value for name, value in said.items() if value or name == "message"}


def _move(step: Step, names: Mapping[int, str], key: str, own: int | None) -> dict[str, Any]:
    """Return a step as a scenario says it, with what is open after it."""
    case = step.get("case")
    called = {"case": names[case]} if isinstance(case, int) and case in names else {}
    return {**_said(step, key), **called, **_left_open(step, case or own)}


def _left_open(step: Step, case: int | None) -> dict[str, Any]:
    if case is None:
        return {}
    open_now = {name.rpartition("/")[2] for of, name in step["open"] if of == case}
    return {"expect": {"open": sorted(open_now)}}


def _said(step: Step, key: str) -> dict[str, Any]:
    process, _slash, element = str(step["element"]).rpartition("/")
    kind, by = step["kind"], {"as": step["who"], "answers": step.get("answers", {})}
    if kind == "task":
        return {"task": element, **by, **({"in": process} if process != key else {})}
    if kind == "message":
        return {"message": step["message"], **by}
    if kind == "send":
        return {name: step[name] for name in ("send", "correlation", "data") if step[name]}
    if kind == "clock":
        return {"advance_to": step["to"]}
    return {"start": {**_beginning(step), "process": step["process"]}}


def _expected(look: Look) -> dict[str, Any]:
    return _stood(look.row) | {name: value for name, value in _lists(look).items() if value}


def _stood(row: Any) -> dict[str, Any]:
    end = row.end_element if row.phase == CaseState.FINISHED else None
    outcome = {"outcome": row.outcome} if row.outcome else {}
    return {"end": end, "status": row.status, **outcome}


def _lists(look: Look) -> dict[str, list[Any]]:
    taken = [{"decision": one["decision"], "result": one["result"]} for one in look.decisions]
    mails = [name for name in look.mails if name]
    path = list(_squeezed(look.visited))
    return {"path": path, "decisions": taken, "documents": look.documents, "mails": mails}


def _squeezed(path: Sequence[str]) -> Iterator[str]:
    last = ""
    for element in path:
        if element and element != last:
            yield element
        last = element or last


def require_title(title: str) -> None:
    """Raise Invalid for a scenario without a title."""
    if not title.strip():
        raise Invalid(NO_TITLE)


def free_path(ctx: Context, draft_id: int, key: str, title: str) -> str:
    """Return a path for a new scenario of a draft, made from its title."""
    name = _UNFIT.sub("_", title.lower()).strip("_")[:60] or "played"
    known = files_of(ctx, draft_id)
    for number in range(1, len(known) + 2):
        path = f"processes/{key}/scenarios/{name}{f'_{number}' if number > 1 else ''}.yaml"
        if path not in known:
            return path
    raise AssertionError(name)
