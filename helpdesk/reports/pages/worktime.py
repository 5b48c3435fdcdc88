"""How long customers wait in business hours: nights, weekends and holidays left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from helpdesk.core.hours import Hours
from helpdesk.core.journal import JournalEntry
from helpdesk.reports.comparison import time_move, times_range
from helpdesk.reports.pages.agents import time_figure
from helpdesk.reports.pages.scores import move_figure
from helpdesk.reports.paper import Line, Panel, Table, count, plain
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
                    time_figure(now, 0.5),
                    plain(times_range(now) or "too few"),
                    time_figure(now, 0.9),
                    time_figure(before, 0.5, question.link_before(measure)),
                    time_figure(before, 0.9),
                    move_figure(time_move(before, now)),
                ),
            )
        )
    header = ("Wait", "n", "Median", "Range", "p90", "Median before", "p90 before", "Change")
    note = (
        "In the hours of the policy that a ticket has, else in those that were set up first. An "
        "hour is an hour of work: a day of eight hours counts as 8 h."
    )
    return Panel(TITLE, table=Table(TITLE, header, tuple(lines), note=note), wide=True)


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
