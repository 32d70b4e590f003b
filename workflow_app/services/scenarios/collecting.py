"""Entries of collections in scenarios, and the office's answers to them, as people send them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import NotFound
from workflow_app.form_builder import TaskForm
from workflow_app.services.case_store import load_case
from workflow_app.services.collecting.answering import (
    answer_form,
    entry_of,
    require_answering,
    save_answer,
)
from workflow_app.services.collecting.entering import Sender, contribute, entry_form
from workflow_app.services.collecting.figures import missing_seats
from workflow_app.services.collecting.opened import opened_in
from workflow_app.services.collecting.seats import seats_of
from workflow_app.services.scenarios.answering import Deviation, fill_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.scenarios.script import Answering, Move

    Accepted = Callable[[TaskForm], bool]

EACH = "*"


def send_entries(ctx: Context, case_id: int, move: Move, accepted: Accepted) -> None:
    """Send the entries of a step to a collection of the case.

    `accepted` is asked for each form with errors, and raises for one that should have had none.
    Raises Deviation, DomainError.
    """
    opened = _opened(ctx, case_id, move.contribute or "")
    for code, answers in _entries(ctx, opened, move):
        seat = _seat(ctx, opened, code) if code is not None else None
        word = secrets.token_urlsafe(12)
        sender = Sender(word=word, browser=word, seat=seat)
        found = contribute(ctx, opened, _filled(ctx, opened, sender, answers), sender)
        if isinstance(found, TaskForm):
            accepted(found)
        elif move.refused:
            msg = f"the entry should be refused at {move.refused}, and was taken"
            raise Deviation(msg)


def give_answers(ctx: Context, case_id: int, asked: Answering, accepted: Accepted) -> None:
    """Answer entries by number, `*` for all that nobody answered. Raises Deviation, DomainError."""
    opened = _opened(ctx, case_id, asked.collection)
    require_answering(ctx, load_case(ctx, case_id), opened)
    for number, answers in _numbered(opened, asked):
        entry = entry_of(ctx, opened, number)
        if entry.is_answered and str(number) not in asked.entries:
            continue
        posted = _answered(ctx, opened, entry, answers)
        form = save_answer(ctx, opened, entry, posted, entry.version)
        if form is not None:
            accepted(form)


def _opened(ctx: Context, case_id: int, key: str) -> Opened:
    try:
        return opened_in(ctx, case_id, key)
    except NotFound as missing:
        msg = f"the case has no collection {key}"
        raise Deviation(msg) from missing


def _entries(
    ctx: Context, opened: Opened, move: Move
) -> list[tuple[str | None, Mapping[str, Any]]]:
    """Return the answers to send, each with the code of its seat, None without one."""
    given = move.entries
    if not isinstance(given, dict):
        return [(move.seat, answers) for answers in given or [move.answers]]
    rest = given.get(EACH)
    missing = missing_seats(ctx, opened) if rest is not None else []
    others = [one["code"] for one in missing if one["code"] not in given]
    named = [(code, answers) for code, answers in given.items() if code != EACH]
    return [*named, *((code, rest or {}) for code in others)]


def _seat(ctx: Context, opened: Opened, code: str) -> Any:
    found = next((seat for seat in seats_of(ctx, opened) if seat.code == code), None)
    if found is None:
        msg = f"the collection {opened.row.key} has no seat {code}"
        raise Deviation(msg)
    return found


def _filled(ctx: Context, opened: Opened, sender: Sender, answers: Mapping[str, Any]) -> Posted:
    form = entry_form(ctx, opened, sender)
    return _posted(form, answers)


def _answered(ctx: Context, opened: Opened, entry: Any, answers: Mapping[str, Any]) -> Posted:
    return _posted(answer_form(ctx, opened, entry), answers)


def _posted(form: TaskForm, answers: Mapping[str, Any]) -> Posted:
    """Return what a browser posts that shows this form and has these answers typed in."""

    def bind(values: Mapping[str, Any] | None, posted: Posted | None) -> TaskForm:
        return replace(form, values=form.values if values is None else values, posted=posted)

    posted = fill_in(form.schema, form.values, answers, bind).posted
    assert posted is not None  # noqa: S101 - it was bound over what is posted
    return posted


def _numbered(opened: Opened, asked: Answering) -> list[tuple[int, Mapping[str, Any]]]:
    """Return number and answers of each entry that the step speaks of."""
    rest = asked.entries.get(EACH)
    numbers = range(1, opened.row.entries + 1) if rest is not None else ()
    given = {int(name): answers for name, answers in asked.entries.items() if name != EACH}
    return sorted((dict.fromkeys(numbers, rest or {}) | given).items())
