"""The functions of ours that FEEL may call: settings, terms in days, look-ups, the time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.adapters.holidays_calendar import working_calendar
from workflow_app.domain.deadlines import add_calendar_days, add_working_days
from workflow_app.domain.errors import SettingMissing
from workflow_app.models.catalogue import Setting
from workflow_app.services.lookups import look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from workflow_app.domain.calendars import Calendar
    from workflow_app.services.context import Context

DEFAULT_COUNTRY = "AM"
HOST_NAMES = frozenset({"setting", "working days", "calendar days", "lookup", "now", "today"})


class Host:
    """One territory's view of settings, calendar and look-ups, for one use case."""

    def __init__(self, ctx: Context, path: str, case_id: int | None = None) -> None:
        self.ctx = ctx
        self.path = path
        self.case_id = case_id

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., object]]:
        """Return what FEEL expressions may call, by name."""
        return {
            "setting": self.setting,
            "working days": self.working_days,
            "calendar days": self.calendar_days,
            "lookup": self.lookup,
            "now": self.now,
            "today": self.today,
        }

    @cached_property
    def calendar(self) -> Calendar:
        """Return the working calendar of the territory's country."""
        country = self.path.split("/", 1)[0]
        return working_calendar(country if country in ("AM", "UA", "GE") else DEFAULT_COUNTRY)

    @cached_property
    def _settings(self) -> Mapping[str, object]:
        codes = self.path.split("/")
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

    def working_days(self, days: Decimal | int) -> datetime:
        """Return the end of the n-th working day from now."""
        return add_working_days(self.ctx.now, int(days), self.calendar)

    def calendar_days(self, days: Decimal | int) -> datetime:
        """Return the end of the n-th calendar day from now, moved on to a working one."""
        return add_calendar_days(self.ctx.now, int(days), self.calendar)

    def lookup(self, source: object) -> list[dict[str, object]]:
        """Return the options of a named source; see lookups.look_up."""
        return look_up(self.ctx, str(source), path=self.path, case_id=self.case_id)

    def now(self) -> datetime:
        """Return the moment of this use case in the territory's zone."""
        return self.ctx.now.astimezone(self.calendar.zone)

    def today(self) -> date:
        """Return the day of this use case in the territory's zone."""
        return self.now().date()
