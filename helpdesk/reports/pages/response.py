"""Who was asked and answered, and who was not asked and why."""

from __future__ import annotations

from collections import Counter

from helpdesk.reports.axis import PERCENT
from helpdesk.reports.counting import Key
from helpdesk.reports.pages.satisfaction import rate_tile
from helpdesk.reports.paper import (
    BLANK,
    Figure,
    Line,
    Panel,
    Report,
    Table,
    Tile,
    Words,
    count,
    sentence,
    share,
)
from helpdesk.reports.question import BEFORE, NOW, Question, named, values_of
from helpdesk.surveys.reasons import Reason
from helpdesk.surveys.scoring import response_rate


def response(question: Question) -> Report:
    """The response rate by team, each reason for not asking, and what did not arrive."""
    asked, answered = question.count("asked", "team"), question.count("answered", "team")
    not_asked = question.count("not_asked", "reason")
    undelivered = question.count("undelivered")
    silent = sum(number for key, number in not_asked.items() if key[0] == NOW)
    before = sum(number for key, number in not_asked.items() if key[0] == BEFORE)
    panels = [
        Panel("By team", table=_by_team(question, asked, answered), wide=True),
        Panel(
            "Not asked how we helped",
            table=_reasons(question, not_asked, "not_asked"),
            note="Every decision not to ask is kept with its reason.",
        ),
    ]
    if question.reader.is_manager:
        about_us = question.count("nps_not_asked", "reason")
        table = _reasons(question, about_us, "nps_not_asked")
        panels.append(Panel("Not asked whether they recommend us", table=table))
    return Report(
        "Response",
        (
            sentence(
                "An answer counts only if a person pressed the button; a rule decides who is "
                "asked, never an agent. Counted are surveys sent in the period, and what "
                "came back by now."
            ),
        ),
        (
            rate_tile(question, asked, answered, "asked", "answered"),
            Tile(
                "Not asked",
                count(silent, question.link("not_asked")),
                (
                    sentence(
                        Words(
                            f"{before:,} before",
                            question.link_before("not_asked") if before else None,
                        )
                    ),
                ),
            ),
            Tile(
                "Not delivered for sure",
                count(undelivered[NOW,], question.link("undelivered")),
                (sentence("bounced or in doubt; what bounced does not count as asked"),),
            ),
        ),
        tuple(panels),
    )


def _by_team(question: Question, asked: Counter[Key], answered: Counter[Key]) -> Table:
    lines = []
    for team, name in named(values_of(asked, 1), question.reader.names.team):
        rate = response_rate(asked[NOW, team], answered[NOW, team])
        before = response_rate(asked[BEFORE, team], answered[BEFORE, team])
        link = question.link("answered", team=team)
        lines.append(
            Line(
                name,
                (
                    count(asked[NOW, team], question.link("asked", team=team)),
                    count(answered[NOW, team], link),
                    share(rate.rate if rate else None),
                    _range(rate.interval.scaled(100).low, rate.interval.scaled(100).high)
                    if rate
                    else BLANK,
                    share(before.rate if before else None),
                ),
            )
        )
    header = ("Team", "Asked", "Answered", "Rate", "Range", "Before")
    return Table("By team", header, tuple(lines), empty="Nobody was asked in this period.")


def _range(low: float, high: float) -> Figure:
    text = PERCENT.span(low, high)
    return Figure(text, text)


def _reasons(question: Question, counts: Counter[Key], measure: str) -> Table:
    silent = sum(number for key, number in counts.items() if key[0] == NOW)
    reasons = [reason for reason in Reason if counts[NOW, reason] or counts[BEFORE, reason]]
    lines = [
        Line(
            reason.sentence[0].upper() + reason.sentence[1:],
            (
                count(counts[NOW, reason], question.link(measure, reason=reason.value)),
                share(counts[NOW, reason] / silent if silent else None),
                count(counts[BEFORE, reason], question.link_before(measure, reason=reason.value)),
            ),
        )
        for reason in sorted(reasons, key=lambda reason: -counts[NOW, reason])
    ]
    title = "Not asked how we helped" if measure == "not_asked" else "Not asked about us"
    return Table(
        title,
        ("Because", "Times", "Share", "Before"),
        tuple(lines),
        empty="Everybody who could be asked was asked.",
    )
