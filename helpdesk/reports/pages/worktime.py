"""How long customers wait in business hours: nights, weekends and holidays left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from helpdesk.core.hours import Hours
from helpdesk.core.journal import JournalEntry
from helpdesk.reports.comparison import DOWN, UP, median_range, medians_differ
from helpdesk.reports.counting import quantile
from helpdesk.reports.paper import BLANK, Figure, Line, Panel, Table, count, plain
from helpdesk.reports.queries import hours_by_policy, waits
from helpdesk.reports.question import Question
from helpdesk.tickets.models import Ticket

TITLE = "In business hours"
MEASURED = (
    ("First reply", "first_replied", Ticket.first_replied_at),
    ("Resolution", "resolved", JournalEntry.at),
)


def business_hours(question: Question) -> Panel:
    """Median and p90 of first reply and of resolution, in the hours of each ticket's policy."""
    by_policy, usual = hours_by_policy()
    if usual is None:
        nobody = "No business hours are set up, so only calendar time is known."
        return Panel(TITLE, table=Table(TITLE, ("Wait",), (), empty=nobody), wide=True)
    lines = []
    for label, measure, until in MEASURED:
        before, now = (
            worked(waits(question.reader, measure, until, chosen), by_policy, usual)
            for chosen in (question.before, question.selection)
        )
        lines.append(
            Line(
                label,
                (
                    count(len(now), question.link(measure)),
                    _hours(now, 0.5),
                    plain(_range(now)),
                    _hours(now, 0.9),
                    _hours(before, 0.5, question.link_before(measure)),
                    _hours(before, 0.9),
                    plain(_change(before, now)),
                ),
            )
        )
    header = ("Wait", "n", "Median", "Range", "p90", "Median before", "p90 before", "Change")
    note = (
        "In the hours of the policy that a ticket has, else in those that were set up first. An "
        "hour is an hour of work: a day of eight hours counts as 8 h."
    )
    return Panel(TITLE, table=Table(TITLE, header, tuple(lines), note=note), wide=True)


def _hours(ordered: list[int], part: float, href: str | None = None) -> Figure:
    """A quantile in hours and minutes of work: there is no day of twenty-four hours in it."""
    value = quantile(ordered, part)
    if value is None:
        return BLANK
    return Figure(_said(value), round(value), href)


def _said(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60:,} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"


def _change(before: list[int], now: list[int]) -> str:
    earlier, later = quantile(before, 0.5), quantile(now, 0.5)
    if earlier is None or later is None:
        return "nothing to compare with"
    arrow, real = UP if later > earlier else DOWN, medians_differ(before, now)
    return f"{arrow} {_said(abs(later - earlier))}, {'real' if real else 'within chance'}"


def _range(ordered: list[int]) -> str:
    found = median_range(ordered)
    return f"{_said(found.low)} to {_said(found.high)}" if found else "too few"


def worked(
    found: Iterable[tuple[datetime, datetime, int | None]],
    by_policy: Mapping[int, Hours],
    usual: Hours,
) -> list[int]:
    """Business time of each wait in whole seconds, sorted."""
    times = []
    for begin, end, policy in found:
        hours = usual if policy is None else by_policy.get(policy, usual)
        times.append(int(hours.between(begin, end).total_seconds()))
    return sorted(times)
