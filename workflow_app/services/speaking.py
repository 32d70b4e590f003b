"""How answers are put into words: who and what the codes in them stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.feel import FeelError
from workflow_app.form_builder.summary import SummaryWords
from workflow_app.queries import case_file as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.host import Host


def speech(ctx: Context, host: Host, given: Iterable[Mapping[str, Any]]) -> SummaryWords:
    """Return how answers are shown to the reader, in the place of a host."""
    answers, host = list(given), host.as_seen
    people = queries.titles(ctx.session, {text for data in answers for text in _texts(data)})
    known = [{"value": username, "label": title} for username, title in people.items()]
    return SummaryWords(
        locale=ctx.language, zone=host.calendar.zone, options=_options(host, answers, known)
    )


def _options(
    host: Host, answers: list[Mapping[str, Any]], people: list[Any]
) -> Callable[[Any], list[Any]]:
    scope = {name: value for data in answers for name, value in data.items()}
    found: dict[str, list[Any]] = {}

    def options(item: Any) -> list[Any]:
        text = item.choices_from.text
        if text not in found:
            found[text] = [*_looked_up(item.choices_from, host, scope), *people]
        return found[text]

    return options


def _looked_up(expression: Any, host: Host, scope: Mapping[str, Any]) -> list[Any]:
    """Return all that the expression's look-ups give, before its own filters."""
    seen: list[Any] = []

    def lookup(source: object) -> list[Any]:
        options = host.lookup(source)
        seen.extend(options)
        return options

    try:
        value = expression.evaluate(scope, {**host.functions, "lookup": lookup})
    except FeelError:
        return seen
    return seen or (value if isinstance(value, list) else [])


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
