"""The search index: the words of a case, written in the background after its forms were sent.

A sent form stands as not searched until its case's words are written anew, so that nothing is lost
when a worker dies, and writing twice changes nothing. What forms mark as sensitive and what blind
or sealed tasks say is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from workflow_app.domain.errors import NotFound
from workflow_app.domain.ids import is_provisional
from workflow_app.domain.words import words_in
from workflow_app.form_builder.paths import get_path
from workflow_app.form_builder.schema import ComponentType, Kind, members
from workflow_app.models.base import table_of
from workflow_app.models.case import UNSEARCHED, Answer, Case, Document
from workflow_app.models.desk import SearchWord
from workflow_app.models.people import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Row

    from workflow_app.form_builder.schema import Item
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

#: What a word tells by where it stands; one that stands in several places counts once, the most.
NUMBER, TITLE, ORGANISATION, DOCUMENT, ANSWER = 9, 8, 6, 3, 1
MOST_WORDS = 300
MOST_LETTERS = 30_000
KEPT_BACK = ("blind", "seal")
_words = table_of(SearchWord)
_answers = table_of(Answer)
_TEXTS = frozenset({ComponentType.TEXTFIELD, ComponentType.TEXTAREA})
_CHOICES = frozenset({ComponentType.SELECT, ComponentType.RADIO})


def unsearched(ctx: Context, limit: int) -> list[int]:
    """Return at most `limit` cases of forms whose words are not in the index yet."""
    query = select(_answers.c.case_id).where(UNSEARCHED).order_by(_answers.c.id).limit(limit)
    return list(dict.fromkeys(ctx.session.scalars(query)))


def index_case(ctx: Context, case_id: int) -> None:
    """Write a case's words in place of those that are there, and mark its forms as searched."""
    case = ctx.session.get(Case, case_id)
    if case is None:
        return
    newest = select(_answers).where(_answers.c.case_id == case_id).order_by(_answers.c.id)
    answers = ctx.connection.execute(newest).all()
    known = _weighed(ctx, case, answers)
    forget_case(ctx, case_id)
    rows = [{"word": word, "case_id": case_id, "weight": known[word]} for word in sorted(known)]
    if rows:
        ctx.connection.execute(insert(_words), rows)
    mark_searched(ctx, case_id, [row.id for row in answers])


def mark_searched(ctx: Context, case_id: int, answers: Iterable[int] | None = None) -> None:
    """Take forms of a case off the list of what is to be indexed; all of them unless named."""
    done = update(_answers).where(_answers.c.case_id == case_id, UNSEARCHED)
    if answers is not None:
        done = done.where(_answers.c.id.in_(list(answers)))
    ctx.connection.execute(done.values(searched=True))


def forget_case(ctx: Context, case_id: int) -> None:
    """Take a case's words out of the index, as when its data are erased."""
    ctx.connection.execute(delete(_words).where(_words.c.case_id == case_id))


def _weighed(ctx: Context, case: Case, answers: Iterable[Row[Any]]) -> dict[str, int]:
    """Return the words of a case with their weights, the weightiest first, so many at most."""
    texts = [(TITLE, case.title)]
    if not is_provisional(case.number):
        texts.append((NUMBER, case.number))
    titles = select(Document.title).where(Document.case_id == case.id)
    texts += [(DOCUMENT, title) for title in ctx.session.scalars(titles)]
    published = ctx.platform.programs.get(ctx.session, case.process_version_id)
    said, codes = _said(published, answers)
    texts += [(ORGANISATION, name) for name in _organisations(ctx, codes)]
    texts += [(ANSWER, text) for text in said]
    known: dict[str, int] = {}
    for weight, text in sorted(texts, key=lambda one: -one[0]):
        for word in words_in(text[:MOST_LETTERS]):
            if len(known) >= MOST_WORDS:
                return known
            known.setdefault(word, weight)
    return known


def _said(published: Published, answers: Iterable[Row[Any]]) -> tuple[list[str], set[str]]:
    """Return the texts of answers that anybody who sees the case sees, and the codes in them."""
    texts: list[str] = []
    codes: set[str] = set()
    for answer in answers:
        info = published.task_info(answer.element)
        if not answer.form or (info and any(info.properties.get(k) == "true" for k in KEPT_BACK)):
            continue
        try:
            schema = published.form(answer.form)
        except NotFound:
            # A case that was moved to a version without this form.
            continue
        for item, text in _texts(schema.items, answer.data):
            if item.type in _CHOICES:
                codes.add(text)
            else:
                texts.append(text)
    return texts, codes


def _texts(items: tuple[Item, ...], data: Any) -> Iterator[tuple[Item, str]]:
    """Yield what was typed or chosen in the fields of a level and of those below."""
    for item in members(items):
        value: Any = get_path(data, item.path) if isinstance(data, dict) else None
        if item.sensitive or item.kind in (Kind.EMAIL, Kind.TEL, Kind.SIGN):
            continue
        if item.is_container:
            for row in value if isinstance(value, list) else [value]:
                yield from _texts(item.children, row)
        elif isinstance(value, str) and item.type in _TEXTS | _CHOICES:
            yield item, value


def _organisations(ctx: Context, codes: set[str]) -> list[str]:
    query = select(Organisation.name).where(Organisation.code.in_(codes))
    return list(ctx.session.scalars(query)) if codes else []
