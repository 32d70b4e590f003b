"""Statistics for everybody: cases by process and month, small numbers kept back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflow_app.adapters.words import Words
from workflow_app.domain.figures import Lasted, figures_of
from workflow_app.queries import statistics as queries
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from workflow_app.domain.figures import Figures
    from workflow_app.services.context import Context

MONTHS = 12
COLUMNS = ("process", "month", "begun", "finished", "in_time", "median_days")


def statistics(ctx: Context) -> dict[str, Any]:
    """Return the figures of the last twelve months and the present one, by process.

    They are worked out once in some minutes, in whatever languages they are read.
    """
    host = Host(ctx, home_path(ctx))
    months, least = _months(host.now()), int(host.number("statistics.least"))
    asked = ("statistics", least, months[0])
    told = ctx.platform.remembered.get(asked, ctx.now, lambda: _figures(ctx, months, least))
    words = Words(ctx.language).text
    titles = queries.process_titles(ctx.session)
    return {
        "least": least,
        "since": months[0],
        "processes": [
            {"key": key, "title": words(title), **told[key]}
            for key, title in titles.items()
            if key in told
        ],
    }


def _figures(ctx: Context, months: list[datetime], least: int) -> dict[str, dict[str, Any]]:
    """Return the figures by the keys of processes."""
    begun = queries.begun_by_month(ctx.session, months)
    finished = _finished(ctx, months)
    keys = sorted({key for key, _month in (*begun, *finished)})
    return {key: _process(key, months, begun, finished, least) for key in keys}


def flat(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures as rows, one for each process and month."""
    return [
        {"process": one["key"], "month": row["month"].strftime("%Y-%m"), **asdict(row["figures"])}
        for one in found["processes"]
        for row in one["months"]
    ]


def _process(
    key: str,
    months: list[datetime],
    begun: dict[tuple[str, int], int],
    finished: dict[tuple[str, int], list[Lasted]],
    least: int,
) -> dict[str, Any]:
    count = len(months) - 1
    counts = [begun.get((key, number), 0) for number in range(count)]
    cases = [finished.get((key, number), []) for number in range(count)]
    whole = figures_of([sum(counts)], [[one for month in cases for one in month]], least)[0]
    told: list[Figures] = figures_of(counts, cases, least)
    rows = [{"month": at, "figures": one} for at, one in zip(months, told, strict=False)]
    return {"whole": whole, "months": rows}


def _finished(ctx: Context, months: list[datetime]) -> dict[tuple[str, int], list[Lasted]]:
    found: dict[tuple[str, int], list[Lasted]] = defaultdict(list)
    for row in queries.finished_between(ctx.session, months[0], months[-1]):
        number = bisect_right(months, row.finished_at) - 1
        in_time = row.breached_at is None if row.term_due is not None else None
        days = (row.finished_at - row.started_at).days
        found[row.key, number].append(Lasted(days=days, in_time=in_time))
    return found


def _months(now: datetime) -> list[datetime]:
    """Return the beginnings of the last months, the present and the next one, on that clock."""
    first = now.year * 12 + now.month - 1 - MONTHS
    all_of_them = range(first, first + MONTHS + 2)
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=now.tzinfo) for n in all_of_them]
