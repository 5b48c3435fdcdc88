"""Satisfaction and NPS out of tallies, and the figures that show them with n and range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from helpdesk.reports.axis import PERCENT, POINTS
from helpdesk.reports.charts import Band, Chart, Series, line_chart
from helpdesk.reports.comparison import csat_move, nps_move
from helpdesk.reports.counting import Key
from helpdesk.reports.dimensions import Value
from helpdesk.reports.paper import (
    BLANK,
    Figure,
    Line,
    Sentence,
    Table,
    Tile,
    Words,
    count,
    sentence,
)
from helpdesk.reports.question import BEFORE, NOW, TREND, Question
from helpdesk.surveys.scoring import Csat, Nps, csat, nps_of

TOO_FEW = 10
"""With fewer answers a range says little, and a page says so."""


def spread(
    counts: Counter[Key], slot: int, place: int = 1, at: int = 0, value: object = ...
) -> dict[int, int]:
    """How often each score was given in a span; `place` is where the score stands in a key, and
    `at` narrows another place to a value."""
    found: Counter[int] = Counter()
    for key, number in counts.items():
        if key[0] == slot and (value is ... or key[at] == value):
            found[key[place]] += number
    return dict(found)


def csat_tile(
    question: Question,
    scores: Counter[Key],
    asked: Counter[Key],
    of: str = "csat",
    label: str = "CSAT",
) -> Tile:
    """CSAT with its range, n of those asked, and its change; or CES, which is counted alike."""
    before, after = (csat(spread(scores, slot)) for slot in (BEFORE, NOW))
    number = sum(n for key, n in asked.items() if key[0] == NOW)
    who = "asked" if of == "csat" else f"{of}_asked"
    if after is None:
        return Tile(label, BLANK, (sentence("no answers, ", count_of(question, number, who)),))
    return Tile(
        label,
        csat_figure(after, question.link(of)),
        (
            sentence(
                f"{PERCENT.span(after.interval.low, after.interval.high)} · ",
                Words(f"n {after.n:,}", question.link(of)),
                " · ",
                count_of(question, number, who),
            ),
            csat_move(before, after),
        ),
    )


def count_of(question: Question, asked: int, of: str = "asked") -> Words:
    """``402 asked``, with a link to them."""
    return Words(f"{asked:,} asked", question.link(of) if asked else None)


def nps_tile(question: Question, scores: Counter[Key]) -> Tile:
    """NPS with its range, n and change."""
    before, after = (nps_of(spread(scores, slot)) for slot in (BEFORE, NOW))
    if after is None:
        return Tile("NPS", BLANK, (sentence("no answers"),))
    words = f"{POINTS.span(after.interval.low, after.interval.high)} · "
    link = question.link("nps")
    return Tile(
        "NPS",
        nps_figure(after, link),
        (sentence(words, Words(f"n {after.n:,}", link)), nps_move(before, after)),
    )


def csat_figure(found: Csat | None, href: str | None = None) -> Figure:
    """``78 %``."""
    if found is None:
        return BLANK
    return Figure(PERCENT.show(found.percent), round(found.percent, 2), href)


def nps_figure(found: Nps | None, href: str | None = None) -> Figure:
    """``+31``."""
    return BLANK if found is None else Figure(POINTS.show(found.value), round(found.value, 2), href)


def range_figure(found: Csat | None) -> Figure:
    """``71–84``, or that there are too few."""
    if found is None:
        return BLANK
    text = PERCENT.span(found.interval.low, found.interval.high)
    few = found.n < TOO_FEW
    return Figure(f"{text}, few" if few else text, text)


def move_figure(move: Sentence) -> Figure:
    """A change, as a cell of a table."""
    text = "".join(words.text for words in move)
    return Figure(text, text, tone=move[0].tone or "muted")


def csat_over_time(
    question: Question, scores: Counter[Key], of: str = "csat", label: str = "Satisfaction"
) -> Chart:
    """Satisfaction by week or month, its range as a band."""
    found = [csat(spread(scores, TREND + n)) for n in range(len(question.trend))]
    return line_chart(
        f"{label} by {question.by}, with its range",
        "The share of answers 4 and 5 of all answers, in per cent. The band is the 95 % range: "
        "where the true share may lie, given how few or many answered.",
        question.slots(of, [each.n if each else 0 for each in found]),
        [Series(of.upper(), [each.percent if each else None for each in found])],
        Band(
            [each.interval.low if each else None for each in found],
            [each.interval.high if each else None for each in found],
        ),
        question.marks,
        unit=PERCENT,
    )


def nps_over_time(question: Question, scores: Counter[Key]) -> Chart:
    """NPS by week or month, its range as a band."""
    found = [nps_of(spread(scores, TREND + n)) for n in range(len(question.trend))]
    return line_chart(
        f"NPS by {question.by}, with its range",
        "Promoters minus detractors, in points from −100 to 100. The band is the 95 % range.",
        question.slots("nps", [each.n if each else 0 for each in found]),
        [Series("NPS", [each.value if each else None for each in found])],
        Band(
            [each.interval.low if each else None for each in found],
            [each.interval.high if each else None for each in found],
        ),
        question.marks,
        unit=POINTS,
    )


def csat_table(
    question: Question,
    scores: Counter[Key],
    dimension: str,
    named: Sequence[tuple[Value, str]],
    title: str,
    of: str = "csat",
) -> Table:
    """Satisfaction of each team or tag; `scores` has (score, dimension) as its keys."""
    lines = []
    for value, name in named:
        before, after = (csat(spread(scores, slot, 1, 2, value)) for slot in (BEFORE, NOW))
        if before is None and after is None:
            continue
        link = question.link(of, **{dimension: value})
        lines.append(
            Line(
                name,
                (
                    count(after.n if after else 0, link),
                    csat_figure(after, link),
                    range_figure(after),
                    csat_figure(before, question.link_before(of, **{dimension: value})),
                    move_figure(csat_move(before, after)),
                ),
            )
        )
    header = (title.removeprefix("By ").capitalize(), "n", of.upper(), "Range", "Before", "Change")
    return Table(title, header, tuple(lines), empty="Nobody answered in this period.")
