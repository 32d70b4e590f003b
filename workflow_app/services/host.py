"""The functions of ours that FEEL may call: settings, terms in days, look-ups, the time."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain.deadlines import add_calendar_days, add_working_days
from workflow_app.domain.errors import SettingMissing
from workflow_app.domain.permissions import is_official
from workflow_app.models.catalogue import Setting
from workflow_app.models.people import Territory
from workflow_app.services.lookups import look_up, look_up_one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.domain.calendars import Calendar
    from workflow_app.services.context import Context

#: The territory of a setting that holds in every country.
EVERYWHERE = "*"


class Host:
    """One territory's view of settings, calendar and look-ups, for one use case."""

    def __init__(
        self, ctx: Context, path: str, case_id: int | None = None, *, hidden: bool = True
    ) -> None:
        self.ctx = ctx
        self.path = path
        self.case_id = case_id
        self.hidden = hidden

    @property
    def as_seen(self) -> Host:
        """Return the view that the actor may be shown: to the public, nothing hidden.

        What runs inside a case reads all of it, whoever's page made it run.
        """
        if not self.hidden or is_official(self.ctx.actor):
            return self
        return Host(self.ctx, self.path, self.case_id, hidden=False)

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Return what FEEL expressions may call, by name."""
        return {
            "setting": self.setting,
            "working days": self.working_days,
            "calendar days": self.calendar_days,
            "is holiday": self.is_holiday,
            "is working day": self.is_working_day,
            "lookup": self.find,
            "now": self.now,
            "today": self.today,
        }

    @cached_property
    def calendar(self) -> Calendar:
        """Return the working calendar of the territory's country."""
        return calendar_at(self.path)

    @cached_property
    def _settings(self) -> Mapping[str, object]:
        codes = [EVERYWHERE, *self.path.split("/")]
        rows = self.ctx.session.execute(
            select(Setting.key, Setting.territory_code, Setting.value).where(
                Setting.territory_code.in_(codes)
            )
        ).all()
        ranked = sorted(rows, key=lambda row: codes.index(row.territory_code))
        return {row.key: row.value["value"] for row in ranked}

    def setting(self, key: object) -> object:
        """Return a setting's value, the nearest territory's first. Raises SettingMissing."""
        if str(key) not in self._settings:
            raise SettingMissing(key=str(key))
        return self._settings[str(key)]

    def number(self, key: str) -> Decimal:
        """Return a setting that is a number. Raises SettingMissing."""
        return Decimal(str(self.setting(key)))

    def working_days(self, days: Decimal, start: date | None = None) -> datetime:
        """Return the end of the n-th working day after a day or moment, or from now."""
        return add_working_days(self._begins(start), int(days), self.calendar)

    def calendar_days(self, days: Decimal, start: date | None = None) -> datetime:
        """Return the end of the n-th calendar day from then, moved on to a working one."""
        return add_calendar_days(self._begins(start), int(days), self.calendar)

    def _begins(self, start: date | None) -> datetime:
        """Return when a term begins: a day at its midnight there, a local moment on its clock."""
        if start is None:
            return self.ctx.now
        moment = start if isinstance(start, datetime) else datetime.combine(start, time())
        return moment if moment.tzinfo else moment.replace(tzinfo=self.calendar.zone)

    def is_holiday(self, day: date) -> bool:
        """Tell whether a day is a public holiday of the territory's country."""
        return self.calendar.is_holiday(self._day(day))

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices of the territory's country work on a day."""
        return self.calendar.is_working(self._day(day))

    def _day(self, day: date) -> date:
        return self._begins(day).astimezone(self.calendar.zone).date()

    def lookup(self, source: object) -> list[dict[str, object]]:
        """Return the options of a named source; see lookups.look_up."""
        return look_up(
            self.ctx, str(source), path=self.path, case_id=self.case_id, hidden=self.hidden
        )

    def find(self, source: str | None, *key: object) -> object:
        """Return the options of a named source, or the one with a key, for FEEL.

        A source still unknown, as while the form that names it is being filled in, has none.
        """
        if source is None:
            return None if key else []
        if not key:
            return self.lookup(source)
        if key[0] is None:
            return None
        return look_up_one(
            self.ctx,
            source,
            str(key[0]),
            path=self.path,
            case_id=self.case_id,
            hidden=self.hidden,
        )

    def now(self) -> datetime:
        """Return the moment of this use case in the territory's zone."""
        return self.ctx.now.astimezone(self.calendar.zone)

    def today(self) -> date:
        """Return the day of this use case in the territory's zone."""
        return self.now().date()


def home_path(ctx: Context) -> str:
    """Return the path of the first root: the territory of whoever has no case yet."""
    root = select(Territory.path).where(Territory.parent_code.is_(None)).order_by(Territory.code)
    return ctx.session.scalar(root.limit(1)) or ""
