"""What is open, how old it is, and how much there may be in the weeks to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from helpdesk.customers.value.staying import Forecast, forecast
from helpdesk.reports.axis import COUNT
from helpdesk.reports.charts import Band, Chart, Series, Slot, line_chart
from helpdesk.reports.counting import Key, total
from helpdesk.reports.pages.volume import sum_of
from helpdesk.reports.paper import (
    BLANK,
    Figure,
    Line,
    Panel,
    Report,
    Sentence,
    Table,
    Tile,
    Words,
    count,
    plain,
    sentence,
    share,
)
from helpdesk.reports.question import BEFORE, NOW, TREND, Question, named, values_of
from helpdesk.ui.words import number

LOOKED_AT = 12
"""So many whole weeks or months, the last ones, are what a forecast is made of."""
AGES = {
    "a_day": "Up to a day",
    "a_week": "Up to a week",
    "a_month": "Up to 30 days",
    "longer": "Longer",
}


def backlog(question: Question) -> Report:
    """Open tickets by age and team, and a forecast of what is filed and resolved."""
    standing = question.count("open", "age", "team")
    flows = question.counts("filed", "resolved", "open", over_time=True)
    filed, resolved = (_whole(question, flows[name]) for name in ("filed", "resolved"))
    coming, going = forecast(filed), forecast(resolved)
    left = sum_of(standing, NOW)
    return Report(
        "Backlog",
        (_words(question, left, coming, going),),
        (
            Tile(
                "Open at the end",
                count(left, question.link("open")),
                (
                    sentence(
                        Words(f"{sum_of(standing, BEFORE):,}", question.link_before("open")),
                        " at the end of the period before",
                    ),
                ),
            ),
            _tile(f"Filed in the next {question.by}", coming, filed),
            _tile(f"Resolved in the next {question.by}", going, resolved),
        ),
        (
            Panel("Filed, and what may come", _chart(question, flows["filed"], coming)),
            Panel("How old what is open is", table=_ages(question, standing)),
            Panel("By team", table=_teams(question, standing), wide=True),
        ),
        (
            f"A forecast is the average of the last {LOOKED_AT} whole {question.by}s times one "
            "plus their growth; its range is where nineteen of twenty such steps would fall if "
            "they vary as they did. It knows nothing of holidays, releases or incidents.",
        ),
    )


def _whole(question: Question, counts: Counter[Key]) -> list[int]:
    """Counts of the steps that are over, the last ones."""
    today = question.selection.period.today
    numbers = [
        counts[TREND + place,] for place, span in enumerate(question.trend) if span.last < today
    ]
    return numbers[-LOOKED_AT:]


def _words(
    question: Question, left: int, coming: Forecast | None, going: Forecast | None
) -> Sentence:
    if coming is None or going is None:
        return sentence(
            Words(f"{left:,} open", question.link("open") if left else None),
            f"; a forecast needs three whole {question.by}s.",
        )
    gap = coming.value - going.value
    reach = max(coming.high - coming.value, going.high - going.value)
    if abs(gap) <= reach:
        then = "as much may be resolved as is filed, within the range"
    else:
        then = f"the backlog may {'grow' if gap > 0 else 'shrink'} by some {abs(gap):,.0f}"
    return sentence(
        Words(f"{left:,} open", question.link("open") if left else None),
        f". In the next {question.by} {_said(coming)} may be filed and {_said(going)} resolved; "
        f"{then}.",
    )


def _said(found: Forecast) -> str:
    return f"{found.value:,.0f} ({found.low:,.0f} to {found.high:,.0f})"


def _tile(label: str, found: Forecast | None, past: Sequence[int]) -> Tile:
    if found is None:
        return Tile(label, BLANK, (sentence("too little is known yet"),))
    return Tile(
        label,
        Figure(number(found.value), round(found.value, 1)),
        (
            sentence(f"{found.low:,.0f} to {found.high:,.0f} · from {len(past)} before"),
            sentence(f"{past[-1]:,} in the last one"),
        ),
    )


def _chart(question: Question, counts: Counter[Key], found: Forecast | None) -> Chart:
    """What was filed, and after it one step of what may come with its range."""
    today = question.selection.period.today
    whole = [place for place, span in enumerate(question.trend) if span.last < today]
    spans = [question.trend[place] for place in whole]
    numbers = [counts[TREND + place,] for place in whole]
    known = len(numbers)
    slots = [
        Slot(slot.label, slot.n, slot.href)
        for place, slot in enumerate(question.slots("filed", _every(question, counts)))
        if place in whole
    ]
    following: list[float | None] = [found.value] if found and spans else []
    if following:
        slots.append(Slot(f"next {question.by}"))
    gaps: list[float | None] = [None] * max(0, known - 1)
    last: list[float | None] = [float(numbers[-1])] if following else []
    tail = [None] * (known - len(gaps) - len(last))
    return line_chart(
        f"Filed by {question.by}, and what may come",
        "How many tickets were filed; the dashed end is the forecast, the band its range.",
        slots,
        [
            Series("Forecast", [*gaps, *last, *tail, *following]),
            Series("Filed", [*numbers, *(None for _ in following)]),
        ],
        Band(
            [*gaps, *last, *tail, *([found.low] if following and found else [])],
            [*gaps, *last, *tail, *([found.high] if following and found else [])],
        ),
        unit=COUNT,
    )


def _every(question: Question, counts: Counter[Key]) -> list[int]:
    return [counts[TREND + place,] for place in range(len(question.trend))]


def _ages(question: Question, standing: Counter[Key]) -> Table:
    every = sum_of(standing, NOW)
    lines = []
    for age, name in AGES.items():
        now, before = (total(standing, slot, age) for slot in (NOW, BEFORE))
        link, old = (ask("open", age=age) for ask in (question.link, question.link_before))
        figures = (count(now, link), share(now / every if every else None), count(before, old))
        lines.append(Line(name, figures))
    return Table("How old what is open is", ("Since", "Open", "Share", "Before"), tuple(lines))


def _teams(question: Question, standing: Counter[Key]) -> Table:
    lines = []
    for team, name in named(values_of(standing, 2), question.reader.names.team):
        ages = [
            count(total(standing, NOW, age, team), question.link("open", age=age, team=team))
            for age in AGES
        ]
        change = f"{_change(standing, team):+,}".replace("-", "−")
        lines.append(Line(name, (*ages, plain(change))))
    return Table(
        "By team", ("Team", "A day", "A week", "30 days", "Longer", "Change"), tuple(lines)
    )


def _change(standing: Counter[Key], team: object) -> int:
    return total(standing, NOW, ..., team) - total(standing, BEFORE, ..., team)
