"""Business hours as administrators keep them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.core.db import Id, Model
from helpdesk.core.hours import Block, Hours

FALLBACK = "UTC"
"""The zone in which hours are counted whose own zone is unknown to this system."""


@dataclass(frozen=True)
class Holiday:
    """A day on which nobody works, and what it is called."""

    day: date
    name: str


class BusinessHours(Model):
    """The blocks of a week, a time zone, and the days off: those of a country, and own ones."""

    __tablename__ = "business_hours"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String, unique=True)
    zone: Mapped[str]
    week: Mapped[list[Any]]
    """[weekday, first minute, last minute] of each block; Monday is 0."""
    country: Mapped[str | None] = mapped_column(String(2))
    """Whose public holidays are kept; ISO 3166-1."""
    region: Mapped[str | None] = mapped_column(String(10))
    """The part of the country, where its holidays differ; ISO 3166-2 without the country."""
    public_days: Mapped[list[Any]] = mapped_column(default=list)
    """[day, name] of each public holiday, some years ahead; a job adds those that come."""
    own_days: Mapped[list[Any]] = mapped_column(default=list)
    """[day, name] of each own day off."""
    rules: Mapped[str] = mapped_column(default="")
    """A fingerprint of the rules of the zone; it changes when a country changes its clocks."""
    created_at: Mapped[datetime]

    @property
    def hours(self) -> Hours:
        """For counting."""
        return read_hours(self.zone, self.week, self.public_days, self.own_days)

    @property
    def holidays(self) -> list[Holiday]:
        """Every day off, in order."""
        days = dict([*self.public_days, *self.own_days])
        return [Holiday(date.fromisoformat(day), name) for day, name in sorted(days.items())]

    @property
    def calendar_ends(self) -> int | None:
        """The last year whose public holidays are known, of hours that keep those of a country."""
        if self.country is None:
            return None
        return max((int(day[:4]) for day, _ in self.public_days), default=0)

    @property
    def zone_is_gone(self) -> bool:
        """Whether this system no longer knows the zone."""
        return not is_zone(self.zone)


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Whether this system knows a time zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_hours(
    zone: str,
    week: Iterable[Sequence[int]],
    public_days: Iterable[Sequence[str]],
    own_days: Iterable[Sequence[str]],
) -> Hours:
    """Hours for counting out of what is stored of them; in FALLBACK where the zone is gone."""
    days = frozenset(date.fromisoformat(day) for day, _ in [*public_days, *own_days])
    blocks = tuple(Block(*block) for block in week)
    return Hours(zone if is_zone(zone) else FALLBACK, blocks, days)
