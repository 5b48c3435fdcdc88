"""Would customers recommend us. Asked about the company as a whole, so no filter applies."""

from __future__ import annotations

from dataclasses import replace

from helpdesk.reports.axis import POINTS
from helpdesk.reports.charts import Bar, bar_chart
from helpdesk.reports.pages.satisfaction import comments, rate_tile
from helpdesk.reports.pages.scores import nps_over_time, nps_tile, spread
from helpdesk.reports.paper import (
    Line,
    Panel,
    Report,
    Sentence,
    Table,
    Words,
    count,
    sentence,
    share,
)
from helpdesk.reports.question import BEFORE, NOW, Question
from helpdesk.surveys.changes import nps_change
from helpdesk.surveys.scoring import Nps, nps_of

GROUPS = (
    ("Promoters, 9 and 10", (9, 10)),
    ("Passives, 7 and 8", (7, 8)),
    ("Detractors, 0 to 6", tuple(range(7))),
)


def nps(question: Question) -> Report:
    """The score with its range, how it is made up, and what people wrote."""
    question = replace(question, monthly=True)
    scores = question.count("nps", "score", over_time=True)
    asked, answered = question.count("nps_asked"), question.count("nps_answered")
    return Report(
        "NPS",
        (words(nps_of(spread(scores, BEFORE)), nps_of(spread(scores, NOW))),),
        (
            nps_tile(question, scores),
            rate_tile(question, asked, answered, "nps_asked", "nps_answered"),
        ),
        (
            Panel("Over time", nps_over_time(question, scores)),
            _answers(question, spread(scores, NOW)),
            Panel(
                "Who would recommend us",
                table=_groups(question, spread(scores, NOW), spread(scores, BEFORE)),
                wide=True,
            ),
            Panel("Comments", table=comments(question, "nps", 10), wide=True),
        ),
        (
            "NPS asks about us as a whole: it belongs to no team, agent or tag, and filters leave "
            "it as it is. Below 30 answers its range comes from adjusted counts.",
        ),
    )


def _answers(question: Question, scores: dict[int, int]) -> Panel:
    bars = [
        Bar(str(score), scores.get(score, 0), href=question.link("nps", score=score))
        for score in range(11)
    ]
    title, description = "Answers from 0 to 10", "How often each score was given in the period."
    if not scores:
        return Panel(title, table=Table(title, ("Score",), (), empty="Nobody answered."))
    return Panel(title, bar_chart(title, description, bars, axis="Score"))


def words(before: Nps | None, after: Nps | None) -> Sentence:
    """NPS and its change in a sentence."""
    if after is None:
        return sentence("Nobody said in this period whether they would recommend us.")
    low, high = after.interval.low, after.interval.high
    so = sentence(
        "NPS is ",
        Words(POINTS.show(after.value), strong=True),
        f" of {after.n:,} answer{'' if after.n == 1 else 's'}, in the range "
        f"{POINTS.span(low, high)}.",
    )
    if before is None:
        return so
    change = nps_change(before, after)
    if change.verdict != "real":
        return (*so, Words(" It did not change beyond chance."))
    return (*so, Words(f" It {'rose' if change.difference > 0 else 'fell'}, and that is real."))


def _groups(question: Question, now: dict[int, int], earlier: dict[int, int]) -> Table:
    n = sum(now.values())
    lines = []
    for name, scores in GROUPS:
        number, before = (sum(found.get(s, 0) for s in scores) for found in (now, earlier))
        link = question.link("nps", score=scores)
        old_link = question.link_before("nps", score=scores)
        lines.append(
            Line(
                name,
                (count(number, link), share(number / n if n else None), count(before, old_link)),
            )
        )
    return Table("Who would recommend us", ("Group", "Answers", "Share", "Before"), tuple(lines))
