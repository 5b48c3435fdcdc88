"""How long customers wait in business hours: nights, weekends and holidays left out."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.reports.clocks import are_set_up
from helpdesk.reports.comparison import DOWN, UP, median_range, medians_differ
from helpdesk.reports.counting import quantile
from helpdesk.reports.paper import BLANK, Figure, Line, Panel, Table, count, plain
from helpdesk.reports.question import BEFORE, NOW, Question
from helpdesk.reports.waits import Waits

TITLE = "In business hours"
MEASURED = (("First reply", "first_replied"), ("Resolution", "resolved"))


def business_hours(question: Question) -> Panel:
    """Median and p90 of first reply and of resolution, in the hours of each ticket's policy."""
    if not are_set_up():
        nobody = "No business hours are set up, so only calendar time is known."
        return Panel(TITLE, table=Table(TITLE, ("Wait",), (), empty=nobody), wide=True)
    lines = []
    for label, measure in MEASURED:
        times = question.time(measure, worked=True)
        before, now = (times.get((slot,), Waits()) for slot in (BEFORE, NOW))
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


def _hours(ordered: Sequence[int], part: float, href: str | None = None) -> Figure:
    """A quantile in hours and minutes of work: there is no day of twenty-four hours in it."""
    value = quantile(ordered, part)
    if value is None:
        return BLANK
    return Figure(_said(value), round(value), href)


def _said(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60:,} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"


def _change(before: Sequence[int], now: Sequence[int]) -> str:
    earlier, later = quantile(before, 0.5), quantile(now, 0.5)
    if earlier is None or later is None:
        return "nothing to compare with"
    arrow, real = UP if later > earlier else DOWN, medians_differ(before, now)
    return f"{arrow} {_said(abs(later - earlier))}, {'real' if real else 'within chance'}"


def _range(ordered: Sequence[int]) -> str:
    found = median_range(ordered)
    return f"{_said(found.low)} to {_said(found.high)}" if found else "too few"
