"""An order to move cases in words: progress, groups, and what became of steps that are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.errors import NotFound
from workflow_app.queries import moving as queries
from workflow_app.services.designing import moving
from workflow_app.services.designing.similar import alike, name_of, process_of, proposed
from workflow_app.services.forms import translator
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.reasons import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.models.catalogue import ProcessVersion
    from workflow_app.models.designing import MoveOrder
    from workflow_app.queries.moving import Group
    from workflow_app.services.context import Context
    from workflow_app.services.designing.similar import Likeness
    from workflow_app.services.programs import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A step that is gone, under a number, with those that it may have become."""

    number: int
    element: str
    process: str
    name: str
    choices: tuple[Likeness, ...]
    chosen: str | None


def progress(ctx: Context, order_id: int) -> dict[str, int]:
    """Return how many cases of an order are in which state, and `all` of them."""
    found = queries.counts(ctx.session, order_id)
    states = (moving.LOOK, moving.LOOKED, moving.MOVE, moving.MOVED, moving.FAILED, moving.BACK)
    return {state: found.get(state, 0) for state in states} | {"all": sum(found.values())}


def group_cards(
    ctx: Context, order: MoveOrder, found: Sequence[Group]
) -> dict[str, list[dict[str, Any]]]:
    """Return the groups by verdict: moves, mapping, cannot, each as its card shows it."""
    cards: dict[str, list[dict[str, Any]]] = {
        moving.MOVES: [],
        moving.MAPPING: [],
        moving.CANNOT: [],
    }
    for group in found:
        old = ctx.platform.programs.get(ctx.session, group.version_id)
        words = translator(ctx, old)
        cards[group.verdict].append(
            {
                "version": old.number,
                "count": group.count,
                **_standing(group),
                "open": group.states.get(moving.LOOKED, 0),
                "signature": group.signature,
                "where": _where(old, words, group.told),
                "reasons": reasons(old, words, group.told),
                "url": url_for("studio_moving.cases", order_id=order.id, group=group.signature),
            }
        )
    return cards


def _standing(group: Group) -> dict[str, str]:
    """Return the state of a group: that of the first of its cases that are not moved yet."""
    order = (moving.LOOKED, moving.LOOK, moving.MOVE, moving.FAILED, moving.BACK, moving.MOVED)
    state = next(one for one in order if group.states.get(one))
    shown = _VERDICTS[group.verdict] if state == moving.LOOKED else _STATES[state]
    return {"state": shown, "word": _state_word(state, group.verdict)}


def _where(old: Published, words: Any, said: Mapping[str, Any]) -> list[str]:
    names = old.element_names()
    found = [words(names.get(one, "")) or one.rsplit("/", 1)[-1] for one in said.get("where", [])]
    return sorted(found)


def reasons(old: Published, words: Any, said: Mapping[str, Any]) -> list[str]:
    """Return what stands in the way of a case, in the reader's language."""
    failure = said.get("failure")
    failed = [told(failure["why"], failure["details"])] if failure else []
    return [_obstacle(old, words, one) for one in said.get("obstacles", [])] + failed


def _obstacle(old: Published, words: Any, one: Mapping[str, Any]) -> str:
    return told(one["why"], {"element": words(name_of(old.program, one["element"]))})


def mappings(ctx: Context, order: MoveOrder, found: Sequence[Group]) -> list[dict[str, Any]]:
    """Return what has to be mapped, by old version.

    [{version_id, number, pairs: [Pair in words], drawings: [{title, old, new}]}]
    """
    needed: dict[int, list[Mapping[str, Any]]] = {}
    for group in found:
        if group.verdict == moving.MAPPING:
            needed.setdefault(group.version_id, []).append(group.told)
    for version_id in order.mappings:
        needed.setdefault(int(version_id), [])
    return [
        shown
        for version_id, said in needed.items()
        if (shown := _mapping(ctx, order, version_id, said))["pairs"]
    ]


