"""When a case's clock stood, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.dates import format_interval
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from zoneinfo import ZoneInfo

    from workflow_app.queries.clock import Stop
    from workflow_app.services.context import Context

# Day before month, as letters write it.
_ENGLISH = {"en": "en_GB"}


def stop_rows(
    ctx: Context, stops: Iterable[Stop], zone: ZoneInfo, words: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return each stretch as {sentence, reason, lasts}, the earliest first."""
    return [
        {
            "sentence": _sentence(ctx, stop, zone),
            "reason": words(stop.reason) if stop.reason else None,
            "lasts": stop.ended is None,
        }
        for stop in stops
    ]


def _sentence(ctx: Context, stop: Stop, zone: ZoneInfo) -> str:
    began = stop.began.astimezone(zone).date()
    if stop.ended is None:
        return str(_("The clock has stood since %(date)s", date=_day(began)))
    ended = stop.ended.astimezone(zone).date()
    days = (ended - began).days
    if not days:
        return str(_("The clock stood for less than a day, on %(date)s", date=_day(began)))
    span = format_interval(began, ended, "yMMMd", locale=_ENGLISH.get(ctx.language, ctx.language))
    return str(
        ngettext(
            "The clock stood for %(num)d day, %(span)s",
            "The clock stood for %(num)d days, %(span)s",
            days,
            span=span,
        )
    )


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))
