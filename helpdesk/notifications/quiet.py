"""When somebody is left alone. Pure: a rule, and a moment to ask about."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(8)


@dataclass(frozen=True)
class Quiet:
    """Quiet hours by the clock on the wall of `zone`. They may go over midnight; equal ends mean
    none. A time that a change of the clock leaves out begins when that hour is over."""

    zone: ZoneInfo
    between: tuple[time, time] | None = None
    weekends: bool = False
    daily_at: time = MORNING

    def ends(self, at: datetime) -> datetime:
        """`at` itself where nothing is quiet, else the moment at which it ends."""
        for _ in range(8):  # a night that ends on a Saturday goes on till Monday
            later = self._end_of_night(self._end_of_weekend(at))
            if later == at:
                return at
            at = later
        return at

    def next_daily(self, at: datetime) -> datetime:
        """When the next daily mail is due, after `at`."""
        local = at.astimezone(self.zone)
        today = self._moment(local, self.daily_at)
        return today if today > at else self._moment(local + timedelta(days=1), self.daily_at)

    def _end_of_weekend(self, at: datetime) -> datetime:
        local = at.astimezone(self.zone)
        if not self.weekends or local.weekday() < 5:
            return at
        return self._moment(local + timedelta(days=7 - local.weekday()), time())

    def _end_of_night(self, at: datetime) -> datetime:
        if self.between is None or self.between[0] == self.between[1]:
            return at
        begin, end = self.between
        local = at.astimezone(self.zone)
        clock = local.time()
        over_midnight = begin > end
        if over_midnight:
            if end <= clock < begin:
                return at
            day = local if clock < end else local + timedelta(days=1)
        else:
            if not begin <= clock < end:
                return at
            day = local
        until = self._moment(day, end)
        return max(at, until)

    def _moment(self, day: datetime, clock: time) -> datetime:
        return datetime.combine(day.date(), clock, self.zone).astimezone(UTC)
