"""When something that recurs is due next: on a day, at a time of the clock that somebody lives by.

Days are counted by the calendar of their zone, so that each has its turn once, whatever the clock does on it.
Where it is put forward over the time, the turn comes as much later; where it is put back, the first of the
two moments counts.
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Recurrence(msgspec.Struct, frozen=True, kw_only=True):
    """`weekday` counts from Monday, 0; `day` is one of the month, its last one where it has fewer days."""

    every: Every
    at: time
    weekday: int = 0
    day: int = 1

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first turn after `moment`, in UTC."""
        today = moment.astimezone(zone).date()
        # A turn of yesterday's may have been moved past midnight, so that yesterday counts too.
        day = today - timedelta(days=1)
        while True:
            if self._is_on(day):
                turn = datetime.combine(day, self.at, zone).astimezone(UTC)
                if turn > moment:
                    return turn
            day += timedelta(days=1)

    def _is_on(self, day: date) -> bool:
        if self.every is Every.WEEK:
            return day.weekday() == self.weekday
        if self.every is Every.MONTH:
            return day.day == min(self.day, calendar.monthrange(day.year, day.month)[1])
        return True
