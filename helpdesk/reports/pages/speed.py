"""How long customers wait: for the first reply, and until it is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.reports.axis import HOURS
from helpdesk.reports.charts import Band, Chart, Series, line_chart
from helpdesk.reports.comparison import median_range, time_move, times_range
from helpdesk.reports.counting import Key, quantile
from helpdesk.reports.pages.agents import time_figure
from helpdesk.reports.pages.scores import move_figure
from helpdesk.reports.pages.worktime import business_hours
from helpdesk.reports.paper import (
    BLANK,
    Line,
    Panel,
    Report,
    Table,
    Tile,
    Words,
    count,
    plain,
    sentence,
)
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, named
from helpdesk.reports.waits import Waits
from helpdesk.ui.times import duration

HOUR = 3600
Times = dict[Key, Waits]
P90 = 0.9


def speed(question: Question) -> Report:
    """Median and p90 of first reply and of resolution, over time and by team and channel."""
    replies = question.time("first_replied", "team", "channel", over_time=True)
    resolutions = question.time("resolved", "team", "channel", over_time=True)
    return Report(
        "Speed",
        (
            sentence(
                "Half of the customers wait at most the median; one in ten waits longer than the "
                "p90. Times are calendar time, nights and weekends included."
            ),
        ),
        (
            *time_tiles(question, "First reply", "first_replied", replies),
            *time_tiles(question, "Resolution", "resolved", resolutions),
        ),
        (
            Panel(
                "First reply over time",
                _over_time(question, "First reply", "first_replied", replies),
            ),
            Panel(
                "Resolution over time", _over_time(question, "Resolution", "resolved", resolutions)
            ),
            business_hours(question),
            *(
                Panel(
                    f"{title} by {name}",
                    table=_split(question, title, measure, times, name, place),
                    wide=True,
                )
                for title, measure, times in (
                    ("First reply", "first_replied", replies),
                    ("Resolution", "resolved", resolutions),
                )
                for place, name in ((1, "team"), (2, "channel"))
            ),
        ),
        (
            "Counted are first replies and resolutions that happened in the period, each from when "
            "the ticket was filed; of a ticket that was reopened each resolution counts. What "
            "still waits is not in here: see the open tickets under Volume.",
        ),
    )


def pooled(times: Times, slot: int, place: int = 0, value: object = ...) -> Waits:
    """All times of a span, whatever they are split by; or those of one value."""
    return Waits.joined(
        waits
        for key, waits in times.items()
        if key[0] == slot and (value is ... or key[place] == value)
    )


def time_tile(question: Question, label: str, measure: str, times: Times) -> Tile:
    """The median with its range and its p90."""
    before, now = pooled(times, BEFORE), pooled(times, NOW)
    if not now:
        return Tile(f"{label}, median", BLANK, (sentence("none in this period"),))
    link = question.link(measure)
    return Tile(
        f"{label}, median",
        time_figure(now, 0.5, link),
        (
            sentence(f"p90 {duration(quantile(now, P90))} · ", Words(f"n {len(now):,}", link)),
            time_move(before, now),
        ),
    )


def time_tiles(question: Question, label: str, measure: str, times: Times) -> tuple[Tile, Tile]:
    """Median with its range, and p90."""
    before, now = pooled(times, BEFORE), pooled(times, NOW)
    if not now:
        nothing = (sentence("none in this period"),)
        return Tile(f"{label}, median", BLANK, nothing), Tile(f"{label}, p90", BLANK, nothing)
    link, old = question.link(measure), quantile(before, P90)
    reach = times_range(now)
    return (
        Tile(
            f"{label}, median",
            time_figure(now, 0.5, link),
            (
                sentence(f"{reach} · " if reach else "", Words(f"n {len(now):,}", link)),
                time_move(before, now),
            ),
        ),
        Tile(
            f"{label}, p90",
            time_figure(now, P90, link),
            (
                sentence(f"{duration(old)} before" if before else "nothing before"),
                sentence(Words(f"n {len(before):,} before", question.link_before(measure)))
                if before
                else sentence(""),
            ),
        ),
    )


def _over_time(question: Question, title: str, measure: str, times: Times) -> Chart:
    found = [pooled(times, TREND + place) for place in range(len(question.trend))]
    ranges = [median_range(each) for each in found]
    return line_chart(
        f"{title} by {question.by}, median",
        "In hours. The band is the 95 % range of the median, where there are enough tickets.",
        question.slots(measure, [len(each) for each in found]),
        [Series("Median", [_hours(each) for each in found])],
        Band(
            [each.low / HOUR if each else None for each in ranges],
            [each.high / HOUR if each else None for each in ranges],
        ),
        question.marks,
        unit=HOURS,
    )


def _hours(ordered: Sequence[int]) -> float | None:
    value = quantile(ordered, 0.5)
    return None if value is None else value / HOUR


def _split(
    question: Question, title: str, measure: str, times: Times, dimension: str, place: int
) -> Table:
    name = question.reader.names.team if dimension == "team" else str
    values = dict.fromkeys(key[place] for key in times if key[0] in (BEFORE, NOW))
    lines = []
    for value, words in named(values, name):
        before, now = (pooled(times, slot, place, value) for slot in (BEFORE, NOW))
        link = question.link(measure, **{dimension: value})
        lines.append(
            Line(
                words,
                (
                    count(len(now), link),
                    time_figure(now, 0.5),
                    plain(times_range(now) or "too few"),
                    time_figure(now, P90),
                    time_figure(before, 0.5, question.link_before(measure, **{dimension: value})),
                    move_figure(time_move(before, now)),
                ),
            )
        )
    header = (dimension.capitalize(), "n", "Median", "Range", "p90", "Before", "Change")
    return Table(f"{title} by {dimension}", header, tuple(lines))
