"""Calendar feeds after RFC 5545: what is due and what takes place, as instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

#: How long a date without an end takes in a calendar.
USUAL = timedelta(hours=1)
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date: `uid` stays the same when it moves, `changed` is when it last did.

    One that lasts no time is a moment by which something is due; of one that is all day only the
    day of `starts`, on the clock it is given by, counts.
    """

    uid: str
    title: str
    starts: datetime
    changed: datetime
    lasts: timedelta = USUAL
    place: str | None = None
    url: str | None = None
    is_cancelled: bool = False
    is_all_day: bool = False


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """Return a calendar in iCalendar's format, its lines folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", "-//workflow_app//calendar feed//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    starts = entry.starts.astimezone(UTC)
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts.date() if entry.is_all_day else starts)
    if entry.lasts and not entry.is_all_day:
        event.add("dtend", starts + entry.lasts)
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    event.add("transp", "OPAQUE" if entry.lasts and not entry.is_all_day else "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event
