"""What a letter's template reads from data.json: its inputs, its words, and dates already spelt."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from babel.dates import format_date, format_time
from babel.numbers import get_decimal_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from workflow_app.adapters.pdf import Letter
    from workflow_app.adapters.words import Words

_LONGEST_LABEL = 200
_MOMENT = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?\b", re.ASCII
)
# Day before month, as in the other four languages and as Europe writes English.
_FORMATS = {"en": "en_GB"}


def letter_data(letter: Letter) -> dict[str, object]:
    """Return the content of data.json.

    Keys: data, words, names, language, decimal (the language's decimal sign), service, qr (the
    address or null), today (ISO date) and dates: every ISO date or time found in the data, with
    its spelling in the letter's language and time zone.
    """
    today = letter.issued_at.astimezone(letter.zone).date().isoformat()
    return {
        "data": letter.data,
        "words": dict(letter.words),
        "language": letter.language,
        "decimal": get_decimal_symbol(letter.language),
        "service": dict(letter.service),
        "names": dict(letter.names),
        "qr": letter.qr,
        "today": today,
        "dates": spelt_dates([letter.data, today], letter.language, letter.zone),
    }


def letter_words(msgids: Iterator[str], data: Mapping[str, object], words: Words) -> dict[str, str]:
    """Return the translations a letter needs: its own sentences and labels among its data.

    `msgids` are the template's and the base's (typst_words.msgids); a text of the data that the
    catalogue knows, such as the label of a chosen option, is translated by `t(…)` as well.
    """
    labels = (text for text in _texts(data) if len(text) <= _LONGEST_LABEL)
    found = {msgid: words.text(msgid) for msgid in {*msgids, *labels} if msgid}
    return {msgid: said for msgid, said in found.items() if said != msgid}


def spelt_dates(data: object, language: str, zone: ZoneInfo) -> dict[str, str]:
    """Map each ISO date or aware time in `data` to how people write it in `language`."""
    spelt = {text: _spelt(text, language, zone) for text in _texts(data)}
    return {text: said for text, said in spelt.items() if said is not None}


def spelt_text(text: str, language: str, zone: ZoneInfo) -> str:
    """Return `text` with the ISO dates and times in it written as people write them."""

    def said(match: re.Match[str]) -> str:
        return _spelt(match[0], language, zone) or match[0]

    return _MOMENT.sub(said, text)


def _spelt(text: str, language: str, zone: ZoneInfo) -> str | None:
    locale = _FORMATS.get(language, language)
    try:
        if len(text) == len("2026-11-21"):
            return _unbroken(format_date(date.fromisoformat(text), "long", locale=locale))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) < len("2026-11-21T10:00"):
        return None
    local = moment.astimezone(zone) if moment.tzinfo else moment
    day = _unbroken(format_date(local.date(), "long", locale=locale))
    return f"{day}, {format_time(local.time(), 'HH:mm', locale=locale)}"


def _unbroken(day: str) -> str:
    return day.replace(" ", "\N{NO-BREAK SPACE}")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
