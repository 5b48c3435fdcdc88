"""What is kept, by which dimensions, and which marks make it stale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from helpdesk.reports.periods import Span

DAY = timedelta(days=1)


class Length(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Piece:
    """A day, a week or a month by its first day."""

    length: Length
    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        match self.length:
            case Length.DAY:
                return self.first
            case Length.WEEK:
                return self.first + 6 * DAY
        return (self.first.replace(day=28) + 4 * DAY).replace(day=1) - DAY

    @property
    def days(self) -> Iterator[Piece]:
        """Its days."""
        for place in range((self.last - self.first).days + 1):
            yield Piece(Length.DAY, self.first + place * DAY)


def pieces_of(first: date, last: date) -> Iterator[Piece]:
    """Days in as few pieces as can be: whole months, then whole weeks, then days."""
    while first <= last:
        month, week = Piece(Length.MONTH, first), Piece(Length.WEEK, first)
        piece = Piece(Length.DAY, first)
        if first.day == 1 and month.last <= last:
            piece = month
        elif first.weekday() == 0 and week.last <= last:
            piece = week
        yield piece
        first = piece.last + DAY


def around(day: date) -> tuple[Piece, Piece]:
    """The week and the month that hold a day."""
    monday = day - day.weekday() * DAY
    return Piece(Length.WEEK, monday), Piece(Length.MONTH, day.replace(day=1))


def dates_of(span: Span) -> set[date]:
    """The days of UTC that days of another time zone reach into."""
    first, last = span.start.date(), (span.end - timedelta(microseconds=1)).date()
    return {first + place * DAY for place in range((last - first).days + 1)}


TICKET, TURN, MESSAGE, ANSWER, INVITATION = "ticket", "turn", "message", "answer", "invitation"
PROMISE, HOURS = "promise", "hours"
"""What marks are about: the tables whose rows are counted; promises that ended; and in which
business hours waits are measured."""


@dataclass(frozen=True)
class Kept:
    """Counts of one measure by some dimensions. Every one is also by the team that the ticket has,
    because that decides who may see it."""

    measure: str
    dimensions: tuple[str, ...]
    of: tuple[str, ...]
    timed: bool = False
    """Whether every single time is kept, and not only how many there are."""
    worked: bool = False
    """Whether those times are business hours, as they are set up now."""
    flows: bool = False
    """Whether it is what a day changed, and not what was there at its end."""

    @property
    def name(self) -> str:
        """How it is called in the table."""
        measure = self.measure + WORKED if self.worked else self.measure
        return ":".join((measure, *self.dimensions))


WORKED = ", worked"
"""After the name of a measure of time: in business hours."""
_WORK = (("team", "channel"), ("team", "agent", "channel"))
_TAGGED = (("tag",), ("team", "agent", "tag"))
_SHARES = (("team",), ("team", "agent"))


def _of(
    measure: str, of: str, *splits: tuple[str, ...], timed: bool = False
) -> Iterator[tuple[str, tuple[Kept, ...]]]:
    yield measure, tuple(Kept(measure, split, (of,), timed) for split in splits)


def _all() -> Iterator[tuple[str, tuple[Kept, ...]]]:
    yield from _of("filed", TICKET, *_WORK, *_TAGGED)
    yield from _of("first_replied", TICKET, *_WORK, timed=True)
    yield from _of("resolved", TURN, *_WORK, timed=True)
    for measure, of in (("first_replied", TICKET), ("resolved", TURN)):
        splits = ((), ("team", "agent"))
        kept = (Kept(measure, split, (of, HOURS), timed=True, worked=True) for split in splits)
        yield measure + WORKED, tuple(kept)
    yield from _of("reopened", TURN, *_WORK)
    scores = (("score", "team", "agent"), ("score", "tag"), ("score", "team", "agent", "tag"))
    yield from _of("csat", ANSWER, *scores)
    yield from _of("ces", ANSWER, *scores)
    yield from _of("nps", ANSWER, ("score",))
    for measure in ("asked", "answered", "ces_asked", "ces_answered", "undelivered"):
        yield from _of(measure, INVITATION, *_SHARES)
    yield from _of("not_asked", INVITATION, ("reason",), ("reason", "team", "agent", "channel"))
    for measure in ("nps_asked", "nps_answered"):
        yield from _of(measure, INVITATION, ())
    yield from _of("nps_not_asked", INVITATION, ("reason",))
    tones = (("label", "team"), ("label", "team", "agent"))
    tagged = (("label", "tag"), ("label", "team", "agent", "tag"))
    results = (("kept", "team"), ("kept", "policy", "target"))
    yield from _of("promises", PROMISE, *results, ("kept", "policy", "target", "team", "agent"))
    yield from _of("breaches", PROMISE, ("why", "team"), ("why", "team", "agent"))
    yield from _of("messages", MESSAGE, *tones, *tagged)
    yield (
        "open",
        tuple(Kept("open", split, (TICKET, TURN), flows=True) for split in _WORK),
    )


KEPT: Mapping[str, tuple[Kept, ...]] = dict(_all())
"""By measure, the smallest first."""


def kept_for(measure: str, dimensions: Iterable[str]) -> Kept | None:
    """The smallest that tells these dimensions apart. A ticket with two tags is in two lines of
    what is split by tags, so that only a question about tags may read it."""
    wanted = set(dimensions)
    for kept in KEPT.get(measure, ()):
        if wanted <= {*kept.dimensions} and ("tag" in wanted) == ("tag" in kept.dimensions):
            return kept
    return None


def sources() -> Iterator[tuple[Kept, tuple[Kept, ...]]]:
    """Those that have to be counted, each with all that follow from it by adding up."""
    for family in KEPT.values():
        for tagged in (False, True):
            alike = tuple(kept for kept in family if ("tag" in kept.dimensions) is tagged)
            if alike:
                yield alike[-1], alike
