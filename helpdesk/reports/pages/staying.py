"""Who stays: retention month by month, and by the month in which customers began."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from helpdesk.reports.axis import PERCENT
from helpdesk.reports.charts import Band, Chart, Series, Slot, line_chart
from helpdesk.reports.paper import (
    BLANK,
    Figure,
    Line,
    Panel,
    Report,
    Sentence,
    Table,
    Words,
    count,
    plain,
    sentence,
    share,
)
from helpdesk.reports.periods import Span, label_of, months_of
from helpdesk.reports.queries import stays
from helpdesk.reports.question import Question
from helpdesk.reports.retention import (
    Cell,
    Cohort,
    Retention,
    cohorts,
    compound_churn,
    fates,
    retention,
)
from helpdesk.ui.words import percent

MONTHS_SHOWN = 12
Fate = tuple[int, str]
THERE_AT_START = ("stayed", "left")
HERE_AT_END = ("stayed", "new")
_SHARE = replace(PERCENT, decimals=1)
"""Most customers stay: what differs from month to month stands behind the point."""


def staying(question: Question) -> Report:
    """(E − N)/S of each month, and the cohort table."""
    period = question.selection.period
    months = months_of(period, MONTHS_SHOWN)
    until = min(period.last, period.today)
    everybody = stays(question.reader, question.selection, months, until)
    counts = fates(everybody, [month.first for month in months])
    # What was before the first customer is left out.
    first = min((key[0] for key in counts), default=0)
    months = months[first:]
    counts = Counter({(slot - first, fate): number for (slot, fate), number in counts.items()})
    found = [_retention(counts, place) for place in range(len(months))]
    begun = {stay: n for stay, n in everybody.items() if stay.started >= months[0].first}
    groups = cohorts(begun, until)
    return Report(
        "Retention",
        (_words(months, found, question),),
        (),
        (
            Panel("Month by month", _chart(question, months, found)),
            Panel("Figures", table=_table(question, months, counts, found)),
            Panel("By the month in which they began", table=_cohorts(question, groups), wide=True),
        ),
        (
            "Retention is (E − N)/S: of the customers at the start of a month, the share still "
            "here at its end. Those who began or came back within the month count as new. "
            "Retention says nothing of customers who came and went within one month.",
            "When customers began and left is what their records say.",
        ),
        empty="" if counts else "There is no customer yet.",
    )


def _retention(counts: Counter[Fate], place: int) -> Retention | None:
    stayed, left, new = (counts[place, fate] for fate in ("stayed", "left", "new"))
    return retention(stayed + left, stayed + new, new)


def _words(
    months: Sequence[Span], found: Sequence[Retention | None], question: Question
) -> Sentence:
    over = [
        (month, each)
        for month, each in zip(months, found, strict=True)
        if each and month.last < question.selection.period.today
    ]
    if not over:
        return sentence("No month with customers at its start is over yet.")
    month, last = over[-1]
    left = last.start - (last.end - last.new)
    words = sentence(
        f"In {label_of(month)} ",
        Words(percent(last.retained, 1), strong=True),
        f" of {last.start:,} customers stayed ({_range(last)}); ",
        Words(
            f"{left:,} left",
            question.link_in(month, "customers", fate="left") if left else None,
        ),
        ".",
    )
    if not last.churned:
        return words
    yearly = percent(compound_churn(last.churned))
    return (*words, Words(f" A year of such months would lose {yearly}."))


def _range(found: Retention) -> str:
    return _SHARE.span(100 * found.interval.low, 100 * found.interval.high)


def _chart(question: Question, months: Sequence[Span], found: Sequence[Retention | None]) -> Chart:
    slots = [
        Slot(
            label_of(month),
            each.start if each else 0,
            question.link_in(month, "customers", fate=THERE_AT_START) if each else None,
        )
        for month, each in zip(months, found, strict=True)
    ]
    return line_chart(
        "Retention by month, with its range",
        "The share of customers at the start of the month who were still here at its end.",
        slots,
        [Series("Retention", [100 * each.retained if each else None for each in found])],
        Band(
            [100 * each.interval.low if each else None for each in found],
            [100 * each.interval.high if each else None for each in found],
        ),
        unit=PERCENT,
    )


def _table(
    question: Question,
    months: Sequence[Span],
    counts: Counter[Fate],
    found: Sequence[Retention | None],
) -> Table:
    lines = []
    for place, month in reversed(list(enumerate(months))):
        each = found[place]
        so_far = "" if month.last < question.selection.period.today else ", so far"
        numbers = [
            count(
                sum(counts[place, fate] for fate in wanted),
                question.link_in(month, "customers", fate=wanted),
            )
            for wanted in (THERE_AT_START, ("left",), ("new",), HERE_AT_END)
        ]
        lines.append(
            Line(
                label_of(month) + so_far,
                (
                    *numbers,
                    Figure(percent(each.retained, 1), round(100 * each.retained, 2))
                    if each
                    else BLANK,
                    plain(_range(each)) if each else BLANK,
                ),
            )
        )
    return Table(
        "Retention by month",
        ("Month", "At start (S)", "Left", "New (N)", "At end (E)", "Retention", "Range"),
        tuple(lines),
    )


def _cohorts(question: Question, groups: Sequence[Cohort]) -> Table:
    width = max((len(group.cells) for group in groups), default=0)
    period, lines = question.selection.period, []
    until = min(period.last, period.today)
    for group in reversed(groups):
        month = Span(group.month, min(_end(group.month), until), period.zone)
        days = [min(_end(group.month, later), until) for later in range(len(group.cells))]
        cells = [
            _cell(cell, question.link_in(month, "customers_started", here_after=day.isoformat()))
            for cell, day in zip(group.cells, days, strict=True)
        ]
        size = count(group.size, question.link_in(month, "customers_started"))
        blank = [Figure("", None)] * (width - len(cells))
        lines.append(Line(label_of(month), (size, *cells, *blank)))
    return Table(
        "Share still here, by the month in which they began",
        ("Began in", "n", *(f"Month {number}" for number in range(width))),
        tuple(lines),
        note="Each cell: still here at the end of that month. * The month is not over.",
        empty="No record says yet when a customer began.",
    )


def _cell(cell: Cell, href: str) -> Figure:
    found = share(cell.share, href if cell.active else None)
    return found if cell.complete else replace(found, text=f"{found.text}*", tone="muted")


def _end(month: date, later: int = 0) -> date:
    """The last day of a month, or of one so many months later."""
    number = month.year * 12 + month.month + later
    return date(number // 12, number % 12 + 1, 1) - timedelta(days=1)
