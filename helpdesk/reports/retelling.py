"""The figures once more, out of the journal alone: whatever the order in which its entries come,
and however often each of them does."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from helpdesk.core.db import ask, session
from helpdesk.core.journal import JournalEntry
from helpdesk.reports.measures import MEASURES
from helpdesk.reports.periods import Period, PeriodKind, Span, months_of
from helpdesk.reports.rollups.reading import tally
from helpdesk.reports.rollups.whole import Everything
from helpdesk.reports.selection import Selection

Figure = tuple[str, int, str]
"""What is counted, the place of its month, and what it is split by."""


class Told(NamedTuple):
    """An entry of the journal. Two with the same content are one."""

    event: str
    subject: int
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A figure that the reports show and the journal does not bear out."""

    figure: str
    month: str
    split: str
    shown: int
    retold: int


def retell(entries: Iterable[Told], months: Sequence[Span]) -> Counter[Figure]:
    """Every figure by month, from entries in any order, with doubles."""
    seen: set[tuple[str, int, datetime, str]] = set()
    by_event: dict[str, list[Told]] = defaultdict(list)
    for told in entries:
        key = (told.event, told.subject, told.at, json.dumps(told.data, sort_keys=True))
        if key not in seen:
            seen.add(key)
            by_event[told.event].append(told)
    starts = [month.start for month in months]
    ends = months[-1].end

    def month_of(at: datetime) -> int | None:
        return bisect_right(starts, at) - 1 if starts[0] <= at < ends else None

    found: Counter[Figure] = Counter()
    for name, moments in _moments(by_event):
        for at, split in moments:
            if (month := month_of(at)) is not None:
                found[name, month, split] += 1
    for place, span in enumerate(months):
        found["open", place, ""] = _open_at(by_event, span.end)
    return +found


Moments = Iterator[tuple[datetime, str]]


def _moments(told: Mapping[str, list[Told]]) -> Iterator[tuple[str, Moments]]:
    yield "filed", ((each.at, "") for each in told.get("TicketFiled", ()))
    first = (each for each in told.get("AgentReplied", ()) if each.data.get("first"))
    yield "first_replied", ((at, "") for at in _earliest(first, lambda each: each.subject).values())
    yield "resolved", ((each.at, "") for each in told.get("TicketResolved", ()))
    yield "reopened", ((each.at, "") for each in told.get("TicketReopened", ()))
    yield from (("csat", _answers(told, "csat")), ("nps", _answers(told, "nps")))
    yield "flags_raised", ((each.at, "") for each in told.get("ChurnFlagRaised", ()))


def _earliest(told: Iterable[Told], key: Callable[[Told], int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for each in told:
        number = key(each)
        found[number] = min(each.at, found.get(number, each.at))
    return found


def _answers(told: Mapping[str, list[Told]], kind: str) -> Moments:
    """When each answer was given first, and what it says after its last change."""
    answers = [each for each in told.get("SurveyAnswered", ()) if each.data["kind"] == kind]
    first = _earliest(answers, lambda each: each.data["response_id"])
    last: dict[int, Told] = {}
    for each in answers:
        number = each.data["response_id"]
        if number not in last or _order(each) > _order(last[number]):
            last[number] = each
    return ((at, str(last[number].data["after"])) for number, at in first.items())


def _order(told: Told) -> tuple[datetime, bool]:
    """Of two at the same moment, a change comes after the first answer."""
    return told.at, told.data["before"] is not None


def _open_at(told: Mapping[str, list[Told]], moment: datetime) -> int:
    """Filed before, and the last turn before is not that it was resolved."""
    turns: dict[int, tuple[datetime, bool]] = {}
    for event, is_open in (("TicketResolved", False), ("TicketReopened", True)):
        for each in told.get(event, ()):
            if each.at < moment:
                # Of two at the same moment the later one is the reopening.
                turns[each.subject] = max((each.at, is_open), turns.get(each.subject, _NEVER))
    filed = {each.subject for each in told.get("TicketFiled", ()) if each.at < moment}
    return sum(turns.get(ticket, (moment, True))[1] for ticket in filed)


_NEVER = (datetime.min.replace(tzinfo=UTC), False)
_EVENTS = (
    "TicketFiled",
    "AgentReplied",
    "TicketResolved",
    "TicketReopened",
    "SurveyAnswered",
    "ChurnFlagRaised",
)
_SPLITS = {"csat": ("score",), "nps": ("score",)}
FIGURES = ("filed", "first_replied", "resolved", "reopened", "open", "csat", "nps", "flags_raised")


def stored() -> Iterator[Told]:
    """The entries that figures are made of."""
    entry = JournalEntry
    columns = entry.event, entry.subject_id, entry.at, entry.data
    for row in ask(select(*columns).where(entry.event.in_(_EVENTS))):
        yield Told(row[0], row[1], row[2], row[3])


def shown(months: Sequence[Span], today: Span) -> Counter[Figure]:
    """The same figures as the reports count them, for all tickets."""
    period = Period(today.first, today.last, today.zone, PeriodKind.CUSTOM, today.last)
    found: Counter[Figure] = Counter()
    for name in FIGURES:
        splits = _SPLITS.get(name, ())
        counted = tally(Everything(), MEASURES[name], Selection(period), months, *splits)
        for (place, *values), number in counted.items():
            found[name, place, str(values[0]) if values else ""] += number
    return found


def months_told(today: Span) -> tuple[Span, ...]:
    """Every month from the first entry on, at most ten years."""
    first = session.scalar(select(func.min(JournalEntry.at)))
    begin = first.astimezone(today.zone).date() if first else today.first
    begin = max(begin, today.last.replace(year=today.last.year - 10, day=1))
    return months_of(Period(begin, today.last, today.zone, PeriodKind.CUSTOM, today.last), 1)


def differences(today: Span, entries: Iterable[Told] | None = None) -> list[Difference]:
    """Where what is shown is not what the journal tells."""
    months = months_told(today)
    told = retell(stored() if entries is None else entries, months)
    counted = shown(months, today)
    return [
        Difference(name, f"{months[place].first:%Y-%m}", split, counted[key], told[key])
        for key in sorted({*told, *counted})
        for name, place, split in (key,)
        if counted[key] != told[key]
    ]
