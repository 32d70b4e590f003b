"""Date, time and date-time entries: day, month and year apart, as GOV.UK asks for them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.form_builder import text
from workflow_app.form_builder.fields import AnswerField, BadEntry

if TYPE_CHECKING:
    from workflow_app.form_builder.fields import Typed
    from workflow_app.form_builder.paths import Json

DAY, MONTH, YEAR, TIME = "-day", "-month", "-year", "-time"

_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})", re.ASCII)
_DIGITS = re.compile(r"\d{1,4}", re.ASCII)


class DateEntry(AnswerField):
    """A date; the data holds ISO text, "2026-11-21"."""

    parts: tuple[str, ...] = (DAY, MONTH, YEAR)

    @override
    def read(self) -> Json:
        """Read the date."""
        found = self._date()
        return found.isoformat() if found else None

    def _date(self) -> date | None:
        entries = [self.entry(part) for part in (DAY, MONTH, YEAR)]
        if not any(entries):
            return None
        for part, message in _INCOMPLETE.items():
            if not self.entry(part):
                raise BadEntry(message, part)
        return self._real_date(entries)

    def _real_date(self, entries: list[str]) -> date:
        if not all(_DIGITS.fullmatch(entry) for entry in entries):
            raise BadEntry(text.NOT_A_DATE, DAY)
        day, month, year = (int(entry) for entry in entries)
        if year < 1000:
            raise BadEntry(text.DATE_NEEDS_YEAR, YEAR)
        try:
            return date(year, month, day)
        except ValueError:
            raise BadEntry(text.NOT_A_DATE, DAY) from None

    @override
    def show(self, value: Json) -> Typed:
        """Split ISO text into the three inputs; other text goes into the first."""
        try:
            found = date.fromisoformat(str(value)[:10])
        except ValueError:
            return {DAY: [str(value)]}
        return {DAY: [str(found.day)], MONTH: [str(found.month)], YEAR: [str(found.year)]}


_INCOMPLETE = {
    DAY: text.DATE_NEEDS_DAY,
    MONTH: text.DATE_NEEDS_MONTH,
    YEAR: text.DATE_NEEDS_YEAR,
}


class TimeEntry(AnswerField):
    """A time of day; the data holds ISO text with seconds, "14:30:00"."""

    @override
    def read(self) -> Json:
        """Read the time."""
        if not self.entry():
            return None
        return read_time(self.entry(), "").isoformat()

    @override
    def show(self, value: Json) -> Typed:
        """Show hours and minutes."""
        return {"": [str(value)[:5]]}


class DateTimeEntry(DateEntry):
    """A moment, typed in the zone of the context's clock, kept in UTC."""

    parts = (DAY, MONTH, YEAR, TIME)

    @override
    def read(self) -> Json:
        """Read the date and the time; both or neither."""
        day, clock = self._date(), self.entry(TIME)
        if day is None and not clock:
            return None
        if day is None:
            raise BadEntry(text.NEEDS_DATE, DAY)
        if not clock:
            raise BadEntry(text.NEEDS_TIME, TIME)
        zone = self.context.now.tzinfo
        local = datetime.combine(day, read_time(clock, TIME), tzinfo=zone)
        return local.astimezone(UTC).isoformat()

    @override
    def show(self, value: Json) -> Typed:
        """Show the moment in the zone of the context's clock."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            return {DAY: [str(value)]}
        if moment.tzinfo is not None:
            moment = moment.astimezone(self.context.now.tzinfo)
        return super().show(moment.date().isoformat()) | {TIME: [f"{moment:%H:%M}"]}


def read_time(entry: str, part: str) -> time:
    """Read "14:30", "14.30" or "1430"; BadEntry when it is no time of day."""
    found = _TIME.fullmatch(entry)
    try:
        return time(int(found.group(1)), int(found.group(2))) if found else _no_time(part)
    except ValueError:
        return _no_time(part)


def _no_time(part: str) -> time:
    raise BadEntry(text.NOT_A_TIME, part)