def _mapping(
    ctx: Context, order: MoveOrder, version_id: int, said: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    programs = ctx.platform.programs
    old, new = (programs.get(ctx.session, one) for one in (version_id, order.to_version_id))
    found = pairs(old, new, order.mappings.get(str(version_id), {}), said)
    words, later = translator(ctx, old), translator(ctx, new)
    return {
        "version_id": version_id,
        "number": old.number,
        "pairs": [_pair(one, words, later) for one in found],
        "drawings": [
            _drawing(ctx, order, old, process)
            for process in dict.fromkeys(p.process for p in found)
        ],
    }


def pairs(
    old: Published,
    new: Published,
    mapping: Mapping[str, str],
    said: Sequence[Mapping[str, Any]],
) -> list[Pair]:
    """Return the steps that are gone with those they may have become, mapped ones included."""
    gone: dict[str, set[str]] = {element: {target} for element, target in mapping.items()}
    for one in (one for told_of in said for one in told_of.get("obstacles", [])):
        gone.setdefault(one["element"], set()).update(one["candidates"])
    found = []
    for number, element in enumerate(sorted(gone), 1):
        likely = alike(old.program, new.program, element, sorted(gone[element]))
        found.append(
            Pair(
                number=number,
                element=element,
                process=process_of(old.program, element) or old.key,
                name=name_of(old.program, element),
                choices=tuple(likely),
                chosen=mapping.get(element) or proposed(likely),
            )
        )
    return found


def _pair(pair: Pair, words: Any, later: Any) -> dict[str, Any]:
    return {
        "number": pair.number,
        "element": pair.element,
        "name": words(pair.name),
        "chosen": pair.chosen,
        "choices": [
            {
                "value": one.element,
                "label": later(one.name) or one.element,
                "score": one.score,
            }
            for one in pair.choices
        ],
    }


def _drawing(ctx: Context, order: MoveOrder, old: Published, process: str) -> dict[str, Any]:
    def source(version_id: int) -> str:
        ids: dict[str, Any] = {"order_id": order.id, "version_id": old.version_id}
        return url_for("studio_moving.diagram", **ids, side=version_id, process=process)

    title = old.manifests[process].title if process in old.manifests else process
    return {
        "title": translator(ctx, old)(title),
        "old": source(old.version_id),
        "new": source(order.to_version_id),
    }


def side_drawing(
    ctx: Context, order: MoveOrder, version_id: int, side: int, process: str
) -> dict[str, Any]:
    """Return the diagram of one side with the numbers of its pairs: {xml, names, markers, labels}.

    Raises NotFound.
    """
    if side not in (version_id, order.to_version_id):
        raise NotFound
    published = ctx.platform.programs.get(ctx.session, side)
    xml = published.source.files.get(f"processes/{process}/{process}.bpmn")
    if xml is None:
        raise NotFound
    found = [one for one in queries.groups(ctx.session, order.id) if one.version_id == version_id]
    shown = _mapping(ctx, order, version_id, [one.told for one in found])
    key = "element" if side == version_id else "chosen"
    marked = {one[key]: str(one["number"]) for one in shown["pairs"] if one[key]}
    state = "overdue" if side == version_id else "current"
    return {
        **drawing(ctx, xml, translator(ctx, published)),
        "markers": dict.fromkeys(marked, state),
        "labels": marked,
    }


def case_rows(ctx: Context, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return cases of an order: [{id, number, title, language, state, word, reasons, may_move}]."""
    shown = []
    for row in rows:
        old = ctx.platform.programs.get(ctx.session, row.from_version_id)
        words = translator(ctx, old)
        shown.append(
            {
                "id": row.id,
                "number": row.number,
                "title": row.title,
                "language": row.language,
                "version": old.number,
                "state": _STATES[row.state],
                "word": _state_word(row.state, row.verdict),
                "where": _where(old, words, row.told or {}),
                "reasons": reasons(old, words, row.told or {}),
                "may_move": row.state == moving.LOOKED and row.verdict == moving.MOVES,
                "may_return": row.state == moving.MOVED,
            }
        )
    return shown


_STATES = {
    moving.LOOK: "waiting",
    moving.LOOKED: "waiting",
    moving.MOVE: "current",
    moving.MOVED: "done",
    moving.FAILED: "stuck",
    moving.BACK: "waiting",
}
_VERDICTS = {moving.MOVES: "done", moving.MAPPING: "waiting", moving.CANNOT: "stuck"}


def _state_word(state: str, verdict: str | None) -> str:
    words = {
        moving.LOOK: _("Is looked at"),
        moving.MOVE: _("Is being moved"),
        moving.MOVED: _("Moved"),
        moving.FAILED: _("Not moved"),
        moving.BACK: _("Taken back"),
    }
    verdicts = {
        moving.MOVES: _("Can move"),
        moving.MAPPING: _("Steps to be assigned"),
        moving.CANNOT: _("Cannot move"),
    }
    return str(words.get(state) or verdicts.get(verdict or "", ""))


def targets(ctx: Context, versions: Sequence[ProcessVersion]) -> list[dict[str, Any]]:
    """Return the versions that cases may be moved to, the newest first."""
    return [
        {
            "value": one.id,
            "label": _("version %(number)s", number=one.number),
            "running": moving.running_on(ctx, one.id),
        }
        for one in versions
        if one.retired_at is None
    ]
